"""The archive's side of one crawl: its row, what it has handed out, and the batch of writes.

Scheduler, pipeline and spiders share it through ``crawler.get_extension(Ledger)``. Each address handed out ends in
exactly one observation: the first that arrives counts, and what is left when the crawl runs dry is noted as lost.
"""

import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.statscollectors import StatsCollector
from twisted.python.failure import Failure

from archive import crawls, frontier
from archive.alarms import raise_alarms
from archive.captures import KeptPage, has_kept_page, kept_page
from archive.errors import ArchiveFull, ContentDamaged
from archive.frontier import Leased, Target
from archive.models import Observation
from archive.revisits import Bounds, plan_revisit
from archive.store import Archive
from archive.urls import clean, site_of
from crawler import __version__
from crawler.capturing import capture_of, lost
from crawler.extensions import Companion
from crawler.plan import SitePlan

logger = logging.getLogger(__name__)

PUT_OFF = -1
"""Priority of what waits until the rest is dry: a page on its way may still lead there by a shorter way."""
_LEASE = timedelta(hours=1)
_LONGEST_WAIT = 1.0
"""Seconds after which an observation is written even if the batch is not full: a polite crawl brings one a second."""
_PATIENCE = 500
"""Milliseconds that a write waits for another program's. The whole crawl stands still meanwhile; then it goes on."""
_HELD = 2.0
"""Seconds after which such a write is tried again."""
_PATIENCE_AT_THE_END = 10_000
"""Milliseconds that each of the last two writes waits, so that a stop takes less than 30 seconds."""
_UNSTORABLE = (ValueError, OverflowError, TypeError, sqlite3.IntegrityError, sqlite3.DataError)
"""What a value that SQLite cannot hold raises: a lone surrogate, a number beyond 64 bits."""
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_BUSY_SNAPSHOT)
_UNFINISHED = ("shutdown", "disk full", "archive lost")
"""A crawl that ended so is gone on with by the same command."""
_LOST = ("disk full", "archive lost")
_EXIT_CODES = {"shutdown": 7, "disk full": 8, "archive lost": 3}
_NOTHING_FETCHED = 4
_DRIFT = 5


class Ledger(Companion):
    """Opens and holds the archive for a crawl, batches its writes, and closes the books."""

    def __init__(self, archive: Archive, crawl: crawls.Crawl, stats: StatsCollector, settings: BaseSettings) -> None:
        self.archive = archive
        self.crawl = crawl
        self.stats = stats
        self.batch = settings.getint("ARCHIVE_BATCH")
        self._sites: Mapping[str, SitePlan] = settings["SITES"]
        self.stopped: str | None = None
        """Why nothing more may be handed out."""
        self._writes: list[Target | Observation] = []
        self._flushed = monotonic()
        self._held_until = 0.0
        self.open: dict[str, str] = {}
        """The addresses that were handed out and have no outcome yet, each with its site."""
        self._closing = ExitStack()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises ``ArchiveUnreadable`` or ``ArchiveInUse`` before anything is fetched."""
        if crawler.stats is None or crawler.spider is None:
            raise NotConfigured("the ledger needs a crawl")
        path = Path(crawler.settings["ARCHIVE"])
        with ExitStack() as stack:
            stack.enter_context(crawls.held(path))
            archive = stack.enter_context(Archive.open(path))
            with archive.writing() as db:
                crawl = crawls.begin(
                    db,
                    crawler.spider.name,
                    getattr(crawler.spider, "arguments", {}),
                    now=datetime.now(UTC),
                    parser_version=__version__,
                )
            ledger = cls(archive, crawl, crawler.stats, crawler.settings)
            archive.db.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
            ledger._closing = stack.pop_all()
        crawler.signals.connect(ledger.spider_error, signal=signals.spider_error)
        crawler.signals.connect(ledger.item_error, signal=signals.item_error)
        crawler.signals.connect(ledger.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(ledger.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(ledger.engine_stopped, signal=signals.engine_stopped)
        return ledger

    def has_kept(self, url: str) -> bool:
        """Whether the bytes that an address gave last are kept."""
        return has_kept_page(self.archive.db, url)

    def kept(self, url: str) -> KeptPage | None:
        """The page that an address gave last, if its bytes are kept."""
        self.flush()
        try:
            return kept_page(self.archive.contents, url)
        except ContentDamaged as error:
            logger.error("%s", error)
            return None

    def due(self, sites: frozenset[str], limit: int | None) -> list[Target]:
        """What is to be visited now of these sites, or of all."""
        found = frontier.due(self.archive.db, datetime.now(UTC), sites=sites, limit=limit)
        return [Target(url=one.url, kind=one.kind) for one in found]

    def failed(self, sites: frozenset[str]) -> list[Target]:
        """What failed when it was last visited, of these sites or of all."""
        return frontier.failed(self.archive.db, sites)

    def known(self, sites: frozenset[str]) -> list[Target]:
        """Every address that the archive knows of these sites."""
        return [target for site in sorted(sites) for target in frontier.known_urls(self.archive.db, site)]

    def enqueue(self, target: Target) -> None:
        """Queue an address; written before any observation that follows."""
        self._writes.append(target)

    def ready_sites(self) -> list[str]:
        """Sites that have targets to hand out."""
        self.flush()
        return frontier.ready_sites(self.archive.db, self.crawl.id)

    def lease(self, site: str, limit: int) -> list[Leased]:
        """The next targets of a site; those put off until the rest is dry only when nothing is on its way."""
        until, least = datetime.now(UTC) + _LEASE, 0 if self.open else PUT_OFF
        with self._noting_trouble(), self.archive.writing() as db:
            return frontier.lease(db, self.crawl.id, site, limit=limit, until=until, least_priority=least)
        return []

    def ask(self, target: Leased, site: str) -> None:
        """The target is asked for now; it is open until an observation of it arrives."""
        self.open[target.url] = site

    @property
    def unwritten(self) -> int:
        """Observations that wait to be written."""
        return sum(isinstance(write, Observation) for write in self._writes)

    @property
    def is_held(self) -> bool:
        """Whether what is to be written waits for another program."""
        return self._held_until > 0 and bool(self._writes)

    def asked(self) -> int:
        """How many addresses this crawl has asked for so far, earlier runs of it included."""
        self.flush()
        row = self.archive.db.execute(
            "SELECT count(*) FROM captures WHERE crawl_id = ? AND part_of IS NULL", [self.crawl.id]
        ).fetchone()
        return int(row[0]) + len(self.open)

    def observe(self, observation: Observation) -> None:
        """Take the outcome of one address; a second one for the same address is dropped."""
        url = clean(observation.capture.url)
        if self.open.pop(url, None) is None:
            logger.debug("a second outcome of %s is dropped", url)
            return
        self._writes.append(observation)
        if len(self._writes) >= self.batch or monotonic() - self._flushed > _LONGEST_WAIT:
            self.flush()

    def flush(self) -> None:
        """Write everything that waits, in order and in one transaction; later, if another program writes now."""
        self._flushed = monotonic()
        if not self._writes or self._flushed < self._held_until:
            return
        with self._noting_trouble():
            try:
                self._write(self._writes)
            except _UNSTORABLE as error:
                logger.error("one page of a batch cannot be stored (%s); writing one by one", error)
                while self._writes:
                    self._write_alone(self._writes[0])
                    self._writes = self._writes[1:]
            self._writes, self._held_until = [], 0.0
        if self.stopped in _LOST:
            self._writes = []

    @contextmanager
    def _noting_trouble(self) -> Iterator[None]:
        """An archive that cannot be written ends the crawl; one that another program writes holds it."""
        try:
            yield
        except ArchiveFull as error:
            logger.error("%s", error)
            self.stopped = "disk full"
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _BUSY:
                logger.error("%s cannot be written: %s", self.archive.path, error)
                self.stopped = "archive lost"
                return
            if not self._held_until:
                logger.error("another program writes to %s; the crawl waits for it", self.archive.path)
            self._held_until = monotonic() + _HELD

    def _write(self, writes: list[Target | Observation]) -> None:
        targets = [write for write in writes if isinstance(write, Target)]
        observations = [write for write in writes if isinstance(write, Observation)]
        with self.archive.writing() as db:
            frontier.add(db, targets, crawl_id=self.crawl.id)
            recorded = self.archive.record(observations, crawl_id=self.crawl.id)
            for observation, one in zip(observations, recorded, strict=True):
                plan_revisit(db, observation, one, self._bounds(observation.capture.url))
        for one in recorded:
            self.stats.inc_value(f"outcome/{one.outcome}")
            if one.change:
                self.stats.inc_value(f"archive/{one.change}")

    def _bounds(self, url: str) -> Bounds:
        """How often the site of an address is visited."""
        plan, usual = self._sites.get(site_of(url), SitePlan()), Bounds()
        return Bounds(least=plan.min_interval or usual.least, most=plan.max_interval or usual.most)

    def _write_alone(self, write: Target | Observation) -> None:
        try:
            self._write([write])
        except _UNSTORABLE as error:
            if isinstance(write, Observation):
                capture = replace(write.capture, outcome="unread", reason=f"cannot be stored: {error}")
                self._write([Observation(capture=capture, tries=write.tries)])

    # The nets: no address handed out stays without an outcome.

    def spider_error(self, failure: Failure, response: Response | None, spider: Spider) -> None:
        """A callback raised: the bytes are kept, the reason is the error."""
        if response is not None:
            reason = f"{type(failure.value).__name__}: {failure.value}"
            self.observe(Observation(capture=capture_of(response, outcome="unread", reason=reason)))

    def item_error(self, item: object, response: Response | None, spider: Spider, failure: Failure) -> None:
        """A pipeline raised on an observation: it counts all the same."""
        if isinstance(item, Observation):
            self.observe(item)

    def spider_idle(self, spider: Spider) -> None:
        """Nothing is on its way any more: what is still open got lost."""
        for url in list(self.open):
            capture = lost(url, now=datetime.now(UTC))
            logger.warning("failed: %s: %s", url, capture.reason)
            self.observe(Observation(capture=capture))
        self.flush()

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Write what waits and how the crawl ended."""
        self.archive.db.execute(f"PRAGMA busy_timeout = {_PATIENCE_AT_THE_END}")
        self._held_until = 0.0
        self.flush()
        if reason != "shutdown" or self.stopped in _LOST:  # a signal while the last pages come in stays one
            reason = self.stopped or reason
        drifts = reason not in _UNFINISHED and self._drifts()
        reason = "disk full" if self.stopped == "disk full" else reason  # the comparison writes too
        # A crawl of what is due may find nothing to ask for, and has failed at nothing.
        fetched = 0 if self._fetched_anything() or not self.asked() else _NOTHING_FETCHED
        exit_code = _EXIT_CODES.get(reason, _DRIFT if drifts else fetched)
        self.stats.set_value("crawl/exit_code", exit_code)
        self.stats.set_value("crawl/id", self.crawl.id)
        self.stats.set_value("crawl/resumed", self.crawl.resumed)
        try:
            with self.archive.writing() as db:
                frontier.release(db, self.crawl.id)
                crawls.note_stop(
                    db,
                    self.crawl.id,
                    reason=reason,
                    exit_code=exit_code,
                    stats=self.stats.get_stats(),
                    finished=None if reason in _UNFINISHED else datetime.now(UTC),
                )
        except (ArchiveFull, sqlite3.OperationalError) as error:
            logger.error("how the crawl ended is not noted, so that the same command goes on with it: %s", error)

    def _drifts(self) -> bool:
        """Whether a site reads worse than it did; what that made of articles is taken back."""
        try:
            raised = raise_alarms(self.archive, self.crawl.id, now=datetime.now(UTC))
        except ArchiveFull as error:
            logger.error("%s", error)
            self.stopped = "disk full"
            return False
        except sqlite3.OperationalError as error:
            logger.error("the run is not compared with those before: %s", error)
            return False
        for alarm in raised.alarms:
            logger.warning("drift: %s", alarm)
        for withheld in raised.withheld:
            self.stats.inc_value("outcome/done", -1)
            self.stats.inc_value("outcome/unread")
            self.stats.inc_value("archive/revised" if withheld.was_edit else "archive/same", -1)
        return bool(raised.alarms)

    def _fetched_anything(self) -> bool:
        row = self.archive.db.execute(
            """
            SELECT EXISTS (
                SELECT 1 FROM captures WHERE crawl_id = ? AND outcome IN ('done', 'unchanged', 'unread')
            )
            """,
            [self.crawl.id],
        ).fetchone()
        return bool(row[0])

    def engine_stopped(self) -> None:
        """Let go of the archive."""
        self._closing.close()
