"""The one place where Scrapy meets the archive."""

import logging
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.models import Article, Listing, Observation, as_json
from crawler.extensions.ledger import Ledger

logger = logging.getLogger(__name__)


class ArchivePipeline:
    """Records every observation; what goes on to the feed exports is the page, readable."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The pipeline of this crawl's ledger."""
        return cls(Ledger.of(crawler))

    def process_item(self, item: object) -> dict[str, Any]:  # Any: the page's JSON values
        """Take the observation. Raises ``DropItem`` where nothing was read, so that no empty line is exported."""
        if not isinstance(item, Observation):
            raise DropItem(f"{type(item).__name__} is no observation")
        for one in (item, *item.parts):
            if one.capture.outcome not in ("done", "unchanged"):
                logger.warning("%s: %s: %s", one.capture.outcome, one.capture.url, one.capture.reason)
        self.ledger.observe(item)
        if not isinstance(item.page, Article | Listing):
            raise DropItem(item.capture.reason or item.capture.outcome, log_level="DEBUG")
        return as_json(item.page)
