"""When the crawls of a plan run. Pure: the time is given."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from heapq import merge
from zoneinfo import ZoneInfo

from cronsim import CronSim

from archive.runs import Run
from crawler.plan.parts import CrawlPlan, Plan

# APScheduler's own cron trigger counts weekdays from Monday and wants both days to fit where two are given, so that
# "0 6 * * 1-5" would run from Tuesday to Saturday. CronSim reads the line as cron does, summer time included.


def following(crawl: CrawlPlan, after: datetime) -> datetime:
    """The first time of the crawl after a run that began then; in UTC."""
    if crawl.every:
        return after + crawl.every
    return next(CronSim(crawl.cron or "", after.astimezone(ZoneInfo(crawl.timezone)))).astimezone(UTC)


def due_at(crawl: CrawlPlan, last: Run | None, now: datetime) -> datetime:
    """When the crawl is due, which may be past: the time after its last run, however many were missed since.

    An unfinished run is to be gone on with at once; so is a crawl with ``every`` that never ran. A run in the future,
    noted while the clock was wrong, counts as one of now.
    """
    if last is None:
        return now if crawl.every else following(crawl, now)
    if last.finished_at is None:
        return min(last.began_at, now)
    return following(crawl, min(last.began_at, now))


def agenda(plan: Plan, last: Mapping[str, Run], now: datetime) -> list[tuple[datetime, str]]:
    """When each crawl of the plan is due, with its name, the longest overdue first."""
    return sorted((due_at(crawl, last.get(name), now), name) for name, crawl in plan.crawls.items())


def coming(plan: Plan, last: Mapping[str, Run], now: datetime) -> Iterator[tuple[datetime, str]]:
    """The runs from now on, without end, in the order of their times; what is overdue runs now, and once."""
    return merge(*(_runs(plan.crawls[name], max(due, now)) for due, name in agenda(plan, last, now)))


def _runs(crawl: CrawlPlan, time: datetime) -> Iterator[tuple[datetime, str]]:
    while True:
        yield time, crawl.name
        time = following(crawl, time)
