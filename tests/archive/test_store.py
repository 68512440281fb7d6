import os
import sqlite3
from pathlib import Path

import pytest

from archive import crawls
from archive.errors import ArchiveInUse, ArchiveTooNew, ArchiveUnreadable, UnknownArticle
from archive.store import Archive
from tests.conftest import article, observation


def test_a_missing_file_is_made(tmp_path: Path) -> None:
    Archive.open(tmp_path / "new.db").close()
    assert (tmp_path / "new.db").exists()


def test_a_missing_file_is_not_made_for_reading(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreadable, match=r"new\.db: there is no such file"):
        Archive.open(tmp_path / "new.db", read_only=True)
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("content", [b"junk that is no database at all", b"SQLite format 3\x00 and then junk" * 99])
def test_what_is_no_archive_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes, read_only: bool) -> None:
    path = tmp_path / "junk.db"
    path.write_bytes(content)
    with pytest.raises(ArchiveUnreadable):
        Archive.open(path, read_only=read_only)
    assert path.read_bytes() == content


@pytest.mark.parametrize("read_only", [True, False])
def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveUnreadable, match="no Yaowen archive"):
        Archive.open(path, read_only=read_only)
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [True, False])
def test_an_archive_of_a_later_version_is_refused(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "later.db"
    with Archive.open(path) as archive:
        archive.db.table("_sqlite_migrations").insert(
            {"migration_set": "yaowen", "name": "m999_later", "applied_at": "2030"}
        )
    with pytest.raises(ArchiveTooNew, match="m999_later"):
        Archive.open(path, read_only=read_only)


def test_a_reader_sees_what_a_writer_committed_while_it_is_open(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as writer, Archive.open(tmp_path / "a.db", read_only=True) as reader:
        writer.record([observation(article())])
        assert reader.article("https://news.example/a/1").title == "运河边的图书馆"


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    Archive.open(tmp_path / "a.db").close()
    with Archive.open(tmp_path / "a.db", read_only=True) as reader, pytest.raises(sqlite3.OperationalError):
        reader.record([observation(article())])


def test_a_path_with_special_characters_is_a_path(tmp_path: Path) -> None:
    path = tmp_path / "档案 ?mode=memory#1%20.db"
    Archive.open(path).close()
    Archive.open(path, read_only=True).close()
    assert path.exists()


@pytest.mark.parametrize("wanted", [1, "1", "9" * 30, "https://news.example/never"])
def test_an_unknown_article_is_named(archive: Archive, wanted: int | str) -> None:
    with pytest.raises(UnknownArticle, match=str(wanted)):
        archive.article(wanted)


def test_any_address_that_led_to_an_article_finds_it(archive: Archive) -> None:
    archive.record([observation(article(url="https://news.example/a/1"), url="https://news.example/short")])
    assert archive.article("https://news.example/short#x").id == archive.article("https://news.example/a/1").id


def test_text_that_another_program_wrote_is_shown_as_it_stands(archive: Archive) -> None:
    archive.record([observation(article())])
    archive.db.execute("UPDATE articles SET body = '甲\n乙'")
    assert archive.article("https://news.example/a/1").sections[0].paragraphs == ("甲", "乙")


def test_a_second_crawl_is_told_who_holds_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with crawls.held(path), pytest.raises(ArchiveInUse, match=str(os.getpid())), crawls.held(path):
        pass


def test_a_lock_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.db.lock").mkdir()
    with pytest.raises(ArchiveUnreadable, match=r"a\.db\.lock"), crawls.held(tmp_path / "a.db"):
        pass


def test_an_archive_is_free_again_after_a_crawl(tmp_path: Path) -> None:
    with crawls.held(tmp_path / "a.db"):
        pass
    with crawls.held(tmp_path / "a.db"):
        assert (tmp_path / "a.db.lock").read_text() == str(os.getpid())


@pytest.mark.parametrize(("written", "read"), [("林知远", ("林知远",)), ('["甲", "乙"]', ("甲", "乙")), ("7", ("7",))])
def test_rows_of_other_programs_are_shown_whatever_they_hold(
    archive: Archive, written: str, read: tuple[str, ...]
) -> None:
    archive.db.execute(
        "INSERT INTO articles (url, authors, published_at, first_seen_at) VALUES ('x', ?, 'yesterday', '?')", [written]
    )
    stored = archive.article("x")
    assert (stored.authors, stored.published_at, stored.first_seen_at) == (read, None, None)


def test_bytes_of_another_program_that_are_no_utf_8_stop_nothing(archive: Archive) -> None:
    archive.db.execute("INSERT INTO articles (url, category, views) VALUES ('x', CAST(x'ff' AS TEXT), '1.3万')")
    assert (archive.article("x").category, archive.article("x").views) == ("\ufffd", None)
