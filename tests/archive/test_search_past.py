"""What was edited away is found, and the texts as they stood at any time."""

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import get_args

import pytest

from archive.database import Database
from archive.models import Article, Section
from archive.search import Sort, ranking, search
from archive.search.past import past_is_whole, rebuild_past_index
from archive.store import Archive
from archive.times import to_utc
from archive.verification import repair_index
from tests.conftest import MORNING, article, observation


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive.open(path) as opened:
        yield opened


def text(*paragraphs: str, heading: str | None = None, **values: object) -> Article:
    return article(sections=(Section(heading=heading, level=2 if heading else 0, paragraphs=paragraphs),), **values)


def check(db: Database) -> None:
    """Raises ``sqlite3.DatabaseError`` unless both indexes hold exactly the words of their texts."""
    for index in ("articles_fts", "revisions_fts"):
        db.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")


def superseded(db: Database) -> dict[int, tuple[str, str]]:
    """The texts that have to be in the index, by plain reading of the revisions."""
    rows = db.execute(
        """
        SELECT id, json_extract(reading, '$.title'), (
            SELECT group_concat(atom, char(10)) FROM json_tree(reading, '$.sections') WHERE type = 'text'
        ) FROM revisions WHERE id NOT IN (SELECT max(id) FROM revisions GROUP BY article_id)
        """
    )
    return {number: (title, body or "") for number, title, body in rows.fetchall()}


def kept(db: Database) -> dict[int, tuple[str, str]]:
    return {number: (title, body) for number, title, body in db.execute("SELECT * FROM past_texts").fetchall()}


@pytest.fixture
def edited(archive: Archive) -> Archive:
    """Seen with 苏州 at 8:00, with 北京 at 8:10, with 苏州 again at 8:20, with 广州 at 8:30."""
    for minutes, place in enumerate(("苏州", "北京", "苏州", "广州")):
        archive.record([observation(text(f"他去了{place}。", heading=f"在{place}"), minutes=10 * minutes)])
    return archive


@pytest.mark.parametrize(
    ("minutes", "place"),
    [(-1, None), (0, "苏州"), (9, "苏州"), (10, "北京"), (20, "苏州"), (30, "广州"), (999, "广州")],
)
def test_the_text_as_it_stood_is_searched(edited: Archive, minutes: int, place: str | None) -> None:
    moment = MORNING + timedelta(minutes=minutes)
    found = {name for name in ("苏州", "北京", "广州") if search(edited, name, as_of=moment).total}
    assert found == ({place} if place else set())
    assert search(edited, "-苏州", as_of=moment).total == (place not in (None, "苏州"))
    assert search(edited, f"section:{place or '苏州'}", as_of=moment).total == (place is not None)


def test_what_was_edited_away_is_found_once_and_marked(edited: Archive) -> None:
    assert search(edited, "北京").total == 0
    (hit,) = search(edited, "北京", revisions=True).hits
    assert hit.past
    assert (hit.past.revision, hit.past.observed_at, hit.past.until) == (
        2,
        MORNING + timedelta(minutes=10),
        MORNING + timedelta(minutes=20),
    )
    assert (hit.snippet, hit.section and hit.section.position) == ("他去了<mark>北京</mark>。", 1)


def test_of_several_texts_that_were_edited_away_the_last_is_shown(edited: Archive) -> None:
    results = search(edited, "苏州", revisions=True)
    assert (results.total, [hit.past and hit.past.revision for hit in results.hits]) == (1, [3])


def test_what_stands_today_is_not_marked(edited: Archive) -> None:
    results = search(edited, "他", revisions=True)
    assert [hit.past for hit in results.hits] == [None]


def test_the_fields_of_that_time_are_searched(archive: Archive) -> None:
    archive.record([observation(text("他。", category="要闻", source="日报", views=5))])
    archive.record([observation(text("她。", category="文化", source="晚报", views=50), minutes=9)])
    for query in ("他", "category:要闻", "source:日报", "views:..9"):
        (hit,) = search(archive, query, as_of=MORNING).hits
        assert (hit.views, hit.category) == (5, "要闻")
    for query in ("她", "category:文化", "source:晚报", "views:10.."):
        assert search(archive, query, as_of=MORNING).total == 0
        assert search(archive, query, as_of=MORNING + timedelta(minutes=9)).total == 1
    facets = search(archive, "他", revisions=True, facets=True).facets
    assert facets
    assert facets.counts["category"] == {"要闻": 1}


def test_the_date_of_that_time_is_searched_in_its_own_zone(archive: Archive) -> None:
    zone = timezone(timedelta(hours=8))
    archive.record([observation(text("他。", published_at=datetime(2022, 10, 15, 6, 30, tzinfo=zone)))])
    archive.record([observation(text("她。", published_at=datetime(2023, 1, 1, tzinfo=zone)), minutes=9)])
    assert search(archive, "date:2022-10-15", as_of=MORNING).total == 1
    assert search(archive, "date:2022-10-14", as_of=MORNING).total == 0
    assert search(archive, "date:2022-10-15 他", revisions=True).total == 1


def test_both_indexes_follow_every_look(archive: Archive) -> None:
    chance = random.Random(5)
    for minutes in range(80):
        url = f"https://news.example/a/{chance.randrange(6)}"
        page = text("".join(chance.choices("苏州蘇人才，。 aB1é", k=chance.randrange(60))), url=url)
        archive.record([observation(page, minutes=minutes, url=url, final_url=url)])
    check(archive.db)
    assert kept(archive.db) == superseded(archive.db)


def test_both_indexes_follow_another_program(archive: Archive, path: Path) -> None:
    chance, db = random.Random(6), archive.db
    for minutes in range(12):
        archive.record([observation(text(f"第{minutes}版，苏州。"), minutes=minutes)])
    (article_id,) = db.execute("SELECT id FROM articles").fetchone()
    for _ in range(60):
        ids = [number for (number,) in db.execute("SELECT id FROM revisions").fetchall()]
        values = {"id": chance.choice(ids or [0]), "article": article_id, "new": max(ids, default=0) + 5}
        statement = chance.choice(
            [
                "DELETE FROM revisions WHERE id = :id",
                "UPDATE revisions SET reading = json_object('title', hex(id), 'sections', '[]') WHERE id = :id",
                "UPDATE revisions SET reading = '{' WHERE id = :id",
                """
                INSERT INTO revisions (id, article_id, observed_at, fingerprint, reading)
                SELECT :new - 2, :article, '2030', '', json_object('title', '题', 'sections', json_array(
                    json_object('heading', '节', 'level', 2, 'paragraphs', json_array('一段', '', '两段'))
                ))
                """,
            ]
        )
        with sqlite3.connect(path) as other:
            other.execute("PRAGMA foreign_keys = ON")
            other.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement})
        other.close()
        check(db)
    assert {number for number, _ in kept(db).items()} == set(_superseded_ids(db))


def _superseded_ids(db: Database) -> list[int]:
    rows = db.execute("SELECT id FROM revisions WHERE id NOT IN (SELECT max(id) FROM revisions GROUP BY article_id)")
    return [number for (number,) in rows.fetchall()]


@pytest.mark.parametrize("statement", ["UPDATE past_texts SET title = '天津'", "DELETE FROM past_texts"])
def test_texts_that_another_program_changes_are_searched_as_they_are(edited: Archive, statement: str) -> None:
    edited.db.execute(statement)
    check(edited.db)
    assert search(edited, "天津", revisions=True).total == ("UPDATE" in statement)


def test_texts_of_the_past_that_are_missing_are_named_and_made_anew(edited: Archive) -> None:
    edited.db.execute("DELETE FROM past_texts WHERE revision_id = 2")
    assert not past_is_whole(edited.db)
    repair_index(edited)
    assert past_is_whole(edited.db)
    assert search(edited, "北京", revisions=True).total == 1


@pytest.mark.parametrize(
    "reading", ["not json", "{}", "[1]", '{"sections": null}', '{"sections": [{"paragraphs": [7]}]}']
)
def test_a_reading_that_another_program_wrote_otherwise_is_no_obstacle(edited: Archive, reading: str) -> None:
    edited.db.execute("UPDATE revisions SET reading = ? WHERE id = 2", [reading])
    check(edited.db)
    for query in ("-人民", "section:苏州", "北京 OR 广州"):
        search(edited, query, revisions=True)
        search(edited, query, as_of=MORNING + timedelta(minutes=15))


def test_above_the_limits_no_article_comes_twice(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "EXACT", 5)
    monkeypatch.setattr(ranking, "NEWEST", 3)
    for number in range(12):
        url = f"https://news.example/{number}"
        for minutes, body in ((0, "人才"), (5, "人才" if number % 2 else "新闻")):
            page = text(body, url=url, title="人才" if number % 3 else "题")
            archive.record([observation(page, url=url, final_url=url, minutes=minutes)])
    results = search(archive, "人才", revisions=True, limit=100)
    assert (results.total, len(results.hits), len({hit.id for hit in results.hits})) == (12, 12, 12)
    today = {hit.id for hit in search(archive, "人才").hits}
    assert {hit.id for hit in results.hits if not hit.past} == today


def test_an_article_that_goes_takes_its_past_with_it(edited: Archive) -> None:
    edited.db.execute("DELETE FROM articles")
    check(edited.db)
    assert kept(edited.db) == {}


def test_the_index_of_the_past_is_made_anew(edited: Archive) -> None:
    with edited.writing() as db:
        db.execute("INSERT INTO revisions_fts(revisions_fts) VALUES ('delete-all')")
    assert search(edited, "北京", revisions=True).total == 0
    with edited.writing() as db:
        rebuild_past_index(db)
    check(edited.db)
    assert search(edited, "北京", revisions=True).total == 1


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="no sqlite3 shell on this machine")
def test_the_sqlite3_shell_writes_and_checks_both_indexes(edited: Archive, path: Path) -> None:
    edited.close()
    statements = """
        INSERT INTO articles (url, title, body) VALUES ('https://news.example/b', '深圳', '人才');
        UPDATE articles SET body = '他到了蘇州' WHERE title = '深圳';
        UPDATE revisions SET reading = json_set(reading, '$.title', '天津') WHERE id = 2;
        DELETE FROM revisions WHERE id = 1;
        INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1);
        INSERT INTO revisions_fts(revisions_fts, rank) VALUES ('integrity-check', 1);
    """
    subprocess.run(["sqlite3", "-bail", path, statements], check=True, capture_output=True)
    with Archive.open(path) as archive:
        check(archive.db)
        assert search(archive, "苏州").total == 1
        assert search(archive, "天津", revisions=True).total == 1


def test_sqlite_utils_writes_and_searches_both_indexes(edited: Archive, path: Path) -> None:
    edited.close()
    row = '{"url": "https://news.example/b", "title": "深圳", "body": "人才"}'
    sqlite_utils("insert", path, "articles", "-", given=row)
    sqlite_utils("upsert", path, "articles", "-", "--pk", "url", given=row.replace("深圳", "天津"))
    assert "在北京" in sqlite_utils("search", path, "past_texts", "北京")
    with Archive.open(path) as archive:
        check(archive.db)
        assert [search(archive, query).total for query in ("深圳", "天津 人才")] == [0, 1]


def sqlite_utils(command: str, path: Path, *arguments: str, given: str = "") -> str:
    tool = Path(sys.executable).parent / "sqlite-utils"
    line = [str(tool), command, str(path), *arguments]
    finished = subprocess.run(line, check=True, input=given.encode(), capture_output=True)
    return finished.stdout.decode()


def test_a_revision_that_another_program_added_does_not_stop_a_search_in_the_past(archive: Archive) -> None:
    archive.record([observation(text("苏州。"))])
    with archive.writing() as db:
        for minute in (10, 20):
            db.execute(
                """
                INSERT INTO revisions (article_id, observed_at, fingerprint, reading, changed_fields)
                SELECT article_id, ?, 'x', reading, '[]' FROM revisions LIMIT 1
                """,
                [to_utc(MORNING + timedelta(minutes=minute))],
            )
    for sort in get_args(Sort):
        assert search(archive, "苏州", as_of=MORNING + timedelta(minutes=15), sort=sort).hits
