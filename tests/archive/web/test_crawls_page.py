import re
import time
from datetime import timedelta
from pathlib import Path

import pytest

from archive import crawls, frontier
from archive.crawls import held
from archive.frontier import Target
from archive.store import Archive
from tests.archive.web.conftest import Get, Room
from tests.conftest import MORNING, article, observation

START = "https://news.example/<b>"


def ran(archive: Archive, number: int, *, exit_code: int | None = 0, reason: str | None = "finished") -> None:
    """A crawl of its own addresses that began so many hours after the first, and lasted 125 minutes if it ended."""
    began = MORNING + timedelta(hours=number)
    asked = {"urls": [START, f"https://news.example/{number}", "https://news.example/x", "https://news.example/y"]}
    with archive.writing() as db:
        crawl = crawls.begin(db, "feature", asked, now=began, parser_version="1")
    url = f"https://news.example/a/{number % 2}"
    page = article(url=url, title=f"标题{number}")
    archive.record(
        [observation(page, minutes=60 * number + 1, url=url, final_url=url, body=f"{number}".encode())],
        crawl_id=crawl.id,
    )
    if reason:
        with archive.writing() as db:
            ended = began + timedelta(minutes=125) if exit_code is not None else None
            code = exit_code if exit_code is not None else 7
            crawls.note_stop(db, crawl.id, reason=reason, exit_code=code, stats={}, finished=ended)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "archive.db"
    with Archive.open(found) as archive:
        for number in range(3):
            ran(archive, number)
        ran(archive, 3, exit_code=5, reason="drift")
        ran(archive, 4, exit_code=None, reason="shutdown")
    return found


@pytest.fixture
def get(path: Path, room: Room) -> Get:
    return room(path)


def rows(text: str) -> list[str]:
    """Each run as the words of its row."""
    found = re.findall(r'<tr id="run\d+">(.*?)</tr>', text, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in found]


def test_each_run_is_told_with_its_length_its_end_and_what_it_brought(get: Get) -> None:
    told = rows(get("/crawls").text)
    assert [row.partition(" 2026")[0] for row in told] == [f"{number} feature" for number in (5, 4, 3, 2, 1)]
    assert "unfinished shutdown 0 1" in told[0]
    assert "2 h 5 min drift (5) 0 1 1 0 0 0 0" in told[1]
    assert "2 h 5 min finished (0) 1 0 1 0 0 0 0 https://news.example/&lt;b&gt;" in told[4]


def test_an_unfinished_run_is_running_while_a_crawl_holds_the_archive(path: Path, get: Get) -> None:
    with held(path):
        assert "running for" in rows(get("/crawls").text)[0]
    assert "running for" not in get("/crawls").text


def test_more_runs_are_a_click_away(get: Get) -> None:
    text = get("/crawls?limit=2").text
    assert (len(rows(text)), 'href="/crawls?limit=20#runs"' in text) == (2, True)
    assert "limit=" not in get("/crawls").text.split("<main", 1)[1]


@pytest.mark.parametrize(
    ("kind", "figure", "was", "now", "words"),
    [
        ("articles", "published_at", 0.98, 0.2, "date read"),
        ("articles", "authors_kept", 0.98, 0.2, "authors still read"),
        ("articles", "text", 1200, 80, "characters an article"),
        ("lists", "links_kept", 90, 12, "share of the links that were there before"),
        ("articles", "<i>own", 1, 0, "&lt;i&gt;own read"),
    ],
)
def test_an_alarm_says_what_was_worse_and_where_it_was_seen_first(
    path: Path, room: Room, kind: str, figure: str, was: float, now: float, words: str
) -> None:
    with Archive.open(path) as archive, archive.writing() as db:
        db.execute(
            """
            INSERT INTO alarms (crawl_id, site, kind, figure, was, now, score, pages, runs, capture_id, raised_at)
            VALUES (4, 'news.example', :kind, :figure, :was, :now, -7.5, 40, 5, 1, '2026-03-01T12:00:00Z')
            """,
            {"kind": kind, "figure": figure, "was": was, "now": now},
        )
    text = room(path)("/crawls").text
    assert words in text
    assert 'href="/archive/captures/1">https://news.example/a/0<' in text
    assert "in 5 runs" in text


def test_how_sites_stand_is_told(path: Path, room: Room) -> None:
    with Archive.open(path) as archive, archive.writing() as db:
        frontier.add(db, [Target(url="https://news.example/a/0")], crawl_id=5)
    text = room(path)("/crawls/sites").text
    (row,) = re.findall(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    assert " ".join(re.sub("<[^>]+>", " ", row).split()) == "news.example 2026-03-01 12:01 UTC now 1 0 0 0 0 0"
    assert 'href="/coverage?site=news.example"' in row


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", ["/crawls", "/crawls/sites"])
def test_an_archive_without_a_crawl_says_so(tmp_path: Path, room: Room, page: str, language: str) -> None:
    Archive.open(tmp_path / "empty.db").close()
    answer = room(tmp_path / "empty.db")(page, **{"accept-language": language})
    assert (answer.status_code, {"en": "No crawl has run yet", "zh": "尚未抓取"}[language] in answer.text) == (
        200,
        True,
    )


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "alarms=x"])
def test_a_limit_that_is_none_is_told_in_a_sentence(get: Get, query: str) -> None:
    assert get(f"/crawls?{query}").status_code == 400


def test_many_looks_of_one_run_at_an_article_of_many_revisions_take_no_minutes(path: Path, room: Room) -> None:
    with Archive.open(path) as archive, archive.writing() as db:
        numbers = [(number,) for number in range(4_000)]
        db.conn.executemany(
            """
            INSERT INTO captures (url, final_url, crawl_id, fetched_at, outcome, article_id)
            SELECT url || ?, final_url, crawl_id, fetched_at, outcome, article_id FROM captures WHERE id = 1
            """,
            numbers,
        )
        db.conn.executemany(
            """
            INSERT INTO revisions (article_id, capture_id, observed_at, fingerprint, reading, changed_fields)
            SELECT article_id, (SELECT max(id) FROM captures), observed_at, ?, reading, '[]' FROM revisions WHERE id = 1
            """,
            numbers,
        )
    began = time.monotonic()
    assert room(path)("/crawls").status_code == 200
    assert time.monotonic() - began < 3
