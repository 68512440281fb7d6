"""What one crawl may take of a site: pages, bytes and time. A calendar without end ends there.

So do hosts without end: what is under one registered name is one site here, see ``crawler.domains``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from archive.urls import site_of
from crawler.capturing import PutOff
from crawler.domains import counted_with
from crawler.errors import CrawlerError
from crawler.extensions import Companion
from crawler.plan import SitePlan

MOST_PAGES = 10_000
"""Pages of a site whose plan says nothing: three hours at one a second, more than any front page leads to."""
MOST_BYTES = 4_000_000_000
BUDGET = "budget/"
"""Before a site, the key of the stats that has what it was stopped by."""


class BudgetSpent(PutOff):
    """A page that is left for a later crawl, since this one took of its site what it may."""

    def __init__(self, site: str, limit: str) -> None:
        self.site, self.limit = site, limit
        self.reason, self.not_before = f"the budget of {site} is spent: {limit}", datetime.now(UTC)
        CrawlerError.__init__(self, self.reason)  # without a time: whichever crawl comes next may ask


@dataclass(kw_only=True, slots=True)
class Spent:
    """What was taken of a site so far."""

    since: float
    """The first request, by the monotonic clock."""
    pages: int = 0
    bytes: int = 0


class Budgets(Companion):
    """Counts what a crawl takes of each site, and says when that is enough."""

    def __init__(self, sites: Mapping[str, SitePlan], stats: StatsCollector) -> None:
        self._sites, self._stats = sites, stats
        self._spent: dict[str, Spent] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes extensions."""
        if crawler.stats is None:
            raise NotConfigured("budgets need a crawl's stats")
        budgets = cls(crawler.settings["SITES"], crawler.stats)
        crawler.signals.connect(budgets.response_received, signal=signals.response_received)
        return budgets

    def counted_with(self, site: str) -> str:
        """The site that pays for a site."""
        return counted_with(site, self._sites)

    def ask(self, site: str) -> None:
        """Count one page that is asked for."""
        self._spent.setdefault(self.counted_with(site), Spent(since=monotonic())).pages += 1

    def response_received(self, response: Response, request: Request) -> None:
        """Count the bytes of an answer."""
        spent = self._spent.get(self.counted_with(site_of(request.url)))
        if spent:
            spent.bytes += len(response.body)

    def is_spent(self, site: str) -> bool:
        """Whether the crawl may ask the site for nothing more; the stats say why."""
        return self._reached(self.counted_with(site)) is not None

    def check(self, site: str) -> None:
        """Raise ``BudgetSpent`` for a site that may be asked for nothing more."""
        payer = self.counted_with(site)
        if limit := self._reached(payer):
            raise BudgetSpent(payer, limit)

    def _reached(self, site: str) -> str | None:
        """The limit that the site has come to."""
        spent, plan = self._spent.get(site), self._sites.get(site, SitePlan())
        if spent is None:
            return None
        seconds = monotonic() - spent.since
        limits = (
            (spent.pages, MOST_PAGES if plan.max_pages is None else plan.max_pages, "pages"),
            (spent.bytes, MOST_BYTES if plan.max_bytes is None else plan.max_bytes, "bytes"),
            (seconds, plan.max_seconds, "seconds"),
        )
        reached = next(
            (f"{most:,.0f} {what}" for taken, most, what in limits if most is not None and taken >= most), None
        )
        if reached:
            self._stats.set_value(f"{BUDGET}{site}", reached)
        return reached
