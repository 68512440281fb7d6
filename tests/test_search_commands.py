"""Searching, watching and marking as users type it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.models import Section
from archive.store import Archive
from tests.conftest import Yaowen, article, observation


@pytest.fixture
def stored(tmp_path: Path) -> int:
    """An archive with two articles, the first of which was edited; the id of the first."""
    with Archive.open(tmp_path / "archive.db") as archive:
        for minutes, place in ((0, "苏州"), (5, "北京")):
            sections = (
                Section(paragraphs=(f"{place}的运河边开了一家图书馆。",)),
                Section(heading="人才", level=2, paragraphs=("人才来了。",)),
            )
            page = article(
                sections=sections, category="文化", authors=("林知远",), published_at=datetime(2025, 6, 10, tzinfo=UTC)
            )
            archive.record([observation(page, minutes=minutes)])
        other = "https://news.example/a/2"
        page = article(url=other, title="人才市场", published_at=datetime(2025, 8, 1, tzinfo=UTC), views=7)
        archive.record([observation(page, url=other, final_url=other, minutes=9)])
        return archive.article("https://news.example/a/1").id


def titles(yaowen: Yaowen, *arguments: str) -> list[str]:
    finished = yaowen("search", *arguments, "--json")
    assert finished.returncode == 0, finished.stderr
    return [hit["title"] for hit in json.loads(finished.stdout)["hits"]]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("人才", "-北京"), ["人才市场"]),
        (("-北京",), ["人才市场"]),
        (("人才", "-history"), ["人才市场", "运河边的图书馆"]),
        (("人才 -北京",), ["人才市场"]),
        (("人才", "NOT", "市场"), ["运河边的图书馆"]),
        (("（北京", "ＯＲ", "市场）"), ["人才市场", "运河边的图书馆"]),
        (("人才", "--sort", "oldest"), ["运河边的图书馆", "人才市场"]),
        (("人才", "--sort", "views"), ["人才市场", "运河边的图书馆"]),
        (("苏州", "--as-of", "2026-03-01T08:04"), ["运河边的图书馆"]),
        (("北京", "--as-of", "2026-03-01T08:04"), []),
        (("苏州的", "-市场"), []),
        (("苏州的", "-市场", "--revisions"), ["运河边的图书馆"]),
        (("作者：林知远",), ["运河边的图书馆"]),
        (("日期：2025-08", "-北京"), ["人才市场"]),
    ],
)
def test_a_search_as_it_is_typed(yaowen: Yaowen, arguments: tuple[str, ...], found: list[str]) -> None:
    assert titles(yaowen, *arguments) == found


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("人才", "--limt", "3"), "No such option"),
        (("人才", "-h"), ""),
        (("(人才",), "▸(人才"),
        (("人才", "--after", "7"), "does not find the article 7"),
        (("人才", "--as-of", "soon"), "is no date"),
        (("人才", "--as-of", "2025", "--revisions"), "give one of them"),
        (("人才", "--sort", "random"), "is not one of"),
    ],
)
@pytest.mark.usefixtures("stored")
def test_wrong_use_of_the_search_is_said(yaowen: Yaowen, arguments: tuple[str, ...], says: str) -> None:
    finished = yaowen("search", *arguments)
    assert (finished.returncode, says in finished.stderr) == (2 if says else 0, True)
    assert "Traceback" not in finished.stderr


def test_the_search_shows_places_facets_and_the_next_page(yaowen: Yaowen, stored: int) -> None:
    finished = yaowen("search", "人才 图书馆", "--all-sections", "--facets", "--limit", "1")
    for text in ("2 found, 1 to 1", "category: 文化 1", "author: 林知远 1", "month: 2025-06 1 · 2025-08 1"):
        assert text in finished.stdout
    after = finished.stderr.strip().removeprefix("More with --after ")
    second = yaowen("search", "人才 图书馆", "--all-sections", "--limit", "1", "--after", after)
    assert f"id {stored}#1" in finished.stdout + second.stdout
    assert "#2 【人才】 · 2 hits" in finished.stdout + second.stdout
    assert second.stderr == ""


def test_a_text_that_was_edited_away_says_when_it_stood(yaowen: Yaowen, stored: int) -> None:
    shown = yaowen("search", "苏州的 人才来了", "--revisions").stdout
    assert "edited away: stood from 2026-03-01 08:00:00 UTC to 2026-03-01 08:05:00 UTC: `yaowen show" in shown
    assert "苏州的运河边" in yaowen("show", str(stored), "--revision", "1").stdout
    assert "edited away" not in yaowen("search", "苏州的 人才来了", "--as-of", "2026-03-01T08:04").stdout
    (hit,) = json.loads(yaowen("search", "苏州的 人才来了", "--revisions", "--json").stdout)["hits"]
    assert hit["past"] == {"revision": 1, "observed_at": "2026-03-01T08:00:00Z", "until": "2026-03-01T08:05:00Z"}
    assert hit["id"] == stored


def test_show_opens_at_a_section(yaowen: Yaowen, stored: int) -> None:
    shown = yaowen("show", f"{stored}#2").stdout
    assert "from section 2 of 2 on" in shown
    assert "人才来了" in shown
    assert "北京的运河" not in shown
    assert [one["position"] for one in json.loads(yaowen("show", f"{stored}#2", "--json").stdout)["sections"]] == [2]
    assert "has no revision 3; it has 2" in yaowen("show", str(stored), "--revision", "3").stderr
    for number in ("0", "3"):
        finished = yaowen("show", f"{stored}#{number}")
        assert (finished.returncode, f"has no section {number}; it has 2" in finished.stderr) == (1, True)


@pytest.mark.usefixtures("stored")
def test_a_trend_is_drawn(yaowen: Yaowen) -> None:
    head, *shown = yaowen("trend", "图书馆").stdout.splitlines()
    assert head.split() == ["month", "hits", "of", "all"]
    assert [line.split()[:3] for line in shown] == [
        ["2025-06", "1", "100.0%"],
        ["2025-07", "0", "0.0%"],
        ["2025-08", "1", "100.0%"],
    ]
    assert "█" in shown[0]
    assert json.loads(yaowen("trend", "人才", "-北京", "--by", "year", "--json").stdout) == {
        "query": "人才 -北京",
        "by": "year",
        "undated": 0,
        "periods": [{"start": "2025", "hits": 1, "articles": 2, "share": 0.5}],
    }
    assert "… 0 in 51" in " ".join(yaowen("trend", "图书馆", "--by", "day").stdout.split())
    assert "Nothing was found" in yaowen("trend", "上海", "--normalise").stderr


def test_marks_are_written_shown_and_found(yaowen: Yaowen, stored: int) -> None:
    assert "核对 · 专题" in yaowen("tag", str(stored), "核对", "专题").stdout
    assert yaowen("tag").stdout.split() == ["专题", "1", "核对", "1"]
    assert "专题" not in yaowen("tag", str(stored), "专题", "--remove").stdout
    assert json.loads(yaowen("tag", "--json").stdout) == {"tags": [{"tag": "核对", "articles": 1}]}
    assert "note 1, " in yaowen("note", str(stored), "打电话", "问过").stdout
    assert titles(yaowen, "tag:核对 note:问过") == ["运河边的图书馆"]
    shown = yaowen("show", str(stored)).stdout
    assert "Tags: 核对" in shown
    assert "打电话 问过" in shown
    assert json.loads(yaowen("show", str(stored), "--json").stdout)["tags"] == ["核对"]
    assert "打电话" not in yaowen("note", str(stored), "--remove", "1").stdout
    assert "核对" in yaowen("tag", f"{stored}#2", "核对").stdout
    assert "It has no tag 专题" in yaowen("tag", str(stored), "专题", "--remove").stderr
    yaowen("note", str(stored), "两行\n的话")
    assert "两行\n  的话" in yaowen("note").stdout
    assert json.loads(yaowen("note", "--json").stdout)["notes"][0]["article_id"] == stored
    for arguments, code, says in (
        (("tag", str(stored), "a b"), 2, "it has to be one word"),
        (("tag", "7", "核对"), 1, "holds no article 7"),
        (("note", str(stored), "--remove", "9"), 1, "has no note 9"),
    ):
        finished = yaowen(*arguments)
        assert (finished.returncode, says in finished.stderr) == (code, True)


def test_a_watch_tells_what_is_new(yaowen: Yaowen, stored: int, tmp_path: Path) -> None:
    assert "w: 1 article matches 人才 -北京 now" in yaowen("watch", "add", "w", "人才", "-北京").stdout
    assert "w: 0 new" in yaowen("watch", "run").stdout
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.db.table("articles").insert({"url": "https://news.example/b", "title": "又是人才"})
    for arguments in (("--dry-run",), ()):
        assert "又是人才" in yaowen("watch", "run", *arguments).stdout
    (watch,) = json.loads(yaowen("watch", "run", "w", "--json").stdout)
    assert (watch["query"], watch["found"], watch["new"]) == ("人才 -北京", 2, [])
    assert "又是人才" in yaowen("watch", "found", "w").stdout
    (told,) = json.loads(yaowen("watch", "found", "w", "--json").stdout)["told"]
    assert told["title"] == "又是人才"
    assert yaowen("watch", "run", "--quiet").stdout == ""
    assert "w: 人才 -北京 · 2 known" in yaowen("watch", "list").stdout
    assert yaowen("watch", "add", "w", "人").returncode == 1
    assert yaowen("watch", "add", "v", "(人").returncode == 2
    assert yaowen("watch", "add", " ", "人").returncode == 2
    assert yaowen("watch", "remove", "w").returncode == 0
    assert "keeps no search" in yaowen("watch", "run").stderr
    assert "keeps no search 'w'" in yaowen("watch", "remove", "w").stderr


def test_similar_articles_are_listed_or_said_to_be_none(yaowen: Yaowen, stored: int) -> None:
    finished = yaowen("similar", str(stored))
    assert (finished.returncode, "No article shares enough" in finished.stderr) == (0, True)
    assert json.loads(yaowen("similar", str(stored), "--json").stdout)["similar"] == []
