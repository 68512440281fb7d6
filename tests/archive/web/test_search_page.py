"""The start page: what is found, how it is narrowed, and what its address holds."""

import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from archive.models import Article, Section
from archive.store import Archive
from tests.archive.test_queries import BROKEN
from tests.archive.web.conftest import Get, Room
from tests.conftest import MORNING, article, observation

TEXT = "苏州的运河边开了一家图书馆，书架一直摆到河埠头，读者坐在石阶上看书，船从面前过。" * 3


def pages() -> list[Article]:
    """Forty articles of two sites over four months; two of them print one text."""
    made = [
        article(
            url=f"https://{'a' if number % 4 else 'b'}.example/{number}",
            title=f"第{number}条 图书馆",
            published_at=MORNING + timedelta(days=3 * number),
            published_precision="minute",
            category="要闻" if number % 2 else "本地",
            source="柳塘日报",
            authors=("林一",) if number < 5 else (),
            views=number * 10,
            sections=(Section(paragraphs=(f"{number}号馆里有{number}万册书，第{number * 7}位读者领到了证。",)),),
        )
        for number in range(40)
    ]
    return [
        *made,
        *(
            article(url=f"https://{name}.example/t", title=name, sections=(Section(paragraphs=(TEXT,)),))
            for name in "ab"
        ),
    ]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("found") / "archive.db"
    with Archive.open(path) as archive:
        for minutes, page in enumerate(pages()):
            archive.record([observation(page, minutes=minutes, url=page.url, final_url=page.url)])
        edited = article(url="https://a.example/1", title="第1条 书店", sections=(Section(paragraphs=("书店。",)),))
        archive.record([observation(edited, minutes=90, url=edited.url, final_url=edited.url)])
    return path


@pytest.fixture
def get(room: Room, found: Path) -> Get:
    return room(found)


def soup(answer: object) -> BeautifulSoup:
    assert answer.status_code == 200, answer.text  # type: ignore[attr-defined]
    return BeautifulSoup(answer.text, "lxml")  # type: ignore[attr-defined]


def titles(page: BeautifulSoup) -> list[str]:
    return [heading.get_text() for heading in page.select(".hits h2")]


def test_without_a_search_all_articles_stand_there_the_newest_first(get: Get) -> None:
    page = soup(get("/"))
    assert titles(page)[:2] == ["第39条 图书馆", "第38条 图书馆"]
    assert "42 articles" in page.select_one(".found").get_text()  # type: ignore[union-attr]


def test_a_hit_shows_its_words_and_its_facts(get: Get) -> None:
    hit = soup(get(f"/?q={quote('图书馆 位读者')}&sort=oldest")).select_one(".hits li")
    assert hit is not None
    assert [mark.get_text() for mark in hit.select("h2 mark")] == ["图书馆"]
    assert [mark.get_text() for mark in hit.select(".snippet mark")] == ["位读者"]
    for fact in ("2026-03-01 08:00", "柳塘日报", "本地", "b.example", "0 views"):
        assert fact in hit.select_one(".facts").get_text()  # type: ignore[union-attr]


def test_the_next_page_goes_on_where_this_one_ends(get: Get) -> None:
    first = soup(get(f"/?q={quote('位读者')}&sort=oldest"))
    address = first.select_one("a[rel=next]")["href"]  # type: ignore[index]
    second = soup(get(str(address)))
    assert (titles(first)[-1], titles(second)[0]) == ("第20条 图书馆", "第21条 图书馆")
    assert second.select_one("a[rel=prev]")["href"] == f"/?q={quote('位读者')}&sort=oldest"  # type: ignore[index]


def test_a_value_at_the_side_narrows_the_search_and_its_chip_takes_that_back(get: Get) -> None:
    page = soup(get(f"/?q={quote('位读者')}"))
    choice = next(link for link in page.select(".facet a") if link.get_text() == "b.example")
    count = choice.find_next("span").get_text()  # type: ignore[union-attr]
    narrowed = soup(get(str(choice["href"])))
    assert (len(titles(narrowed)), count) == (10, "10")
    chip = narrowed.select_one(".chip")
    assert chip is not None
    assert chip["href"] == f"/?q={quote('位读者')}"


def test_a_bar_leads_to_the_articles_of_its_month(get: Get) -> None:
    page = soup(get("/"))
    bars = {link["aria-label"]: link["href"] for link in page.select("svg.bars a")}
    assert set(bars) == {"2026-03: 10", "2026-04: 10", "2026-05: 10", "2026-06: 9"}
    assert bars["2026-04: 10"] == "/?since=2026-04-01&until=2026-04-30"
    assert len(titles(soup(get(str(bars["2026-04: 10"]))))) == 10


def test_reprints_are_one_hit_unless_each_is_asked_for(get: Get) -> None:
    folded, each = (soup(get(f"/?q={quote('河埠头')}{more}")) for more in ("", "&each=1"))
    assert (len(titles(folded)), len(titles(each))) == (1, 2)
    assert "printed by 1 more" in folded.select_one(".hits .facts").get_text()  # type: ignore[union-attr]


def test_what_was_edited_away_is_found_where_that_is_asked_for(get: Get) -> None:
    words = quote("图书馆 7位读者")
    assert titles(soup(get(f"/?q={words}&site=a.example&until=2026-03-04"))) == []
    past = soup(get(f"/?q={words}&site=a.example&until=2026-03-04&edited_away=1"))
    assert titles(past) == ["第1条 图书馆"]
    assert str(past.select_one(".hits h2 a")["href"]).endswith("/1")  # type: ignore[index]
    then = soup(get(f"/?q={words}&site=a.example&as_of=2026-03-01"))
    assert titles(then)[:1] == []
    assert "edited away: stood from 2026-03-01 08:01 UTC" in past.get_text()


def test_the_address_holds_all_that_the_form_shows(get: Get) -> None:
    page = soup(get("/?q=%E4%B9%A6&category=%E8%A6%81%E9%97%BB&since=2026-03-02&until=2026-05-01&sort=views&each=1"))
    form = page.select_one("form.filters")
    assert form is not None
    shown = {one["name"]: one.get("value") for one in form.select("input") if one.get("type") != "checkbox"}
    assert shown == {"q": "书", "category": "要闻", "since": "2026-03-02", "until": "2026-05-01", "as_of": ""}
    assert [one["name"] for one in form.select("input[checked]")] == ["each"]
    assert form.select_one("option[selected]")["value"] == "views"  # type: ignore[index]


def test_the_same_as_json(get: Get, found: Path) -> None:
    answer = get(f"/search.json?q={quote('位读者')}&category={quote('本地')}&limit=3&sort=oldest")
    results = json.loads(answer.text)
    assert (results["total"], [hit["title"] for hit in results["hits"]][1]) == (20, "第2条 图书馆")
    assert len(results["hits"]) == 3
    assert results["facets"]["site"][0] == {"value": "a.example", "count": 10}
    assert answer.headers["content-type"].startswith("application/json")


def test_a_search_can_be_saved_as_a_watch_by_a_command(get: Get) -> None:
    page = soup(get("/?q=%E4%B9%A6%27s&category=%E8%A6%81%E9%97%BB"))
    command = page.select_one("#watch")
    assert command is not None
    assert command.get_text() == """yaowen watch add NAME '(书'"'"'s) category:"要闻"'"""


@pytest.mark.parametrize("query", [query for query, _, _ in BROKEN])
def test_a_broken_query_is_a_sentence_in_the_readers_language(get: Get, query: str) -> None:
    page = get(f"/?q={quote(query)}", **{"accept-language": "zh"})
    sentence = BeautifulSoup(page.text, "lxml").select_one(".sentence p")
    assert (page.status_code, sentence is not None) == (400, True)
    assert re.fullmatch("无法检索：.*[\u4e00-\u9fff].*。", sentence.get_text())  # type: ignore[union-attr]
    assert not re.search("[a-z]{3,} [a-z]{3,}", sentence.get_text())  # type: ignore[union-attr]
    program = get(f"/search.json?q={quote(query)}")
    assert (program.status_code, program.json()["status"]) == (400, 400)


@pytest.mark.parametrize(
    "address",
    [
        "/?page=0",
        "/?page=x",
        "/?page=99999999999",
        "/?sort=best",
        "/?since=13-2026",
        "/?as_of=gestern",
        "/?as_of=9999-12-31T23:59:59-10:00",
        "/search.json?limit=0",
    ],
)
def test_a_value_that_cannot_be_is_a_sentence(get: Get, address: str) -> None:
    answer = get(address)
    assert (answer.status_code, "is no value for" in answer.text) == (400, True)


def test_nothing_found_says_so_and_offers_the_search_without_filters(get: Get) -> None:
    page = soup(get(f"/?q={quote('图书馆')}&site=c.example"))
    assert "Nothing was found" in page.get_text()
    assert any(link["href"] == f"/?q={quote('图书馆')}" for link in page.select(".results a"))


def test_an_empty_archive_has_a_page(room: Room, tmp_path: Path) -> None:
    Archive.open(tmp_path / "empty.db").close()
    assert "yaowen crawl URL" in soup(room(tmp_path / "empty.db")("/")).get_text()
