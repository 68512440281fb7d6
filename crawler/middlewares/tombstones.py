"""Does not ask for articles that were taken down on request; the capture tells when and why."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.tombstones import tombstone_at
from crawler.extensions.ledger import Ledger


class TombstonesMiddleware:
    """Raises ``IgnoreRequest`` for every address that has a tombstone."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One that heeds the tombstones of the crawl's archive."""
        return cls(Ledger.of(crawler))

    def process_request(self, request: Request) -> None:
        """Let the request pass, or say why not."""
        stone = tombstone_at(self._ledger.archive.db, [request.url])
        if stone:
            raise IgnoreRequest(str(stone))
