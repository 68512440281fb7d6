import hashlib
import sqlite3
from contextlib import closing

import httpx
import pytest
from bs4 import BeautifulSoup

from archive.store import Archive
from archive.web.framed import framed
from tests.archive.web.conftest import Get, Kept, Room
from tests.conftest import article, observation

URL = "https://news.example/a/1"
EIGHT = f"/web/20260301080000/{URL}"
BODY = "<meta charset=gbk><p>运河边的图书馆</p>".encode("gbk")


def facts(answer: httpx.Response) -> dict[str, str]:
    page = BeautifulSoup(answer.text, "lxml")
    return {name.get_text(): name.find_next("dd").get_text() for name in page.select(".about dt")}  # type: ignore[union-attr]


@pytest.fixture
def get(room: Room, kept: Kept) -> Get:
    """Three looks: a page that was read, an error page an hour later, and one at which nothing came."""
    return room(
        kept(
            observation(article(), body=BODY, headers={"Content-Type": "text/html; charset=gbk", "X-A": "<b>"}),
            observation(minutes=60, status=404, outcome="failed", reason="the server answered 404", body=b"<p>Gone"),
            observation(minutes=120, status=None, body=None, outcome="failed", reason="no answer came"),
        )
    )


def test_the_page_of_a_capture_tells_what_is_known_of_it(get: Get) -> None:
    answer = get(EIGHT)
    known = facts(answer)
    assert answer.status_code == 200
    assert known["SHA-256"] == hashlib.sha256(BODY).hexdigest()
    assert (known["Status"], known["Outcome"], known["Size"]) == ("200", "read", f"{len(BODY)} bytes")
    assert (known["Article"], known["X-A"]) == ("运河边的图书馆", "<b>")


@pytest.mark.parametrize(
    ("time", "exact"),
    [
        ("2026", "20260301090000"),
        ("20251", "20260301080000"),
        ("20260301082959", "20260301080000"),
        ("20260301083001", "20260301090000"),
        ("2026030108", "20260301080000"),
        ("9999", "20260301090000"),
    ],
)
def test_another_time_leads_to_the_nearest_capture(get: Get, time: str, exact: str) -> None:
    answer = get(f"/web/{time}/{URL}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/web/{exact}/{URL}")


@pytest.mark.parametrize("time", ["202613", "20260230", "0000", "2026030125"])
def test_what_is_no_time_is_told(get: Get, time: str) -> None:
    answer = get(f"/web/{time}/{URL}")
    assert answer.status_code == 400
    assert time in answer.text


def test_the_bytes_come_as_they_were_fetched_and_are_not_opened(get: Get) -> None:
    answer = get(f"/web/20260301080000id_/{URL}")
    assert answer.content == BODY
    assert answer.headers["content-type"] == "text/html; charset=gbk"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_bytes_of_an_error_page_come_with_its_status(get: Get) -> None:
    answer = get(f"/web/20260301090000id_/{URL}")
    assert (answer.status_code, answer.content) == (404, b"<p>Gone")


def test_what_is_framed_is_fenced_in_on_both_sides(get: Get) -> None:
    frame = BeautifulSoup(get(EIGHT).text, "lxml").iframe
    assert frame is not None
    assert frame.has_attr("sandbox")
    assert not frame["sandbox"]
    answer = get(str(frame["src"]))
    assert "运河边的图书馆" in answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_a_framed_page_that_is_opened_alone_leads_to_the_page_that_tells_of_it(get: Get) -> None:
    answer = get(f"/web/20260301080000if_/{URL}", sec_fetch_dest="document")
    assert (answer.status_code, answer.headers["location"]) == (302, EIGHT)


@pytest.mark.parametrize(
    ("body", "content_type", "shown"),
    [
        ("<p>运河".encode("gb18030"), "text/html", "<p>运河"),
        ("<p>运河".encode("gbk"), "text/html; charset=gb2312", "<p>运河"),
        ("<meta charset='gbk'><p>运河".encode("gbk"), None, "<meta charset='gbk'><p>运河"),
        ("<p>运河".encode(), "text/html; charset=punycode", "<p>运河"),
        ("<p>運河".encode("big5"), "text/html; charset=Big5", "<p>運河"),
        ("<LINK rel=preconnect>".encode("utf-16"), "text/html", "<meta rel=preconnect>"),
        (b"<li\x1b(Bnk rel=preconnect>", "text/html; charset=iso-2022-jp", "<meta rel=preconnect>"),
        (b"<iframe/src=x>a</IFRAME><frame src=y>", "text/html", "<template/src=x>a</template><meta src=y>"),
        (b"<frameset cols=1>", "text/html", "<frameset cols=1>"),
        (b"<a title='x'TARGET\n=_top>", "text/html", "<a title='x'x-target\n=_top>"),
    ],
)
def test_a_framed_page_has_its_text_and_nothing_that_opens_a_connection(
    body: bytes, content_type: str | None, shown: str
) -> None:
    assert framed(body, content_type).decode() == '<base target="_blank">' + shown


def test_a_look_at_which_nothing_came_has_a_page_of_its_own(get: Get) -> None:
    looks = BeautifulSoup(get(f"/web/*/{URL}").text, "lxml").select("td a[href*=capture]")
    (way,) = [str(one["href"]) for one in looks]
    answer = get(way)
    assert answer.status_code == 200
    assert "Nothing was kept of this look" in answer.text
    assert facts(answer)["Reason"] == "no answer came"
    assert "memento-datetime" not in answer.headers
    assert get(way.replace("/https", "id_/https", 1)).status_code == 404


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE contents SET codec = 'pruned', body = x''", "were taken out to save room"),
        ("UPDATE contents SET body = x'00'", "are damaged"),
        ("UPDATE contents SET body = 'text'", "are damaged"),
    ],
)
def test_bytes_that_are_not_there_any_more_are_a_sentence(room: Room, kept: Kept, damage: str, sentence: str) -> None:
    path = kept(observation(article()))
    with Archive.open(path) as archive, archive.writing() as db:
        db.execute(damage)
    page, alone = room(path)(EIGHT), room(path)(f"/web/20260301080000id_/{URL}")
    assert (page.status_code, alone.status_code) == (200, 410)
    assert sentence in page.text
    assert sentence in alone.text
    assert "<iframe" not in page.text


@pytest.mark.parametrize(
    ("content_type", "served"),
    [
        ("image/svg+xml", "application/octet-stream"),
        ("application/pdf", "application/octet-stream"),
        ("text/xml", "text/plain"),
        ("application/rss+xml; charset=utf-8", "text/plain; charset=utf-8"),
        ("text/javascript", "text/plain"),
        ("multipart/x-mixed-replace", "application/octet-stream"),
    ],
)
def test_what_is_no_html_is_never_given_as_what_runs(room: Room, kept: Kept, content_type: str, served: str) -> None:
    get = room(kept(observation(body=b"<svg onload='alert(1)'/>", headers={"content-type": content_type})))
    assert get(f"/web/20260301080000id_/{URL}").headers["content-type"] == served
    framed_type = get(f"/web/20260301080000if_/{URL}").headers["content-type"]
    assert framed_type == (served if served.startswith("text/plain") else "text/html; charset=utf-8")
    assert ("<iframe" in get(EIGHT).text) == served.startswith("text/plain")


def test_captures_of_one_second_are_all_reached(room: Room, kept: Kept) -> None:
    get = room(kept(*(observation(body=f"<p>{number}".encode()) for number in range(3))))
    ways, shown = [EIGHT], []
    while ways:
        answer = get(ways.pop())
        page = BeautifulSoup(answer.text, "lxml")
        shown.append(get(str(page.select_one("iframe")["src"])).text[-1])  # type: ignore[index]
        ways += [str(one["href"]) for one in page.select("a[rel=prev]")]
    assert shown == ["2", "1", "0"]


@pytest.mark.parametrize("number", ["999", "0", "x", "1" * 30])
def test_a_capture_of_another_address_is_not_shown_at_this_one(get: Get, number: str) -> None:
    assert get(f"{EIGHT}?capture={number}").status_code in (400, 404)


@pytest.mark.parametrize("column", ["fetched_at", "headers", "status", "outcome", "reason", "content_hash"])
@pytest.mark.parametrize("value", [b"\xff\x00", "yesterday", "[1", "9999999", "-4713-11-24T12:00:00Z"])
def test_a_row_that_another_program_wrote_oddly_stops_nothing(
    room: Room, kept: Kept, column: str, value: object
) -> None:
    path = kept(observation(article()), observation(minutes=60, body=b"<p>later"))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE captures SET {column} = ? WHERE id = 1", [value])
    get = room(path)
    for address in (f"*/{URL}", f"timemap/link/{URL}", URL, f"2026/{URL}", f"19700101000000/{URL}?capture=1"):
        assert get(f"/web/{address}").status_code in (200, 302)
    assert get(f"/web/20260301090000/{URL}").status_code == 200
