from dataclasses import replace
from pathlib import Path

import pytest

from archive.captures import Contents
from archive.models import Article, Observation, Section
from archive.preparing import prepare
from archive.store import Archive
from archive.urls import site_of
from crawler.errors import ParseError
from crawler.reader import read_for
from tests.archive.test_captures import page, pages
from tests.archive.test_index import check
from tests.conftest import article, observation
from tests.looks import looks_at_sample_site, told


def prepared(contents: Contents, look: Observation) -> Observation:
    capture, read = look.capture, look.page
    if capture.body is None or not isinstance(read, Article):
        return look
    return replace(look, prepared=prepare(contents, capture.body, site_of(capture.final_url), read))


def kept(path: Path) -> list[list[tuple[object, ...]]]:
    """What of an archive is prepared before it is written."""
    tables = ("contents", "dictionaries", "reprint_keys", "articles_fts_data", "articles_fts_docsize")
    with Archive.open(path, read_only=True) as archive:
        return [archive.db.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]


def test_what_is_prepared_by_a_reader_is_written_as_what_is_not(tmp_path: Path) -> None:
    plain, ready = tmp_path / "plain.db", tmp_path / "ready.db"
    with Archive.open(plain) as one, Archive.open(ready) as other, Archive.open(ready, read_only=True) as reader:
        for look in looks_at_sample_site():
            one.record([look])
            other.record([prepared(reader.contents, look)])
    assert told(plain) == told(ready)
    assert kept(plain) == kept(ready)


def test_what_was_packed_before_a_dictionary_was_made_is_packed_again(archive: Archive) -> None:
    late = [prepared(archive.contents, look) for look in pages(3, start=100)]
    archive.record(pages(64))
    archive.record(late)
    rows = archive.db.execute("SELECT sha256, dictionary_id FROM contents ORDER BY rowid DESC LIMIT 3").fetchall()
    assert {archive.contents.get(sha256) for sha256, _ in rows} == {page(100), page(101), page(102)}
    assert {dictionary for _, dictionary in rows} == {1}


def test_what_was_kept_when_it_was_prepared_and_is_pruned_now_is_packed_again(archive: Archive) -> None:
    archive.record(pages(1))
    (look,) = pages(1)
    ready = prepared(archive.contents, look)
    assert ready.prepared is not None
    assert ready.prepared.packed.body is None
    archive.db.execute("UPDATE contents SET codec = 'pruned', body = x''")
    archive.record([ready])
    assert archive.contents.checked(ready.prepared.packed.sha256) == page(0)


def test_an_article_that_was_joined_after_it_was_prepared_is_found_by_all_of_its_text(archive: Archive) -> None:
    look = prepared(archive.contents, observation(article()))
    whole = article(sections=(Section(paragraphs=("苏州的运河边开了一家图书馆。", "第二页说的是桥梁。")),))
    archive.record([replace(look, page=whole)])
    check(archive.db)
    assert archive.db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH '桥梁'").fetchone() == (1,)


def test_a_reader_hands_over_the_page_where_the_archive_cannot_be_read(tmp_path: Path) -> None:
    look = next(look for look in looks_at_sample_site() if isinstance(look.page, Article))
    body, url = look.capture.body or b"", look.capture.final_url
    read = read_for(tmp_path / "none.db", body, url, content_type="text/html", fetched_at=look.capture.fetched_at)
    assert read.page == look.page
    assert read.prepared is None


def test_a_reader_raises_what_the_reading_raises(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="no page but image/png"):
        read_for(tmp_path / "none.db", b"\x89PNG", "https://news.example/", content_type="image/png", fetched_at=None)
