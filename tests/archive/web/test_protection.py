"""What every answer tells browsers, and what is said where Datasette has a fault to tell."""

from pathlib import Path

import pytest

from archive.models import Section
from archive.web.access.protection import STRICT, of_datasette
from tests.archive.web.conftest import Room
from tests.archive.web.visitor import READERS, Visitor, visitor, written
from tests.conftest import article

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    hostile = article(title="<script>alert(1)</script>", sections=(Section(paragraphs=("{{ 7*7 }}<img onerror=x>",)),))
    return written(tmp_path_factory.mktemp("room"), hostile)


@pytest.fixture(scope="module")
def anyone(path: Path) -> Visitor:
    return visitor(path, hosts=())


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/?q=(", 400),
        ("/?page=x", 400),
        ("/search.json?q=(", 400),
        ("/feed.atom", 200),
        ("/article/1", 404),
        ("/article/99999999999999999999", 404),
        ("/nothing", 404),
        ("/nothing.json", 404),
        ("/tables", 200),
        ("/tables/articles", 200),
        ("/tables/articles/", 302),
        ("/tables/articles.csv", 200),
        ("/tables/articles?_sort=nope", 400),
        ("/tables/articles.json?_sort=nope", 400),
        ("/tables/articles.csv?_sort=nope", 400),
        ("/tables/articles?id__in=[", 400),
        ("/tables/articles?_through=x", 400),
        ("/tables/articles?_through=0", 400),
        ("/tables/articles.json?_timelimit=x", 400),
        ("/tables/articles.json?_json_infinity=x", 400),
        ("/tables/articles?_where=%00", 400),
        ("/tables/articles?id__gt=99999999999999999999", 400),
        ("/tables/past_articles?_next=x", 400),
        ("/tables.csv?sql=", 400),
        ("/tables/articles?_size=x", 400),
        ("/tables?sql=select+nope", 400),
        ("/tables?sql=select+zeroblob(900000000)", 400),
        ("/tables/nothing", 404),
        ("/tables.db", 403),
        ("/-/metadata", 404),
        ("/-/static/app.css", 200),
        ("/-/static-plugins/yaowen/room.css", 200),
        ("/-/static-plugins/yaowen/../../room.py", 404),
    ],
)
def test_every_answer_is_protected_and_has_a_status_that_fits(anyone: Visitor, address: str, status: int) -> None:
    answer = anyone.ask(address)
    assert (answer.status_code, HEADERS.items() <= dict(answer.headers).items()) == (status, True)
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; base-uri 'none'; form-action 'self'"
    )


def test_what_stands_before_datasette_is_protected_too(path: Path, anyone: Visitor) -> None:
    refused = (
        anyone.ask("/", host="evil.example"),
        anyone.ask("/", "POST"),
        visitor(path, readers=READERS).ask("/"),
        visitor(path, readers=READERS).ask("/", accept="text/html"),
        visitor(path, readers=READERS).ask("/-/login"),
    )
    assert [answer.status_code for answer in refused] == [421, 405, 401, 302, 200]
    for answer in refused:
        assert HEADERS.items() <= dict(answer.headers).items()
        assert answer.headers["content-security-policy"] in (STRICT, of_datasette())


def test_no_policy_runs_a_script_that_stands_in_a_page_unless_datasette_wrote_it() -> None:
    for policy in (STRICT, of_datasette()):
        (scripts,) = [part for part in policy.split("; ") if part.startswith("script-src")]
        assert not any(word in scripts for word in ("unsafe", "data:", "blob:", "http", "*"))
    assert of_datasette().count("sha256-") >= 4


@pytest.mark.parametrize("address", ["/tables", "/tables/articles", "/tables?sql=select+1", "/tables/nothing"])
def test_each_script_that_stands_in_a_page_of_datasette_has_its_hash(anyone: Visitor, address: str) -> None:
    from base64 import b64encode
    from hashlib import sha256

    answer = anyone.ask(address)
    scripts = [part.partition("</script>")[0] for part in answer.text.split("<script>")[1:]]
    assert scripts
    for script in scripts:
        assert b64encode(sha256(script.encode()).digest()).decode() in answer.headers["content-security-policy"]


@pytest.mark.parametrize("address", ["/nothing", "/?q=(", "/article/5", "/feed.atom?what=nothing", "/%3Cscript%3E"])
def test_a_page_that_is_not_there_says_so_in_the_look_of_the_room(anyone: Visitor, address: str) -> None:
    answer = anyone.ask(address, accept_language="zh")
    if answer.is_redirect:  # Datasette looks whether it is an address of its own, written in another way
        answer = anyone.ask(answer.headers["location"], accept_language="zh")
    assert (answer.status_code in (400, 404), "<h1>没有此页</h1>" in answer.text) == (True, True)
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("method", "status", "said"), [("POST", 405, "Nothing is written here"), ("PUT", 405, "Method not allowed")]
)
def test_a_write_to_a_table_is_refused_in_plain_datasette_too(path: Path, method: str, status: int, said: str) -> None:
    import asyncio

    from datasette.app import Datasette

    client = Datasette([str(path)]).client
    answer = asyncio.run(client._request(method.lower(), "/archive/articles"))
    assert (answer.status_code, said in answer.text) == (status, True)


def test_an_error_of_a_table_keeps_the_page_of_datasette(room: Room, path: Path) -> None:
    for address in ("/archive/articles?_sort=nope", "/archive/nothing"):
        assert "Powered by" in room(path)(address).text


@pytest.mark.parametrize("address", ["/", "/tables/articles", "/?q=alert", "/tables/articles.json"])
def test_what_a_page_printed_is_text(anyone: Visitor, address: str) -> None:
    answer = anyone.ask(address)
    assert "alert(1)" in answer.text.replace("<mark>", "").replace("</mark>", "")
    assert address.endswith(".json") or "<script>alert" not in answer.text.replace("<mark>", "")
    assert "49" not in answer.text.partition("<body")[2].replace("{{ 7*7 }}", "") or "{{ 7*7 }}" in answer.text
