"""Pages whose text only their scripts make: what is kept of them is what a browser made of the bytes."""

import logging
from collections import OrderedDict
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.urls import clean, is_web
from crawler.browser import Answer, OfflineBrowser
from crawler.capturing import ASKED

logger = logging.getLogger(__name__)

RENDERED = "X-Yaowen-Rendered"
"""The header by which a capture says that its bytes are those that a browser made."""
_PART = "part_of_a_page"
"""The request's meta key of what a script asks for."""
_MOST_KEPT = 200
"""Scripts that are kept from page to page: the pages of a site share them."""
_OF_THE_BYTES = ("ETag", "Last-Modified", "Content-Length")
"""Headers that tell of what came, not of what the scripts made of it."""


class JavascriptMiddleware:
    """Runs the scripts of each page that came in a browser."""

    def __init__(self, crawler: Crawler, browser: OfflineBrowser) -> None:
        self._crawler = crawler
        self._browser = browser
        self._kept: OrderedDict[str, Answer] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One with a browser of its own, which ends with the crawl."""
        browser = OfflineBrowser(crawler.settings.get("JAVASCRIPT_BROWSER"))
        crawler.signals.connect(browser.close, signal=signals.spider_closed)
        return cls(crawler, browser)

    async def process_response(self, request: Request, response: Response) -> Response:
        """The page as its scripts leave it, and all else as it came."""
        if _PART in request.meta or response.status != 200 or not _is_page(response):
            return response
        agent = self._crawler.settings.get("USER_AGENT")
        markup = await self._browser.render(response.url, _answer(response), self._fetch, user_agent=agent)
        if markup is None or len(markup) > self._crawler.settings.getint("DOWNLOAD_MAXSIZE"):
            logger.warning("the scripts of %s came to no end; it is kept as it came", response.url)
            return response
        headers = response.headers.copy()
        headers[RENDERED] = "Chromium"
        headers["Content-Type"] = "text/html; charset=utf-8"
        for name in _OF_THE_BYTES:
            headers.pop(name, None)
        return response.replace(body=markup.encode("utf-8", "replace"), headers=headers)

    async def _fetch(self, url: str) -> Answer | None:
        """What a script asks for: robots.txt, guard and pace hold for it too."""
        url = clean(url)
        if url in self._kept:
            return self._kept[url]
        if not is_web(url) or self._crawler.engine is None:
            return None
        request = Request(url, meta={_PART: True, ASKED: url})
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            logger.debug("a part of a page did not come: %s: %s", url, error)
            return None
        answer = _answer(response)
        if b"javascript" in (response.headers.get("Content-Type") or b""):
            self._kept[url] = answer
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return answer


def _is_page(response: Response) -> bool:
    kind = (response.headers.get("Content-Type") or b"").partition(b";")[0].strip().lower()
    return kind in (b"text/html", b"application/xhtml+xml")


def _answer(response: Response) -> Answer:
    names = response.headers.to_unicode_dict()
    return response.status, {str(name): str(value) for name, value in names.items()}, response.body
