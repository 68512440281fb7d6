"""What ``yaowen crawls`` and ``yaowen status`` tell, for people and for monitors."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from archive import crawls, frontier
from archive.frontier import Target
from archive.health import by_site
from archive.models import Section
from archive.runs import running_among, runs, tally
from archive.store import Archive
from tests.conftest import Yaowen, article, observation

NOW = datetime.now(UTC).replace(microsecond=0)
FIRST, SECOND = "https://news.example/a/1", "https://news.example/a/2"
EDITED = (Section(paragraphs=("运河边的图书馆关门了。",)),)


def crawl(archive: Archive, *, hours_ago: float, name: str = "", finished: bool = True, **seen: object) -> int:
    """A run that looked at one page, or that asked for it and did not finish."""
    arguments = {"urls": [FIRST], **({"crawl": name} if name else {})}
    began = NOW - timedelta(hours=hours_ago)
    with archive.writing() as db:
        begun = crawls.begin(db, "feature", arguments, now=began, parser_version="1")
        url = str(seen.get("url", FIRST))
        frontier.add(db, [Target(url=url)], crawl_id=begun.id)
    if seen:
        page = seen.pop("page", None)
        look = {"url": url, "final_url": url, "fetched_at": began, **seen}
        archive.record([observation(page, **look)], crawl_id=begun.id)  # type: ignore[arg-type]  # by keyword
    if finished:
        with archive.writing() as db:
            ended = began + timedelta(minutes=2)
            crawls.note_stop(db, begun.id, reason="finished", exit_code=0, stats={}, finished=ended)
    return begun.id


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """An archive with four runs: three that finished, the newest interrupted."""
    with Archive.open(tmp_path / "archive.db") as archive:
        crawl(archive, hours_ago=50, page=article())
        crawl(archive, hours_ago=3, name="morning", page=article(sections=EDITED), body=b"edited")
        crawl(
            archive, hours_ago=2, url=SECOND, status=500, outcome="failed", reason="the server answered 500", body=None
        )
        crawl(archive, hours_ago=1, name="evening", finished=False)
    return tmp_path / "archive.db"


@pytest.mark.usefixtures("kept")
def test_crawls_tells_each_run_in_a_line(yaowen: Yaowen) -> None:
    lines = yaowen("crawls").stdout.splitlines()
    assert [" · ".join((*line.split(" · ")[:2], *line.split(" · ")[3:])) for line in lines] == [
        "4 · evening · unfinished, killed · no page · 0 new, 0 revised",
        "3 · feature · 2 min, finished (0) · 1 failed · 0 new, 0 revised",
        "2 · morning · 2 min, finished (0) · 1 done · 0 new, 1 revised",
        "1 · feature · 2 min, finished (0) · 1 done · 1 new, 0 revised",
    ]
    assert len(yaowen("crawls", "--limit", "2").stdout.splitlines()) == 2


@pytest.mark.usefixtures("kept")
def test_crawls_tells_programs_the_same(yaowen: Yaowen) -> None:
    told = json.loads(yaowen("crawls", "--json").stdout)
    assert told[2] == {
        "id": 2,
        "name": "morning",
        "spider": "feature",
        "urls": [FIRST],
        "started_at": f"{NOW - timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}",
        "finished_at": f"{NOW - timedelta(hours=3, minutes=-2):%Y-%m-%dT%H:%M:%SZ}",
        "seconds": 120,
        "outcomes": {"done": 1, "unchanged": 0, "failed": 0, "refused": 0, "unread": 0},
        "articles": {"new": 0, "revised": 1},
        "finish_reason": "finished",
        "exit_code": 0,
        "running": False,
    }
    assert (told[0]["finished_at"], told[0]["seconds"], told[0]["running"]) == (None, None, False)


def test_an_unfinished_run_is_running_while_a_process_holds_the_archive(yaowen: Yaowen, kept: Path) -> None:
    with crawls.held(kept):
        assert "running for" in yaowen("crawls", "--limit", "1").stdout
        told = json.loads(yaowen("status", "--json").stdout)
        shown = yaowen("status").stdout
    assert (told["held_by"], told["running"]) == (os.getpid(), 4)
    assert f"process {os.getpid()} holds the archive (crawl 4)" in shown
    assert "no crawl is running" in yaowen("status").stdout


def test_a_lock_of_a_process_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    for left_behind in ("", "4194303", "no number", str(os.getpid())):  # the last one let go of it
        (tmp_path / "archive.db.lock").write_text(left_behind)
        assert crawls.holder(tmp_path / "archive.db") is None
    assert crawls.holder(tmp_path / "never.db") is None


def test_an_interrupted_run_says_so_not_running(archive: Archive) -> None:
    crawl(archive, hours_ago=1, finished=False)
    (run,) = runs(archive.db, limit=5)
    assert (running_among([run], None), running_among([run], 1)) == (None, run)
    assert tally(archive.db, run).pages == {}


def test_a_run_that_was_gone_on_with_began_when_it_was_last_taken_up(archive: Archive) -> None:
    again = NOW - timedelta(hours=1)
    number = crawl(archive, hours_ago=9, finished=False)
    with archive.writing() as db:
        stats = {"start_time": str(again)}  # as Scrapy's own stats are kept
        crawls.note_stop(db, number, reason="shutdown", exit_code=7, stats=stats, finished=None)
    (run,) = runs(archive.db, limit=5)
    assert (run.started_at, run.began_at) == (NOW - timedelta(hours=9), again)


def test_an_archive_without_runs_says_so(yaowen: Yaowen, tmp_path: Path) -> None:
    Archive.open(tmp_path / "archive.db").close()
    finished = yaowen("crawls")
    assert (finished.returncode, finished.stdout, "No crawl has run yet" in finished.stderr) == (0, "", True)
    assert yaowen("status").stdout.splitlines()[1] == "no crawl is running"


def test_a_site_is_told_by_its_last_day(kept: Path) -> None:
    with Archive.open(kept) as archive:
        (day,) = by_site(archive.db, since=NOW - timedelta(days=1), now=NOW)
        (week,) = by_site(archive.db, since=NOW - timedelta(days=7), now=NOW)
    assert (day.site, day.last_success_at, day.waiting) == ("news.example", NOW - timedelta(hours=3), 1)
    assert (day.pages, week.pages) == ({"done": 1, "failed": 1}, {"done": 2, "failed": 1})


@pytest.mark.parametrize(
    ("planned", "due", "next_due"),
    [
        (["2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z"], 0, datetime(2030, 1, 1, tzinfo=UTC)),
        (["2030-01-01T00:00:00Z", None], 1, NOW),  # found, and never visited
        (["2020-01-01T00:00:00Z", None], 2, datetime(2020, 1, 1, tzinfo=UTC)),
        (["2090-01-01T00:00:00Z", "2030-01-01T00:00:00Z"], 1, NOW),  # visited while the clock was ahead
    ],
)
def test_due_and_status_agree_when_a_site_is_next_visited(
    kept: Path, planned: list[str | None], due: int, next_due: datetime
) -> None:
    with Archive.open(kept) as archive:
        with archive.writing() as db:
            for url, time in zip((FIRST, SECOND), planned, strict=True):
                db.execute("UPDATE frontier SET due_at = ?, interval = 315360000 WHERE url = ?", [time, url])
        (site,) = by_site(archive.db, since=NOW, now=NOW)
        assert (site.next_due_at, frontier.count_due(archive.db, NOW)) == (next_due, due)


def test_status_tells_people_the_whole_picture(yaowen: Yaowen, kept: Path) -> None:
    (kept.parent / "yaowen.toml").write_text('[crawls.evening]\nevery = "1h"\nurls = ["https://news.example/"]\n')
    first, held, site, *rest = yaowen("status").stdout.splitlines()
    assert first.startswith("archive.db: ")
    assert first.endswith(", 1 article")
    assert held == "no crawl is running"
    assert site.startswith("news.example: last good page 3 h")
    assert site.endswith("ago · 24 h: 1 done, 1 failed · 1 waiting · next due now")
    with Archive.open(kept) as archive:
        archive.db.execute("CREATE TABLE more (x)")
        size = json.loads(yaowen("status", "--json").stdout)["bytes"]
        assert (
            size == sum(file.stat().st_size for file in (kept, kept.with_name("archive.db-wal"))) > kept.stat().st_size
        )
    assert [line.split()[0] for line in rest] == ["crawl"] * 4 + ["next"]
    assert rest[-1] == "next  evening now"


def test_status_tells_of_alarms_where_they_are_recorded(yaowen: Yaowen, kept: Path) -> None:
    assert json.loads(yaowen("status", "--json").stdout)["alarms"] == []
    with Archive.open(kept) as archive, archive.writing() as db:
        db.execute(
            """
            INSERT INTO alarms (crawl_id, site, kind, figure, was, now, score, pages, runs, capture_id, raised_at)
            SELECT crawl_id, 'news.example', 'article', 'title', 0.99, 0.12, 9, 40, 6, id, '2026-03-01T08:00:00Z'
            FROM captures ORDER BY id LIMIT 1
            """
        )
    (alarm,) = json.loads(yaowen("status", "--json").stdout)["alarms"]
    assert (alarm["site"], alarm["figure"], alarm["now"]) == ("news.example", "title", 0.12)
    assert "alarm 2026-03-01 08:00:00 UTC news.example: " in yaowen("status").stdout


@pytest.mark.usefixtures("kept")
def test_a_wrong_plan_hides_nothing_of_the_rest(yaowen: Yaowen, tmp_path: Path) -> None:
    (tmp_path / "yaowen.toml").write_text("[crawl]\n")
    finished = yaowen("status", "--json")
    told = json.loads(finished.stdout)
    assert (finished.returncode, told["articles"], told["next"]) == (0, 1, [])
    assert told["plan_mistakes"] == finished.stderr.splitlines()
    assert told["plan_mistakes"][0].startswith("yaowen.toml, line 1: ")


def test_the_metrics_are_what_prometheus_reads(yaowen: Yaowen, kept: Path, tmp_path: Path) -> None:
    (tmp_path / "yaowen.toml").write_text(
        "".join(f'[crawls.{name}]\nevery = "1h"\ndue = true\n' for name in ("morning", "evening", "never"))
    )
    finished = yaowen("status", "--prometheus", "yaowen.prom")
    assert (finished.returncode, finished.stdout) == (0, "")
    samples = {
        (sample.name.removeprefix("yaowen_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families((tmp_path / "yaowen.prom").read_text())
        for sample in family.samples
    }
    assert samples["archive_bytes",] == kept.stat().st_size
    assert (samples["articles",], samples["archive_held",], samples["plan_mistakes",]) == (1, 0, 0)
    assert samples["site_last_success_timestamp_seconds", "news.example"] == (NOW - timedelta(hours=3)).timestamp()
    assert samples["site_pages_24h", "failed", "news.example"] == 1
    assert samples["site_pages_24h", "unread", "news.example"] == 0
    assert samples["site_waiting", "news.example"] == 1
    assert samples["crawl_last_exit_code", "morning"] == 0
    assert samples["crawl_next_timestamp_seconds", "morning"] == (NOW - timedelta(hours=2)).timestamp()
    absent = {("crawl_last_exit_code", "evening"), ("crawl_last_began_timestamp_seconds", "never")}
    assert not absent & samples.keys()  # nothing is known of them, so no alert may take it for 0
    assert [path.name for path in tmp_path.glob("yaowen.prom*")] == ["yaowen.prom"]


@pytest.mark.usefixtures("kept")
def test_metrics_that_cannot_be_written_are_told(yaowen: Yaowen) -> None:
    finished = yaowen("status", "--prometheus", "nowhere/yaowen.prom")
    assert (finished.returncode, finished.stderr) == (
        1,
        "Cannot write nowhere/yaowen.prom: No such file or directory\n",
    )
