"""What is due now, and no more: for cron."""

from collections.abc import Iterator
from datetime import UTC, datetime

from crawler.plan import plan_of, plan_text
from crawler.plan.timing import agenda
from yaowen.schedule.place import Place
from yaowen.schedule.process import CrawlProcess, Ended
from yaowen.schedule.service import report


def run_due(place: Place) -> Iterator[Ended]:
    """Run one after the other what is due now, the longest overdue first. Raises ``BadPlan``."""
    process, now = CrawlProcess(place), datetime.now(UTC)
    text = plan_text(place.plan)
    plan = plan_of(text, place.plan)
    for time, name in agenda(plan, place.last_runs(plan), now):
        if time <= now and (ended := process.run(name, text)):
            report(ended, plan, place)
            yield ended
