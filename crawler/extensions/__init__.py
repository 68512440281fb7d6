"""What accompanies a crawl: the ledger, pace and budgets, the progress line."""

from typing import Self

from scrapy.crawler import Crawler


class Companion:
    """An extension that other parts of the crawl speak to."""

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """The one of a crawl. ``NotConfigured`` would let Scrapy go on without who asks for it: without robots.txt."""
        companion = crawler.get_extension(cls)
        if companion is None:
            raise RuntimeError(f"EXTENSIONS lacks {cls.__module__}.{cls.__name__}")
        return companion
