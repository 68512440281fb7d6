"""A browser without a network: it runs a page's scripts, and what they ask for is fetched by the crawl.

Chromium would look names up and dial them where no guard sees it: for an image, a frame, a socket, a mere hint in a
``<link rel=preconnect>``. So it can reach nothing: no name resolves, its proxy does not exist, and every request that
it makes is either answered with bytes of our own or fails.
"""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress

from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright, Request, Route, async_playwright
from scrapy.exceptions import IgnoreRequest

from crawler.browser_probe import reaches_out
from crawler.errors import CrawlerError

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""
Fetch = Callable[[str], Awaitable[Answer | None]]
"""How a part of a page is fetched; ``None`` where it may not be, or does not come."""

LONGEST_WAIT = 45.0
"""Seconds for a page's scripts. At a request a second they fetch some forty parts; then the page is taken as it is."""
LONGEST_SILENCE = 10.0
"""Seconds for which scripts may run and get nothing; those that never end do so."""
LONGEST_PRINT = 5.0
"""Seconds for the markup of what was made; a script that never ends makes none."""
MOST_PARTS = 60
"""Scripts and data of one page that are fetched."""
MOST_PAGES = 2
"""Pages that are open at once, each in a process of some 100 MB."""
PARTS = frozenset({"script", "xhr", "fetch"})
"""What a page needs to make its text; pictures, fonts, styles, frames and beacons are not asked for."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://nowhere.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # its name in other versions
    "--disable-quic",
    "--disable-background-networking",
    "--js-flags=--max-old-space-size=256",
)
STAY: "Answer" = (204, {}, b"")
"""The answer to a page that leads elsewhere: it stays where it is (RFC 9110, 15.3.5)."""
_NOT_PASSED_ON = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})


class BrowserMissing(CrawlerError, IgnoreRequest):
    """Chromium is not there, does not start, or does not keep to itself."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"no browser: {reason}")


class OfflineBrowser:
    """Chromium, started with the first page and ended with ``close``."""

    def __init__(self, executable: str | None = None) -> None:
        self._executable = executable or next(filter(None, map(shutil.which, NAMES)), None)
        self._starting = asyncio.Lock()
        self._places = asyncio.Semaphore(MOST_PAGES)
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._refused: str | None = None

    async def render(self, url: str, document: Answer, fetch: Fetch, *, user_agent: str) -> str | None:
        """The markup after the scripts; ``None`` where there is none in time. Raises ``BrowserMissing``."""
        browser = await self._started()
        async with self._places:
            context = await browser.new_context(
                user_agent=user_agent, service_workers="block", accept_downloads=False, java_script_enabled=True
            )
            try:
                return await _Visit(url, document, fetch).markup(context)
            finally:
                with suppress(Error):
                    await context.close()

    async def close(self) -> None:
        """End the browser."""
        if self._browser is not None:
            with suppress(Error):
                await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()

    async def _started(self) -> Browser:
        """The browser, once it has been seen to reach nothing."""
        async with self._starting:
            if self._refused is not None:
                raise BrowserMissing(self._refused)
            if self._browser is None or not self._browser.is_connected():
                self._browser = await self._launched()
                if await reaches_out(self._browser):
                    self._refused = "this version of Chromium reaches addresses that the crawl does not permit"
                    raise BrowserMissing(self._refused)
            return self._browser

    async def _launched(self) -> Browser:
        self._playwright = self._playwright or await async_playwright().start()
        try:
            return await self._playwright.chromium.launch(
                executable_path=self._executable,
                args=list(ARGUMENTS),
                # Chromium's own fence around foreign scripts; it does not start with it as root.
                chromium_sandbox=os.geteuid() != 0,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except Error as error:
            self._refused = str(error).partition("\n")[0]
            raise BrowserMissing(self._refused) from error


class _Visit:
    """One page: what it asks for, and what it is given."""

    def __init__(self, url: str, document: Answer, fetch: Fetch) -> None:
        self._url, self._document, self._fetch = url, document, fetch
        self._parts = 0
        self._opened = False
        self._limit: asyncio.Timeout | None = None

    async def markup(self, context: BrowserContext) -> str | None:
        await context.route("**/*", self._answer)
        page = await context.new_page()
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))
        with suppress(TimeoutError, Error):
            async with asyncio.timeout(LONGEST_WAIT), asyncio.timeout(LONGEST_SILENCE) as self._limit:
                await self._run(page)
        try:
            return await asyncio.wait_for(page.content(), LONGEST_PRINT)
        except (TimeoutError, Error):
            return None

    async def _run(self, page: Page) -> None:
        await page.goto(self._url, wait_until="load", timeout=0)
        await page.wait_for_load_state("networkidle", timeout=0)

    async def _answer(self, route: Route, request: Request) -> None:
        answer = await self._answer_to(request)
        with suppress(Error):  # the page was closed in the meantime
            if answer is None:
                await route.abort()
            else:
                status, headers, body = answer
                passed = {name: value for name, value in headers.items() if name.lower() not in _NOT_PASSED_ON}
                await route.fulfill(status=status, headers=passed, body=body)

    async def _answer_to(self, request: Request) -> Answer | None:
        if request.is_navigation_request():
            # Once, and for the page itself: a script must not lead it elsewhere.
            first, self._opened = not self._opened, True
            return self._document if first else STAY
        if request.method != "GET" or request.resource_type not in PARTS or self._parts >= MOST_PARTS:
            return None
        self._parts += 1
        answer = await self._fetch(request.url)
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time() + LONGEST_SILENCE)
        return answer
