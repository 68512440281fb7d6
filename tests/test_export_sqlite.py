"""A part of an archive is an archive."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from archive.store import Archive
from archive.verification import verify
from tests.conftest import Export, Yaowen
from tests.looks import TABLES, told


def faults_in(path: Path) -> list[str]:
    with Archive.open(path) as archive:
        return [fault.what for _, faults in verify(archive) for fault in faults]


def test_the_whole_archive_comes_out_as_it_is(out: Export, original: Path) -> None:
    path = out("sqlite")
    before, after = told(original), told(path)
    for table in TABLES:
        assert after[table] == before[table], table
    assert faults_in(path) == []
    with Archive.open(path, read_only=True) as archive, Archive.open(original, read_only=True) as source:
        statement = "SELECT sha256 FROM contents ORDER BY 1"
        hashes = archive.db.execute(statement).fetchall()
        assert hashes == source.db.execute(statement).fetchall()
        for (sha256,) in hashes[:20]:
            assert archive.contents.checked(sha256) == source.contents.checked(sha256)


@pytest.mark.parametrize("narrowed", ["图书馆", "--since=2026-03-01T10:00", "title:图书馆"])
def test_a_part_is_sound_and_has_all_of_its_articles(out: Export, original: Path, narrowed: str) -> None:
    path = out("sqlite", narrowed)
    assert faults_in(path) == []
    before, after = told(original), told(path)
    with Archive.open(path, read_only=True) as archive:
        ids = {number for (number,) in archive.db.execute("SELECT id FROM articles").fetchall()}
    assert 0 < len(ids) < len(before["articles"])
    for table in ("sections", "revisions", "view_counts"):
        assert after[table] == [row for row in before[table] if row[0] in ids], table
    assert len(after["captures"]) < len(before["captures"])


def test_the_part_is_searched_and_read_like_the_whole(out: Export, yaowen: Yaowen, original: Path) -> None:
    out("sqlite", "图书馆", target="part.db")
    shown = [
        json.loads(yaowen("search", "图书馆", "--json", "--archive", path, "--limit", "1000").stdout)["hits"]
        for path in ("part.db", str(original))
    ]
    assert shown[0] == shown[1] != []


def test_links_to_what_stayed_behind_keep_their_words(out: Export) -> None:
    path = out("sqlite", "title:图书馆")
    with Archive.open(path, read_only=True) as archive:
        links = archive.db.execute("SELECT title, article_id FROM links").fetchall()
        ids = {number for (number,) in archive.db.execute("SELECT id FROM articles").fetchall()}
    assert any(number is None and title for title, number in links)
    assert {number for _, number in links} - {None} <= ids


def test_it_is_one_file_that_other_programs_read(out: Export, tmp_path: Path) -> None:
    path = out("sqlite")
    assert {one.name for one in tmp_path.iterdir()} == {"out.sqlite", "out.sqlite.datapackage.json"}
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    command = ["sqlite3", str(path), "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH '人才'"]
    assert int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) > 0


def test_tags_and_notes_come_along(out: Export, tmp_path: Path) -> None:
    out("sqlite", target="mine.db")
    with Archive.open(tmp_path / "mine.db") as archive:
        ids = [number for (number,) in archive.db.execute("SELECT id FROM articles LIMIT 2").fetchall()]
        archive.db.execute("INSERT INTO tags (article_id, tag) VALUES (?, '核对')", [ids[0]])
        archive.db.execute("INSERT INTO notes (article_id, text) VALUES (?, '打过电话')", [ids[1]])
        archive.db.conn.commit()
    tagged = out("sqlite", "--tag", "核对", target="tagged.db", archive=tmp_path / "mine.db")
    noted = out("sqlite", "note:电话", target="noted.db", archive=tmp_path / "mine.db")
    with Archive.open(tagged) as archive:
        assert archive.db.execute("SELECT article_id, tag FROM tags").fetchall() == [(ids[0], "核对")]
    with Archive.open(noted) as archive:
        assert archive.db.execute("SELECT article_id, text FROM notes").fetchall() == [(ids[1], "打过电话")]


def test_what_a_killed_process_left_beside_the_file_before_is_not_mixed_in(out: Export) -> None:
    path = out("sqlite", target="copy.db")
    killed = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("PRAGMA journal_mode = WAL; CREATE TABLE other AS SELECT * FROM captures")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", killed, str(path)], check=True)
    assert path.with_name("copy.db-wal").stat().st_size
    out("sqlite", "图书馆", "--force", target="copy.db")
    assert {one.name for one in path.parent.iterdir()} == {"copy.db", "copy.db.datapackage.json"}
    assert faults_in(path) == []
