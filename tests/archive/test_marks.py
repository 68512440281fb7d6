"""Tags, notes and watches: what archivists say, and what they want to be told."""

from datetime import timedelta
from pathlib import Path

import pytest

from archive import marks, watches
from archive.errors import BadWord, QueryError, UnknownArticle, UnknownNote, UnknownWatch, WatchExists
from archive.merging import Merged, merge
from archive.models import Section
from archive.replay import replay
from archive.search import search
from archive.store import Archive
from tests.archive.test_queries import add
from tests.conftest import MORNING, article, observation

LATER = MORNING + timedelta(hours=1)


def total(archive: Archive, query: str) -> int:
    return search(archive, query).total


def test_a_tag_is_found_however_it_is_written(archive: Archive) -> None:
    article_id = add(archive, title="人才")
    assert marks.tag(archive, article_id, "蘇州")
    assert not marks.tag(archive, article_id, "苏州")
    assert marks.tag(archive, article_id, "Check")
    assert marks.tags_of(archive.db, article_id) == ("蘇州", "Check")
    assert [total(archive, query) for query in ("tag:苏州", "tag:ｃｈｅｃｋ", "标签：苏州 人才", "tag:苏", "苏州")] == [
        1,
        1,
        1,
        0,
        0,
    ]
    assert marks.untag(archive, article_id, "苏州")
    assert not marks.untag(archive, article_id, "苏州")
    assert marks.all_tags(archive.db) == {"Check": 1}


@pytest.mark.parametrize(
    "word", ["", " ", "a b", "(a)", "「a", 'a"', "a|b", "（", "-x", "OR", "title:x", "标签：x", "tags:x", "a，b"]
)
def test_what_could_not_be_searched_for_is_no_tag(archive: Archive, word: str) -> None:
    with pytest.raises(BadWord):
        marks.tag(archive, add(archive), word)


def test_a_tag_is_found_as_it_is(archive: Archive) -> None:
    article_id = add(archive, site="news.example")
    for word in ("www.example", "３·１５", "re:invent", "C++"):
        marks.tag(archive, article_id, word)
        assert total(archive, f"tag:{word} site:https://www.news.example/a/1") == 1


def test_another_article_is_no_tag(archive: Archive) -> None:
    article_id, other = add(archive), add(archive)
    assert marks.tag(archive, article_id, "2024")
    with pytest.raises(BadWord):
        marks.tag(archive, article_id, str(other))


def test_a_note_is_found_by_its_words(archive: Archive) -> None:
    article_id = add(archive, title="人才")
    number = marks.note(archive, article_id, "打电话问过作者")
    assert [total(archive, query) for query in ("note:電話", "note:(电话 作者)", "note:人才", "电话")] == [1, 1, 0, 0]
    with pytest.raises(UnknownNote):
        marks.remove_note(archive, article_id + 1, number)
    marks.remove_note(archive, article_id, number)
    assert marks.notes_of(archive.db, article_id) == ()


def test_only_what_is_there_is_marked(archive: Archive) -> None:
    with pytest.raises(UnknownArticle):
        marks.tag(archive, 7, "核对")
    with pytest.raises(UnknownArticle):
        marks.note(archive, 7, "核对")


def test_marks_outlive_edits_and_better_parsers(archive: Archive) -> None:
    (seen,) = archive.record([observation(article())])
    assert seen.article_id
    marks.tag(archive, seen.article_id, "核对")
    archive.record([observation(article(title="改过"), minutes=5)])
    assert total(archive, "tag:核对 改过") == 1
    with archive.writing() as db:
        moved = article(url="https://news.example/other")
        replay(db, {seen.capture_id: moved, seen.capture_id + 1: moved})
    assert total(archive, "tag:核对") == 1


def test_an_article_that_is_taken_out_takes_its_marks_with_it(archive: Archive) -> None:
    article_id = add(archive)
    marks.tag(archive, article_id, "核对")
    marks.note(archive, article_id, "电话")
    archive.db.execute("DELETE FROM articles")
    assert archive.db.execute("SELECT (SELECT count(*) FROM tags) + (SELECT count(*) FROM notes)").fetchone() == (0,)


def test_a_watch_tells_of_each_article_once(archive: Archive) -> None:
    known = add(archive, body="人才")
    watch = watches.add_watch(archive, "w", "人才 -北京", now=MORNING)
    assert (watch.found, watches.new_in(archive, watch)) == (1, [])
    edited, new = add(archive, body="新闻"), add(archive, body="人才")
    archive.db.execute("UPDATE articles SET body = '人才' WHERE id = ?", [edited])
    add(archive, body="北京人才")
    for _ in range(2):
        assert watches.new_in(archive, watch) == [new, edited]
    watches.told(archive, watch, [new, edited], now=LATER)
    assert watches.new_in(archive, watch) == []
    assert watches.told_by(archive, watch) == [(new, LATER), (edited, LATER)]
    assert watches.told_by(archive, watch, since=LATER + timedelta(seconds=1)) == []
    archive.db.execute("DELETE FROM articles WHERE id = ?", [known])
    (watch,) = watches.watches(archive.db)
    assert (watch.query, watch.found, watch.run_at) == ("人才 -北京", 2, LATER)


def test_what_is_wrong_with_a_watch_is_said(archive: Archive) -> None:
    with pytest.raises(QueryError):
        watches.add_watch(archive, "w", "(人才", now=MORNING)
    watches.add_watch(archive, "w", "人才", now=MORNING)
    with pytest.raises(WatchExists):
        watches.add_watch(archive, "w", "北京", now=MORNING)
    watches.remove_watch(archive, "w")
    with pytest.raises(UnknownWatch):
        watches.remove_watch(archive, "w")
    with pytest.raises(UnknownWatch):
        watches.watch_named(archive.db, "w")
    with pytest.raises(BadWord):
        watches.add_watch(archive, "two words", "人才", now=MORNING)


def test_marks_and_watches_come_along_into_another_archive(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as one, Archive.open(tmp_path / "b.db") as other:
        other.record([observation(article(sections=(Section(paragraphs=("人才",)),)))])
        (article_id,) = other.db.execute("SELECT id FROM articles").fetchone()
        marks.tag(other, article_id, "核對")
        one.record([observation(article(sections=(Section(paragraphs=("人才",)),)))])
        marks.tag(one, article_id, "核对")
        marks.note(other, article_id, "电话")
        watches.add_watch(other, "w", "人才", now=MORNING)
        for _ in range(2):
            assert list(merge(one, other, Merged())) != [None]
        assert [total(one, query) for query in ("tag:核对", "note:电话")] == [1, 1]
        assert len(marks.notes_of(one.db, article_id)) == 1
        assert marks.tags_of(one.db, article_id) == ("核对",)
        assert watches.new_in(one, watches.watch_named(one.db, "w")) == []
