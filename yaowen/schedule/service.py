"""The schedule as a service: it waits, starts crawls, and reads the plan again when that changed."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from time import monotonic

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from archive.crawls import holder
from crawler.errors import BadPlan
from crawler.plan import CrawlPlan, Plan, plan_of, plan_text
from crawler.plan.timing import agenda, following
from yaowen.schedule.alarm import tell
from yaowen.schedule.place import Place
from yaowen.schedule.process import CrawlProcess, Ended

logger = logging.getLogger(__name__)

_GLANCE = 5.0
"""Seconds between two looks at the plan's file and at the clock."""
_JUMP = 30.0
"""Seconds by which the clock has to go wrong to be said to have jumped."""
_BUSY = 2.0
"""Seconds between two looks whether the archive is free."""


@dataclass(frozen=True, kw_only=True)
class Times(BaseTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """The times of a crawl after its first one, each up to ``jitter`` seconds later."""

    crawl: CrawlPlan
    jitter: float

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The time after the previous one, or after now where that is past too.

        APScheduler asks for time after time until one is to come: after a clock that jumps by ten years it would
        count millions of them before it makes up for them all at once.
        """
        time = following(self.crawl, previous or now)
        if time <= now:
            time = following(self.crawl, now)
        later: datetime = self._apply_jitter(time, self.jitter, now)
        return later


class Service:
    """Runs the crawls of a plan until it is interrupted."""

    def __init__(self, place: Place, jitter: float) -> None:
        self.place, self.jitter = place, jitter
        self.process = CrawlProcess(place)
        self.plan, self.text = Plan(), ""
        self._read_at: int | None = None
        self._missed = set[str]()
        self._running: str | None = None
        self._working, self._stopping = Lock(), Event()
        # One thread is one crawl at a time. A run that comes while the same crawl waits or runs is left out by
        # max_instances, and those that a sleeping machine missed are one by coalesce, however late.
        self.scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self.scheduler.add_listener(self._note_missed, EVENT_JOB_MAX_INSTANCES)
        self.scheduler.add_listener(self._make_up, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    def run(self) -> None:
        """Never returns; ``KeyboardInterrupt`` comes out once the crawl that ran has ended."""
        self._read_plan()
        self._arrange()
        logger.info("%d crawls of %s into %s", len(self.plan.crawls), self.place.plan, self.place.archive)
        self.scheduler.start()
        try:
            self._watch()
        finally:
            self._stop()

    def _watch(self) -> None:
        offset = _clock_offset()
        while True:
            self._stopping.wait(_GLANCE)
            jumped = abs(_clock_offset() - offset) > _JUMP
            if jumped:
                logger.warning("the clock has jumped by %.0f s; the next runs are set anew", _clock_offset() - offset)
                offset = _clock_offset()
            if self._plan_changed() or jumped:
                self._arrange()

    def _plan_changed(self) -> bool:
        """Whether there is another plan now; a wrong one is told once, and the old one stays."""
        try:
            return self._read_plan()
        except BadPlan as error:
            logger.error("the plan has changed and is wrong, so the old one stays:\n%s", error)
            return False

    def _read_plan(self) -> bool:
        path = self.place.plan
        changed_at = path.stat().st_mtime_ns if path.exists() else -1
        if changed_at == self._read_at:
            return False
        self._read_at = changed_at
        text = plan_text(path)
        before, self.plan = self.plan, plan_of(text, path)
        self.text = text
        return self.plan != before

    def _arrange(self) -> None:
        """Set the next run of each crawl, by its last one in the archive; the longest overdue comes first."""
        now = datetime.now(UTC)
        due = agenda(self.plan, self.place.last_runs(self.plan), now)
        for job in self.scheduler.get_jobs():
            if job.id not in self.plan.crawls:
                self.scheduler.remove_job(job.id)
        for position, (time, name) in enumerate(due):
            crawl = self.plan.crawls[name]
            if name == self._running:
                time = following(crawl, now)
            self.scheduler.add_job(
                self._crawl,
                trigger=Times(crawl=crawl, jitter=self.jitter),
                args=[name],
                id=name,
                next_run_time=max(time, now + timedelta(microseconds=position)),
                replace_existing=True,
            )
            logger.info("%s: next run %s", name, "now" if time <= now else f"{time:%Y-%m-%d %H:%M:%S} UTC")

    def _crawl(self, name: str) -> None:
        with self._working:
            self._wait_for_archive(name)
            self._missed.discard(name)
            if name not in self.plan.crawls:
                return  # taken out of the plan while it waited
            self._running = name
            self._reckon_from_now(name)
            ended = self.process.run(name, self.text)
            self._running = None
            if ended and self._stopping.is_set():
                logger.info("%s", ended)  # however it ended, it was asked to
            elif ended:
                report(ended, self.plan, self.place)

    def _wait_for_archive(self, name: str) -> None:
        """Another's crawl, import or reparse comes first; no other crawl of ours could run meanwhile."""
        if pid := holder(self.place.archive):
            logger.warning("%s: waits, since process %d holds %s", name, pid, self.place.archive)
        while holder(self.place.archive) and not self._stopping.wait(_BUSY):
            pass

    def _reckon_from_now(self, name: str) -> None:
        """The next run counts from when this one begins, however long it has waited for others."""
        if job := self.scheduler.get_job(name):
            job.modify(next_run_time=job.trigger.get_next_fire_time(None, datetime.now(UTC)))

    def _note_missed(self, event: JobEvent) -> None:
        self._missed.add(event.job_id)

    def _make_up(self, event: JobEvent) -> None:
        """Run once more what came due while the same crawl ran."""
        if event.job_id in self._missed and not self._stopping.is_set() and self.scheduler.get_job(event.job_id):
            self.scheduler.modify_job(event.job_id, next_run_time=datetime.now(UTC))

    def _stop(self) -> None:
        try:
            self._stopping.set()
            self.process.stop()
            logger.info("stopping; a crawl that runs was asked to end")
            self.scheduler.remove_all_jobs()
            with self._working:
                # Not inside shutdown: it waits with locks in hand that the end of a crawl needs.
                self.scheduler.shutdown(wait=False)
        except KeyboardInterrupt:
            self.process.kill()
            raise


def report(ended: Ended, plan: Plan, place: Place) -> None:
    """Log how a crawl ended, and have ``on_alarm`` tell it if someone has to look."""
    logger.log(logging.ERROR if ended.is_alarming else logging.INFO, "%s", ended)
    if ended.is_alarming and plan.on_alarm:
        tell(plan.on_alarm, ended, place.archive)


def _clock_offset() -> float:
    return datetime.now(UTC).timestamp() - monotonic()
