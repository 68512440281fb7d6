"""Looks names up so that one whose name server does not answer keeps no other waiting."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread
from weakref import WeakValueDictionary

from scrapy.exceptions import CannotResolveHostError

from crawler.domains import domain_of
from crawler.errors import CrawlerError

SECONDS = 8.0
"""What a look-up may take; the system's own limit is some 20 seconds for each name server, and can be more."""
AT_ONCE = 2
"""Look-ups under one domain: all its names have the same name server."""

_Answers = Sequence[
    tuple[socket.AddressFamily, int, int, str, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]
]


class NameServerSilent(CrawlerError, CannotResolveHostError):
    """A name whose name server did not answer in time, or keeps earlier questions waiting."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no name server answered in time for {name}")


class _Domain:
    """The look-ups under one domain."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE)
        self.late = 0
        """Those that nobody waits for any more, and that go on all the same: no thread can be ended."""


class Names:
    """Asks the system, each question in a thread of its own.

    The event loop has four threads for it, so that four names without an answer stopped every site. Here the requests
    of the crawl bound them, and the domains in question.
    """

    def __init__(self) -> None:
        self._domains: WeakValueDictionary[str, _Domain] = WeakValueDictionary()

    async def look_up(self, name: str, port: int, family: int) -> _Answers:
        """What ``socket.getaddrinfo`` answers; raises ``NameServerSilent``."""
        key = domain_of(name.lower().rstrip("."))
        domain = self._domains.get(key)
        if domain is None:
            self._domains[key] = domain = _Domain()
        if domain.late >= AT_ONCE:
            raise NameServerSilent(name)
        try:
            async with asyncio.timeout(SECONDS):
                await domain.free.acquire()
                return await _Asking(domain, name, port, family).answer_in_time()
        except TimeoutError:
            raise NameServerSilent(name) from None


class _Asking:
    """One question, and the thread that waits for its answer."""

    def __init__(self, domain: _Domain, name: str, port: int, family: int) -> None:
        self._domain, self._question, self._is_late = domain, (name, port, family), False
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[_Answers] = self._loop.create_future()
        Thread(target=self._ask, daemon=True).start()

    async def answer_in_time(self) -> _Answers:
        """The answer, unless who asked waits no longer."""
        try:
            return await self._answer
        except asyncio.CancelledError:
            if self._answer.cancelled():  # else it came at the same moment
                self._is_late = True
                self._domain.late += 1
            raise

    def _ask(self) -> None:
        name, port, family = self._question
        answers: _Answers = ()
        error = None
        try:
            answers = socket.getaddrinfo(name, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)
        except Exception as raised:  # whatever it is, who waits is to have it: a name can be no name at all
            error = raised
        with suppress(RuntimeError):  # the crawl is over
            self._loop.call_soon_threadsafe(self._end, answers, error)

    def _end(self, answers: _Answers, error: Exception | None) -> None:
        self._domain.free.release()
        self._domain.late -= self._is_late
        if self._answer.done():
            return
        if error:
            self._answer.set_exception(error)
        else:
            self._answer.set_result(answers)
