"""Hits over time, of one search or of a few side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from archive.search import asked as understood
from archive.search.trends import By, Period, Trend, starts, trend
from archive.store import Archive
from archive.times import end_of, start_of
from archive.web.answers import Answer, Asked, BadValue, Page, View

QUERIES = ("q", "q2", "q3", "q4")
_MOST_PERIODS = 2_000
"""The newest ones; a page that printed a wrong year makes no picture of a million empty days."""
_MOST_ROWS = 400
_NOTHING = Period(start="", hits=0, articles=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One search over time."""

    query: str
    found: Trend
    total: int
    periods: Mapping[str, Period]
    """By what they begin with; outside of its hits there are none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """The hits of one search in one period."""

    hits: int
    share: float
    to: str
    """The address of the search that is narrowed to the period."""


def page(archive: Archive, asked: Asked) -> Answer:
    """The hits of each search by year, month, week or day; without a search, all articles."""
    by, is_share = _by(asked), "share" in asked.values
    queries = [asked.values[name] for name in QUERIES if name in asked.values]
    lines = [_line(archive, query, by) for query in queries or [""]]
    every = sorted({start for line in lines for start in line.periods})
    periods = list(starts(_first(every, by), every[-1], by))[-_MOST_PERIODS:] if every else []
    filled = [start for start in reversed(periods) if any(line.periods.get(start, _NOTHING).hits for line in lines)]
    return Page(
        "trends.html",
        {
            "queries": [(name, value) for name, value in zip(QUERIES, [*queries, ""], strict=False)],
            "by": by,
            "units": get_args(By),
            "share": is_share,
            "lines": lines,
            "rows": [(start, list(_cells(asked, lines, start, by))) for start in filled[:_MOST_ROWS]],
            "more": len(filled) - _MOST_ROWS,
            "chart_data": _chart(asked, lines, periods, by, is_share=is_share),
            "undated": sum(line.found.undated for line in lines),
        },
    )


def _by(asked: Asked) -> By:
    value = asked.values.get("by", "month")
    if value not in get_args(By):
        raise BadValue("by", value)
    return value  # type: ignore[return-value]  # one of them, as was just looked up


def _first(every: Sequence[str], by: By) -> str:
    """The first period, or where there are too many days or weeks to go through, one soon before the newest ones."""
    if by not in ("week", "day"):
        return every[0]
    days = (date.fromisoformat(every[-1]) - date.min).days
    back = min(days, 7 * _MOST_PERIODS if by == "week" else _MOST_PERIODS + 7)
    return max(every[0], (date.fromisoformat(every[-1]) - timedelta(days=back - back % 7)).isoformat())


def _line(archive: Archive, query: str, by: By) -> Line:
    # One page that printed a year of long ago would make a million of gaps.
    found = trend(archive.db, understood(archive.db, query, blank_is_all=True).every, by, with_gaps=False)
    return Line(
        query=query,
        found=found,
        total=found.undated + sum(period.hits for period in found.periods),
        periods={period.start: period for period in found.periods},
    )


def _cells(asked: Asked, lines: list[Line], start: str, by: By) -> Iterator[Cell]:
    first, last = _ends(start, by)
    for line in lines:
        period = line.periods.get(start, _NOTHING)
        to = asked.at("/", q=line.query, since=first, until=last)
        yield Cell(hits=period.hits, share=period.share, to=to)


def _ends(start: str, by: By) -> tuple[str, str]:
    """The first and the last day of a period.

    >>> _ends("2026-02", "month"), _ends("2026-02-02", "week")
    (('2026-02-01', '2026-02-28'), ('2026-02-02', '2026-02-08'))
    """
    if by == "week":
        return start, (date.fromisoformat(start) + timedelta(days=6)).isoformat()
    return start_of(start).date().isoformat(), end_of(start).date().isoformat()


def _chart(asked: Asked, lines: list[Line], periods: list[str], by: By, *, is_share: bool) -> dict[str, object] | None:
    """The lines as numbers; nothing where there is no time between two of them."""
    if len(periods) < 2:
        return None
    everything = asked.wording("trends.all")
    return {
        "kind": "trend",
        "share": is_share,
        "periods": periods,
        "ends": [_ends(start, by) for start in periods],
        "series": [
            {
                "name": line.query or everything,
                "search": asked.at("/", q=line.query, since="-").removesuffix("-"),
                "values": [_value(line.periods.get(start, _NOTHING), is_share=is_share) for start in periods],
            }
            for line in lines
        ],
    }


def _value(period: Period, *, is_share: bool) -> float:
    return round(period.share, 6) if is_share else period.hits


ROUTES: Mapping[str, View] = {r"/trends$": page}
