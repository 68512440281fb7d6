"""robots.txt as RFC 9309 has it: where it cannot be had for a fault of the server, nothing is asked until it can."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.models import FORBIDDEN_BY_ROBOTS
from archive.urls import clean, site_of
from crawler.capturing import REDIRECT_LOOP, PutOff, reason_of
from crawler.extensions.pace import Pace
from crawler.handlers import AddressRefused
from crawler.middlewares.charging import CHARGED
from crawler.robots_groups import groups_for
from crawler.scheduler import SLOT

logger = logging.getLogger(__name__)

TOKEN = "Yaowen"  # noqa: S105 - the product token by which robots.txt names us
MOST_BYTES = 500 * 1024
"""What is read of a robots.txt: the least that RFC 9309, 2.5, asks for, and its rest is not news."""
FRESH = 24 * 3_600.0
"""Seconds that a robots.txt holds (RFC 9309, 2.4)."""
TRY_AGAIN = timedelta(hours=1)
"""Wait before the first new visit of a site whose robots.txt cannot be had."""
MOST_REMEMBERED = 4 * 1024 * 1024
"""Characters of rules that are remembered, of all hosts: parsed, they take some twenty times as much memory."""
_LEAST_SIZE = 1_024
"""Characters that every host counts for at least, so that those without rules have an end too."""
LONGEST_DELAY = 60.0
"""Seconds between two requests beyond which a Crawl-delay is kept by asking for less, not by waiting longer."""
_IS_ROBOTS = "robots_bytes"
"""The request's meta key for the bytes that came so far of a robots.txt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What one host allows."""

    parsed: Protego | None = None
    """``None`` where the host has no robots.txt: everything is allowed."""
    refusal: Exception | None = None
    """Why nothing may be asked."""
    size: int = 0
    """Characters of the rules."""
    until: float
    """When they have to be asked for again, by the monotonic clock."""


class RobotsMiddleware:
    """Raises ``IgnoreRequest`` for what a site's robots.txt forbids, ``PutOff`` where it cannot be had."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pace = Pace.of(crawler)
        self._asking: OrderedDict[str, asyncio.Future[Rules]] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for the crawl; it stops the download of a robots.txt where enough of it is there."""
        robots = cls(crawler)
        crawler.signals.connect(robots.bytes_received, signal=signals.bytes_received)
        return robots

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or raise why not."""
        if _IS_ROBOTS in request.meta:
            return
        rules = await self._rules(request)
        if rules.refusal:
            raise rules.refusal
        if rules.parsed and not rules.parsed.can_fetch(request.url, TOKEN):
            raise IgnoreRequest(FORBIDDEN_BY_ROBOTS)

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Take no more of a robots.txt than is read of it."""
        if _IS_ROBOTS in request.meta:
            request.meta[_IS_ROBOTS] += len(data)
            if request.meta[_IS_ROBOTS] > MOST_BYTES:
                raise StopDownload(fail=False)

    async def _rules(self, request: Request) -> Rules:
        """The rules of the request's host; all requests wait for one look at them."""
        parts = urlsplit(clean(request.url))
        # Without the user: "u1@host" and "u2@host" are one host, and any page can make up more of them.
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        asking = self._asking.get(origin)
        if asking is None or (asking.done() and asking.result().until < monotonic()):
            self._asking[origin] = asking = asyncio.ensure_future(self._ask(origin))
            self._forget()
        self._asking.move_to_end(origin)
        return await asyncio.shield(asking)

    def _forget(self) -> None:
        """Keep no more rules than a crawl has room for, those of the hosts that were asked last."""
        size = sum(map(_size, self._asking.values()))
        while size > MOST_REMEMBERED:
            size -= _size(self._asking.popitem(last=False)[1])

    async def _ask(self, origin: str) -> Rules:
        url = f"{origin}/robots.txt"
        site = self._pace.counted_with(site_of(url))
        # It comes with a page and is none; where it redirects to another site, it costs that one a page.
        meta = {_IS_ROBOTS: 0, "download_maxsize": 0, SLOT: site, CHARGED: site}
        # Packed, what is cut off after 500 kB could not be unpacked.
        request = Request(url, headers={"Accept-Encoding": "identity"}, meta=meta, callback=NO_CALLBACK)
        try:
            if self._crawler.engine is None:
                raise RuntimeError("a crawl without an engine asks nothing")
            response = await self._crawler.engine.download_async(request)
        except AddressRefused as error:
            return Rules(refusal=error, until=monotonic() + FRESH)
        except PutOff as error:
            return Rules(refusal=error, until=monotonic())
        except Exception as error:
            if str(error) == REDIRECT_LOOP:  # the same as none (RFC 9309, 2.3.1.2)
                return Rules(until=monotonic() + FRESH)
            return _unreachable(reason_of(error))
        return self._read(response)

    def _read(self, response: Response) -> Rules:
        """2xx is read, 5xx and 429 are faults, all else says that there is no robots.txt (RFC 9309, 2.3.1)."""
        if response.status >= 500 or response.status == 429:
            return _unreachable(f"the server answered {response.status}")
        if not 200 <= response.status < 300:
            return Rules(until=monotonic() + FRESH)
        text = response.body[:MOST_BYTES].decode("utf-8-sig", errors="replace")
        groups = groups_for(TOKEN, text if len(response.body) <= MOST_BYTES else text.rpartition("\n")[0])
        parsed = Protego.parse(groups)
        if delay := parsed.crawl_delay(TOKEN):
            self._pace.slow_down(site_of(response.url), min(delay, LONGEST_DELAY))
        return Rules(parsed=parsed, size=len(groups), until=monotonic() + FRESH)


def _size(asking: asyncio.Future[Rules]) -> int:
    return max(asking.result().size, _LEAST_SIZE) if asking.done() else _LEAST_SIZE


def _unreachable(reason: str) -> Rules:
    """A fault forbids everything for now; the crawl looks again when a visit would be due."""
    refusal = PutOff(f"robots.txt cannot be had: {reason}", not_before=datetime.now(UTC) + TRY_AGAIN)
    return Rules(refusal=refusal, until=monotonic() + TRY_AGAIN.total_seconds())
