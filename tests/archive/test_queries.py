"""The query language: what is found, what is an error, and where."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import QueryError
from archive.search import Sort, search
from archive.store import Archive

Row = dict[str, str | int | None]
"""The columns of an article."""


def add(archive: Archive, **columns: str | int | None) -> int:
    row = {"url": f"https://news.example/{archive.db['articles'].count}", "title": "", "body": ""} | columns
    archive.db.table("articles").insert(row)
    (article_id,) = archive.db.execute("SELECT id FROM articles WHERE url = ?", [row["url"]]).fetchone()
    return int(article_id)


def finds(archive: Archive, query: str) -> bool:
    return search(archive, query).total == 1


@pytest.mark.parametrize(
    ("query", "text", "is_found"),
    [
        ("人才 -苏州", "人才", True),
        ("人才 -苏州", "苏州的人才", False),
        ("人才 NOT 苏州", "苏州的人才", False),
        ("人才 AND 苏州", "苏州的人才", True),
        ("人才 AND 苏州", "人才", False),
        ("北京 OR 苏州", "苏州", True),
        ("北京|苏州", "苏州", True),
        ("人才 北京 OR 苏州", "苏州", True),
        ("人才 北京 OR 苏州", "人才", False),
        ("人才 (北京 OR 苏州)", "苏州", False),
        ("人才 (北京 OR 苏州)", "苏州人才", True),
        ("-(北京 苏州)", "北京", True),
        ("-(北京 苏州)", "北京，苏州", False),
        ("-北京", "北京", False),
        ("-北京", "苏州", True),
        ("- 北京", "北京", True),
        ("NOT NOT 北京", "北京", True),
        ("NOT (NOT 北京 OR 苏州)", "北京", True),
        ("（北京 ＯＲ 苏州） －人才", "苏州", True),
        ("（北京 ＯＲ 苏州） －人才", "苏州人才", False),
        ("「苏州 人才」", "苏州，人才", True),
        ("『苏州 人才』", "苏州的人才", False),
        ("苏州(江苏)", "江苏苏州", True),
        ('-"苏州 人才"', "苏州的人才", True),
        ('"苏州 人才"~2', "苏州的好人才", True),
        ('"苏州 人才"~2', "人才在苏州", True),
        ('"苏州 人才"~1', "苏州的好人才", False),
        ('"苏州 人才"~0', "苏州人才", True),
        ('"苏州 人才"~99999999999999999999', "苏州" + "的" * 900 + "人才", True),
        ('"人才"~3', "人才", True),
        ('"州 才"~1', "苏州人才", True),
        ('"new york"~1', "york is new", True),
        ('"new york"~1', "york was once new", False),
        ("“苏州 ai”～3", "苏州的ＡＩ", True),
        ("or", "or", True),
        ("and OR not", "not", True),
        ("人才！", "人才", True),
        ("😀 人才", "人才", True),
        ("re:invent", "re invent", True),
        ("data:人才", "data人才", True),
        ("人才，苏州", "苏州的人才", True),
        ("人才、苏州；新闻", "新闻，苏州的人才", True),
        ("1,000", "1,000", True),
        ("1,000", "000 1", False),
        ("人才 –苏州", "苏州的人才", False),
        ("人才 —苏州", "苏州的人才", False),
        ('"苏州 人才" ~2', "人才在苏州", True),
        ("http://a.example/b", "http://a.example/b", True),
        ("3:30", "3：30", True),
    ],
)
def test_what_a_query_finds(archive: Archive, query: str, text: str, is_found: bool) -> None:
    add(archive, body=text)
    assert finds(archive, query) is is_found


ARTICLE: Row = {
    "url": "https://news.example/a",
    "title": "苏州人才",
    "body": "展望\n新闻",
    "site": "news.example",
    "source": "新华社、人民日报",
    "category": "要闻",
    "authors": '["林知远", "Lin Yuan"]',
    "published_at": "2022-10-14T22:30:00Z",
    "utc_offset": 480,
    "views": 10_000,
}


def add_sample(archive: Archive) -> None:
    article_id = add(archive, **ARTICLE)
    archive.db.table("sections").insert({"article_id": article_id, "position": 1, "heading": "展望", "text": "新闻"})


@pytest.mark.parametrize(
    "query",
    [
        "title:苏州",
        "标题：人才",
        "標題：人才",
        "TITLE:人才",
        "title: 人才",
        "title:(苏州 人才)",
        'title:"苏州人才" 新闻',
        "-title:新闻",
        "section:展望",
        "小标题：展望 新闻",
        "source:日报",
        "来源：“人民日报”",
        "来源：新华社",
        "-source:晚报",
        "category:要闻",
        "栏目：要",
        "author:林知远",
        "作者：“lin yuan”",
        "site:news.example",
        "site:www.News.Example",
        "site:example",
        "网站：news.example",
        "site:(b.example OR news.example)",
        "date:2022",
        "date:2022-10",
        "date:2022-10-15",
        "date:2022年10月15日",
        "日期：2022/10/15",
        "date:2022-10..2023",
        "date:..2022",
        "date:2022..",
        "date:>2022-10-14",
        "date:>=2022-10-15",
        "date:<=2022-10-15",
        "date:<2022-10-16",
        "日期：2022。。2023",
        "date:2022-10-15T06:30",
        "date:2022.10.15",
        "日期：2022年10月15日～2022年10月16日",
        "日期：2022年至2023年",
        "views:9千..2万",
        "views:9,000-1.5万",
        "views:10000",
        "views:1万",
        "浏览：>0.9萬",
        "views:>=10,000",
        "views:<10001",
        "views:1..20000",
        "浏览：》9999",
        "-views:>10000",
        "views:>1 (source:日报 OR 北京)",
    ],
)
def test_a_field_finds_its_articles(archive: Archive, query: str) -> None:
    add_sample(archive)
    assert finds(archive, query)


@pytest.mark.parametrize(
    "query",
    [
        "title:新闻",
        "title:(苏州 新闻)",
        "-title:苏州",
        "section:新闻",
        "section:苏州",
        "source:北京",
        "author:远林",
        "author:林 author:北京",
        "author:Lin-yua",
        "site:ews.example",
        "site:news",
        "date:2022-10-14",
        "date:2022-11",
        "date:>2022-10-15",
        "date:<2022-10-15",
        "date:2023..",
        "views:>10000",
        "views:..9999",
        "-views:10000",
        "tag:核对",
        "note:核对",
    ],
)
def test_a_field_finds_no_others(archive: Archive, query: str) -> None:
    add_sample(archive)
    assert not finds(archive, query)


def test_what_is_not_known_is_in_no_range(archive: Archive) -> None:
    add(archive, title="人才")
    assert [search(archive, query).total for query in ("views:>0", "-views:>0", "date:2022", "人才 -date:2022")] == [
        0,
        1,
        0,
        1,
    ]


BROKEN = (
    ("苏州 OR", 3, "OR needs something to search for on both sides"),
    ("OR 苏州", 0, "OR needs something to search for on both sides"),
    ("苏州 | ！", 3, "needs something to search for on both sides"),
    ("苏州 AND", 3, "AND needs something to search for on both sides"),
    ("AND 苏州", 0, "AND needs something to search for on both sides"),
    ("苏州 NOT", 3, "NOT needs something to search for after it"),
    ("苏州 (NOT)", 4, "NOT needs something to search for after it"),
    ("（苏州", 0, "the bracket is never closed"),
    ("苏州 (人才 (新闻)", 3, "the bracket is never closed"),
    ("苏州）", 2, "there is no opening bracket for this one"),
    ("()", 0, "nothing to search for"),
    ("-！", 0, "nothing to search for"),
    ("人 title:", 2, "title: needs something after it"),
    ("作者：) 人", 0, "author: needs something after it"),
    ("人 date:soon", 7, "soon is no date"),
    ("date:2022-13", 5, "2022-13 is no date"),
    ("date:..", 5, "a range needs a beginning or an end"),
    ("date:2023..2022", 5, "2023 is after 2022"),
    ("views:many", 6, "many is no number"),
    ("人 views:", 2, "in a shell, > and < stand in single quotes"),
    ("title:-人", 0, "write -title: for what it must not have"),
    ("人 titel:才", 2, "titel: is no field; did you mean title:?"),
    ('tags:"人"', 0, "did you mean tag:?"),
    ('"人 才"~', 5, "~ needs a number behind it"),
    ('"人 才"~x', 5, "~ needs a number behind it"),
    ("views:99999999999999999999", 6, "is no number"),
    ("(" * 21 + "人" + ")" * 21, 20, "more than 20 brackets within each other"),
    (" ".join(f"w{number}" for number in range(65)), 246, "more than 64 words"),
    ("人 的 一 是 了 我 不 在 他", 16, "more than 8 single characters"),
    ("1年 2年 3年 4年 5年 6年 7年 8年 9年", 24, "more than 8 single characters"),
    ('苏州 "人 的 一"~5', 3, "more than 2 single characters near each other"),
    (f'"{"苏州 " * 65}"~5', 0, "more than 64 words"),
)
"""Queries that cannot be understood, where they break, and why."""


@pytest.mark.parametrize(("query", "position", "reason"), BROKEN)
def test_a_broken_query_is_an_error_at_its_place(archive: Archive, query: str, position: int, reason: str) -> None:
    with pytest.raises(QueryError) as raised:
        search(archive, query)
    assert (raised.value.position, reason in raised.value.reason) == (position, True)
    assert "▸" in str(raised.value)
    assert len(str(raised.value)) < 200


@given(st.text(st.sampled_from('苏州 AI3-|()（）"“”「」:：~.。<>ORNTAD\0😀\ud800title:date:views:site:'), max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
def test_any_text_is_a_search_or_one_sentence(archive: Archive, text: str) -> None:
    sentence = ""
    try:
        search(archive, text)
    except QueryError as error:
        sentence = error.reason
    assert "\n" not in sentence


@pytest.mark.parametrize(
    "text", ["人 的 一 是 了 " * 13, '"' * 2_000, "(" * 2_000, "苏" * 2_000, "a-" * 1_000, "NOT " * 500, "-" * 2_000]
)
def test_a_long_query_is_a_search_or_one_sentence(archive: Archive, text: str) -> None:
    add(archive, title="苏州", body="人的一是了" * 300)
    with suppress(QueryError):
        assert search(archive, text).total in (0, 1)


WORDS = ["苏州", "人才", "州人", "才", "新闻", "ai", "3", "报道"]
Matches = Callable[[Row], bool]


def _random_query(chance: random.Random, depth: int = 0) -> tuple[str, Matches]:
    """A query, and whether an article matches it by plain comparison."""
    kind = chance.choice(["word"] * 3 + ["title", "source", "views", "all", "any", "not"])
    if depth > 2 or kind == "word":
        word = chance.choice(WORDS)
        return word, lambda row: _has(f"{row['title']}\n{row['body']}", word)
    if kind in ("title", "source"):
        word = chance.choice(WORDS)
        return f"{kind}:{word}", lambda row: _has(str(row[kind] or ""), word)
    if kind == "views":
        limit = chance.randrange(100)
        return f"views:>{limit}", lambda row: row["views"] is not None and int(row["views"]) > limit
    if kind == "not":
        query, matches = _random_query(chance, depth + 1)
        return f"-({query})", lambda row: not matches(row)
    several = [_random_query(chance, depth + 1) for _ in range(2)]
    every = all if kind == "all" else any
    return f"({(' ' if kind == 'all' else ' OR ').join(query for query, _ in several)})", lambda row: every(
        matches(row) for _, matches in several
    )


def _random_text(chance: random.Random) -> str:
    return " ".join("".join(chance.choices(WORDS[:5], k=2)) for _ in range(chance.randrange(3)))


def _has(text: str, word: str) -> bool:
    return word in (text.split() if word.isascii() else text)


def test_a_query_of_any_shape_finds_what_matches_and_nothing_else(archive: Archive) -> None:
    chance = random.Random(3)
    rows: dict[int, Row] = {}
    for _ in range(120):
        texts = [
            " ".join("".join(chance.choices(WORDS[:5], k=2)) for _ in range(chance.randrange(3))) for _ in range(3)
        ]
        latin = chance.choice(["", " ai ", " 3 "])
        row: Row = {
            "title": texts[0] + latin,
            "body": texts[1] + chance.choice(["", " ai"]),
            "source": texts[2] or None,
            "views": chance.choice([None, chance.randrange(100)]),
        }
        rows[add(archive, **row)] = row
    for _ in range(400):
        query, matches = _random_query(chance)
        expected = {article_id for article_id, row in rows.items() if matches(row)}
        for sort in get_args(Sort):
            found = [hit.id for hit in search(archive, query, limit=1_000, sort=sort).hits]
            assert (set(found), len(found)) == (expected, len(expected)), query
