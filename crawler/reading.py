"""From a response to a reading, in another process: whatever a page does to its reader, the crawl goes on."""

import asyncio
from datetime import UTC, datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.models import Page
from crawler.parsers import read_page
from crawler.workers import Readers, failure


class Reading:
    """Holds the reading processes of a crawl; they start with its first page and end with it."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._readers: Readers[Page] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes extensions."""
        reading = cls(crawler.settings.getint("READING_PROCESSES"))
        crawler.signals.connect(reading.close, signal=signals.spider_closed)
        return reading

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """The one of a crawl."""
        reading = crawler.get_extension(cls)
        if reading is None:
            raise RuntimeError(f"{cls.__name__} is not among the EXTENSIONS")
        return reading

    async def read(self, response: Response) -> Page:
        """What the page says. Raises ``ParseError`` for anything that is no page or says nothing."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if self._readers is None:
            self._readers = Readers(read_page, self.processes)
        future = self._readers.start(response.body, response.url, content_type or None, datetime.now(UTC))
        try:
            return await asyncio.wrap_future(future)
        except Exception as error:
            raise failure(error, response.url) from error

    def close(self) -> None:
        """End the processes."""
        if self._readers is not None:
            self._readers.close()
