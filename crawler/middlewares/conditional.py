"""Asks for a page only if it changed since it was kept: the server then answers 304 without sending it again."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from archive.frontier import Leased
from archive.urls import clean
from crawler.extensions.ledger import Ledger
from crawler.scheduler import TARGET

_CONDITIONS = {"If-None-Match": "etag", "If-Modified-Since": "last_modified"}


class ConditionalMiddleware:
    """Sets the conditions of RFC 9110, 13.1, where the bytes are kept that they are about."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for the crawl's archive."""
        return cls(Ledger.of(crawler))

    def process_request(self, request: Request) -> None:
        """Set what the frontier knows of the address; where another one led here, it is not about this page."""
        for header in _CONDITIONS:
            request.headers.pop(header, None)
        target = request.meta.get(TARGET)
        if not isinstance(target, Leased) or clean(request.url) != target.url:
            return
        known = {header: getattr(target, name) for header, name in _CONDITIONS.items() if getattr(target, name)}
        if known and self._ledger.has_kept(target.url):
            for header, value in known.items():
                request.headers[header] = value
