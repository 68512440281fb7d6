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
from crawler.plan import SitePlan

logger = logging.getLogger(__name__)


class MissingVariable(CrawlerError, IgnoreRequest):
    """A header of a site whose value is not in the environment; without it, the site is not asked."""

    def __init__(self, variable: str, header: str, site: str) -> None:
        self.variable, self.header, self.site = variable, header, site
        super().__init__(f"The environment has no {variable}, which the plan names for {header} of {site}")


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
        """Set the site's headers; those that the request brought from another one go. Raises ``MissingVariable``."""
        site = site_of(request.url)
        own = self._variables.get(site, {})
        if own and request.url.startswith("http://") and site not in self._in_clear:
            self._tell(site, request.url)
            own = {}
        for name in self._names - own.keys():
            request.headers.pop(name, None)
        for name, variable in own.items():
            if variable not in os.environ:
                raise MissingVariable(variable, name, site)
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
