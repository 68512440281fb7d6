"""What makes room in an archive or takes articles out of it may do so while a crawl writes there."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.store import Archive
from tests.conftest import run_yaowen
from tests.faults.crawling import command, start, wait_for
from tests.faults.server import FaultyServer, article, front_page, serving, whole

PAGES = 400


@pytest.fixture
def site() -> Iterator[FaultyServer]:
    answers = {f"/a/{number}": whole(article(number) + article(number + 1)) for number in range(PAGES)}
    with serving(answers | {"/": whole(front_page(PAGES))}) as server:
        yield server


def one_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "archive.db")) as books:
        return str(books.execute("SELECT url FROM articles ORDER BY id DESC LIMIT 1").fetchone()[0])


def words(what: str, folder: Path) -> list[str]:
    if what == "forget":
        return [one_of(folder), "--why", "asked for"]
    return ["--captures-older-than", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}", "--all"] if what == "prune" else []


@pytest.mark.long
@pytest.mark.parametrize("what", ["compact", "prune", "forget"])
def test_a_crawl_goes_on_beside_what_makes_room(site: FaultyServer, tmp_path: Path, what: str) -> None:
    assert run_yaowen(tmp_path, *command(site, "--max-pages", "60")).returncode == 0
    asked, forgotten, times = len(site.moments), set[str](), 0
    with start(tmp_path, site) as process:
        wait_for(site, asked + 20, process)
        while process.poll() is None:
            arguments = words(what, tmp_path)
            finished = run_yaowen(tmp_path, what, *arguments)
            assert finished.returncode == 0, finished.stderr
            times += 1
            forgotten |= set(arguments[:1]) if what == "forget" else set()
        printed, said = process.communicate()
    assert (process.returncode, said, times > 1) == (0, "", True)
    # What was taken down before the crawl came to it is not asked for.
    assert {problem["url"] for problem in json.loads(printed)["problems"]} <= forgotten
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        assert archive.counts()["articles"] == archive.counts()["revisions"] == PAGES - len(forgotten)
        looks = archive.db.execute("SELECT url, count(*) FROM captures WHERE crawl_id = 2 GROUP BY url").fetchall()
    assert {count for _, count in looks} == {1}
    verified = run_yaowen(tmp_path, "verify")
    assert verified.returncode == 0, verified.stdout
