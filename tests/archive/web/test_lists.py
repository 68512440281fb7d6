from pathlib import Path
from urllib.parse import quote

import pytest

from archive.list_pages import known_lists, list_page
from archive.models import Link, Listing
from archive.store import Archive
from archive.times import end_of
from archive.web.formats import list_path
from tests.archive.web.conftest import Get, Room
from tests.conftest import article, observation

LIST = "https://news.example/c/%E8%A6%81?page=2"
LOOKS = (("书店开了", "菜场", "车站"), ("书店开了", "车站", "菜场", "桥"), ("书店不开了", "桥"))
ADDRESSES = {"书店开了": "shop", "书店不开了": "shop", "菜场": "market", "车站": "station", "桥": "javascript:alert(1)"}


def address(title: str) -> str:
    return ADDRESSES[title] if ":" in ADDRESSES[title] else f"https://news.example/a/{ADDRESSES[title]}"


def seen(archive: Archive, url: str, *looks: tuple[str, ...]) -> None:
    """A list page with these headlines, a look an hour."""
    for hour, titles in enumerate(looks):
        links = tuple(Link(position=n, url=address(one), title=one) for n, one in enumerate(titles, start=1))
        page = Listing(url=url, title=f"要闻 <b>{hour}</b>", links=links)
        archive.record([observation(page, minutes=60 * hour, url=url, final_url=url)])


@pytest.fixture
def get(tmp_path: Path, room: Room) -> Get:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        seen(archive, LIST, *LOOKS)
        seen(archive, "https://other.example/", ("车站",))
        shop = address("书店开了")
        archive.record([observation(article(url=shop, title="运河书店开了"), url=shop, final_url=shop)])
    return room(path)


def told(archive: Archive, at: str | None = None) -> list[tuple[str, int, int | None]]:
    page = list_page(archive, LIST, end_of(at) if at else None)
    return [(one.title, one.position, one.before) for one in page.headlines]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, [("书店不开了", 1, 1), ("桥", 2, 4)]),
        ("2026-03-01T09:30", [("书店开了", 1, 1), ("车站", 2, 3), ("菜场", 3, 2), ("桥", 4, None)]),
        ("2026-03-01T08:00:00Z", [("书店开了", 1, None), ("菜场", 2, None), ("车站", 3, None)]),
        ("2026-02", [("书店开了", 1, None), ("菜场", 2, None), ("车站", 3, None)]),
    ],
)
def test_a_list_page_stands_as_the_last_look_found_it(
    archive: Archive, at: str | None, expected: list[tuple[str, int, int | None]]
) -> None:
    seen(archive, LIST, *LOOKS)
    assert told(archive, at) == expected


def test_what_went_and_how_a_headline_was_reworded_is_told_though_the_page_has_another_title(archive: Archive) -> None:
    seen(archive, LIST, *LOOKS)
    page = list_page(archive, LIST)
    assert [(one.title, one.position) for one in page.went] == [("车站", 2), ("菜场", 3)]
    assert [title for _, title in page.headlines[0].wordings] == ["书店开了", "书店不开了"]
    assert (page.headlines[0].is_older, page.headlines[1].is_older, page.label) == (True, False, "要闻 <b>2</b>")


def test_a_look_that_found_no_headline_is_a_look(archive: Archive) -> None:
    seen(archive, LIST, ("桥",), (), ("桥",))
    assert [len(slots) for slots in list_page(archive, LIST).slots.values()] == [1, 0, 1]
    assert list_page(archive, LIST).headlines[0].before is None


def test_the_lists_seen_last_come_first_and_those_of_a_site_alone(archive: Archive) -> None:
    seen(archive, "https://other.example/", ("车站",))
    seen(archive, LIST, *LOOKS)
    found = known_lists(archive, limit=9)
    assert [(one.url, one.looks, one.headlines) for one in found.lists] == [
        (LIST, 3, 2),
        ("https://other.example/", 1, 1),
    ]
    assert (found.total, found.sites) == (2, ("news.example", "other.example"))
    assert [one.looks for one in known_lists(archive, site="other.example", limit=9).lists] == [1]


@pytest.mark.parametrize(
    "path",
    [
        list_path(LIST, str),
        f"/list/{LIST}",
        f"/list/{LIST.replace('//', '/')}",
        f"/list/{quote(LIST, safe='')}",
        "/list/https://news.example/c/要?lang=en&page=2",
        "/list/https://news.example/c/要?page=2&at=2026-03-02",
    ],
)
def test_the_address_of_a_list_may_come_packed_or_as_it_is(get: Get, path: str) -> None:
    answer = get(path)
    assert (answer.status_code, "书店<ins>不</ins>开了" in answer.text) == (200, True)


def test_the_page_of_a_list_links_to_articles_and_never_runs_what_was_scraped(get: Get) -> None:
    text = get(list_path(LIST, str)).text
    assert ("<b>2</b>" in text, 'href="javascript' in text) == (False, False)
    assert text.count("运河书店开了") == 1  # what the article itself says


def test_without_scripts_a_look_is_chosen_in_a_form_or_by_links(get: Get) -> None:
    text = get(list_path(LIST, str) + "?at=2026-03-01T09:30").text
    assert text.count("<option") == 3
    assert '<option value="2026-03-01T09:00:00Z" selected>' in text
    for link in ("2026-03-01T08%3A00%3A00Z", "2026-03-01T10%3A00%3A00Z"):
        assert f"%3Fpage=2?at={link}" in text
    assert 'colspan="2"' in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/list/https://news.example/nowhere", 404),
        ("/list/https://news.example/a/shop", 404),
        ("/list/%00", 404),
        (list_path(LIST, str) + "?at=heute", 400),
        (list_path(LIST, str) + "?at=9999-12-31T23:59:59-10:00", 400),
        (list_path(LIST, str) + "?history=1", 400),
        ("/lists?site=nowhere.example", 404),
        ("/lists?page=0", 400),
        ("/lists?page=7", 200),
    ],
)
def test_what_is_no_list_is_told_in_a_sentence(get: Get, path: str, status: int) -> None:
    assert get(path).status_code == status


def test_the_lists_are_shown_with_their_numbers(get: Get) -> None:
    text = get("/lists?site=news.example").text
    assert list_path(LIST, str) in text
    assert ("other.example/</small>" in text, "1 list page<" in text) == (False, True)


def test_what_other_programs_wrote_into_the_tables_breaks_no_page(tmp_path: Path, room: Room) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        seen(archive, LIST, *LOOKS)
        with archive.writing() as db:
            add = "INSERT INTO listings (id, url, kind, label, observed_at) VALUES (?, ?, 'page', ?, ?)"
            link = "INSERT INTO links (listing_id, position, url, title) VALUES (?, ?, ?, ?)"
            odd = (("2026-03-02 08:00:00", b"\xff"), ("soon", "x"), ("2026-03-02T09:00:00+08:00", None), (5, "y"))
            for number, (moment, label) in enumerate(odd, 100):
                db.execute(add, [number, LIST, label, moment])
                db.execute(link, [number, 1, b"https://news.example/\xfe", b"\xff<script>"])
            db.execute(add, [200, "", None, "2026-03-02T08:00:00Z"])
            db.execute(add, [201, "x" * 9_000, "\u202e" * 900, "2026-03-02T08:00:00Z"])
    get = room(path)
    listed = get("/lists").text
    assert ("<script>" in listed, "3 list pages" in listed) == (False, True)
    page = get(list_path(LIST, str))
    assert (page.status_code, "look 5 of 5" in page.text) == (200, True)
    assert get(list_path("x" * 9_000, str)).status_code == 200


def test_looks_far_apart_are_told_apart_by_the_slider(tmp_path: Path, room: Room) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        seen(archive, LIST, *[("桥",)] * 650)
    text = room(path)(list_path(LIST, str) + "?at=2026-03-10T10").text
    assert 200 < text.count("<option") < 320
    assert "selected>2026-03-10 10:00:00<" in text
