from datetime import timedelta

import pytest

from archive.counters import growth_per_day, steps
from archive.store import ViewCount
from tests.conftest import MORNING


def series(*values: int, hours: float = 24) -> list[ViewCount]:
    return [
        ViewCount(observed_at=MORNING + timedelta(hours=hours * number), value=value, raw=None)
        for number, value in enumerate(values)
    ]


def test_each_observation_says_what_it_gained_and_how_fast() -> None:
    first, second = steps(series(100, 150, hours=12))
    assert (first.gained, first.per_day) == (None, None)
    assert (second.gained, second.per_day) == (50, 100.0)


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        ((100, 110, 120, 130, 140), [None] * 5),
        ((100, 110, 120, 620, 630), [None, None, None, "jump", None]),
        ((100, 110, 5, 15), [None, None, "reset", None]),
        ((100, 900), [None, None]),
        ((100, 100, 100), [None] * 3),
    ],
    ids=["steady", "a jump", "a reset", "too little to compare with", "standing still"],
)
def test_jumps_and_resets_are_marked(values: tuple[int, ...], marks: list[str | None]) -> None:
    assert [step.mark for step in steps(series(*values))] == marks


@pytest.mark.parametrize(
    ("values", "hours", "rate"),
    [
        ((100, 150, 200), 24, 50.0),
        ((100, 150, 10, 60), 24, 100 / 3),
        ((100,), 24, None),
        ((1, 2), 0, None),
        ((), 24, None),
    ],
)
def test_growth_leaves_setbacks_out(values: tuple[int, ...], hours: float, rate: float | None) -> None:
    found = growth_per_day(series(*values, hours=hours))
    assert found == (pytest.approx(rate) if rate is not None else None)
