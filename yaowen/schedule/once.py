"""What is due now, and no more: for cron."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

from archive.crawls import holder
from crawler.plan import plan_of, plan_text
from crawler.plan.timing import agenda
from yaowen.schedule.place import Place
from yaowen.schedule.process import CrawlProcess, Ended
from yaowen.schedule.service import report

logger = logging.getLogger(__name__)


def run_due(place: Place) -> Iterator[Ended]:
    """Run one after the other what is due now, the longest overdue first. Raises ``BadPlan``.

    While another program holds the archive nothing begins: it stays due until this is asked the next time.
    """
    process, now = CrawlProcess(place), datetime.now(UTC)
    text = plan_text(place.plan)
    plan = plan_of(text, place.plan)
    due = [name for time, name in agenda(plan, place.last_runs(plan), now) if time <= now]
    if not due:
        logger.info("nothing is due")
    for name in due:
        if pid := holder(place.archive):
            logger.warning("%s: waits for the next time, since process %d holds %s", name, pid, place.archive)
            return
        if ended := process.run(name, text):
            report(ended, plan, place)
            yield ended
