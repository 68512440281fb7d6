"""From a response to a reading, in another process: whatever a page does to its reader, the crawl goes on."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from archive.models import Capture
from crawler.extensions import Companion
from crawler.reader import Read, read_for
from crawler.workers import Readers, failure


class Reading(Companion):
    """Holds the reading processes of a crawl; they start with its first page and end with it."""

    def __init__(self, archive: Path, processes: int) -> None:
        self.archive, self.processes = archive, processes
        self._readers: Readers[Read] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes extensions."""
        reading = cls(Path(crawler.settings["ARCHIVE"]), crawler.settings.getint("READING_PROCESSES"))
        crawler.signals.connect(reading.close, signal=signals.spider_closed)
        return reading

    async def read(self, capture: Capture) -> Read:
        """What a page with bytes says. Raises ``ParseError`` for anything that is no page or says nothing."""
        content_type = next((value for name, value in capture.headers.items() if name.lower() == "content-type"), None)
        if self._readers is None:
            self._readers = Readers(partial(read_for, self.archive), self.processes)
        future = self._readers.start(capture.body or b"", capture.final_url, content_type, capture.fetched_at)
        try:
            return await asyncio.wrap_future(future)
        except Exception as error:
            raise failure(error, capture.final_url) from error

    def close(self) -> None:
        """End the processes."""
        if self._readers is not None:
            self._readers.close()
