"""Cookies and headers that a site was given, from the environment: to that site only, and kept nowhere.

Over https, since by http whoever stands on the way reads them, and any page of the site can lead there.
"""

import logging
import os
from collections.abc import Collection, Mapping
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.urls import site_of
from crawler.errors import CrawlerError
from crawler.plan import SitePlan, values

logger = logging.getLogger(__name__)


class UnusableVariable(CrawlerError, IgnoreRequest):
    """A header of a site whose value the environment does not have, or not so that it can be sent: it is not asked."""

    def __init__(self, variable: str, header: str, site: str, flaw: str) -> None:
        self.variable, self.header, self.site, self.flaw = variable, header, site, flaw
        super().__init__(f"The variable {variable}, which the plan names for {header} of {site}, {flaw}")


class CredentialsMiddleware:
    """Sets the headers of the site that a request goes to, and no other site's: a redirect takes none along.

    Sites ``in_clear`` are sent them over http too.
    """

    def __init__(self, sites: Mapping[str, SitePlan], in_clear: Collection[str] = ()) -> None:
        self._in_clear, self._told = frozenset(in_clear), set[str]()
        named = {site: _variables(plan) for site, plan in sites.items()}
        self._variables = {site: variables for site, variables in named.items() if variables}
        self._names = {name for variables in self._variables.values() for name in variables}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for the crawl's plan; a start address with ``http://`` says that its site has nothing better."""
        starts: tuple[str, ...] = getattr(crawler.spider, "urls", ())
        return cls(crawler.settings["SITES"], {site_of(url) for url in starts if url.startswith("http://")})

    def process_request(self, request: Request) -> None:
        """Set the site's headers; those that the request brought from another one go. Raises ``UnusableVariable``."""
        site = site_of(request.url)
        own = self._variables.get(site, {})
        if own and request.url.startswith("http://") and site not in self._in_clear:
            self._tell(site, request.url)
            own = {}
        for name in self._names - own.keys():
            request.headers.pop(name, None)
        for name, variable in own.items():
            if flaw := values.flaw(os.environ.get(variable)):
                raise UnusableVariable(variable, name, site, flaw)
            request.headers[name] = os.environ[variable]

    def _tell(self, site: str, url: str) -> None:
        if site not in self._told:
            self._told.add(site)
            logger.warning("what the plan gives %s is sent over https only, so not to %s", site, url)

    def process_response(self, request: Request, response: Response) -> Response:
        """Without the cookies that a site sets for who is known to it: they would let others in."""
        if site_of(request.url) in self._variables:
            response.headers.pop("Set-Cookie", None)
        return response


def _variables(plan: SitePlan) -> dict[str, str]:
    """The headers that a site is sent, each with the variable that has its value."""
    return {"Cookie": plan.cookie, **plan.headers} if plan.cookie else dict(plan.headers)
