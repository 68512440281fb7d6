import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from bs4 import BeautifulSoup

from archive.forgetting import forget
from archive.store import Archive
from tests.archive.web.conftest import Get, Kept, Room
from tests.conftest import MORNING, article, observation

URL = "https://news.example/a/1"
ASKED = "https://news.example/list?id=1&lang=en"
QUESTION = "https://news.example/q%3Fx"
NEVER = "https://news.example/never"
BASE = "http://localhost/web"


def links(text: str) -> dict[str, str]:
    """Relation -> address, as a client of RFC 8288 reads them."""
    found = re.findall(r'<([^>]*)>((?:\s*;\s*[\w-]+="[^"]*")*)', text)
    return {re.search('rel="([^"]*)"', rest)[1]: address for address, rest in found}  # type: ignore[index]


@pytest.fixture
def get(room: Room, kept: Kept) -> Get:
    """An address with looks at 8:00, 9:00, which was a 304, and 10:00; two more of other shapes."""
    return room(
        kept(
            observation(article()),
            observation(minutes=60, status=304, body=None),
            observation(minutes=120, body=b"<p>later"),
            observation(url=ASKED, final_url=ASKED),
            observation(url="https://short.example/x", final_url="https://news.example/long"),
            observation(url=QUESTION, final_url=QUESTION),
            observation(url=NEVER, final_url=NEVER, status=None, body=None, outcome="failed", reason="x"),
        )
    )


@pytest.mark.parametrize("form", ["", "id_", "if_"])
def test_a_memento_tells_its_time_and_its_relations(get: Get, form: str) -> None:
    answer = get(f"/web/20260301090000{form}/{URL}")
    assert answer.status_code == 200
    moment = parsedate_to_datetime(answer.headers["memento-datetime"])
    assert moment == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert links(answer.headers["link"]) == {
        "original": URL,
        "timegate": f"{BASE}/{URL}",
        "timemap": f"{BASE}/timemap/link/{URL}",
        "first prev memento": f"{BASE}/20260301080000{form}/{URL}",
        "next last memento": f"{BASE}/20260301100000{form}/{URL}",
        "memento": f"{BASE}/20260301090000{form}/{URL}",
    }


@pytest.mark.parametrize(
    ("asked", "hour"),
    [
        ("Sun, 01 Mar 2026 08:10:00 GMT", 8),
        ("Sun, 01 Mar 2026 09:29:59 GMT", 9),
        ("Sun, 01 Mar 2026 09:30:00 GMT", 9),
        ("Mon, 01 Jan 1990 00:00:00 GMT", 8),
        ("Sun, 01 Mar 2099 00:00:00 GMT", 10),
        ("Sat, 01 Jan 0001 00:00:00 GMT", 8),
        ("", 10),
    ],
)
def test_the_timegate_leads_to_the_nearest(get: Get, asked: str, hour: int) -> None:
    answer = get(f"/web/{URL}", accept_datetime=asked)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/web/20260301{hour:02}0000/{URL}")
    assert "accept-datetime" in answer.headers["vary"].lower()
    assert links(answer.headers["link"])["original"] == URL


@pytest.mark.parametrize("asked", ["yesterday", "2026-03-01", "Sun, 99 Mar 2026 08:00:00 GMT", "Sun, 01 Mar"])
def test_a_time_that_cannot_be_read_is_refused(get: Get, asked: str) -> None:
    answer = get(f"/web/{URL}", accept_datetime=asked)
    assert answer.status_code == 400
    assert asked in answer.text


def test_the_timemap_lists_all_with_bytes_the_oldest_first(get: Get) -> None:
    answer = get(f"/web/timemap/link/{URL}")
    assert answer.headers["content-type"] == "application/link-format"
    mementos = re.findall(r'<([^>]*)>; rel="memento"; datetime="([^"]*)"', answer.text)
    assert [parsedate_to_datetime(time).hour for _, time in mementos] == [8, 9, 10]
    assert all(get(address.removeprefix("http://localhost")).status_code == 200 for address, _ in mementos)
    assert links(answer.text)["original"] == URL


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        (URL.replace("//", "/"), URL),
        (URL.replace("https://", ""), URL),
        (URL.replace("https", "http"), URL),
        (URL.replace("https", "HTTPS") + "?utm_source=x", URL),
        ("https%3A%2F%2Fnews.example%2Fa%2F1", URL),
        (f"{URL}?lang=en", URL),
        (ASKED, "https://news.example/list%3Fid=1&lang=en"),
        ("https://news.example/list%3Fid=1&lang=en?lang=zh", "https://news.example/list%3Fid=1&lang=en"),
        ("https://news.example/q%3Fx", "https://news.example/q%253Fx"),
        ("https://news.example/long", "https://news.example/long"),
        ("https://short.example/x", "https://short.example/x"),
    ],
)
@pytest.mark.parametrize("time", ["2026/", ""])
def test_an_address_is_found_however_it_was_written(get: Get, typed: str, leads_to: str, time: str) -> None:
    answer = get(f"/web/{time}{typed}")
    assert answer.status_code == 302
    assert re.fullmatch(rf"/web/20260301\d{{6}}/{re.escape(leads_to)}", answer.headers["location"])
    assert get(answer.headers["location"]).status_code == 200


def test_the_links_of_an_address_with_a_query_lead_to_it(get: Get) -> None:
    answer = get(get(f"/web/{ASKED}").headers["location"])
    found = links(answer.headers["link"])
    assert found["original"] == ASKED
    for role in ("timegate", "timemap", "first last memento"):
        assert get(found[role].removeprefix("http://localhost")).status_code in (200, 302)
    other_language = BeautifulSoup(answer.text, "lxml").select_one(".languages a")
    assert other_language is not None
    assert "抓取的原页" in get(str(other_language["href"])).text


@pytest.mark.parametrize("form", ["", "2026/", "timemap/link/", "*/", "2026id_/"])
@pytest.mark.parametrize("url", ["https://other.example/", "javascript:alert(1)", "..%2F..%2Fetc", "%00", "%FF"])
def test_an_unknown_address_is_not_here(get: Get, form: str, url: str) -> None:
    assert get(f"/web/{form}{url}").status_code == 404


@pytest.mark.parametrize("form", ["", "2026/", "timemap/link/"])
def test_an_address_that_never_answered_has_no_memento(get: Get, form: str) -> None:
    answer = get(f"/web/{form}{NEVER}")
    assert answer.status_code == 404
    assert "has no page of it" in answer.text


def test_all_looks_at_an_address_are_listed_by_month(get: Get) -> None:
    page = BeautifulSoup(get(f"/web/*/{URL}").text, "lxml")
    assert [one["aria-label"] for one in page.select(".months a")] == ["2026-03: 3"]
    assert [row.get_text(" ", strip=True).split()[1] for row in page.select("tbody tr:has(code)")] == [
        "10:00:00",
        "09:00:00",
        "08:00:00",
    ]
    assert get(f"/web/*/{URL}?month=2026-03").status_code == 200
    assert get(f"/web/*/{URL}?month=2026-04").status_code == 400


def test_many_looks_are_turned_over_like_pages(room: Room, kept: Kept) -> None:
    get = room(kept(*(observation(minutes=minute) for minute in range(201))))
    first = BeautifulSoup(get(f"/web/*/{URL}").text, "lxml")
    (following,) = [str(one["href"]) for one in first.select("a[rel=next]")]
    assert len(first.select("tbody code")) == 200
    assert len(BeautifulSoup(get(following).text, "lxml").select("tbody code")) == 1


def test_behind_a_proxy_all_addresses_have_its_prefix(room: Room, kept: Kept) -> None:
    get = room(kept(observation(article())), base_url="/news/")
    answer = get(f"/web/{URL}")
    assert answer.headers["location"] == f"/news/web/20260301080000/{URL}"
    assert links(answer.headers["link"])["timemap"] == f"http://localhost/news/web/timemap/link/{URL}"


def test_what_was_taken_down_is_told_as_that_in_every_form(room: Room, kept: Kept) -> None:
    path = kept(observation(article()))
    with Archive.open(path) as archive:
        forget(archive, URL, "court", now=MORNING)
    get = room(path)
    for form in ("", "2026/", "2026id_/", "2026if_/", "timemap/link/"):
        answer = get(f"/web/{form}{URL}")
        assert (answer.status_code, "court" in answer.text) == (410, True), form
