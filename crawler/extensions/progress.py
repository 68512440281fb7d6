"""What a crawl is doing: a live line on a terminal, a plain line now and then elsewhere."""

from time import monotonic
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import StatsCollector
from scrapy.utils.asyncio import create_looping_call

from archive.plurals import counted

console = Console(stderr=True)
"""One console for the live line and the log, so that neither overwrites the other."""

_SECONDS_BETWEEN_LINES = 5.0
_GOOD = ("outcome/done", "outcome/unchanged")
_BAD = ("outcome/failed", "outcome/refused", "outcome/unread")
_ARTICLES = ("archive/new", "archive/revised", "archive/same")


class Progress:
    """Shows pages, articles, rate and errors."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats
        self.started = monotonic()
        self.live = Live(console=console, get_renderable=self.line, refresh_per_second=4, transient=True)
        self.lines = create_looping_call(self._print_line)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Switched on by ``yaowen crawl``; plain ``scrapy crawl`` logs instead."""
        if crawler.stats is None:
            raise NotConfigured
        progress = cls(crawler.stats)
        crawler.signals.connect(progress.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signal=signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Begin to show."""
        self.started = monotonic()
        if console.is_terminal:
            self.live.start()
        else:
            self.lines.start(_SECONDS_BETWEEN_LINES, now=False)

    def spider_closed(self) -> None:
        """Take the live line away; the summary follows."""
        self.live.stop()
        if self.lines.running:
            self.lines.stop()

    def line(self) -> Text:
        """The state of the crawl in one line."""
        good, bad, articles = (self._sum(keys) for keys in (_GOOD, _BAD, _ARTICLES))
        seconds = max(monotonic() - self.started, 0.1)
        return Text(
            f"{counted(good + bad, 'page')} · {counted(articles, 'article')} · {(good + bad) / seconds:.1f} pages/s · "
            f"{bad} failed, refused or unread"
        )

    def _print_line(self) -> None:
        console.print(self.line())

    def _sum(self, keys: tuple[str, ...]) -> int:
        return sum(int(self.stats.get_value(key, 0)) for key in keys)
