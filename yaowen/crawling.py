"""Running one crawl in this process."""

import logging
import signal
from collections.abc import Mapping
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.addresses import Allowed

_STOPS = (signal.SIGINT, signal.SIGTERM)


def crawl(spider: str, arguments: Mapping[str, object], overrides: Mapping[str, object]) -> dict[str, Any]:
    """Run the spider to its end; returns Scrapy's stats with the ledger's ``crawl/…`` and ``outcome/…`` among them.

    ``overrides`` are Scrapy settings. Raises what kept the crawl from starting (``ArchiveInUse``, ``ValueError`` for a
    wrong argument …). Scrapy's process can run once only, and so can this.

    SIGTERM and Ctrl-C are passed over afterwards: a crawl that is in the books as finished ends as that. Who has more
    to do than to tell of it calls ``heed_signals``.
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
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)  # Scrapy's handlers end with Python, some time before the process does
    if running.done() and not running.cancelled() and (error := running.exception()):
        raise error
    return dict(crawler.stats.get_stats()) if crawler.stats else {}


def heed_signals() -> None:
    """Have SIGTERM and Ctrl-C raise ``KeyboardInterrupt`` again."""
    for number in _STOPS:
        signal.signal(number, signal.default_int_handler)
