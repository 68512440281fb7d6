"""What other programs may write into any table: every page comes all the same."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.marks import note, tag
from archive.models import Link
from archive.store import Archive
from tests.archive.web.conftest import Room
from tests.conftest import MORNING, article, observation

URL = "https://news.example/a/1"
LIST = "https://news.example/"
RUN = """
    INSERT INTO crawls (spider, arguments, started_at, finished_at, finish_reason, exit_code, stats, parser_version)
    VALUES ('site', '{"crawl": "daily"}', '2026-03-01T08:00:00Z', '2026-03-01T09:00:00Z', 'finished', 0, '{}', '1')
"""
ALARM = """
    INSERT INTO alarms (crawl_id, site, kind, figure, was, now, score, pages, runs, capture_id, raised_at)
    VALUES (1, 'news.example', 'articles', 'title', 1.0, 0.2, 9, 10, 5, 1, '2026-03-01T09:00:00Z')
"""
LISTED = "INSERT INTO listings (url, kind, label, observed_at, capture_id) VALUES (?, 'page', 'L', ?, 1)"
BYTES = b"\xff\xfe\x00<script>"
NO_TEXTS = '{"category": 5, "language": {"a": 1}, "authors": true, "published_precision": [1], "related": 5}'


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A row in each table, and the id of an article that was edited, reprinted, tagged and recommended."""
    path = tmp_path_factory.mktemp("whole") / "archive.db"
    text = article().sections * 3
    other = "https://other.example/b"
    first = article(
        sections=text, views=5, published_at=MORNING, related=(Link(position=1, url=other, title="书店", block="相关"),)
    )
    second = article(url=other, title="书店", sections=text, related=(Link(position=1, url=URL, title="图书馆"),))
    edited = article(title="图书馆开了", sections=text, views=6, published_at=MORNING)
    with Archive.open(path) as archive:
        archive.record(
            [
                observation(first, headers={"content-type": "text/html"}),
                observation(second, minutes=10, url=other, final_url=other),
                observation(edited, minutes=20),
            ]
        )
        number = archive.article(URL).id
        tag(archive, number, "核对")
        note(archive, number, "打电话")
        with archive.writing() as db:
            for statement in (RUN, ALARM, "UPDATE captures SET crawl_id = 1"):
                db.execute(statement)
            db.execute(LISTED, [LIST, "2026-03-01T08:00:00Z"])
            db.execute(
                "INSERT INTO links (listing_id, position, url, title) SELECT max(id), 1, ?, 'x' FROM listings", [URL]
            )
    return path, number


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("articles.title", BYTES),
        ("articles.category", BYTES),
        ("articles.cluster_id", BYTES),
        ("articles.cluster_id", "none"),
        ("sections.heading", BYTES),
        ("revisions.reading", '{"a": 1}'),
        ("revisions.reading", NO_TEXTS),
        ("revisions.reading", '{"title": "\\ud800", "sections": [{"paragraphs": ["\\udfff"]}]}'),
        ("revisions.reading", '{"kind": "listing", "original_title": 5}'),
        ("revisions.reading", "[" * 5_000),
        ("view_counts.observed_at", "yesterday"),
        ("view_counts.observed_at", BYTES),
        ("view_counts.value", "many"),
        ("view_counts.value", BYTES),
        ("contents.size", "large"),
        ("captures.final_url", BYTES),
        ("captures.outcome", BYTES),
        ("captures.content_hash", BYTES),
        ("captures.article_id", "none"),
        ("captures.crawl_id", BYTES),
        ("captures.fetched_at", BYTES),
        ("crawls.arguments", "{"),
        ("crawls.arguments", '{"crawl": [5], "urls": 5}'),
        ("crawls.arguments", "[]"),
        ("crawls.stats", "null"),
        ("crawls.started_at", "yesterday"),
        ("listings.article_id", BYTES),
        ("listings.article_id", 5),
        ("links.article_id", "none"),
        ("alarms.kind", BYTES),
        ("alarms.figure", BYTES),
        ("alarms.was", "much"),
        ("alarms.pages", "many"),
        ("alarms.raised_at", "yesterday"),
        ("tags.tag", BYTES),
        ("notes.noted_at", "yesterday"),
        ("notes.text", BYTES),
    ],
)
def test_no_page_fails_at_what_another_program_wrote(
    room: Room, tmp_path: Path, whole: tuple[Path, int], column: str, value: object
) -> None:
    path, number = tmp_path / "archive.db", whole[1]
    shutil.copy(whole[0], path)
    table, _, name = column.partition(".")
    with closing(sqlite3.connect(path)) as program, program:
        program.execute(
            f"UPDATE {table} SET {name} = ? WHERE rowid IN (SELECT max(rowid) FROM {table} UNION SELECT 1)", [value]
        )
    get = room(path)
    pages = (
        *("/", "/?q=图书馆", "/?q=图书馆&as_of=2026-03-01", "/?q=图书馆&edited_away=1", "/search.json?q=图书馆"),
        *(f"/article/{number}", f"/article/{number}/1", f"/compare/{number}/1/2", "/graph", f"/graph/{number}"),
        *(f"/web/20260301080000/{URL}", f"/web/20260301082000/{URL}", f"/web/*/{URL}", f"/web/timemap/link/{URL}"),
        *("/lists", f"/list/{LIST}", "/trends?by=day", "/coverage", "/crawls", "/crawls/sites"),
        *("/feed.atom", "/feed.atom?what=changes"),
    )
    failed = [page for page in pages if get(page).status_code not in (200, 302, 404, 410)]
    assert failed == []
