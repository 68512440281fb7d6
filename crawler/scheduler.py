"""Scrapy's scheduler over the archive's frontier: a killed crawl loses nothing of its way."""

from collections import Counter, deque
from collections.abc import Iterable
from time import monotonic
from typing import Self

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import call_later
from twisted.internet.defer import Deferred

from archive.frontier import Leased, Target
from archive.urls import site_of
from crawler.capturing import ASKED, observe_failure
from crawler.extensions.budgets import Budgets
from crawler.extensions.ledger import Ledger
from crawler.extensions.pace import Pace

TARGET = "target"
"""The request's meta key for what the frontier knows of its address (an ``archive.frontier.Target``)."""
SLOT = "download_slot"
_REFILL_SECONDS = 0.5
_LEASED = 12
"""Pages of a site that are taken out of the frontier at once."""
_MOST_HOSTS = 12
"""Hosts of one registered name that pages are taken out for: they share one turn, and may be thousands."""
_MOST_UNWRITTEN = 10
"""Pages of a site that came and are not written: with six on their way a kill costs at most 16, and no reader waits."""
_MOST_ELSEWHERE = 16
"""Pages of a site that others, to which it redirects, may keep us waiting for."""


class FrontierScheduler(BaseScheduler):
    """Hands out each address of the crawl once, every site at its own pace."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.ledger = Ledger.of(crawler)
        self.pace = Pace.of(crawler)
        self.budgets = Budgets.of(crawler)
        self.per_site = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.max_pages: int | None = None
        self._asked = 0
        self._refilled, self._waking = 0.0, False
        self._again: deque[Request] = deque()
        self._leased: dict[str, deque[Leased]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The scheduler of this crawl's frontier."""
        return cls(crawler)

    def open(self, spider: Spider) -> Deferred[None] | None:
        """Count what an earlier run of this crawl has asked for: the limit holds for both."""
        self.max_pages = getattr(spider, "max_pages", None)
        self._asked = self.ledger.asked()
        return None

    def enqueue_request(self, request: Request) -> bool:
        """Put a new address into the frontier; a redirect or a retry goes on under its own row."""
        if ASKED in request.meta:
            # Else Scrapy keeps the old host's slot after a redirect.
            request.meta[SLOT] = self.pace.counted_with(site_of(request.url))
            self._again.append(request)
            return True
        target = request.meta.get(TARGET) or Target(url=request.url)
        self.ledger.enqueue(target)
        return True

    def has_pending_requests(self) -> bool:
        """Whether anything is left that this crawl may still ask for."""
        if self._again:
            return True
        if self._at_limit():
            return False
        sites = {*(site for site, queue in self._leased.items() if queue), *self.ledger.ready_sites()}
        return self.ledger.is_held or not all(map(self.budgets.is_spent, sites))

    def next_request(self) -> Request | None:
        """The next request of a site that has a free connection; ``None`` when all are busy or nothing is left."""
        busy = Counter(request.meta.get(SLOT, "") for request in self._active)
        again = next((request for request in self._again if self._may_ask(request.meta[SLOT], busy)), None)
        if again is not None:
            self._again.remove(again)
            return again
        if self._at_limit():
            return None
        site = self._free_site(busy)
        if site is None and self._refill():
            site = self._free_site(busy)
        return None if site is None else self._ask(site)

    def _at_limit(self) -> bool:
        if self.max_pages is not None and self._asked >= self.max_pages:
            self.ledger.stopped = self.ledger.stopped or "page limit"
        return self.ledger.stopped is not None

    @property
    def _active(self) -> Iterable[Request]:
        """What the downloader has in hand. A counter of our own would leak what gets lost, and hang."""
        engine = self.crawler.engine
        return engine.downloader.active if engine else ()

    def _may_ask(self, site: str, busy: Counter[str]) -> bool:
        """Whether the site has a free connection and is not to be left alone."""
        return busy[self.pace.counted_with(site)] < self.per_site and not self.pace.is_paused(site)

    def _free_site(self, busy: Counter[str]) -> str | None:
        """The site with something to ask and nothing that holds it, the one least recently asked first."""
        came, elsewhere = Counter(self.ledger.open.values()), Counter[str]()
        for request in (*self._active, *self._again):
            site = self.ledger.open.get(request.meta.get(ASKED, ""))
            if site is not None:
                came[site] -= 1
                elsewhere[site] += self.pace.counted_with(site) != request.meta.get(SLOT)
        most = min(self.per_site, _MOST_UNWRITTEN - self.ledger.unwritten)
        # What came and is not written is asked for again after a kill; and a site whose pages take long to be read
        # waits for them itself, so that the others get their turn.
        free = (
            site
            for site, queue in self._leased.items()
            if queue and came[site] < most and elsewhere[site] < _MOST_ELSEWHERE and self._may_ask(site, busy)
        )
        return next((site for site in free if not self.budgets.is_spent(site)), None)

    def _refill(self) -> bool:
        """Lease for sites that ran out; asking costs a commit, so sites that are merely busy make it rare."""
        wait = self._refilled + _REFILL_SECONDS - monotonic()
        if any(self._leased.values()) and wait > 0:
            if not self._waking:
                self._waking = True
                call_later(wait, self._wake)
            return False
        self._refilled = monotonic()
        self._leased = {site: queue for site, queue in self._leased.items() if queue}
        hosts = Counter(map(self.pace.counted_with, self._leased))
        for site in self.ledger.ready_sites():
            slot = self.pace.counted_with(site)
            if site not in self._leased and hosts[slot] < _MOST_HOSTS and not self.budgets.is_spent(site):
                hosts[slot] += 1
                self._leased[site] = deque(self.ledger.lease(site, _LEASED))
        return True

    def _wake(self) -> None:
        self._waking = False
        self.pace.wake()

    def _ask(self, site: str) -> Request:
        self._asked += 1
        self._leased[site] = queue = self._leased.pop(site)  # to the end of the turn
        target = queue.popleft()
        self.ledger.ask(target, site)
        self.budgets.ask(site)
        meta = {TARGET: target, ASKED: target.url, SLOT: self.pace.counted_with(site)}
        return Request(target.url, errback=observe_failure, dont_filter=True, meta=meta)
