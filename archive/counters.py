"""How an article's counter moved: growth, jumps and resets of a series of observations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from archive.store import ViewCount

JUMP = 5.0
"""Times the median rate of the other steps from which a step is a jump."""
FEWEST_STEPS = 3
"""Other steps that a rate must be compared with before it is called a jump."""
SHORTEST_STEP = timedelta(minutes=1)
"""Observations nearer to each other tell no rate."""
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One observed counter, and how it got there from the one before."""

    count: ViewCount
    gained: int | None = None
    """``None`` for the first."""
    per_day: float | None = None
    """``None`` where no time passed, and after a reset."""
    mark: Literal["jump", "reset"] | None = None


def steps(counts: Sequence[ViewCount]) -> tuple[Step, ...]:
    """The series with what each observation gained on the one before, oldest first.

    A counter that falls was set back; a rate many times that of the other steps is a jump.
    """
    rates = [_rate(one, other) for one, other in pairwise(counts)]
    found = [Step(count=count) for count in counts[:1]]
    for number, (one, other) in enumerate(pairwise(counts)):
        others = [rate for place, rate in enumerate(rates) if place != number and rate]
        found.append(_step(one, other, rates[number], others))
    return tuple(found)


def growth_per_day(counts: Sequence[ViewCount]) -> float | None:
    """Views a day over the whole series, setbacks left out; ``None`` where too little time passed."""
    if not counts or counts[-1].observed_at - counts[0].observed_at < SHORTEST_STEP:
        return None
    gained = sum(max(0, other.value - one.value) for one, other in pairwise(counts))
    return gained / ((counts[-1].observed_at - counts[0].observed_at) / DAY)


def _rate(one: ViewCount, other: ViewCount) -> float | None:
    passed = other.observed_at - one.observed_at
    if passed < SHORTEST_STEP or other.value < one.value:
        return None
    return (other.value - one.value) / (passed / DAY)


def _step(one: ViewCount, other: ViewCount, rate: float | None, others: list[float]) -> Step:
    mark: Literal["jump", "reset"] | None = None
    if other.value < one.value:
        mark = "reset"
    elif rate is not None and len(others) >= FEWEST_STEPS and rate > JUMP * median(others):
        mark = "jump"
    return Step(count=other, gained=other.value - one.value, per_day=rate, mark=mark)
