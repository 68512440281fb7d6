"""The page of an article: its text, what is known of it, and what of it can be followed."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from archive.citations import STYLES, cite
from archive.citing import citation_of
from archive.marks import note, tag
from archive.models import Absence, Link, Section
from archive.store import Archive
from archive.times import to_utc
from tests.archive.web.conftest import Get, Room
from tests.conftest import MORNING, article, observation

URL = "https://news.example/a/1"
OTHER = "https://other.example/b"
PAGE = article(
    title="运河边的图书馆",
    published_at=MORNING - timedelta(days=1),
    published_precision="day",
    published_raw="2月28日",
    timezone_assumed="Asia/Shanghai",
    category="本地",
    source="柳塘日报",
    authors=("林一", "陈二"),
    language="zh-CN",
    views=100,
    sections=(
        Section(paragraphs=("苏州的运河边开了一家图书馆，书架一直摆到河埠头，读者坐在石阶上看书。",)),
        Section(heading="书架", level=2, paragraphs=("书架有三层，第一层放新书，第二层放旧书。", "第三层空着。")),
        Section(heading="石阶", level=2, paragraphs=("石阶有九级，最下面的一级在水里。",)),
    ),
    related=(
        Link(position=1, url=OTHER, title="书店开了", block="相关"),
        Link(position=2, url="https://never.example/", title="没去过", block="相关"),
        Link(position=3, url="javascript:alert(1)", title="脚本", block="相关"),
    ),
)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """An article seen four times: with another counter, edited, and gone."""
    path = tmp_path_factory.mktemp("stored") / "archive.db"
    other = article(
        url=OTHER, title="书店开了", sections=PAGE.sections, related=(Link(position=1, url=URL, title="图书馆"),)
    )
    edited = replace(PAGE, title="运河边的书馆", sections=PAGE.sections[:2], views=150)
    with Archive.open(path) as archive:
        archive.record(
            [
                observation(PAGE),
                observation(replace(PAGE, views=120), minutes=10),
                observation(other, minutes=20, url=OTHER, final_url=OTHER),
                observation(edited, minutes=30),
                observation(Absence(url=URL, reason="the page says so"), minutes=40, status=404, outcome="failed"),
            ]
        )
        number = archive.article(URL).id
        tag(archive, number, "核对")
        note(archive, number, "给沈先生\n打电话")
    return path, number


@pytest.fixture
def get(room: Room, stored: tuple[Path, int]) -> Get:
    ask = room(stored[0])
    return lambda more="", **headers: ask(f"/article/{stored[1]}{more}", **headers)


def soup(answer: object) -> BeautifulSoup:
    assert answer.status_code == 200, answer.text  # type: ignore[attr-defined]
    return BeautifulSoup(answer.text, "lxml")  # type: ignore[attr-defined]


def text_of(page: BeautifulSoup, selector: str) -> str:
    return " ".join(" ".join(one.get_text(" ").split()) for one in page.select(selector))


def test_the_text_stands_in_its_sections_with_contents_that_lead_to_them(get: Get) -> None:
    page = soup(get("/1"))
    assert text_of(page, "article h1") == "运河边的图书馆"
    assert [link["href"] for link in page.select(".contents a")] == ["#s2", "#s3"]
    assert text_of(page, "#s2 p") == "书架有三层，第一层放新书，第二层放旧书。 第三层空着。"
    assert page.select_one("article")["lang"] == "zh-CN"  # type: ignore[index]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("article .facts", "2026-02-28 Source: 柳塘日报 By 林一, 陈二 150 views"),
        (".why", "The page printed 2月28日"),
        (".why", "It tells the day, no time. No time zone is printed; that of Asia/Shanghai was assumed."),
        (".why", "Read from the page as fetched at 2026-03-01 08:30 UTC"),
        (".about dl", "First seen 2026-03-01 08:00 UTC Last seen 2026-03-01 08:30 UTC"),
        (".about dl", "Tags 核对"),
        (".note", "给沈先生 打电话"),
        ("#views", "2026-03-01 08:30 UTC 150 2026-03-01 08:10 UTC 120 2026-03-01 08:00 UTC 100"),
        ("#revisions", "2026-03-01 08:30 UTC headline"),
        ("#revisions", "2026-03-01 08:00 UTC first seen"),
        ("#captures", "2026-03-01 08:40 UTC failed"),
        (".notice", "The page was not found any more from 2026-03-01 08:40 UTC on; the archive keeps it."),
        ("#recommended", "书店开了 相关 · at 1 · 2026-03-01 08:00 UTC – still there 2026-03-01 08:30 UTC"),
        ("#recommended", "没去过 ↗"),
    ],
)
def test_the_page_tells(get: Get, selector: str, expected: str) -> None:
    assert expected in text_of(soup(get()), selector)


def test_reprints_tell_which_was_probably_first(room: Room, tmp_path: Path) -> None:
    text = (Section(paragraphs=("书店的主人姓沈，早先在邮局做事，攒了二十年的书，这回都摆到了架上。" * 3,)),)
    with Archive.open(tmp_path / "archive.db") as archive:
        for minutes, (name, source) in enumerate((("late", "早报"), ("early", "早报"))):
            url = f"https://{name}.example/"
            published = MORNING - timedelta(hours=minutes)
            page = article(url=url, title=name, source=source, sections=text, published_at=published)
            archive.record([observation(page, minutes=minutes, url=url, final_url=url)])
        late = archive.article("https://late.example/").id
    listed = text_of(soup(room(tmp_path / "archive.db")(f"/article/{late}")), "#reprints")
    assert listed.startswith("2 articles print this text 2 name 早报 as source. early early.example")
    assert listed.count("probably first") == 1


def test_an_earlier_revision_says_that_it_is_one(get: Get, stored: tuple[Path, int]) -> None:
    page = soup(get("/1"))
    assert "You are reading revision 1 of 2." in text_of(page, ".notice")
    links = [link["href"] for link in page.select(".notice a")]
    assert links == [f"/article/{stored[1]}", f"/compare/{stored[1]}/1/2"]


def test_what_leads_elsewhere_leads_to_web_addresses_only(get: Get) -> None:
    page = soup(get())
    outside = page.select("a[href]:not([href^='/'], [href^='#'])")
    assert {str(link["href"]) for link in outside} == {URL, "https://never.example/"}
    assert all({"noreferrer", "noopener"} <= set(link["rel"]) for link in outside)


def test_search_engines_read_what_it_is(get: Get) -> None:
    script = soup(get()).select_one('script[type="application/ld+json"]')
    assert script is not None
    read = json.loads(script.get_text())
    assert (read["@type"], read["headline"], read["datePublished"]) == ("NewsArticle", "运河边的书馆", "2026-02-28")
    assert [author["name"] for author in read["author"]] == ["林一", "陈二"]


def test_it_can_be_cited_in_every_style(get: Get, stored: tuple[Path, int]) -> None:
    page = soup(get("/1"))
    with Archive.open(stored[0], read_only=True) as archive:
        citation = citation_of(archive, stored[1], 1)
    shown = {str(pre["id"]).removeprefix("cite-"): pre.get_text().splitlines() for pre in page.select(".cite pre")}
    assert shown == {style: cite(style, citation).splitlines() for style in STYLES}


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/article/1", 404, "The archive holds no article 1."),
        ("/article/999999999999999999", 404, "The archive holds no article 999999999999999999."),
    ],
)
def test_an_unknown_article_is_a_sentence(
    room: Room, stored: tuple[Path, int], path: str, status: int, sentence: str
) -> None:
    answer = room(stored[0])(path)
    assert (answer.status_code, sentence in answer.text) == (status, True)


def test_an_unknown_revision_is_a_sentence(get: Get) -> None:
    answer = get("/7")
    assert (answer.status_code, "has no revision 7; it has 2" in answer.text) == (404, True)


def test_texts_of_other_programs_are_shown_as_far_as_they_are_texts(room: Room, hostile: Path) -> None:
    get = room(hostile)
    with Archive.open(hostile, read_only=True) as archive:
        numbers = [number for (number,) in archive.db.execute("SELECT id FROM articles")]
    assert len(numbers) > 20
    for number in numbers:
        answer = get(f"/article/{number}")
        assert answer.status_code == 200, number
        page = BeautifulSoup(answer.text, "lxml")
        assert {script.get("type") or script.get("src") for script in page.select("script")} <= {
            "application/json",
            "application/ld+json",
            *(script["src"] for script in page.select("script[src^='/-/static-plugins/yaowen/']")),
        }


def test_of_very_many_revisions_and_counters_the_newest_are_shown_and_the_others_counted(
    room: Room, stored: tuple[Path, int], tmp_path: Path
) -> None:
    path, number = tmp_path / "archive.db", stored[1]
    shutil.copy(stored[0], path)
    times = [to_utc(MORNING + timedelta(days=1, minutes=minute)) for minute in range(3_000)]
    with Archive.open(path) as archive, archive.writing() as db:
        db.conn.executemany(
            "INSERT INTO view_counts (article_id, observed_at, value) VALUES (?, ?, ?)",
            [(number, time, value) for value, time in enumerate(times)],
        )
        db.conn.executemany(
            """
            INSERT INTO revisions (article_id, observed_at, fingerprint, reading, changed_fields)
            SELECT article_id, ?, ?, reading, changed_fields FROM revisions WHERE id = 1
            """,
            [(time, str(value)) for value, time in enumerate(times[:300])],
        )
    page = soup(room(path)(f"/article/{number}"))
    assert len(page.select("#revisions li")) == len(page.select("#views tbody tr")) == 200
    assert text_of(page, "#revisions > p") == "102 more"
    assert text_of(page, "#views details > p") == "2,803 more"
    (script,) = page.select("#views figure script")
    points = json.loads(script.text)["points"]
    assert (len(points) <= 1_001, points[-1][1]) == (True, 2_999)
