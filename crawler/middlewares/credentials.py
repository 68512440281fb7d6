"""Cookies and headers that a site was given, from the environment: to that site only, and kept nowhere."""

import os
from collections.abc import Mapping
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.urls import site_of
from crawler.errors import MissingVariable
from crawler.plan import SitePlan


class CredentialsMiddleware:
    """Sets the headers of the site that a request goes to, and no other site's: a redirect takes none along."""

    def __init__(self, headers: Mapping[str, Mapping[str, str]]) -> None:
        self._headers = headers
        self._names = {name for one in headers.values() for name in one}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises ``MissingVariable`` where the environment lacks what the plan names."""
        return cls(
            {site: _headers_of(site, plan) for site, plan in crawler.settings["SITES"].items() if plan.variables}
        )

    def process_request(self, request: Request) -> None:
        """Set the site's headers; those that the request brought from another one go."""
        own = self._headers.get(site_of(request.url), {})
        for name in self._names - own.keys():
            request.headers.pop(name, None)
        for name, value in own.items():
            request.headers[name] = value

    def process_response(self, request: Request, response: Response) -> Response:
        """Without the cookies that a site sets for who is known to it: they would let others in."""
        if site_of(request.url) in self._headers:
            response.headers.pop("Set-Cookie", None)
        return response


def _headers_of(site: str, plan: SitePlan) -> dict[str, str]:
    named = {"Cookie": plan.cookie, **plan.headers} if plan.cookie else dict(plan.headers)
    for header, variable in named.items():
        if variable not in os.environ:
            raise MissingVariable(str(variable), header, site)
    return {header: os.environ[str(variable)] for header, variable in named.items()}
