"""Whatever a page does to the process that reads it, it fails alone: the next page is read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.models import Page
from crawler.errors import ParseError
from crawler.parsers import read_page
from crawler.workers import Readers, failure

URL = "https://news.example/a/1.html"
TEXT = "<h1>河边的路灯换了新的</h1>" + "<p>河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了。</p>" * 4
HOSTILE = {
    "100,000 nested tags": b"<div>" * 100_000 + TEXT.encode(),
    "100,000 attributes": ("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">" + TEXT).encode(),
    "50 MB of text": b"<p>" + b"lamp, " * 8_700_000,
    "50 MB of tags": b"<p>lamp," * 6_500_000,
    "50 MB of zeros": bytes(50_000_000),
    "50 MB in one tag": b"<p " + b"a=1 " * 12_500_000,
    "no end tags": b"<table><tr><td><a href=/x>" * 60_000,
}


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers[Page]]:
    with Readers(read_page) as readers:
        yield readers


def read(readers: Readers[Page], html: bytes) -> str:
    """The title that a page has, or why it was not read."""
    try:
        return getattr(readers.start(html, URL, None, None).result(), "title", "") or ""
    except Exception as error:  # all that a reading can end with
        return failure(error, URL).reason


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_done_or_given_up_in_time_and_the_next_is_read(readers: Readers[Page], name: str) -> None:
    begun = time.monotonic()
    read(readers, HOSTILE[name])
    assert time.monotonic() - begun < 12
    assert read(readers, TEXT.encode()) == "河边的路灯换了新的"


def misbehave(html: bytes, url: str, **told: object) -> Page:
    """A reader that does what its page says."""
    match html:
        case b"sleep":
            time.sleep(60)
        case b"hang":
            sum(range(10**12))  # C code that does not return to Python
        case b"allocate":
            bytearray(2 * 1024**3)
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"fail":
            raise ValueError("a fault of ours")
    return read_page(TEXT, url)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (b"sleep", "reading it took longer than 10 seconds"),
        pytest.param(b"hang", "reading it took longer than 10 seconds", marks=pytest.mark.long),
        (b"allocate", "reading it took more than 450 MB"),
        (b"die", "reading it ended the process that read it"),
        (b"fail", "the reader failed with ValueError"),
    ],
)
def test_each_way_to_fail_has_its_reason_and_the_next_page_is_read(order: bytes, reason: str) -> None:
    with Readers(misbehave) as readers:
        assert read(readers, order) == reason
        assert read(readers, b"") == "河边的路灯换了新的"


def test_errors_of_pages_come_through_as_they_are(readers: Readers[Page]) -> None:
    with pytest.raises(ParseError, match="the page is empty"):
        readers.start(b"", URL, None, None).result()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends them only on Linux")
def test_no_process_outlives_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "from crawler.parsers import read_page\nfrom crawler.workers import Readers\n"
        "if __name__ == '__main__':\n"
        "    readers = Readers(read_page)\n"
        f"    readers.start({TEXT!r}.encode(), {URL!r}, None, None).result()\n"
        "    print('ready', flush=True)\n    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        children = [int(pid) for pid in Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()]
        assert children
        parent.kill()
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in children)


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
