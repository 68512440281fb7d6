"""The clock of the machine jumps, between crawls and in the midst of one: each crawl ends, and nothing is put off."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.store import Archive
from tests.faults.clock import JUMPS, TEN_YEARS, TO_2000, Clock, made_in, needs_clock
from tests.faults.crawling import command, wait_for
from tests.faults.server import FaultyServer, article, at_last, front_page, serving, whole
from tests.faults.test_stops import check
from tests.test_schedule_run import log_until, stop, stored

pytestmark = needs_clock
ARTICLES = 60
LONG = b"<i></i>" * 140_000
"""Takes a quarter of a second to read."""
EACH = [
    pytest.param(jump, id=name, marks=() if name == "ten years on" else pytest.mark.long)
    for name, jump in JUMPS.items()
]


@pytest.fixture
def site() -> Iterator[FaultyServer]:
    answers = {f"/a/{number}": whole(article(number)) for number in range(ARTICLES)}
    with serving(answers | {"/": whole(front_page(ARTICLES))}) as server:
        yield server


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_in(tmp_path_factory.mktemp("library"))


@pytest.fixture
def clock(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Clock:
    return Clock(library, tmp_path_factory.mktemp("clock") / "offset")


def start(folder: Path, clock: Clock, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "yaowen", *arguments],
        cwd=folder,
        env=clock.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, clock: Clock, *arguments: str) -> dict[str, Any]:
    """What a command prints as JSON, by this clock."""
    process = start(folder, clock, *arguments)
    printed, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return dict(json.loads(printed))


@pytest.mark.parametrize("jump", EACH)
def test_a_jump_in_the_midst_of_a_crawl_loses_nothing_and_holds_nothing_up(
    site: FaultyServer, tmp_path: Path, clock: Clock, jump: int
) -> None:
    slow = {f"/a/{number}": whole(article(number) + LONG) for number in range(22, 27)}
    site.answers = {**site.answers, **slow}  # so that it comes while some are read
    process = start(tmp_path, clock, *command(site))
    wait_for(site, ARTICLES // 2, process)
    clock.jump(jump)
    printed, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert 0 < json.loads(printed)["seconds"] < 30
    check(tmp_path, site, 0)
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        rows = archive.db.execute("SELECT fetched_at FROM captures ORDER BY id").fetchall()
    now = datetime.now(UTC)
    off = [(datetime.fromisoformat(moment) - now).total_seconds() for (moment,) in rows]
    before, after = (sum(abs(seconds - right) < 120 for seconds in off) for right in (0, jump))
    assert (before + after, abs(off[0]) < 120, abs(off[-1] - jump) < 120) == (len(off), True, True)


@pytest.mark.long
@pytest.mark.parametrize("jump", EACH)
def test_what_was_visited_by_a_wrong_clock_is_due_by_the_right_one(
    site: FaultyServer, tmp_path: Path, clock: Clock, jump: int
) -> None:
    pages = 1 if jump == -3_600 else ARTICLES + 1  # the articles are old and wait for 30 days: what is an hour
    with clock.off_by(jump):
        run(tmp_path, clock, *command(site))
        assert run(tmp_path, clock, "due", "--json")["due"] == 0
    due = ("crawl", "--due", *command(site)[2:])
    assert run(tmp_path, clock, "due", "--json")["due"] == pages
    again = run(tmp_path, clock, *due)
    assert again["outcomes"]["done"] + again["outcomes"]["unchanged"] == pages
    assert again["articles"] == {"new": 0, "revised": 0, "same": pages - 1}
    assert run(tmp_path, clock, "due", "--json")["due"] == 0
    told = run(tmp_path, clock, "due", "--all", "--json", "--limit", "100")
    last = max(datetime.fromisoformat(one["due_at"]) for one in told["addresses"])
    assert last < datetime.now(UTC) + timedelta(days=30)


def test_by_a_clock_that_does_not_know_the_time_nothing_is_due(
    site: FaultyServer, tmp_path: Path, clock: Clock
) -> None:
    run(tmp_path, clock, *command(site))
    with clock.off_by(TO_2000):
        assert run(tmp_path, clock, "due", "--json")["due"] == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("jump", "when"),
    [(TEN_YEARS, 0), pytest.param(TO_2000, 1, marks=pytest.mark.long)],
    ids=["ten years on", "back to 2000"],
)
def test_a_page_that_has_not_changed_is_the_one_that_was_seen_last(
    tmp_path: Path, clock: Clock, jump: int, when: int
) -> None:
    pages = [whole(article(number), "200 OK", f'ETag: "{number}"') for number in (1, 2)]
    unchanged = whole(b"", "304 Not Modified", 'ETag: "2"')
    with serving({"/a": at_last(*pages, unchanged)}) as server:
        for visit in range(3):
            clock.jump(jump if visit == when else 0)
            arguments = ("--depth", "0", "--delay", "0", "--json", "--allow-address", server.host)
            run(tmp_path, clock, "crawl", f"http://{server.host}/a", *arguments)
    assert 'If-None-Match: "2"' in server.heads[-1]
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        found = archive.article(f"http://{server.host}/a")
        assert (found.title, len(archive.revisions(found.id))) == ("运河边开了第2家书店", 2)
        rows = archive.db.execute("SELECT content_hash FROM captures ORDER BY id").fetchall()
    assert rows[0] != rows[1] == rows[2]


@pytest.mark.long
@pytest.mark.parametrize(
    "jump", [TEN_YEARS, pytest.param(TO_2000, marks=pytest.mark.long)], ids=["ten years on", "back to 2000"]
)
def test_a_crawl_killed_by_a_wrong_clock_is_gone_on_with(
    site: FaultyServer, tmp_path: Path, clock: Clock, jump: int
) -> None:
    clock.jump(jump)
    process = start(tmp_path, clock, *command(site))
    wait_for(site, ARTICLES // 2, process)
    process.kill()
    process.communicate()
    clock.jump(0)
    assert run(tmp_path, clock, *command(site))["resumed"]
    check(tmp_path, site, ARTICLES)


@pytest.mark.long
@pytest.mark.parametrize(
    "jump", [TEN_YEARS, pytest.param(TO_2000, marks=pytest.mark.long)], ids=["ten years on", "back to 2000"]
)
def test_a_schedule_makes_up_for_a_jump_once_and_sleeps_for_no_years(
    site: FaultyServer, tmp_path: Path, clock: Clock, jump: int
) -> None:
    one_page = f'urls = ["http://{site.host}/a/1"]\ndepth = 0\n'
    often, seldom = f'[crawls.often]\n{one_page}every = "2s"\n', f'[crawls.seldom]\n{one_page}every = "1h"\n'
    (tmp_path / "yaowen.toml").write_text(often + seldom)
    with start(tmp_path, clock, "schedule", "run", "--jitter", "0", "--allow-address", site.host) as process:
        try:
            log_until(process, lambda line: "crawl 3 ended" in line)
            for off in (jump, 0):
                clock.jump(off)
                assert "the clock has jumped" in log_until(process, lambda line: "seldom: next run" in line)
                log_until(process, lambda line: "often: begins" in line)
                log_until(process, lambda line: "often: crawl" in line)
        finally:
            stop(process)
    names = [run.name for run in stored(tmp_path)]
    assert (names.count("seldom") <= 3, names.count("often") < 20) == (True, True), names
