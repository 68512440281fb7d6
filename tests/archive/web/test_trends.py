import json
import re
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive.store import Archive
from tests.archive.web.conftest import Get, Room
from tests.conftest import article, observation

DATES = {"书店": ("2024-11-05", "2024-11-20", "2025-01-02", None), "菜场": ("2025-01-03",), "古籍": ("1900-01-01",)}


@pytest.fixture
def get(tmp_path: Path, room: Room) -> Get:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        dated = [(title, day) for title, days in DATES.items() for day in days]
        for number, (title, day) in enumerate(dated):
            url = f"https://news.example/a/{number}"
            published = datetime.fromisoformat(f"{day}T12:00:00+08:00") if day else None
            page = article(url=url, title=f"{title} <i>", published_at=published, published_precision="day")
            archive.record([observation(page, minutes=number, url=url, final_url=url)])
    return room(path)


def chart(text: str) -> Any:
    found = re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_hits_of_several_searches_are_drawn_over_the_same_periods(get: Get) -> None:
    drawn = chart(get("/trends?q=书店&q2=菜场").text)
    assert drawn["periods"] == ["2024-11", "2024-12", "2025-01"]
    assert [one["values"] for one in drawn["series"]] == [[2, 0, 1], [0, 0, 1]]
    assert [one["name"] for one in drawn["series"]] == ["书店", "菜场"]


def test_hits_are_shares_of_all_articles_of_their_time_where_asked_for(get: Get) -> None:
    drawn = chart(get("/trends?q=书店&share=1&by=year").text)
    assert (drawn["periods"], drawn["series"][0]["values"]) == (["2024", "2025"], [1.0, 0.5])


def test_each_period_leads_to_the_search_within_it(get: Get) -> None:
    text = get("/trends?q=书店").text
    (to,) = re.findall(r'href="(/\?q=[^"]*2024-11-01[^"]*)"', text)
    found = get(to.replace("&amp;", "&"))
    assert "2 articles" in found.text
    week = chart(get("/trends?q=书店&by=week").text)
    assert week["ends"][0] == ["2024-11-04", "2024-11-10"]
    assert "1 article<" in get(f"{week['series'][0]['search']}2024-11-04&until=2024-11-10").text


def test_without_words_all_articles_are_counted_and_those_without_date_are_told(get: Get) -> None:
    text = get("/trends?by=year").text
    assert "6 articles" in text
    assert "1 of them has no date" in text


def test_a_wrong_year_makes_no_picture_of_all_days_since(get: Get) -> None:
    drawn = chart(get("/trends?by=day").text)
    assert (len(drawn["periods"]), drawn["periods"][-1]) == (2_000, "2025-01-03")


def test_years_far_apart_make_no_page_that_takes_seconds(tmp_path: Path, room: Room) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        for number, year in enumerate(("0002", "9998")):
            url = f"https://news.example/{number}"
            page = article(url=url, published_at=datetime.fromisoformat(f"{year}-01-05T12:00:00+00:00"))
            archive.record([observation(page, url=url, final_url=url)])
    get = room(tmp_path / "archive.db")
    get("/trends")
    began = time.monotonic()
    for by in ("day", "week"):
        drawn = chart(get(f"/trends?by={by}&q=苏州&q2=苏州&q3=苏州&q4=苏州").text)
        assert (len(drawn["periods"]), drawn["periods"][-1][:7]) == (2_000, "9998-01")
    assert time.monotonic() - began < 5


def test_hits_of_one_period_alone_are_a_table_without_a_picture(get: Get) -> None:
    text = get("/trends?q=菜场").text
    assert ("data-chart" in text, "2025-01" in text) == (False, True)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("q=(书店", "cannot be searched"), ("q=书店&q3=日期:x", "cannot be searched"), ("by=hour", "no value for “by”")],
)
def test_what_cannot_be_searched_is_told_in_a_sentence(get: Get, query: str, sentence: str) -> None:
    answer = get(f"/trends?{query}")
    assert (answer.status_code, sentence in answer.text) == (400, True)


def test_what_was_typed_stays_text(get: Get) -> None:
    text = get("/trends?q=书店&q2=</script><script>alert(1)</script>").text
    assert "<script>alert" not in text


@pytest.mark.parametrize(("language", "words"), [("zh", "全部文章"), ("en", "All articles")])
def test_the_page_speaks_both_languages(get: Get, language: str, words: str) -> None:
    assert words in get("/trends", **{"accept-language": language}).text
