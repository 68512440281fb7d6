"""Where a site lists its articles: what its page, its menu and its robots.txt name."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from archive.frontier import Kind, Target
from archive.models import Listing, Observation, Page
from crawler.discovery import guesses, named_sitemaps, read_leads, telling_list
from crawler.discovery.leads import FEED_PATHS, SITEMAP_PATHS
from crawler.errors import ParseError
from crawler.scheduler import TARGET
from crawler.workers import Readers, failure
from spiders.base import DEEPEST_INDEX, NewsSpider


class DiscoverySpider(NewsSpider):
    """Fetches a page, and then each address that may be a list of its site."""

    name = "discovery"
    kind: Kind = "auto"

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Request | Observation]:
        """As every spider; the start page leads to feeds, sitemaps and sections."""
        if response.meta[TARGET].depth == 0 and 200 <= response.status < 300:
            for url in await self._leads(response):
                yield Request(url, meta={TARGET: Target(url=url, depth=1)})
        async for found in super().parse(response, **kwargs):
            yield found

    def follow(self, page: Page, found_on: Target) -> Iterator[Target]:
        """One sitemap of an index, to see what its sitemaps hold."""
        if isinstance(page, Listing) and page.lists and found_on.depth < DEEPEST_INDEX:
            yield Target(url=telling_list(page.lists), depth=found_on.depth + 1)

    async def _leads(self, response: Response) -> tuple[str, ...]:
        feeds, sections = await self._named(response)
        robots_url = urljoin(response.url, "/robots.txt")
        robots = (await self._fetch(robots_url)).capture
        text = (robots.body or b"").decode("utf-8", "replace") if robots.status == 200 else ""
        sitemaps = named_sitemaps(text, robots_url)
        return (
            *(feeds or guesses(response.url, FEED_PATHS)),
            *(sitemaps or guesses(response.url, SITEMAP_PATHS)),
            *sections,
        )

    async def _named(self, response: Response) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Feeds and sections; read in another process, like every page."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        with Readers(read_leads) as readers:
            future = readers.start(response.body, response.url, content_type, None)
            try:
                return await asyncio.wrap_future(future)
            except Exception as error:
                unread: ParseError = failure(error, response.url)
                self.logger.warning("not read: %s", unread)
                return (), ()
