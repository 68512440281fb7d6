import re
from datetime import datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from archive.models import Article, Observation, Section
from archive.store import Archive
from tests.archive.web.conftest import Get, Kept, Room
from tests.conftest import article, observation

FIRST = "运河边的书店今天开门，来的人很多，大家都说好。"
SECOND = "店里有三千本书，还有一张长桌子，二十把椅子。"
LONG = tuple(f"这是第{number}段，从来没有人改过它。" for number in range(1, 21))


def saying(*paragraphs: str, **values: object) -> Article:
    return article(sections=(Section(heading="书架", level=2, paragraphs=paragraphs),), **values)


def edited(*readings: Article) -> list[Observation]:
    return [observation(reading, minutes=minute) for minute, reading in enumerate(readings)]


@pytest.fixture
def number(kept: Kept, tmp_path: Path) -> int:
    """Of an article with three revisions."""
    path = kept(
        *edited(
            saying(FIRST, SECOND, *LONG, source="日报"),
            saying(FIRST, SECOND.replace("三千本", "五千册"), *LONG, source="晚报"),
            saying(FIRST, SECOND, *LONG, source="日报"),
        )
    )
    with Archive.open(path, read_only=True) as archive:
        (row,) = archive.db.query("SELECT id FROM articles")
    return int(row["id"])


@pytest.fixture
def get(room: Room, number: int, tmp_path: Path) -> Get:
    return room(tmp_path / "archive.db")


def texts(page: str, selector: str) -> list[str]:
    return [" ".join(one.get_text().split()) for one in BeautifulSoup(page, "lxml").select(selector)]


def test_an_edit_shows_the_words_that_went_and_those_that_came(get: Get, number: int) -> None:
    page = get(f"/compare/{number}/1/2?view=inline").text
    assert texts(page, ".text del") == ["[taken out: 三千本]"]
    assert texts(page, ".text ins") == ["[put in: 五千册]"]
    assert texts(page, ".fields dt") == ["Source"]
    assert "correction" in page


def test_side_by_side_both_revisions_are_read_whole(get: Get, number: int) -> None:
    page = BeautifulSoup(get(f"/compare/{number}/1/2").text, "lxml")
    for one in page.select(".changed > :not(.now) ins, .changed > .now del, .unseen"):
        one.decompose()
    was, now = page.select(".changed > p")
    assert (was.get_text(), now.get_text()) == (SECOND, SECOND.replace("三千本", "五千册"))


def test_unchanged_paragraphs_far_from_an_edit_are_folded(get: Get, number: int) -> None:
    page = get(f"/compare/{number}/1/2?view=inline").text
    assert texts(page, ".text summary") == ["19 unchanged paragraphs"]
    assert texts(page, ".text details p") == list(LONG[1:])


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [("", "2/3"), ("/3/1", "1/3"), ("?from=1&to=3", "1/3"), ("?from=3&to=2&view=inline", "3/2?view=inline")],
)
def test_there_are_several_ways_to_a_comparison(get: Get, number: int, asked: str, leads_to: str) -> None:
    answer = get(f"/compare/{number}{asked}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/compare/{number}/{leads_to}")


def test_an_edit_leads_to_the_edits_before_and_after_it(get: Get, number: int) -> None:
    page = BeautifulSoup(get(f"/compare/{number}/1/2?view=inline").text, "lxml")
    assert page.select("a[rel=prev]") == []
    assert [one["href"] for one in page.select("a[rel=next]")] == [f"/compare/{number}/2/3?view=inline"]


def test_what_comes_back_is_told(get: Get, number: int) -> None:
    assert "back again" in get(f"/compare/{number}/2/3").text


def test_a_revision_is_the_same_as_itself(get: Get, number: int) -> None:
    answer = get(f"/compare/{number}/2/2")
    assert answer.status_code == 200
    assert "one and the same" in answer.text


@pytest.mark.parametrize(("asked", "status"), [("/1/4", 404), ("/0/1", 404), ("/1/x", 404), ("?from=9", 400)])
def test_a_revision_that_is_not_there_is_named(get: Get, number: int, asked: str, status: int) -> None:
    assert get(f"/compare/{number}{asked}").status_code == status


def test_an_article_that_was_never_edited_has_nothing_to_compare(room: Room, kept: Kept) -> None:
    path = kept(observation(article()))
    with Archive.open(path, read_only=True) as archive:
        (row,) = archive.db.query("SELECT id FROM articles")
    answer = room(path)(f"/compare/{row['id']}", accept_language="zh")
    assert answer.status_code == 404
    assert "《运河边的图书馆》只保留一个版本" in answer.text


def test_a_moved_date_is_told_as_the_page_printed_it(room: Room, kept: Kept) -> None:
    days = [datetime.fromisoformat(f"2022-10-{day}T00:00:00+08:00") for day in (15, 16)]
    path = kept(*edited(*(saying(FIRST, published_at=day, published_precision="day") for day in days)))
    with Archive.open(path, read_only=True) as archive:
        (row,) = archive.db.query("SELECT id FROM articles")
    page = room(path)(f"/compare/{row['id']}/1/2").text
    assert texts(page, ".fields dd") == ["[taken out: 2022-10-15][put in: 2022-10-16]"]


def test_a_text_full_of_markup_is_a_text(room: Room, kept: Kept) -> None:
    path = kept(*edited(saying("<script>alert(1)</script>"), saying("<img src=x onerror=alert(2)>{{ 7*7 }}")))
    with Archive.open(path, read_only=True) as archive:
        (row,) = archive.db.query("SELECT id FROM articles")
    page = room(path)(f"/compare/{row['id']}/1/2").text
    assert not re.search("<img|<script>", page)
    assert "{{ 7*7 }}" in page
