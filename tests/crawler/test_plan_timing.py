"""When crawls run, at any time of one's choice."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from archive.runs import Run
from crawler.plan import CrawlPlan, Plan
from crawler.plan.timing import agenda, coming, due_at, following

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday."""
HALF_HOURLY = CrawlPlan(name="half-hourly", every=timedelta(minutes=30))
DAILY = CrawlPlan(name="daily", cron="0 6 * * *", timezone="Asia/Shanghai")


def run(began_at: datetime, *, is_finished: bool = True) -> Run:
    return Run(
        id=1,
        spider="auto",
        name="x",
        urls=(),
        started_at=began_at,
        began_at=began_at,
        finished_at=began_at + timedelta(minutes=1) if is_finished else None,
        finish_reason="finished" if is_finished else "shutdown",
        exit_code=0 if is_finished else 7,
    )


@pytest.mark.parametrize(
    ("cron", "timezone", "expected"),
    [
        ("0 6 * * *", "Asia/Shanghai", "2026-03-02T22:00"),
        ("*/15 * * * *", "UTC", "2026-03-02T12:15"),
        ("0 6 * * 1", "UTC", "2026-03-09T06:00"),  # Monday
        ("0 6 * * 0", "UTC", "2026-03-08T06:00"),  # Sunday, as cron counts
        ("0 6 * * 7", "UTC", "2026-03-08T06:00"),
        ("0 6 * * tue", "UTC", "2026-03-03T06:00"),
        ("0 6 15 * 5", "UTC", "2026-03-06T06:00"),  # the 15th or a Friday
        ("30 2 29 3 *", "Europe/Berlin", "2026-03-29T01:00"),  # 02:30 is left out in that night
        ("0 0 29 2 *", "UTC", "2028-02-29T00:00"),
    ],
)
def test_a_cron_line_means_what_it_means_to_cron(cron: str, timezone: str, expected: str) -> None:
    crawl = CrawlPlan(name="x", cron=cron, timezone=timezone)
    assert following(crawl, NOON) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("crawl", "last", "due"),
    [
        (HALF_HOURLY, None, NOON),
        (DAILY, None, NOON.replace(hour=22)),
        (HALF_HOURLY, run(NOON - timedelta(minutes=10)), NOON + timedelta(minutes=20)),
        (HALF_HOURLY, run(NOON - timedelta(days=9)), NOON - timedelta(days=9, minutes=-30)),
        (DAILY, run(NOON - timedelta(hours=13)), NOON.replace(hour=22)),
        (DAILY, run(NOON - timedelta(hours=15)), NOON.replace(day=1, hour=22)),  # missed at 22:00 yesterday
        (DAILY, run(NOON - timedelta(hours=1), is_finished=False), NOON - timedelta(hours=1)),
        (HALF_HOURLY, run(NOON + timedelta(days=400)), NOON + timedelta(minutes=30)),  # while the clock was wrong
    ],
)
def test_a_crawl_is_due_by_its_last_run(crawl: CrawlPlan, last: Run | None, due: datetime) -> None:
    assert due_at(crawl, last, NOON) == due


def test_the_longest_overdue_comes_first() -> None:
    plan = Plan(crawls={"daily": DAILY, "half-hourly": HALF_HOURLY})
    last = {"half-hourly": run(NOON - timedelta(days=9)), "daily": run(NOON - timedelta(days=2))}
    assert [name for _, name in agenda(plan, last, NOON)] == ["half-hourly", "daily"]


def test_missed_runs_are_one() -> None:
    plan = Plan(crawls={"half-hourly": HALF_HOURLY, "daily": DAILY})
    last = {"half-hourly": run(NOON - timedelta(days=9)), "daily": run(NOON - timedelta(days=9))}
    assert list(islice(coming(plan, last, NOON), 4)) == [
        (NOON, "daily"),
        (NOON, "half-hourly"),
        (NOON + timedelta(minutes=30), "half-hourly"),
        (NOON + timedelta(minutes=60), "half-hourly"),
    ]


def test_nothing_comes_of_an_empty_plan() -> None:
    assert list(coming(Plan(), {}, NOON)) == []
