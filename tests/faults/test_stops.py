"""Whatever stops a crawl, the same command goes on, every page is stored once and nothing stored is lost."""

import json
import os
import random
import resource
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from archive.store import Archive
from tests.conftest import run_yaowen
from tests.faults.crawling import command, start, wait_for
from tests.faults.server import FaultyServer, article, front_page, serving, whole

REFETCHED = 16
"""Pages that a kill may cost: six on their way, ten that came and are not yet written."""


@pytest.fixture(params=[100])
def site(request: pytest.FixtureRequest) -> Iterator[FaultyServer]:
    answers = {f"/a/{number}": whole(article(number)) for number in range(request.param)}
    with serving(answers | {"/": whole(front_page(request.param))}) as server:
        yield server


@contextmanager
def written_by_another(path: Path) -> Iterator[None]:
    """Another program holds the archive for a write of its own, and gives it up."""
    with closing(sqlite3.connect(path, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def readers_of(pid: int) -> list[str]:
    """The processes of a crawl that read pages, as soon as they begin."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def check(folder: Path, site: FaultyServer, most_refetched: int) -> None:
    pages = len(site.answers) - 1
    with Archive.open(folder / "archive.db", read_only=True) as archive:
        looks = archive.db.execute("SELECT url, count(*) FROM captures GROUP BY url").fetchall()
        assert archive.counts()["articles"] == archive.counts()["revisions"] == pages
        assert archive.db.execute("SELECT count(*) FROM frontier WHERE state <> 'done'").fetchone() == (0,)
    verified = run_yaowen(folder, "verify")
    assert verified.returncode == 0, verified.stdout
    assert Counter(times for _, times in looks) == {1: pages + 1}
    asked = sum(times for path, times in site.asked.items() if path.startswith("/a/"))
    assert pages <= asked <= pages + most_refetched


@pytest.mark.parametrize("site", [400], indirect=True)
@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
def test_a_killed_crawl_loses_nothing_and_doubles_nothing(site: FaultyServer, tmp_path: Path, kills: int) -> None:
    chance = random.Random(kills)
    for _ in range(kills):
        process = start(tmp_path, site)
        wait_for(site, len(site.moments) + chance.randint(1, 800 // (kills + 2)), process)
        process.kill()
        process.communicate()
    finished = run_yaowen(tmp_path, *command(site))
    assert finished.returncode == 0, finished.stderr
    check(tmp_path, site, REFETCHED * kills)


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_a_stopped_crawl_ends_soon_and_is_gone_on_with(site: FaultyServer, tmp_path: Path, how: signal.Signals) -> None:
    process = start(tmp_path, site)
    wait_for(site, 40, process)
    process.send_signal(how)
    process.communicate(timeout=30)
    assert process.returncode == 7
    finished = run_yaowen(tmp_path, *command(site))
    assert (finished.returncode, json.loads(finished.stdout)["resumed"]) == (0, True)
    check(tmp_path, site, REFETCHED)


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
@pytest.mark.parametrize("later", [0.05, *(pytest.param(time, marks=pytest.mark.long) for time in (0, 0.5))])
def test_a_signal_to_all_processes_at_the_start_leaves_no_page_unread(
    site: FaultyServer, tmp_path: Path, how: signal.Signals, later: float
) -> None:
    process = start(tmp_path, site, os.setsid)
    while not readers_of(process.pid):
        time.sleep(0.001)
    time.sleep(later)
    os.killpg(process.pid, how)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in said) == (7, False), said
    assert run_yaowen(tmp_path, *command(site)).returncode == 0
    check(tmp_path, site, REFETCHED)


@pytest.mark.parametrize("site", [20], indirect=True)
@pytest.mark.parametrize("later", [0, 0.02, 0.04, 0.08])
def test_a_signal_at_the_end_leaves_the_exit_code_as_the_books_have_it(
    site: FaultyServer, tmp_path: Path, later: float
) -> None:
    with start(tmp_path, site) as process:
        assert process.stdout is not None
        printed = "".join(iter(process.stdout.readline, "}\n")) + "}"
        time.sleep(later)
        process.terminate()
    assert (process.returncode, json.loads(printed)["exit_code"]) == (0, 0)
    check(tmp_path, site, 0)


@pytest.mark.long
@pytest.mark.parametrize("site", [400], indirect=True)
def test_a_second_crawl_names_the_first_one(site: FaultyServer, tmp_path: Path) -> None:
    process = start(tmp_path, site)
    wait_for(site, 20, process)
    second = run_yaowen(tmp_path, *command(site))
    assert (second.returncode, f"(process {process.pid})" in second.stderr) == (6, True)
    assert process.communicate()[1] is not None
    assert process.returncode == 0
    check(tmp_path, site, 0)


@pytest.mark.long
@pytest.mark.parametrize("site", [400], indirect=True)
def test_a_full_disk_ends_the_crawl_and_room_lets_it_go_on(site: FaultyServer, tmp_path: Path) -> None:
    Archive.open(tmp_path / "archive.db").close()

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, resource.RLIM_INFINITY))

    process = start(tmp_path, site, limited)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "The disk is full" in said) == (8, True), said
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        stored = archive.counts()["articles"]
        assert archive.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert 0 < stored < 400
    finished = run_yaowen(tmp_path, *command(site))
    assert (finished.returncode, json.loads(finished.stdout)["resumed"]) == (0, True)
    check(tmp_path, site, 400)


@pytest.mark.long
@pytest.mark.parametrize("seconds", [2, pytest.param(20, marks=pytest.mark.long)])
def test_a_crawl_waits_for_another_program_that_writes(site: FaultyServer, tmp_path: Path, seconds: int) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    process = start(tmp_path, site)
    wait_for(site, 40, process)
    with written_by_another(path):
        time.sleep(seconds)
    _, said = process.communicate(timeout=90)
    assert process.returncode == 0, said
    check(tmp_path, site, 0)


def test_an_archive_that_may_not_be_written_is_named(site: FaultyServer, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    finished = run_yaowen(tmp_path, *command(site), "--archive", "/proc/version")
    assert (finished.returncode, "/proc/version" in finished.stderr) == (3, True), finished.stderr
    assert site.moments == []


@pytest.mark.long
def test_a_crawl_that_waits_for_another_program_can_be_stopped(site: FaultyServer, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    process = start(tmp_path, site)
    wait_for(site, 40, process)
    with written_by_another(path):
        time.sleep(2)
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert (process.returncode, "another program writes to archive.db" in said) == (7, True), said
    assert run_yaowen(tmp_path, *command(site)).returncode == 0
    check(tmp_path, site, REFETCHED)
