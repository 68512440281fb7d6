"""How fast each site may be asked: pauses that it asks for, its own delay, and times until when it wants no visit.

Delay and pauses are of all that is counted with a site (``crawler.domains``): its subdomains are one machine, or one
owner's. A time until when no visit is wanted is of the one host that said so.
"""

from datetime import UTC, datetime
from time import monotonic
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import call_later

from crawler.capturing import PutOff
from crawler.domains import counted_with
from crawler.extensions import Companion


class Pace(Companion):
    """What the sites of one crawl ask for."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        """Seconds between two requests to a site that asks for nothing."""
        self._paused: dict[str, float] = {}
        self._slowest: dict[str, float] = {}
        self._put_off: dict[str, PutOff] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes extensions."""
        pace = cls(crawler)
        crawler.signals.connect(pace.engine_started, signal=signals.engine_started)
        return pace

    def engine_started(self) -> None:
        """Take the delays of the plan."""
        for site, plan in self._crawler.settings["SITES"].items():
            if plan.delay is not None:
                self._set_delay(site, plan.delay)

    def counted_with(self, site: str) -> str:
        """The site whose turn a site waits for."""
        return counted_with(site, self._crawler.settings["SITES"])

    def pause(self, site: str, seconds: float) -> None:
        """Ask the site nothing for so long."""
        site = self.counted_with(site)
        self._paused[site] = max(self._paused.get(site, 0.0), monotonic() + seconds)
        call_later(seconds, self.wake)

    def is_paused(self, site: str) -> bool:
        """Whether it is to be left alone now."""
        return self._paused.get(self.counted_with(site), 0.0) > monotonic()

    def put_off(self, site: str, why: PutOff) -> None:
        """Ask the site nothing more before that time."""
        self._put_off[site] = why

    def check(self, site: str) -> None:
        """Raise ``PutOff`` for a site that is not to be asked yet."""
        why = self._put_off.get(site)
        if why and datetime.now(UTC) < why.not_before:
            raise PutOff(why.reason, not_before=why.not_before)

    def slow_down(self, site: str, delay: float) -> None:
        """Leave at least so many seconds between two requests to the site."""
        site = self.counted_with(site)
        self._slowest[site] = delay = max(delay, self._slowest.get(site, 0.0))
        plan = self._crawler.settings["SITES"].get(site)
        own = self.delay if plan is None or plan.delay is None else plan.delay
        self._set_delay(site, max(delay, own))

    def _set_delay(self, site: str, delay: float) -> None:
        if self._crawler.engine is None:
            return
        downloader = self._crawler.engine.downloader
        downloader.per_slot_settings.setdefault(site, {})["delay"] = delay
        if site in downloader.slots:
            downloader.slots[site].delay = delay

    def wake(self) -> None:
        """Let the engine look for work at once; of itself it does so every five seconds."""
        engine = self._crawler.engine
        slot = engine and engine._slot  # no public way leads there
        if slot:
            slot.nextcall.schedule()
