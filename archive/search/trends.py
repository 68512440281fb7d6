"""How many articles that match were published when."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal

from archive.database import Database
from archive.search.matching import Matching, everything
from archive.search.texts import PRINTED

By = Literal["year", "month", "week", "day"]

_DAY = f"date({PRINTED})"
"""As the page's own clock had it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A year, month, week or day."""

    start: str
    """``2022``, ``2022-10``, or the day that it is or begins with."""
    hits: int
    articles: int
    """All that were published in it."""

    @property
    def share(self) -> float:
        """Of all articles of the period, those that match; 0 where there are none."""
        return self.hits / self.articles if self.articles else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """The hits over time."""

    periods: tuple[Period, ...]
    """From the first with a hit to the last."""
    undated: int
    """Hits whose date is not known."""


def trend(db: Database, parts: tuple[Matching, ...], by: By, *, with_gaps: bool = True) -> Trend:
    """Count the hits of each period, and all articles of it; those without hits are left out unless ``with_gaps``."""
    hits = _by_period(db, parts, by)
    undated = hits.pop("", 0)
    if not hits:
        return Trend(periods=(), undated=undated)
    articles = _by_period(db, tuple(everything(part.texts) for part in parts), by)
    every = starts(min(hits), max(hits), by) if with_gaps else sorted(hits)
    periods = (Period(start=start, hits=hits[start], articles=articles[start]) for start in every)
    return Trend(periods=tuple(periods), undated=undated)


def starts(first: str, last: str, by: By) -> Iterator[str]:
    """The periods from one to another, by what they begin with.

    >>> list(starts("2022-11", "2023-01", "month"))
    ['2022-11', '2022-12', '2023-01']
    """
    while first <= last:
        yield first
        first = _next(first, by)


def _by_period(db: Database, parts: tuple[Matching, ...], by: By) -> Counter[str]:
    counts = Counter[str]()
    for part in parts:
        statement = part.select(f"{_DAY}, count(DISTINCT {part.texts.article})", "GROUP BY 1")
        for day, count in db.execute(statement, part.values).fetchall():
            counts[_period(day, by) if day and MINYEAR <= int(day[:4]) < MAXYEAR else ""] += count
    return counts


def _period(day: str, by: By) -> str:
    """
    >>> [_period("2022-10-15", by) for by in ("year", "month", "week", "day")]
    ['2022', '2022-10', '2022-10-10', '2022-10-15']
    """
    if by == "week":
        found = date.fromisoformat(day)
        return (found - timedelta(days=found.weekday())).isoformat()
    return day[: {"year": 4, "month": 7, "day": 10}[by]]


def _next(start: str, by: By) -> str:
    """
    >>> _next("2022", "year"), _next("2022-12", "month"), _next("2022-12-26", "week")
    ('2023', '2023-01', '2023-01-02')
    """
    if by in ("week", "day"):
        return (date.fromisoformat(start) + timedelta(days=7 if by == "week" else 1)).isoformat()
    first = date.fromisoformat(f"{start}-01-01"[:10] if by == "year" else f"{start}-01")
    return _period((first + timedelta(days=366 if by == "year" else 31)).isoformat(), by)
