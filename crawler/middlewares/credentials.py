"""Cookies and headers that a site was given, from the environment: to that site only, and kept nowhere."""

import os
from collections.abc import Mapping
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.urls import site_of
from crawler.errors import CrawlerError
from crawler.plan import SitePlan, values


class UnusableVariable(CrawlerError, IgnoreRequest):
    """A header of a site whose value the environment does not have, or not so that it can be sent: it is not asked."""

    def __init__(self, variable: str, header: str, site: str, flaw: str) -> None:
        self.variable, self.header, self.site, self.flaw = variable, header, site, flaw
        super().__init__(f"The variable {variable}, which the plan names for {header} of {site}, {flaw}")


class CredentialsMiddleware:
    """Sets the headers of the site that a request goes to, and no other site's: a redirect takes none along."""

    def __init__(self, sites: Mapping[str, SitePlan]) -> None:
        named = {site: _variables(plan) for site, plan in sites.items()}
        self._variables = {site: variables for site, variables in named.items() if variables}
        self._names = {name for variables in self._variables.values() for name in variables}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for the crawl's plan."""
        return cls(crawler.settings["SITES"])

    def process_request(self, request: Request) -> None:
        """Set the site's headers; those that the request brought from another one go. Raises ``UnusableVariable``."""
        site = site_of(request.url)
        own = self._variables.get(site, {})
        for name in self._names - own.keys():
            request.headers.pop(name, None)
        for name, variable in own.items():
            if flaw := values.flaw(os.environ.get(variable)):
                raise UnusableVariable(variable, name, site, flaw)
            request.headers[name] = os.environ[variable]

    def process_response(self, request: Request, response: Response) -> Response:
        """Without the cookies that a site sets for who is known to it: they would let others in."""
        if site_of(request.url) in self._variables:
            response.headers.pop("Set-Cookie", None)
        return response


def _variables(plan: SitePlan) -> dict[str, str]:
    """The headers that a site is sent, each with the variable that has its value."""
    return {"Cookie": plan.cookie, **plan.headers} if plan.cookie else dict(plan.headers)
