"""Pages read in processes that can be ended: one that takes too long or too much costs itself and nothing else."""

import ctypes
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import datetime
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.errors import ParseError

logger = logging.getLogger(__name__)
T = TypeVar("T")

LONGEST_READING = 10
"""Seconds of computing after which a process that still reads one page is ended, whatever it is at."""
LONGEST_STEP = 8.0
"""Seconds after which a reading is given up that can be: the process lives on."""
MOST_MEMORY = 450 * 1024 * 1024
"""Bytes that a process may take beyond what it has when it starts, some 50 MB."""
PAGES_PER_PROCESS = 10_000
"""Pages after which a process is replaced, so that what one leaves behind does not add up."""
_STOPS = (signal.SIGINT, signal.SIGTERM)
"""What a terminal or a service manager sends to all processes of a crawl. The crawl then ends its readers itself."""
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h


class _TakesTooLong(Exception):
    """Raised within a reading by the timer."""


class Readers(Generic[T]):
    """Processes that read pages; ``read`` is what they run on each, given its bytes and address."""

    def __init__(self, read: Callable[..., T], processes: int = 1) -> None:
        self._read = read
        # Spawned: a fork would take Scrapy's threads, sockets and the archive's connection with it.
        self._pool = ProcessPool(
            max_workers=processes,
            max_tasks=PAGES_PER_PROCESS,
            initializer=_begin,
            context=get_context("spawn"),
        )
        self._has_begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def start(self, html: bytes, url: str, content_type: str | None, fetched_at: datetime | None) -> "Future[T]":
        """Have a page read; ``failure`` says what an error of the future means."""
        arguments = (self._read, html, url, content_type, fetched_at)
        if not self._has_begun:
            with _deaf():
                self._has_begun = self._pool.active  # to ask is to start it
        return self._pool.schedule(_guarded, args=arguments)

    def close(self) -> None:
        """End the processes, in the middle of a page too."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it so
        self._pool.join()


@contextmanager
def _deaf() -> Iterator[None]:
    """What is started within hears no signal to stop before ``_begin``: one for the whole group could come sooner."""
    resource_tracker.ensure_running()  # else the first process starts it, and it lets all signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def failure(error: BaseException, url: str) -> ParseError:
    """What the error with which a reading ended means for its page."""
    if isinstance(error, ParseError):
        return error
    if isinstance(error, _TakesTooLong) or (isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGXCPU):
        return ParseError(f"reading it took longer than {LONGEST_READING} seconds", url=url)
    if isinstance(error, MemoryError):
        return ParseError(f"reading it took more than {MOST_MEMORY // 1024**2} MB", url=url)
    if isinstance(error, ProcessExpired):
        return ParseError("reading it ended the process that read it", url=url)
    logger.error("%s was not read because of a fault in the reader", url, exc_info=error)
    return ParseError(f"the reader failed with {type(error).__name__}", url=url)


def _guarded(read: Callable[..., T], html: bytes, url: str, content_type: str | None, fetched_at: datetime | None) -> T:
    """One reading, given up when the timer goes off.

    Both timers are those of the process: pebble's goes by the time of day, and every page on its way would be taken
    for one that takes too long when that is put forward.
    """
    signal.setitimer(signal.ITIMER_REAL, LONGEST_STEP)
    # For code that never returns to Python: the kernel ends the process, at little cost for each page.
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(process_time()) + LONGEST_READING, most))
    try:
        return read(html, url, content_type=content_type, fetched_at=fetched_at)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _begin() -> None:
    """Set the limits of a process, before its first page."""
    os.setpgid(0, 0)
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)  # forgets those that came until now
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # by which the pool ends it
    signal.signal(signal.SIGALRM, _give_up)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
    most = _address_space() + MOST_MEMORY
    with suppress(ValueError, OSError):  # a lower limit is set already
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _give_up(number: int, frame: FrameType | None) -> None:
    raise _TakesTooLong


def _address_space() -> int:
    """Bytes of address space that the process has, where the system tells."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
