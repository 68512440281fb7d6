"""Orders, pages, places, facets and trends of what was found."""

import re
from datetime import timedelta
from typing import Any, get_args

import pytest

from archive.errors import NotAHit
from archive.models import Section
from archive.search import Place, Sort, asked, common, ranking, search
from archive.search.folding import load_folding
from archive.search.trends import By, Period, trend
from archive.store import Archive
from tests.archive.test_queries import add
from tests.conftest import MORNING, article, observation


def ids(archive: Archive, query: str, **options: object) -> list[int]:
    return [hit.id for hit in search(archive, query, **options).hits]  # type: ignore[arg-type]  # by keyword


def count(archive: Archive, article_id: int, *values: int) -> None:
    """Counters a day apart."""
    for day, value in enumerate(values):
        row = {"article_id": article_id, "observed_at": f"2026-01-{day + 1:02}T00:00:00Z", "value": value}
        archive.db.table("view_counts").insert(row)


def test_each_order_has_its_first(archive: Archive) -> None:
    old = add(archive, id=1, title="人才", body="", views=5)
    popular = add(archive, id=2, body="人才" + "，新闻" * 50, views=900)
    new = add(archive, id=3, body="人才" + "，新闻" * 9)
    count(archive, old, 1, 500)
    count(archive, popular, 800, 820, 0, 80)
    assert ids(archive, "人才") == [old, new, popular]
    assert ids(archive, "人才", sort="newest") == [new, popular, old]
    assert ids(archive, "人才", sort="oldest") == [old, popular, new]
    assert ids(archive, "人才", sort="views") == [popular, old, new]
    assert ids(archive, "人才", sort="rising") == [old, popular, new]


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("query", ["人才", "人才 -深圳", "-深圳", "source:日报", "人 才"])
@pytest.mark.parametrize("fold", [False, True])
def test_pages_follow_each_other_after_the_last_hit(archive: Archive, sort: Sort, query: str, fold: bool) -> None:
    for number in range(1, 24):
        clusters = {"cluster_id": number % 5} if number % 5 < 2 else {}
        add(archive, id=number, body="人才" * (number % 3 + 1), source="日报", views=number % 4, **clusters)
    whole = ids(archive, query, sort=sort, limit=100, fold=fold)
    pages, after = list[int](), None
    while True:
        results = search(archive, query, sort=sort, limit=4, after=after, fold=fold)
        pages += [hit.id for hit in results.hits]
        if results.after is None:
            break
        after = results.after
    assert pages == whole


def test_what_comes_in_meanwhile_moves_no_page(archive: Archive) -> None:
    for number in range(1, 9):
        add(archive, id=number, body="人才")
    first = search(archive, "人才", sort="newest", limit=3)
    add(archive, id=100, body="人才")
    assert ids(archive, "人才", sort="newest", limit=3, after=first.after) == [5, 4, 3]


def test_after_must_be_a_hit(archive: Archive) -> None:
    add(archive, id=1, body="人才")
    with pytest.raises(NotAHit, match="does not find the article 7"):
        search(archive, "人才", after=7)


def test_among_too_many_the_growth_of_the_newest_is_compared(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "RISING", 2)
    for number in (1, 2, 3):
        count(archive, add(archive, id=number, body="人才"), 0, 100 // number)
    results = search(archive, "人才", sort="rising")
    assert (results.ranked, [hit.id for hit in results.hits]) == ("newest", [2, 3, 1])


def test_what_the_title_must_not_have_the_text_may_not_have_either(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "EXACT", 2)
    monkeypatch.setattr(ranking, "NEWEST", 1)
    for number in range(1, 6):
        add(archive, id=number, title="人才", body="苏州" if number % 2 else "北京")
    for query in ("人才 -苏州", "人才 (深圳 OR (北京 -苏州))", "人才 OR (北京 -苏州)"):
        assert len(ids(archive, query)) == search(archive, query).total == (5 if "人才 OR" in query else 2)


def read_once(archive: Archive) -> None:
    """A revision for each article, as a look leaves one."""
    archive.db.execute(
        """
        INSERT INTO revisions (article_id, observed_at, fingerprint, reading) SELECT id, '2026', '', '{}' FROM articles
        """
    )


def test_a_character_that_only_the_first_of_each_day_has_is_not_common(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "FEWEST", 10)
    for day in range(1, 30):
        for number in range(10):
            add(archive, id=day * 100_000 + number, body="苏" if number == 0 else "北京")
    read_once(archive)
    assert (search(archive, "苏").total, search(archive, "苏").counted) == (29, "exactly")


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_a_common_character_is_found_without_the_index(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, sort: Sort
) -> None:
    monkeypatch.setattr(common, "FEWEST", 10)
    for number in range(1, 60):
        add(archive, id=number, title="蘇" if number == 30 else "题", body="在蘇州" if number % 4 else "在北京")
    read_once(archive)
    results = search(archive, "苏", sort=sort, limit=100)
    found = [hit.id for hit in results.hits]
    expected = [number for number in range(59, 0, -1) if number % 4 or number == 30]
    assert (results.counted, abs(results.total - len(expected)) < 4) == ("about", True)
    assert found == ([30, *(one for one in expected if one != 30)] if sort == "relevance" else expected)
    assert search(archive, "北", sort=sort).counted == "exactly"


COMMON_TREES = (
    *("人 的", "的 OR 书", "-的", "-的 -人", "title:的", "title:的 -人", "的 (人 OR -书)", "人 龘"),
    *(
        "苏州 的",
        "-苏州 的",
        "苏州 OR 的",
        "(苏州 OR 的) 人",
        "苏州 -的",
        "section:人 人",
        '"苏州 的"~5 人',
        "2022年 人",
    ),
)


@pytest.mark.parametrize("options", [{}, {"fold": True}, {"revisions": True}, {"as_of": MORNING}])
@pytest.mark.parametrize("sort", ["newest", "views", "relevance"])
@pytest.mark.parametrize("query", COMMON_TREES)
def test_common_characters_are_found_with_and_without_the_index(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, query: str, sort: Sort, options: dict[str, Any]
) -> None:
    pieces = ("苏州", "2022年", "人", "书", "龘", "的")
    for number in range(1, 64):
        words = [piece for bit, piece in enumerate(pieces) if number >> bit & 1]
        title = words.pop() if number % 3 else ""
        add(archive, id=number, title=title, body="，".join(words), views=number % 7, first_seen_at="2020")
    read_once(archive)
    options |= {"sort": sort, "limit": 100}
    by_index = search(archive, query, **options)
    monkeypatch.setattr(common, "FEWEST", 10)
    looked_at = search(archive, query, **options)
    assert common.common_characters(archive.db, asked(archive.db, query).node, load_folding(archive.db)).variants
    if sort == "relevance":
        assert {hit.id for hit in looked_at.hits} == {hit.id for hit in by_index.hits}
    else:
        assert looked_at.hits == by_index.hits
    assert looked_at.total == by_index.total or looked_at.counted == "about"
    assert by_index.counted == "exactly"


def marked(text: str) -> str:
    """The snippet with its hits between stars."""
    return re.sub(r"\*(.+?)\*", r"<mark>\1</mark>", text)


def with_sections(archive: Archive) -> int:
    sections = (
        Section(paragraphs=("苏州的运河边开了一家图书馆。",)),
        Section(heading="人才", level=2, paragraphs=("人才来了，苏州的人才。", "又来了人才。")),
        Section(heading="天气", level=2, paragraphs=("晴。",)),
    )
    archive.record([observation(article(sections=sections))])
    return archive.article("https://news.example/a/1").id


def test_a_hit_is_a_place(archive: Archive) -> None:
    with_sections(archive)
    (hit,) = search(archive, "人才").hits
    assert hit.section == Place(position=2, heading="人才", count=4)
    assert hit.sections is None
    (hit,) = search(archive, "人才 苏州", all_sections=True).hits
    assert hit.section == Place(position=2, heading="人才", count=5)
    assert hit.sections == (
        Place(position=1, count=1, snippet="<mark>苏州</mark>的运河边开了一家图书馆。"),
        Place(
            position=2,
            heading="人才",
            count=5,
            snippet=marked("*人才*来了，*苏州*的*人才*。 又来了*人才*。"),
        ),
    )


def test_what_is_left_out_and_what_a_field_asks_for_is_not_marked(archive: Archive) -> None:
    with_sections(archive)
    (hit,) = search(archive, "section:天气 -北京 site:news.example").hits
    assert (hit.section and hit.section.position, hit.snippet) == (3, "<mark>天气</mark> 晴。")


def test_facets_count_all_hits(archive: Archive) -> None:
    add(
        archive,
        body="人才",
        site="a.example",
        source="日报",
        authors='["林", "沈"]',
        published_at="2022-10-31T17:00:00Z",
    )
    add(archive, body="人才", site="a.example", category="要闻", authors='["林"]', published_at="2022-10-05T17:00:00Z")
    add(archive, body="人才", site="b.example", authors="林", published_at="2022-10-31T17:00:00Z", utc_offset=480)
    add(archive, body="北京", site="b.example")
    facets = search(archive, "人才", facets=True, limit=1).facets
    assert facets
    assert (facets.of, facets.counts) == (
        3,
        {
            "site": {"a.example": 2, "b.example": 1},
            "category": {"要闻": 1},
            "source": {"日报": 1},
            "author": {"林": 3, "沈": 1},
            "month": {"2022-10": 2, "2022-11": 1},
        },
    )


@pytest.mark.parametrize(
    ("by", "periods"),
    [
        ("year", [("2022", 2, 3), ("2023", 1, 1)]),
        ("month", [("2022-11", 1, 1), ("2022-12", 1, 1), ("2023-01", 1, 1)]),
        ("week", [("2022-11-28", 1, 1), *((f"2022-12-{day:02}", 0, 0) for day in (5, 12, 19)), ("2022-12-26", 2, 2)]),
    ],
)
def test_a_trend_counts_each_period_by_the_pages_clock(
    archive: Archive, by: By, periods: list[tuple[str, int, int]]
) -> None:
    add(archive, body="北京", published_at="2022-10-01T00:00:00Z")
    add(archive, body="人才", published_at="2022-11-30T00:00:00Z")
    add(archive, body="人才", published_at="2022-12-31T15:00:00Z", utc_offset=480)
    add(archive, body="人才", published_at="2022-12-31T16:00:00Z", utc_offset=480)
    add(archive, body="人才")
    found = trend(archive.db, asked(archive.db, "人才").parts, by)
    assert (found.undated, found.periods) == (1, tuple(Period(start=s, hits=h, articles=a) for s, h, a in periods))


def test_a_trend_of_days_has_the_days_between(archive: Archive) -> None:
    for day in ("2024-02-28", "2024-03-01"):
        add(archive, body="人才", published_at=f"{day}T09:00:00Z")
    found = trend(archive.db, asked(archive.db, "人才").parts, "day")
    assert [(one.start, one.hits, one.share) for one in found.periods] == [
        ("2024-02-28", 1, 1.0),
        ("2024-02-29", 0, 0.0),
        ("2024-03-01", 1, 1.0),
    ]


def test_a_trend_of_nothing_is_empty(archive: Archive) -> None:
    assert trend(archive.db, asked(archive.db, "人才").parts, "month").periods == ()


def test_views_and_time_go_together(archive: Archive) -> None:
    archive.record([observation(article(views=5)), observation(article(views=50), minutes=9)])
    assert ids(archive, "views:..9", as_of=MORNING) == ids(archive, "views:50")
    assert ids(archive, "views:..9", as_of=MORNING + timedelta(minutes=9)) == []


@pytest.mark.parametrize("options", [{"as_of": MORNING}, {"revisions": True}])
def test_of_reprints_in_texts_of_both_kinds_one_is_counted(archive: Archive, options: dict[str, Any]) -> None:
    for number, text in ((1, "人才"), (2, "新闻")):
        url = f"https://news.example/{number}"
        for minutes, body in ((0, "人才"), (5, text)):
            page = article(url=url, sections=(Section(paragraphs=(body,)),))
            archive.record([observation(page, url=url, final_url=url, minutes=minutes)])
    archive.db.execute("UPDATE articles SET cluster_id = 7")
    results = search(archive, "人才", fold=True, **options)
    assert (results.total, len(results.hits)) == (1, 1)


def test_the_text_that_a_page_ended_with_may_be_told_by_another_reprint_now(archive: Archive) -> None:
    for number in range(1, 9):
        add(archive, id=number, body="人才", **({"cluster_id": 3} if number == 3 else {}))
    assert ids(archive, "人才", sort="newest", fold=True, limit=6)[-1] == 3
    add(archive, id=100, body="人才", cluster_id=3)
    assert ids(archive, "人才", sort="newest", fold=True, after=3) == [8, 7, 6, 5, 4, 2, 1]


def test_growth_is_that_of_the_time_asked_for(archive: Archive) -> None:
    for number, values in ((1, (0, 50, 50)), (2, (0, 0, 900))):
        url = f"https://news.example/{number}"
        looks = [
            observation(article(url=url, views=value), url=url, final_url=url, minutes=60 * hour)
            for hour, value in enumerate(values)
        ]
        archive.record(looks)
    first, second = (archive.article(f"https://news.example/{number}").id for number in (1, 2))
    assert ids(archive, "图书馆", sort="rising") == [second, first]
    assert ids(archive, "图书馆", sort="rising", as_of=MORNING + timedelta(hours=1)) == [first, second]
