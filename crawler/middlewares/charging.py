"""Charges each page to the site that it is of, wherever it was asked for, and lets nothing past a spent budget.

The scheduler charges what it hands out. A further page of an article, what a script asks for and where a redirect leads
are no addresses of the frontier, and cost their site as much.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from archive.frontier import Leased
from archive.urls import site_of
from crawler.extensions.budgets import Budgets
from crawler.scheduler import SLOT, TARGET

CHARGED = "charged_site"
"""The request's meta key for the site that its page was charged to; redirects and retries inherit it."""


class ChargingMiddleware:
    """Raises ``BudgetSpent``; of what passes, the site that pays is also the one whose delay it waits for."""

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for the crawl's budgets."""
        return cls(Budgets.of(crawler))

    def process_request(self, request: Request) -> None:
        """Charge a page once to each site that it leads to."""
        site = self._budgets.counted_with(site_of(request.url))
        request.meta[SLOT] = site
        if CHARGED not in request.meta and isinstance(request.meta.get(TARGET), Leased):
            request.meta[CHARGED] = site
        if request.meta.get(CHARGED) != site:
            self._budgets.check(site)
            self._budgets.ask(site)
            request.meta[CHARGED] = site
