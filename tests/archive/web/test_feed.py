"""The feed of a search."""

from pathlib import Path

import feedparser
import pytest

from archive.models import Section
from archive.store import Archive
from tests.archive.web.conftest import Room
from tests.conftest import article, observation


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three articles in two categories, one of them edited."""
    looks = [
        observation(article(category="要闻")),
        observation(article(category="要闻", title="改过的标题"), minutes=5),
        observation(
            article(url="https://news.example/a/2", title="桥", category="要闻"), url="https://news.example/a/2"
        ),
        observation(
            article(
                url="https://news.example/a/3", title="河", category="体育", sections=(Section(paragraphs=("河。",)),)
            ),
            url="https://news.example/a/3",
        ),
    ]
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record(looks)
    return tmp_path / "archive.db"


@pytest.mark.parametrize(
    ("values", "titles"),
    [
        ("", {"改过的标题", "桥", "河"}),
        ("?q=图书馆&sort=views&page=1", {"改过的标题", "桥"}),
        ("?category=体育", {"河"}),
        ("?q=图书馆&category=体育", set()),
        ("?what=changes", {"headline: 改过的标题"}),
        ("?what=changes&category=体育", set()),
    ],
)
def test_a_feed_has_what_the_search_of_the_same_values_finds(
    room: Room, path: Path, values: str, titles: set[str]
) -> None:
    answer = room(path)(f"/feed.atom{values}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    feed = feedparser.parse(answer.content)
    assert (feed.bozo, {entry.title for entry in feed.entries}) == (False, titles)


def test_the_feed_is_the_one_that_the_start_page_links(room: Room, path: Path) -> None:
    page = room(path)("/?q=图书馆&category=要闻&page=1").text
    href = page.partition('type="application/atom+xml" href="')[2].partition('"')[0].replace("&amp;", "&")
    answer = room(path)(href)
    feed = feedparser.parse(answer.content)
    assert len(feed.entries) == 2
    (own,) = [link.href for link in feed.feed.links if link.rel == "self"]
    assert own == f"http://localhost{href}"


def test_who_has_the_feed_is_not_sent_it_again_until_it_changes(room: Room, path: Path) -> None:
    get = room(path)
    first = get("/feed.atom")
    for known in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = get("/feed.atom", if_none_match=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    with Archive.open(path) as archive:
        archive.record([observation(article(url="https://news.example/a/4"), url="https://news.example/a/4")])
    assert get("/feed.atom", if_none_match=first.headers["etag"]).status_code == 200
    assert first.headers["cache-control"] == "max-age=300"


@pytest.mark.parametrize("values", ["?q=(", "?what=nothing", "?since=yesterday", "?sort=nope", "?q=日期："])
def test_what_cannot_be_searched_is_no_feed(room: Room, path: Path, values: str) -> None:
    assert room(path)(f"/feed.atom{values}").status_code == 400
