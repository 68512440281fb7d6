"""A site that is slow, or whose pages are, waits for itself: its neighbours in the crawl are asked as before."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.server import Answer, FaultyServer, article, front_page, raw, serving, silent, whole

GOOD = 60
"""Pages of the neighbour. At ten a second they take some ten seconds, and minutes if it has to wait each time."""


def leading_to(host: str) -> Answer:
    return raw(f"HTTP/1.1 302 Found\r\nLocation: http://{host}/\r\nContent-Length: 0\r\n\r\n".encode())


def crawl_until_the_neighbour_is_done(folder: Path, neighbour: FaultyServer, other: FaultyServer, *more: str) -> None:
    allowed = [part for host in (neighbour.host, other.host, *more) for part in ("--allow-address", host)]
    command = ("crawl", f"http://{other.host}/", f"http://{neighbour.host}/", "--delay", "0.1", *allowed)
    with subprocess.Popen([sys.executable, "-m", "yaowen", *command], cwd=folder, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while len(neighbour.moments) < GOOD + 2 and time.monotonic() < deadline:  # robots.txt and the list, too
            time.sleep(0.05)
        process.kill()


@pytest.fixture
def good() -> dict[str, Answer]:
    return {"/": whole(front_page(GOOD)), **{f"/a/{number}": whole(article(number)) for number in range(GOOD)}}


@pytest.mark.long
def test_pages_that_lead_to_a_silent_host_hold_only_their_own_site(tmp_path: Path, good: dict[str, Answer]) -> None:
    with serving(good) as neighbour, serving({"/": silent(), "/robots.txt": whole(b"")}) as dead:
        leading = {f"/a/{number}": leading_to(dead.host) for number in range(150)}
        with serving({"/": whole(front_page(150)), **leading}) as other:
            crawl_until_the_neighbour_is_done(tmp_path, neighbour, other, dead.host)
            assert len(neighbour.moments) == GOOD + 2
            assert len(other.moments) < 40


@pytest.mark.long
def test_pages_that_take_long_to_be_read_hold_only_their_own_site(tmp_path: Path, good: dict[str, Answer]) -> None:
    nested = b"<title>x</title><h1>x</h1>" + b"<div class='a b'><p>some words that are here, more of it." * 60_000
    with serving(good) as neighbour:
        slow = {f"/a/{number}": whole(nested) for number in range(40)}
        with serving({"/": whole(front_page(40)), **slow}) as other:
            crawl_until_the_neighbour_is_done(tmp_path, neighbour, other)
            assert len(neighbour.moments) == GOOD + 2
            assert len(other.moments) < 40
