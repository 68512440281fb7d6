"""Refuses what a URL alone gives away, before anything is asked for its sake, its robots.txt included.

Names are judged where they are dialled, in ``crawler.handlers``.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from crawler.addresses import Allowed, read_host
from crawler.handlers import AddressNotPublic, AddressRefused

_PORTS = {"http": 80, "https": 443}


class AddressGuardMiddleware:
    """Raises ``AddressRefused`` for any scheme but http and https, and for a literal address that is not permitted."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """A guard that permits the ``HOST:PORT`` texts of ``ALLOWED_ADDRESSES``."""
        return cls(Allowed.parse(crawler.settings.getlist("ALLOWED_ADDRESSES")))

    def process_request(self, request: Request) -> None:
        """Let the request pass, or raise why not."""
        url = urlparse_cached(request)
        if url.scheme not in _PORTS:
            raise AddressRefused(request.url, "is not fetched: only http and https addresses are")
        host, port = read_host(url.hostname or ""), url.port or _PORTS[url.scheme]
        if not isinstance(host, str) and not self._allowed.permits(host, port):
            raise AddressNotPublic(host, port)
