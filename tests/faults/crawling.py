"""Crawls in processes of their own, with how each address ended and what memory they took."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from archive.store import Archive
from tests.conftest import REPOSITORY
from tests.faults.server import FaultyServer

TIMEOUT = 2
MEASURED = """
import resource, subprocess, sys
from pathlib import Path
done = subprocess.run([sys.executable, *sys.argv[2:]])
Path(sys.argv[1]).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(done.returncode)
"""
"""Runs Python and notes the most memory that it or a process of it took, in kB (bytes on macOS)."""
Outcomes = dict[str, list[tuple[str, str | None]]]
"""Outcome and reason of each capture, by address."""


def crawl(
    folder: Path, urls: list[str], hosts: list[str], *, depth: int = 0, any_site: bool = False, **settings: object
) -> Outcomes:
    """The outcomes of one crawl of these addresses, each asked for as it is, and of what it follows from them."""
    values = {
        "ALLOWED_ADDRESSES": ",".join(hosts),
        "ARCHIVE": folder / "archive.db",
        "DOWNLOAD_TIMEOUT": TIMEOUT,
        "RETRY_TIMES": 1,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": 64,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "LOG_LEVEL": "ERROR",
    } | settings
    arguments = ["-a", f"url={' '.join(urls)}", "-a", f"depth={depth}", "-a", f"any_site={any_site}"]
    for name, value in values.items():
        arguments += ["-s", f"{name}={value}"]
    # A process of its own starts the crawl, since what starts a process counts into the memory that it is said to take.
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(folder / "memory.txt"), "-m", "scrapy", "crawl", "auto", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return outcomes_in(folder / "archive.db")


def start(folder: Path, site: FaultyServer, before: Callable[[], None] | None = None) -> "subprocess.Popen[str]":
    """That crawl, which goes on while the test does what it likes to it."""
    return subprocess.Popen(
        [sys.executable, "-m", "yaowen", *command(site)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=before,
    )


def command(site: FaultyServer, *more: str) -> tuple[str, ...]:
    """A crawl of the site from its front page on, as fast as it can."""
    return ("crawl", f"http://{site.host}/", "--delay", "0", "--json", "--allow-address", site.host, *more)


def wait_for(site: FaultyServer, requests: int, process: "subprocess.Popen[str]") -> None:
    """Until the server was asked so often, or the crawl is over."""
    while len(site.moments) < requests and process.poll() is None:
        time.sleep(0.001)


def outcomes_in(path: Path) -> Outcomes:
    """How each address that the archive knows of ended, every time."""
    found: Outcomes = {}
    with Archive.open(path, read_only=True) as archive:
        for row in archive.db.query("SELECT url, outcome, reason FROM captures"):
            found.setdefault(row["url"], []).append((row["outcome"], row["reason"]))
    return found


def most_memory(folder: Path) -> float:
    """The most megabytes that a process of the crawl in this folder took."""
    return int((folder / "memory.txt").read_text()) / (1024**2 if sys.platform == "darwin" else 1024)
