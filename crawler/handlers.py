"""Downloads over http and https that only ever connect to permitted addresses.

What counts is the address that is dialled. It is judged after the name was looked up, for every connection anew, so
redirects, odd notations and names that change their answer get no further than a plain ``http://127.0.0.1``.
"""

import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers

from crawler.addresses import Allowed, Host, read_host, show_address
from crawler.errors import CrawlerError
from crawler.names import Names


class AddressRefused(CrawlerError, IgnoreRequest):
    """An address that the crawler must not connect to.

    It is an ``IgnoreRequest``, so Scrapy hands it to the errback and does not retry. An ``OSError`` would reach
    the spider as a refused connection, after three tries.
    """

    def __init__(self, address: str, reason: str) -> None:
        self.address, self.reason = address, reason
        super().__init__(f"{address} {reason}")


class AddressNotPublic(AddressRefused):
    """An address of this machine or of a private network that the user did not allow."""

    def __init__(self, host: Host, port: int, *, answer: str | None = None) -> None:
        address = show_address(host, port)
        stands_for = f"stands for {answer}," if answer else "is"
        super().__init__(
            address,
            f"{stands_for} an address of this machine or of a private network; allow it with --allow-address {address}",
        )


class GuardedDownloadHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler behind an ``AddressGuard``."""

    # Scrapy greets every crawl with a warning otherwise; pyproject.toml holds the version that this was written for.
    experimental = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # A proxy looks names up and dials them where no guard sees it, so it has to be asked for.
        self.supports_proxies = crawler.settings.getbool("HTTPPROXY_ENABLED")  # type: ignore[misc]  # of the class
        guard = AddressGuard(Allowed.parse(crawler.settings.getlist("ALLOWED_ADDRESSES")))
        # The session has no public way to change its connector; the one replaced has opened nothing yet.
        self._session._connector = aiohttp.TCPConnector(
            resolver=guard,
            use_dns_cache=False,
            socket_factory=guard.open_socket,
            local_addr=self._bind_address,
            limit=self._pool_size_total,
            limit_per_host=self._pool_size_per_host,
        )

    @staticmethod
    def _extract_headers(response: aiohttp.ClientResponse) -> Headers:
        """The header lines as they came: aiohttp's own decoding fails Scrapy on a line in GBK."""
        return Headers(response.raw_headers)


class AddressGuard(AbstractResolver):
    """Looks names up and opens sockets for permitted addresses only; ``AddressRefused`` for others.

    Both are needed: an address written into the URL is never looked up, and only the look-up knows the name.
    """

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._names = Names()
        self._of_allowed_names: set[tuple[Host, int]] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The answers for a name that may be dialled: all of them when the name itself was allowed."""
        answers = [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in await self._names.look_up(host, port, family)
        ]
        if self._allowed.permits(name := read_host(host), port):
            self._of_allowed_names.update((read_host(answer["host"]), port) for answer in answers)
            return answers
        permitted = [answer for answer in answers if self._allowed.permits(read_host(answer["host"]), port)]
        if not permitted:
            raise AddressNotPublic(name, port, answer=answers[0]["host"])
        return permitted

    async def close(self) -> None:
        """Nothing is to be closed: what is still looked up ends by itself."""

    def open_socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        """A socket for the address that is about to be dialled."""
        family, kind, protocol, _, (host, port, *_) = address
        dialled = read_host(host), port
        if dialled not in self._of_allowed_names and not self._allowed.permits(*dialled):
            raise AddressNotPublic(*dialled)
        return socket.socket(family, kind, protocol)
