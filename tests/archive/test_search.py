import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest

from archive.errors import QueryError
from archive.search import Results, ranking, search
from archive.search.folding import load_folding
from archive.store import Archive

HAN = "苏州人才市场新闻报道网上蘇場報導網"
SEPARATORS = "，。 \n“”、"


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive.open(":memory:") as opened:
        yield opened


def add(archive: Archive, *, title: str | None = "", body: str | None = "", **columns: object) -> int:
    row = {"url": f"https://news.example/{archive.db['articles'].count}", "title": title, "body": body, **columns}
    archive.db.table("articles").insert(row)
    return int(archive.db.execute("SELECT max(id) FROM articles").fetchone()[0])


def add_section(archive: Archive, article_id: int, position: int, heading: str | None, text: str) -> None:
    row = {"article_id": article_id, "position": position, "heading": heading, "text": text}
    archive.db.table("sections").insert(row)


def found(archive: Archive, query: str) -> set[int]:
    return {hit.id for hit in search(archive, query, limit=10_000).hits}


def made_up_texts(count: int) -> list[str]:
    chance = random.Random(7)
    pieces = [*HAN * 4, *SEPARATORS, " AI ", " iPhone15", "2025", "𠮷", "カ", "한"]
    return ["".join(chance.choices(pieces, k=chance.randrange(120))) for _ in range(count)]


@pytest.mark.parametrize("length", [1, 2, 3, 4, 7])
def test_a_word_finds_every_text_that_holds_it_and_no_other(archive: Archive, length: int) -> None:
    fold = load_folding(archive.db).fold
    texts = {add(archive, title=text[:9], body=text): fold(f"{text[:9]}\n{text}") for text in made_up_texts(300)}
    chance = random.Random(length)
    for _ in range(40):
        word = "".join(chance.choices(HAN + "𠮷カ한", k=length))
        assert found(archive, word) == {number for number, text in texts.items() if fold(word) in text}, word


def test_words_cut_from_the_texts_are_found_in_them(archive: Archive) -> None:
    texts = ["".join(c for c in text if c in HAN) for text in made_up_texts(60)]
    ids = [add(archive, body=text) for text in texts]
    for article_id, text in zip(ids, texts, strict=True):
        for length in (1, 2, 3, 20):
            assert not text[-length:] or article_id in found(archive, text[-length:])


@pytest.mark.parametrize("length", [1, 2, 47, 48, 49, 96, 2303, 2304, 2305, 5000])
def test_a_text_is_searched_to_its_last_character(archive: Archive, length: int) -> None:
    article_id = add(archive, body="苏" * (length - 1) + "州")
    assert found(archive, "州") == {article_id}
    assert found(archive, ("苏" * (length - 1) + "州")[-1000:]) == {article_id}
    assert found(archive, "州苏") == set()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("蘇州", "我在苏州"),
        ("苏州", "我在蘇州"),
        ("群眾", "人民群众"),
        ("衆", "群眾"),
        ("沿着", "沿著"),
        ("什么", "什麼"),
        ("ai", "新的ＡＩ时代"),
        ("ＡＩ", "新的ai时代"),
        ("２０２５年", "2025年"),
        ("café", "Le Cafe"),
        ("カタカナ", "ｶﾀｶﾅ"),
        ("iPhone15手机", "买了iphone15手機。"),
        ("手机AI", "手机 AI"),
        ("买了iPhone15", "他买了 iPhone15手机"),
        ("3.5亿", "有3.5亿元"),
        ("“人才 市场”", "人才，市场"),
        ('"人才市场"', "人才市场"),
        ("人才　苏州", "苏州的人才"),
        ("𠮷野家", "去𠮷野家吃饭"),
        ("人民·日报", "人民日报 人民·日报"),
    ],
)
def test_what_reads_the_same_is_found(archive: Archive, query: str, text: str) -> None:
    article_id = add(archive, body=text)
    assert found(archive, query) == {article_id}
    assert "<mark>" in search(archive, query).hits[0].snippet


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("iPhone15手机", "iphone15 的手机"),
        ("iPhone1", "iPhone15"),
        ("机AI", "手机里AI"),
        ("“人才 市场”", "人才市场"),
        ('"市场 人才"', "人才 市场"),
        ("苏州 北京", "苏州"),
        ("州市", "苏州，市场"),
    ],
)
def test_what_only_looks_alike_is_not_found(archive: Archive, query: str, text: str) -> None:
    add(archive, body=text)
    assert found(archive, query) == set()


@pytest.mark.parametrize("query", ["", " ", "　", "？！", '""', "“ ”", "😀", "\0", "*", "()", "\ud800"])
def test_a_query_without_a_letter_is_an_error(archive: Archive, query: str) -> None:
    with pytest.raises(QueryError, match="nothing to search for"):
        search(archive, query)


@pytest.mark.parametrize(("query", "position"), [('苏州 "人才', 3), ("“", 0), ('"a" b "c', 6), ("ＡＢ＂", 2)])
def test_an_open_quote_is_an_error_at_its_place(archive: Archive, query: str, position: int) -> None:
    with pytest.raises(QueryError) as raised:
        search(archive, query)
    assert raised.value.position == position


@pytest.mark.parametrize("query", ["人" * 1_000_000, '"' * 1_000_000, "a b " * 250_000])
def test_a_page_pasted_as_query_is_an_error_of_one_line(archive: Archive, query: str) -> None:
    with pytest.raises(QueryError) as raised:
        search(archive, query)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    "query",
    [
        "苏州 AND OR NOT NEAR",
        "title:苏州",
        "苏州*",
        "^苏州",
        "-苏州",
        "苏州\0人才",
        "苏州😀",
        "'; DROP TABLE articles; --",
        "{title} : x",
        "a\\b[c]",
        "\ud83d苏州",
        "苏州 \u0301\u3099",
        "人 " * 900,
        " ".join(f"w{number}" for number in range(300)),
        " ".join("苏州人才市场新闻报道"),
    ],
)
def test_any_other_text_is_a_search_or_a_sentence(archive: Archive, query: str) -> None:
    add(archive, title="苏州", body="人才")
    with suppress(QueryError):
        assert search(archive, query).total in (0, 1)


def test_a_title_ranks_above_a_body(archive: Archive) -> None:
    in_title = add(archive, title="苏州人才", body="新闻")
    add(archive, title="新闻", body="苏州人才")
    assert search(archive, "人才").hits[0].id == in_title


def test_pages_of_hits_follow_each_other_without_gap(archive: Archive) -> None:
    ids = {add(archive, body="苏州") for _ in range(7)}
    pages = [search(archive, "苏州", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [len(page.hits) for page in pages] == [3, 3, 1, 0]
    assert {hit.id for page in pages for hit in page.hits} == ids
    assert {page.total for page in pages} == {7}


def test_among_too_many_hits_the_newest_are_ranked_and_the_rest_follow(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_title = add(archive, title="苏州")
    others = [add(archive, body="苏州") for _ in range(9)]
    monkeypatch.setattr(ranking, "EXACT", 4)
    monkeypatch.setattr(ranking, "NEWEST", 2)
    results = search(archive, "苏州")
    assert results.ranked == "newest"
    assert [hit.id for hit in results.hits] == [in_title, *reversed(others)]
    assert [hit.id for hit in search(archive, "苏州", limit=3, offset=8).hits] == [others[1], others[0]]


def test_a_hit_tells_what_the_article_is(archive: Archive) -> None:
    article_id = add(
        archive,
        url="https://news.example/a",
        title="人才",
        site="news.example",
        category="要闻",
        source="日报",
        views=7,
        published_at="2022-10-15T03:43:08Z",
        utc_offset=480,
    )
    results = search(archive, "人才")
    moment = results.hits[0].published_at
    assert moment == datetime(2022, 10, 15, 11, 43, 8, tzinfo=timezone(timedelta(hours=8)))
    assert moment is not None
    assert moment.utcoffset() == timedelta(hours=8)
    assert results.as_json() == {
        "query": "人才",
        "total": 1,
        "counted": "exactly",
        "ranked": "all",
        "after": None,
        "hits": [
            {
                "id": article_id,
                "url": "https://news.example/a",
                "title": "人才",
                "published_at": "2022-10-15T03:43:08Z",
                "category": "要闻",
                "source": "日报",
                "site": "news.example",
                "views": 7,
                "section": None,
                "snippet": "<mark>人才</mark>",
            }
        ],
    }


@pytest.mark.parametrize("published_at", ["yesterday", "", "0001-01-01"])
def test_a_time_that_another_program_wrote_wrong_is_no_time(archive: Archive, published_at: str) -> None:
    add(archive, title="人才", published_at=published_at, utc_offset=99_999)
    assert search(archive, "人才").hits[0].published_at is None


def test_a_hit_names_the_first_section_with_the_most_words(archive: Archive) -> None:
    article_id = add(archive, title="新闻", body="苏州\n一、人才\n苏州的人才")
    add_section(archive, article_id, 1, None, "苏州")
    add_section(archive, article_id, 2, "一、人才", "苏州的人才")
    assert _place(search(archive, "苏州")) == (1, None)
    assert _place(search(archive, "苏州 人才")) == (2, "一、人才")
    assert search(archive, "新闻").hits[0].section is None


def _place(results: Results) -> tuple[int, str | None]:
    section = results.hits[0].section
    assert section is not None
    return section.position, section.heading
