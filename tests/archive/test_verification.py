"""What ``verify`` finds in archives that were broken on purpose, and what a backup holds."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.backup import back_up
from archive.errors import CannotWrite
from archive.models import Link
from archive.store import Archive
from archive.verification import repair_index, verify
from tests.conftest import article, observation


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive with two articles, one of them edited."""
    path = tmp_path / "archive.db"
    link = Link(position=1, url="https://news.example/a/2", title="另一条")
    other = article(url="https://news.example/a/2", title="另一条")
    with Archive.open(path) as archive:
        archive.record([observation(article(related=(link,))), observation(article(title="改过"), minutes=5)])
        archive.record([observation(other, minutes=6, url=other.url, final_url=other.url)])
    return path


def faults(path: Path) -> dict[str, list[str]]:
    with Archive.open(path) as archive:
        return {part: [fault.what for fault in found] for part, found in verify(archive) if found}


def test_an_archive_that_crawls_and_other_programs_wrote_is_sound(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("UPDATE articles SET summary = '短' WHERE title = '改过'")
    assert faults(path) == {}


@pytest.mark.parametrize(
    ("statement", "part", "says"),
    [
        ("UPDATE contents SET body = x'00' || body", "kept bytes", "of https://news.example/a/1 are damaged"),
        ("DELETE FROM articles_fts_data WHERE id > 10", "search index", "does not hold the words"),
        ("DELETE FROM captures WHERE id = 1", "links between tables", "names a row of captures"),
        ("UPDATE revisions SET reading = replace(reading, '改过', '别的')", "readings", "is not what was written"),
        ("UPDATE revisions SET reading = '{'", "readings", "is not what was written"),
        ("UPDATE articles SET title = '别的' WHERE title = '改过'", "readings", "is not that of its newest revision"),
    ],
)
def test_each_kind_of_fault_is_named(path: Path, statement: str, part: str, says: str) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(statement)
    found = faults(path)
    assert list(found) == [part]
    assert any(says in what for what in found[part]), found


def test_the_index_is_made_anew(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE articles_fts_docsize SET sz = x'01'")
        other.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    assert list(faults(path)) == ["search index"]
    with Archive.open(path) as archive:
        repair_index(archive)
    assert faults(path) == {}


def test_a_backup_is_the_archive_of_one_moment(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with Archive.open(path) as writing, Archive.open(path, read_only=True) as reading, writing.writing() as db:
        db.execute("DELETE FROM articles")
        assert back_up(reading, target) == target.stat().st_size
    with Archive.open(target, read_only=True) as copy:
        assert copy.counts()["articles"] == 2
    assert faults(target) == {}
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM sections", "sections of article"),
        ("UPDATE articles SET body = '别的'", "the text of article"),
        ("DELETE FROM revisions", "has no revision"),
    ],
)
def test_readings_that_another_program_took_out_are_named(path: Path, statement: str, what: str) -> None:
    with Archive.open(path) as archive:
        archive.db.execute(statement)
        found = [fault.what for _, faults in verify(archive) for fault in faults]
    assert [what in fault for fault in found] == [True] * len(found) != []


def test_a_backup_overwrites_nothing_and_leaves_no_half(path: Path, tmp_path: Path) -> None:
    with Archive.open(path, read_only=True) as archive:
        with pytest.raises(CannotWrite, match="it is there already"):
            back_up(archive, path)
        with pytest.raises(CannotWrite):
            back_up(archive, tmp_path / "no such folder" / "copy.db")
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []
