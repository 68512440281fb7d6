"""Whether a site's pages read worse in one run than in its own last ones. Pure: figures in, judgement out.

A share is judged as the arcsine of its root, which spreads alike whatever the share is; a median as its logarithm.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import asin, log1p, pi, sqrt
from statistics import median
from typing import Literal

Kind = Literal["articles", "lists"]

ALARM = 4.5
"""Robust z-score from which on a figure raises an alarm.

Some 20 figures of every site are judged in every run: without a drift, one run in some 3,000 raises one at 4.5, one in
700 at 4 (docs/decisions/0010-drift.md).
"""
LEAST_RUNS = 3
"""With fewer there is no telling what is usual."""
MOST_RUNS = 20
"""A site may change for good: what was usual before that long is no measure any more."""
LEAST_PAGES: dict[Kind, int] = {"articles": 5, "lists": 1}
"""Fewer articles say nothing of a site; of lists a run often has a single one, that shows the same places each time."""
KEPT = "_kept"
"""How figures end that compare pages with themselves: of those that had a field, the share that still has it."""
SHARE_FLOOR = 0.1
"""The least spread that the runs of a share are taken to have beyond chance: that of pages alike in one of 25 pairs.

Three runs may agree by accident, and a field that stood on every page may be missing on a few.
"""
MEASURE_FLOORS = {"text": 0.15, f"text{KEPT}": 0.1, "sections": 0.25, "links": 0.3, f"links{KEPT}": 0.3}
"""The medians, each with its least spread: pages of a list change by design, and there is one of it."""
OF_ANY_RUN = frozenset({"title", "published_at", "reread"})
"""Beside pages compared with themselves, what does not depend on where a run went: what every article has."""

_OF_NORMAL = 1.4826
"""Median absolute deviation to standard deviation."""
_OF_MEDIAN = pi / 2
"""Variance of a median to that of a mean."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One figure of one run."""

    value: float
    """A share from 0 to 1, or a median."""
    of: int
    """Pages that it was told by."""
    spread: float = 0.0
    """Of a median: how the pages spread around it, as a standard deviation of logarithms."""


Figures = Mapping[str, Figure]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """A figure that is worse than it was."""

    figure: str
    was: float
    """The median of the runs that it was compared with."""
    now: float
    score: float
    """Standard deviations between the two."""
    of: int
    """Pages of this run."""
    runs: int
    """With how many it was compared."""


def drifts(kind: Kind, now: Figures, alike: Sequence[Figures], others: Sequence[Figures]) -> Iterator[Drift]:
    """The figures of a run that are worse than those of earlier runs.

    ``alike`` are runs that asked the same, ``others`` all of the site: these lead to other parts of it, so only what is
    alike everywhere is compared with them, and only where too few asked the same. What a figure of all pages tells is
    not told again by that of the pages that had it.
    """
    found = {name: drift for name, figure in now.items() if (drift := _drift(kind, name, figure, alike, others))}
    for name, drift in found.items():
        if name.removesuffix(KEPT) == name or name.removesuffix(KEPT) not in found:
            yield drift


def _drift(kind: Kind, name: str, now: Figure, alike: Sequence[Figures], others: Sequence[Figures]) -> Drift | None:
    runs = _with(name, kind, alike)
    if len(runs) < LEAST_RUNS and (name in OF_ANY_RUN or name.endswith(KEPT)):
        runs = _with(name, kind, others)
    if len(runs) < LEAST_RUNS or now.of < LEAST_PAGES[kind]:
        return None
    points = score(name, now, runs)
    was = median(run.value for run in runs)
    drift = Drift(figure=name, was=was, now=now.value, score=points, of=now.of, runs=len(runs))
    return drift if points >= ALARM else None


def _with(name: str, kind: Kind, runs: Sequence[Figures]) -> list[Figure]:
    found = (run[name] for run in runs if name in run)
    return [figure for figure in found if figure.of >= LEAST_PAGES[kind]]


def score(name: str, now: Figure, runs: Sequence[Figure]) -> float:
    """By how many standard deviations the figure is worse than the median of the runs; negative where it is better.

    >>> usual = [Figure(value=1.0, of=30)] * 6
    >>> [round(score("title", Figure(value=share, of=30), usual), 1) for share in (0.97, 0.5, 0.0)]
    [1.1, 5.2, 10.3]
    """
    places = [_place(name, run) for run in runs]
    usual, chance = median(places), median(_chance(name, run) for run in runs)
    between = max(
        (_OF_NORMAL * median(abs(place - usual) for place in places)) ** 2 - chance,
        MEASURE_FLOORS.get(name, SHARE_FLOOR) ** 2,
    )
    of_now = chance * median(run.of for run in runs) / now.of
    of_usual = _OF_MEDIAN / len(runs) * (between + chance)
    worse = usual - _place(name, now)
    return (-worse if name == "unread" else worse) / sqrt(between + of_now + of_usual)


def _place(name: str, figure: Figure) -> float:
    return log1p(figure.value) if name in MEASURE_FLOORS else asin(sqrt(figure.value))


def _chance(name: str, figure: Figure) -> float:
    """The variance that a figure has because it was told by so few pages."""
    return _OF_MEDIAN * figure.spread**2 / figure.of if name in MEASURE_FLOORS else 1 / (4 * figure.of)


def spread(values: Sequence[float]) -> float:
    """How values spread around their median, as a standard deviation of logarithms; outliers do not count."""
    places = [log1p(value) for value in values]
    usual = median(places)
    return _OF_NORMAL * median(abs(place - usual) for place in places)
