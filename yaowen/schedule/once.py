"""What is due now, and no more: for cron."""

from collections.abc import Iterator
from datetime import UTC, datetime

from crawler.plan import Plan
from crawler.plan.timing import agenda
from yaowen.schedule.place import Place
from yaowen.schedule.process import CrawlProcess, Ended
from yaowen.schedule.service import report


def run_due(place: Place, plan: Plan) -> Iterator[Ended]:
    """Run one after the other what is due now, the longest overdue first."""
    process, now = CrawlProcess(place), datetime.now(UTC)
    for time, name in agenda(plan, place.last_runs(plan), now):
        if time <= now and (ended := process.run(name)):
            report(ended, plan, place)
            yield ended
