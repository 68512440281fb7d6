"""A process that is killed in the middle of a ``record`` leaves a sound file; article, capture and frontier agree."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.store import Archive
from archive.verification import verify
from tests.conftest import REPOSITORY

PAGES = 8
"""Articles that are recorded, two in each transaction, each then once more with another title."""

PROGRAM = f"""
import os, signal, sys
from datetime import UTC, datetime
from archive import crawls, frontier
from archive.frontier import Target
from archive.store import Archive
from archive.models import Link
from tests.conftest import article, observation

def seen(number, minutes):
    url = f"https://news.example/a/{{number}}"
    related = (Link(position=1, url="https://news.example/a/0", title="第一条"),)
    page = article(url=url, title=f"第{{number}}条之{{minutes}}", views=minutes + 1, related=related)
    return observation(page, minutes=minutes, url=url, final_url=url, body=f"{{number}} {{minutes}}".encode())

left = int(sys.argv[2])
def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

with Archive.open(sys.argv[1]) as archive:
    with archive.writing() as db:
        crawl = crawls.begin(db, "auto", {{}}, now=datetime.now(UTC), parser_version="0").id
        frontier.add(db, [Target(url=f"https://news.example/a/{{n}}") for n in range({PAGES})], crawl_id=crawl)
    archive.db.conn.set_trace_callback(count)
    for minutes in (0, 5):
        for first in range(0, {PAGES}, 2):
            archive.record([seen(first, minutes), seen(first + 1, minutes)], crawl_id=crawl)
print("finished")
"""


def killed_at(path: Path, statement: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), str(statement)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def check(path: Path) -> tuple[int, int]:
    """The numbers of articles and captures, once everything agrees."""
    with Archive.open(path) as archive:
        assert [fault for _, faults in verify(archive) for fault in faults] == []
        done = archive.db.execute("SELECT url FROM frontier WHERE state = 'done' ORDER BY url").fetchall()
        read = archive.db.execute("SELECT url FROM articles ORDER BY url").fetchall()
        fetched = archive.db.execute("SELECT DISTINCT url FROM captures ORDER BY url").fetchall()
        assert done == read == fetched
        counts = archive.counts()
        assert counts["captures"] == counts["revisions"] == counts["view_counts"] == counts["contents"]
        assert counts["captures"] % 2 == 0
        return counts["articles"], counts["captures"]


@pytest.mark.parametrize("statement", range(1, 200, 10))
def test_a_record_that_is_killed_is_all_there_or_not_at_all(tmp_path: Path, statement: int) -> None:
    path = tmp_path / "archive.db"
    assert killed_at(path, statement).returncode == -signal.SIGKILL
    check(path)


@pytest.mark.long
@pytest.mark.parametrize("statement", sorted(set(range(1, 201)) - set(range(1, 200, 10))))
def test_it_is_so_at_every_statement(tmp_path: Path, statement: int) -> None:
    test_a_record_that_is_killed_is_all_there_or_not_at_all(tmp_path, statement)


def test_one_that_is_not_killed_is_all_there(tmp_path: Path) -> None:
    assert killed_at(tmp_path / "archive.db", 0).stdout == "finished\n"
    assert check(tmp_path / "archive.db") == (PAGES, 2 * PAGES)
