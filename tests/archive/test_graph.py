from datetime import timedelta

import pytest

from archive.errors import UnknownList
from archive.graph import Stay, recommended, recommended_by, same_headline, slots
from archive.models import Link, Listing
from archive.store import Archive
from archive.times import end_of
from tests.conftest import MORNING, article, observation

LIST = "https://news.example/c/city"


def link(name: str, position: int, title: str | None = None, block: str | None = "相关阅读") -> Link:
    return Link(position=position, block=block, url=f"https://news.example/a/{name}", title=title or f"标题{name}")


def shown(archive: Archive, *looks: str) -> None:
    """The article ``1`` seen at some hours, with what it recommended then, a letter each."""
    for hour, names in enumerate(looks):
        links = tuple(link(name, position) for position, name in enumerate(names, start=1))
        archive.record([observation(article(related=links), minutes=60 * hour)])


def stays(found: tuple[Stay, ...]) -> list[tuple[str, int, list[int], int | None]]:
    """Of each stay the name, the hour of first sight, the positions, and the hour by which it was gone."""
    hours = [(stay, (stay.gone_at - MORNING) / timedelta(hours=1) if stay.gone_at else None) for stay in found]
    return [
        (
            stay.url.rpartition("/")[2],
            int((stay.seen[0].observed_at - MORNING) / timedelta(hours=1)),
            [look.position for look in stay.seen],
            int(gone) if gone is not None else None,
        )
        for stay, gone in hours
    ]


def test_each_recommendation_has_its_time_and_its_positions(archive: Archive) -> None:
    shown(archive, "ab", "ba", "c", "ca")
    found = recommended(archive, archive.article("https://news.example/a/1"))
    assert stays(found) == [
        ("a", 0, [1, 2], 2),
        ("b", 0, [2, 1], 2),
        ("c", 2, [1, 1], None),
        ("a", 3, [2], None),
    ]


def test_a_look_without_any_block_ends_every_stay(archive: Archive) -> None:
    shown(archive, "a", "")
    assert stays(recommended(archive, archive.article("https://news.example/a/1"))) == [("a", 0, [1], 1)]


@pytest.mark.parametrize(
    ("as_of", "names"), [("2026-03-01T08:30", "ab"), ("2026-03-01T09:59", "ab"), ("2026-03", "ca"), ("2026-02", "")]
)
def test_what_stood_there_at_a_date(archive: Archive, as_of: str, names: str) -> None:
    shown(archive, "ab", "ba", "c", "ca")
    found = recommended(archive, archive.article("https://news.example/a/1"), end_of(as_of))
    assert sorted(stay.url.rpartition("/")[2] for stay in found) == sorted(names)


def test_who_recommended_an_article(archive: Archive) -> None:
    shown(archive, "b", "b", "")
    archive.record([observation(Listing(url=LIST, links=(link("b", 1),)), url=LIST, final_url=LIST)])
    url = "https://news.example/a/b"
    archive.record([observation(article(url=url), url=url, final_url=url)])
    found = recommended_by(archive, archive.article(url))
    assert [(stay.source_url, [look.position for look in stay.seen], stay.gone_at is None) for stay in found] == [
        ("https://news.example/a/1", [1, 1], False),
        (LIST, [1], True),
    ]


def test_a_list_page_keeps_every_wording_of_a_headline(archive: Archive) -> None:
    for hour, title in enumerate(("书店开了", "书店开了", "书店不开了")):
        page = Listing(url=LIST, links=(link("a", 1, title),))
        archive.record([observation(page, minutes=60 * hour, url=LIST, final_url=LIST)])
    (stay,) = slots(archive, LIST)
    assert [(look.title, look.observed_at) for look in stay.titles] == [
        ("书店开了", MORNING),
        ("书店不开了", MORNING + timedelta(hours=2)),
    ]


def test_an_address_that_was_never_a_list_is_named(archive: Archive) -> None:
    with pytest.raises(UnknownList, match=r"news\.example/nowhere"):
        slots(archive, "https://news.example/nowhere")


@pytest.mark.parametrize(
    ("printed", "title", "same"),
    [
        ("运河边的书店，开了…", "运河边的书店开了门", True),
        ("运河边的书店開了", "运河边的书店开了", False),
        ("The Bookshop is open", "The bookshop is open.", True),
        ("书店开了", "书店开了门", False),
    ],
)
def test_a_teaser_may_be_cut_off(printed: str, title: str, same: bool) -> None:
    assert same_headline(printed, title) is same


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026", "2026-12-31T23:59:59+00:00"),
        ("2026-02", "2026-02-28T23:59:59+00:00"),
        ("2026-03-01", "2026-03-01T23:59:59+00:00"),
        ("2026-03-01T08:30", "2026-03-01T08:30:59+00:00"),
        ("2026-03-01T08:30:05+08:00", "2026-03-01T08:30:05+08:00"),
    ],
)
def test_a_period_means_its_end(text: str, moment: str) -> None:
    assert end_of(text).isoformat() == moment


@pytest.mark.parametrize("text", ["", "2026-13", "heute", "2026-03-01T25:00", "20260"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        end_of(text)
