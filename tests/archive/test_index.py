import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.database import Database
from archive.search import search
from archive.search.characters import folds
from archive.search.index import index_is_stale, rebuild_index
from archive.search.writing import by_hand, words
from archive.store import Archive
from tests.conftest import article, observation

MIXED = st.text(st.sampled_from("苏州蘇人才，。 aB1é𠮷ｶ한\n"), max_size=300)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
needs_sqlite3 = pytest.mark.skipif(shutil.which("sqlite3") is None, reason="no sqlite3 shell on this machine")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive.open(path) as opened:
        yield opened


def check(db: Database) -> None:
    """Raises ``sqlite3.DatabaseError`` unless the index holds exactly the words of the articles."""
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def matches(db: Database, words: str) -> list[int]:
    return [row[0] for row in db.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [words])]


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def test_a_fold_is_one_character_and_final() -> None:
    table = folds()
    assert all(len(folded) == 1 and folded not in table for folded in table.values())


@pytest.mark.parametrize("plain", "么抬着群秘什苏州a1。")
def test_what_is_written_today_is_indexed_as_it_is(plain: str) -> None:
    assert plain not in folds()


def test_the_index_follows_every_write(archive: Archive) -> None:
    db, chance = archive.db, random.Random(11)
    for _ in range(200):
        text = "".join(chance.choices("苏州蘇人才，。 aB1é𠮷ｶ한", k=chance.randrange(150)))
        values = {"id": chance.randrange(30), "new": chance.randrange(30), "title": text[:9], "body": text}
        statement = chance.choice(
            [
                "INSERT INTO articles(url, title, body) VALUES (hex(randomblob(9)), :title, :body)",
                "UPDATE articles SET title = :title WHERE id = :id",
                "UPDATE articles SET body = :body WHERE id = :id",
                "UPDATE articles SET body = NULL, title = NULL WHERE id = :id",
                "UPDATE OR IGNORE articles SET id = :new, body = :body WHERE id = :id",
                "DELETE FROM articles WHERE id = :id",
                """
                INSERT INTO articles(url, title) VALUES ((SELECT url FROM articles LIMIT 1), :title)
                ON CONFLICT(url) DO UPDATE SET title = excluded.title
                """,
            ]
        )
        if "VALUES ((SELECT" not in statement or db["articles"].count:
            db.execute(statement, values)
        check(db)
    assert not index_is_stale(db)


def test_a_moved_view_counter_does_not_touch_the_index(archive: Archive) -> None:
    db = archive.db
    db.execute("INSERT INTO articles(url, title, body) VALUES ('u', '苏州', '人才')")
    before = db.execute("SELECT id, block FROM articles_fts_data").fetchall()
    db.execute("UPDATE articles SET views = 7, site = 's', title = title, body = body")
    assert db.execute("SELECT id, block FROM articles_fts_data").fetchall() == before


@pytest.mark.parametrize("columns", ["id, url, title, body", "url, title, body"])
def test_a_row_replaced_by_another_program_marks_the_index_as_stale(archive: Archive, path: Path, columns: str) -> None:
    db = archive.db
    db.execute("INSERT INTO articles(id, url, title, body) VALUES (1, 'u', '苏州', '人才')")
    values = "1, 'u', '北京', '新闻'" if columns.startswith("id") else "'u', '北京', '新闻'"
    with closing(sqlite3.connect(path)) as other, other:  # sqlite-utils turns recursive_triggers on, others do not
        other.execute(f"INSERT OR REPLACE INTO articles({columns}) VALUES ({values})")
    assert index_is_stale(db)
    assert search(archive, "北京").total == 1
    stale = search(archive, "苏州")
    assert stale.total == len(stale.hits)

    rebuild_index(db)
    check(db)
    assert not index_is_stale(db)
    assert search(archive, "苏州").total == 0


def test_sqlite_utils_replaces_rows_without_harm(archive: Archive) -> None:
    for title in ("苏州", "人才"):
        archive.db.table("articles").insert({"id": 1, "url": "u", "title": title}, pk="id", replace=True)
    assert not index_is_stale(archive.db)
    check(archive.db)


def test_an_upsert_after_a_deletion_is_not_stale(archive: Archive) -> None:
    for title in ("苏州", "人才"):
        archive.db.table("articles").upsert({"url": "u", "title": title}, pk="url")
    archive.db.execute("DELETE FROM articles")
    archive.db.table("articles").upsert({"url": "v", "title": "新闻"}, pk="url")
    assert not index_is_stale(archive.db)
    check(archive.db)


def test_text_after_a_nul_is_not_searched_and_harms_nothing(archive: Archive) -> None:
    archive.db.execute("INSERT INTO articles(url, title, body) VALUES ('u', ?, x'ff00')", ["苏州\0人才"])
    check(archive.db)
    assert search(archive, "苏州").total == 1
    archive.db.execute("DELETE FROM articles")
    check(archive.db)


def test_a_body_of_50_000_characters_is_indexed_to_its_end(archive: Archive) -> None:
    body = "苏州人才，" * 9_999 + "运河尽头"
    archive.db.execute("INSERT INTO articles(url, body) VALUES ('u', ?)", [body])
    check(archive.db)
    assert search(archive, "才运河尽头").total == 0
    assert search(archive, "运河尽头").total == 1


@needs_sqlite3
def test_the_sqlite3_shell_reads_writes_and_searches(archive: Archive, path: Path) -> None:
    query = "SELECT url FROM articles WHERE id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH '人才')"

    def shell(sql: str) -> str:
        output = run("sqlite3", path, sql).strip()
        check(archive.db)
        return output

    assert shell(f"INSERT INTO articles(url, title, body) VALUES ('u', '蘇州', '人才市场'); {query}") == "u"
    assert search(archive, "苏州").total == 1
    assert shell(f"UPDATE articles SET body = '新闻'; {query}") == ""
    assert shell(f"UPDATE articles SET title = '人才'; {query}") == "u"
    assert shell(f"DELETE FROM articles; {query}") == ""
    assert search(archive, "人才").total == 0


def test_sqlite_utils_writes_and_searches(archive: Archive, path: Path) -> None:
    tool = (sys.executable, "-m", "sqlite_utils")
    run(*tool, "query", path, "INSERT INTO articles(url, title, body) VALUES ('u', '苏州', '人才市场')")
    check(archive.db)
    assert "人才市场" in run(*tool, "search", path, "articles", "人才", "--fmt", "plain")
    assert search(archive, "人才").hits[0].url == "u"


def test_datasette_and_sqlite_utils_see_which_table_the_index_belongs_to(archive: Archive) -> None:
    assert archive.db.table("articles").detect_fts() == "articles_fts"


@given(MIXED | ANY)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_words_are_the_same_as_those_of_the_triggers(archive: Archive, text: str) -> None:
    archive.db.execute("DELETE FROM articles")
    archive.db.execute("INSERT INTO articles (url, body) VALUES ('https://news.example/1', ?)", [text])
    (made,) = archive.db.execute("SELECT body FROM search_words").fetchone()
    assert words(archive.db, text) == (made or "")


def test_recording_keeps_the_index_as_the_triggers_would(archive: Archive) -> None:
    archive.record([observation(article()), observation(article(title="蘇州的橋", sections=()), minutes=1)])
    archive.record([observation(article(title="又一次", views=3), minutes=2)])
    check(archive.db)
    assert not index_is_stale(archive.db)
    assert archive.db.execute("SELECT is_by_hand FROM search_state").fetchone() == (0,)
    with pytest.raises(sqlite3.OperationalError), archive.writing() as db, by_hand(db):
        db.execute("no statement")
    archive.db.execute("UPDATE articles SET body = '人才'")
    assert len(matches(archive.db, "人才")) == 1
    check(archive.db)


def test_another_program_never_meets_the_triggers_at_rest(archive: Archive, path: Path) -> None:
    with archive.writing() as db, by_hand(db), closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT is_by_hand FROM search_state").fetchone() == (0,)


@pytest.mark.parametrize("body", ["旧\0文章人才", "人" * 60 + "\0" + "才" * 60, b"\xff\xe4\xba\xba", b""])
def test_a_text_that_sqlite_reads_in_its_own_way_is_edited_all_the_same(archive: Archive, body: str | bytes) -> None:
    row = {"url": "https://news.example/a/1", "title": body, "body": body}
    archive.db.execute("INSERT INTO articles (url, title, body) VALUES (:url, :title, :body)", row)
    assert archive.article("https://news.example/a/1").url == row["url"]
    archive.record([observation(article(title="新\0题")), observation(article(title="又新"), minutes=5)])
    check(archive.db)
    archive.db.execute("INSERT INTO revisions_fts(revisions_fts, rank) VALUES ('integrity-check', 1)")
    assert search(archive, "又新").total == 1
