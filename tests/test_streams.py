"""What comes to the terminal: nothing that steers it, the truth where it cannot be written, no crawl less for it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from archive.runs import runs
from archive.store import Archive
from tests.conftest import run_yaowen
from tests.faults.server import FaultyServer, article, front_page, serving, whole

HOSTILE = "本地新闻[/b][link=file:///etc/passwd]\u202egpj.exe\u2066\x9b2J"
STEERING = re.compile("[\x80-\x9f\u202a-\u202e\u2066-\u2069]")
OFTEN = (
    "from crawler.extensions import progress; progress._SECONDS_BETWEEN_LINES = 0.02;"
    "from yaowen.__main__ import main; main()"
)


@pytest.fixture(scope="module")
def site() -> Iterator[FaultyServer]:
    pages = {f"/a/{number}": whole(article(number)) for number in range(30)}
    front = front_page(30).replace("本地新闻".encode(), HOSTILE.encode())
    hostile = article(31).replace("运河边".encode(), HOSTILE.encode(), 1)
    with serving(pages | {"/": whole(front), "/hostile": whole(hostile)}) as server:
        yield server


def crawl(site: FaultyServer, path: str, *more: str) -> tuple[str, ...]:
    return ("crawl", f"http://{site.host}{path}", "--delay", "0", "--allow-address", site.host, *more)


def unread(folder: Path, *arguments: str, program: tuple[str, ...] = ("-m", "yaowen"), lines: int = 0) -> int:
    """The exit code of a command whose reader goes away after so many lines."""
    process = subprocess.Popen(
        [sys.executable, *program, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    for _ in range(lines):
        process.stdout.readline()
    process.stdout.close()
    return process.wait(timeout=60)


def written_to(file: IO[Any], folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "yaowen", *arguments],
        cwd=folder,
        stdout=file,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def test_add_prints_a_title_as_it_is(site: FaultyServer, tmp_path: Path) -> None:
    finished = run_yaowen(tmp_path, "add", f"http://{site.host}/", "--delay", "0", "--allow-address", site.host)
    assert finished.returncode == 0, finished.stderr
    assert "本地新闻[/b][link=file:///etc/passwd]gpj.exe2J" in finished.stdout
    assert not STEERING.search(finished.stdout + finished.stderr)


def test_no_command_prints_what_steers_a_terminal(site: FaultyServer, tmp_path: Path) -> None:
    assert run_yaowen(tmp_path, *crawl(site, "/hostile", "--depth", "0")).returncode == 0
    found = run_yaowen(tmp_path, "search", "书店", "--json").stdout
    (hit,) = json.loads(found)["hits"]
    assert ("gpj.exe" in hit["title"], STEERING.search(found)) == (True, None)
    for command in (("search", "书店"), *((name, str(hit["id"])) for name in ("show", "history", "views"))):
        finished = run_yaowen(tmp_path, *command)
        assert (finished.returncode, STEERING.search(finished.stdout + finished.stderr)) == (0, None), command


def test_a_crawl_whose_output_nobody_reads_goes_on_to_its_end(site: FaultyServer, tmp_path: Path) -> None:
    assert unread(tmp_path, *crawl(site, "/"), program=("-c", OFTEN), lines=1) == 0
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        (run,) = runs(archive.db, limit=2)
        assert (run.finish_reason, run.exit_code, archive.counts()["articles"]) == ("finished", 0, 30)


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_crawl_whose_output_nobody_reads_ends_with_its_own_exit_code(
    site: FaultyServer, tmp_path: Path, more: tuple[str, ...]
) -> None:
    assert unread(tmp_path, *crawl(site, "/missing", *more)) == 4


def test_results_that_nobody_reads_are_no_error(tmp_path: Path) -> None:
    assert unread(tmp_path, "--help") == unread(tmp_path, "sample-site", "--help", lines=1) == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110 - no file to open
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_results_that_cannot_be_written_are_told_as_that(
    site: FaultyServer, tmp_path: Path, more: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("w") as full:
        finished = written_to(full, tmp_path, *crawl(site, "/a/1", "--depth", "0", *more))
    assert finished.returncode == 1
    assert finished.stderr.splitlines()[-1] == (
        "Cannot write to the standard output: No space left on device; what was stored is kept"
    )
    assert run_yaowen(tmp_path, "verify").returncode == 0
