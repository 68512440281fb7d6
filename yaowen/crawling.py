"""Running one crawl in this process."""

import logging
from collections.abc import Mapping
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.addresses import Allowed


def crawl(spider: str, arguments: Mapping[str, object], overrides: Mapping[str, object]) -> dict[str, Any]:
    """Run the spider to its end; returns Scrapy's stats with the ledger's ``crawl/…`` and ``outcome/…`` among them.

    ``overrides`` are Scrapy settings. Raises what kept the crawl from starting (``ArchiveInUse``, ``ValueError`` for a
    wrong argument …). Scrapy's process can run once only, and so can this.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update({"LOG_INSTALL_ROOT_HANDLER": False, **overrides}, priority="cmdline")
    Allowed.parse(settings.getlist("ALLOWED_ADDRESSES"))
    process = AsyncCrawlerProcess(settings)
    logging.getLogger("scrapy").setLevel(logging.root.level)  # else it tells every step, to handlers that drop it
    crawler = process.create_crawler(spider)
    running = process.crawl(crawler, **arguments)
    process.start()
    if running.done() and not running.cancelled() and (error := running.exception()):
        raise error
    return dict(crawler.stats.get_stats()) if crawler.stats else {}
