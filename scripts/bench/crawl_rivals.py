"""What the crawl benchmark runs beside ours, each as its own documentation has it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import scrapy
from bs4 import BeautifulSoup
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from archive.database import Database

THREADS = 4


def run(name: str, host: str, pages: int) -> None:
    """Fetch all articles of the site."""
    urls = [f"http://{host}/a/made-{number}.html" for number in range(pages)]
    if name == "newspaper":
        newspaper(urls)
        return
    process = CrawlerProcess({"LOG_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
    process.crawl({"scrapy": Fetching, "pipeline": Pipeline}[name], start_urls=urls)
    process.start()


class Fetching(scrapy.Spider):
    """Bare Scrapy: it asks for the pages and does nothing with them."""

    name = "fetching"

    def parse(self, response: Response, **kwargs: Any) -> None:
        """Nothing."""


class Pipeline(scrapy.Spider):
    """What a tutorial makes: BeautifulSoup for the fields, a row for each page as it comes."""

    name = "pipeline"
    custom_settings = {"ITEM_PIPELINES": {"crawl_rivals.Rows": 300}}  # noqa: RUF012 - Scrapy's name

    def parse(self, response: Response, **kwargs: Any) -> Iterator[dict[str, Any]]:
        """Title, text and links of the page."""
        soup = BeautifulSoup(response.body, "lxml")
        yield {
            "url": response.url,
            "title": soup.h1.get_text(strip=True) if soup.h1 else "",
            "body": "\n".join(paragraph.get_text(strip=True) for paragraph in soup.find_all("p")),
            "links": [str(link["href"]) for link in soup.find_all("a", href=True)],
        }


class Rows:
    """One row at a time into a searchable table."""

    def open_spider(self, spider: scrapy.Spider) -> None:
        """Make the table with its index."""
        self.db = Database("rows.db")
        self.db["pages"].create({"url": str, "title": str, "body": str, "links": str}, pk="url")
        self.db["pages"].enable_fts(["title", "body"], create_triggers=True)

    def process_item(self, item: dict[str, Any], spider: scrapy.Spider) -> dict[str, Any]:
        """Write one page."""
        self.db["pages"].upsert(item, pk="url")
        return item


def newspaper(urls: list[str]) -> None:
    """Fetch and read with the threads that its documentation has for many articles."""
    import newspaper as news

    def fetch(url: str) -> str:
        article = news.article(url, language="zh")
        return str(article.text)

    with ThreadPoolExecutor(THREADS) as threads:
        for _ in threads.map(fetch, urls):
            pass
