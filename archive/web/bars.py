"""Hits by month or year, as the bars of a small picture."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from archive.search.trends import starts
from archive.times import end_of, start_of

_MOST_MONTHS = 48
_MOST_YEARS = 100
_MONTH = re.compile("(?!0000|9999)[0-9]{4}-(0[1-9]|1[0-2])")
"""One between two others that a date can be of; other programs may have written any."""
HEIGHT = 40
"""Units of the tallest bar."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """The hits of one month or year."""

    period: str
    count: int
    height: int
    """0 where there is no hit, else at least 1."""
    first: str
    """The period's first day."""
    last: str
    to: str = ""
    """The address of the search that is narrowed to it."""


def months(counts: Mapping[str, int]) -> list[Bar]:
    """A bar for each month from the first with a hit to the last, or for each year where those are too many.

    >>> [(bar.period, bar.height, bar.last) for bar in months({"2022-11": 1, "2023-01": 4})]
    [('2022-11', 10, '2022-11-30'), ('2022-12', 0, '2022-12-31'), ('2023-01', 40, '2023-01-31')]
    """
    counts = {month: count for month, count in counts.items() if _MONTH.fullmatch(month)}
    if not counts:
        return []
    first, last = min(counts), max(counts)
    years_between = int(last[:4]) - int(first[:4])
    if years_between * 12 < _MOST_MONTHS:
        periods = list(starts(first, last, "month"))
    else:
        years = Counter[str]()
        for month, count in counts.items():
            years[month[:4]] += count
        counts = years
        # A page that printed a wrong year makes no picture of a thousand empty ones.
        is_wide = years_between > _MOST_YEARS
        periods = sorted(years)[-_MOST_YEARS:] if is_wide else list(starts(first[:4], last[:4], "year"))
    most = max(counts.values())
    return [_bar(period, counts.get(period, 0), most) for period in periods]


def _bar(period: str, count: int, most: int) -> Bar:
    height = max(1, round(HEIGHT * count / most)) if count else 0
    first, last = start_of(period).date(), end_of(period).date()
    return Bar(period=period, count=count, height=height, first=first.isoformat(), last=last.isoformat())
