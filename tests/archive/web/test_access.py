"""Who reads the room, and by which name it is reached."""

import re
from base64 import b64encode
from itertools import count
from pathlib import Path

import pytest

from archive.errors import BadReaders
from archive.store import Archive
from archive.web.access.brake import TRIES
from archive.web.access.readers import readers_of
from archive.web.pages import ROUTES
from tests.archive.web.visitor import HASH, PASSWORD, READERS, Visitor, visitor, written
from tests.conftest import article

ADDRESSES = (
    "/",
    "/?q=运河",
    "/search.json",
    "/feed.atom",
    "/article/1",
    "/compare/1",
    "/compare/1/1/2",
    "/web/20260301080000/https://news.example/a/1",
    "/web/20260301080000id_/https://news.example/a/1",
    "/web/20260301080000if_/https://news.example/a/1",
    "/web/https://news.example/a/1",
    "/web/timemap/link/https://news.example/a/1",
    "/web/*/https://news.example/a/1",
    "/lists",
    "/list/https://news.example/",
    "/trends",
    "/graph",
    "/graph/1",
    "/coverage",
    "/crawls",
    "/crawls/sites",
    "/nothing",
    "/.json",
    "/tables",
    "/tables.json",
    "/tables.db",
    "/tables?sql=select+title+from+articles",
    "/tables.csv?sql=select+title+from+articles",
    "/tables/articles",
    "/tables/articles/",
    "/tables/articles.json?_shape=array",
    "/tables/articles.csv?_stream=1",
    "/tables/articles/1",
    "/tables/contents/1.blob?_blob_column=body",
    "/_internal",
    "/_memory",
)
SHUT = (
    "/-/metadata.json",
    "/-/plugins.json",
    "/-/versions.json",
    "/-/settings",
    "/-/threads.json",
    "/-/databases.json",
    "/-/actor.json",
    "/-/allow-debug",
    "/-/permissions",
    "/-/messages",
    "/-/patterns",
    "/-/auth-token?token=x",
    "/-/password-tool",
    "/-/config",
    "/-/static%2f../archive",
    "/-/nothing",
)


_ADDRESSES = count(1)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def for_readers(path: Path) -> Visitor:
    return visitor(path, readers=READERS)


@pytest.fixture(scope="module")
def for_all(path: Path) -> Visitor:
    return visitor(path, hosts=("archive.example",))


@pytest.fixture(scope="module")
def without_sql(path: Path) -> Visitor:
    return visitor(path, sql=False)


@pytest.fixture
def stranger(for_readers: Visitor) -> Visitor:
    """Somebody who was never there before."""
    return Visitor(app=for_readers.app, address=f"192.0.2.{next(_ADDRESSES)}")


@pytest.mark.parametrize("address", [*ADDRESSES, *SHUT])
@pytest.mark.parametrize("wants", ["text/html", "*/*"])
def test_who_is_not_logged_in_reads_nothing_at_any_address(stranger: Visitor, address: str, wants: str) -> None:
    answer = stranger.ask(address, accept=wants)
    assert answer.status_code in ({302, 404} if wants == "text/html" else {401, 404})
    assert "运河" not in answer.text
    assert answer.status_code != 404 or address in SHUT


def test_the_addresses_tried_are_of_every_page_of_the_room() -> None:
    tried = [address.partition("?")[0] for address in ADDRESSES]
    assert [pattern for pattern in ROUTES if not any(re.match(pattern, one) for one in tried)] == []


@pytest.mark.parametrize("address", SHUT)
@pytest.mark.parametrize("name", ["", "eva"])
def test_pages_that_tell_of_the_machine_are_shut_to_all(
    path: Path, for_all: Visitor, stranger: Visitor, address: str, name: str
) -> None:
    if name:
        stranger.log_in(name)
    answer = (stranger if name else for_all).ask(address)
    assert answer.status_code == 404
    assert str(path.parent) not in answer.text
    assert HASH not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/tables?sql=select+*+from+%22PRAGMA_database_list%22",
        "/tables.json?sql=x&sql=pragma_database_list()",
        "/tables/articles?_where=1+in+(select+1+from+pragma_database_list)",
    ],
)
def test_sql_does_not_tell_where_the_file_is(path: Path, for_all: Visitor, address: str) -> None:
    answer = for_all.ask(address)
    assert (answer.status_code, str(path) in answer.text) == (403, False)


def test_styles_and_scripts_are_there_before_the_login(stranger: Visitor) -> None:
    for address in ("/-/static-plugins/yaowen/room.css", "/-/static/app.css", "/favicon.ico"):
        assert stranger.ask(address).status_code == 200


def test_a_stranger_is_led_to_the_login_and_after_it_to_where_they_wanted(stranger: Visitor) -> None:
    led = stranger.ask("/tables/articles?title__contains=河&_sort=id", accept="text/html")
    assert led.headers["location"].startswith("/-/login?next=/tables/articles%3Ftitle__contains%3D%25E6")
    page = stranger.ask(led.headers["location"], accept="text/html", accept_language="zh")
    assert (page.status_code, "<h1>登录</h1>" in page.text) == (200, True)
    (wanted,) = re.findall(r'name="next" value="([^"]*)"', page.text)
    entered = stranger.log_in("林", to=wanted.replace("&amp;", "&"))
    assert (entered.status_code, entered.headers["location"]) == (
        303,
        "/tables/articles?title__contains=%E6%B2%B3&_sort=id",
    )
    assert "运河边的图书馆" in stranger.ask(entered.headers["location"]).text
    assert stranger.ask("/-/login?next=/trends").headers["location"] == "/trends"


def test_the_session_ends_with_the_logout(stranger: Visitor) -> None:
    stranger.log_in("eva")
    page = stranger.ask("/")
    (token,) = re.findall(r'name="csrftoken" value="([^"]+)"', page.text)
    assert stranger.ask("/-/logout", "POST", {"csrftoken": token}).status_code == 302
    assert stranger.ask("/").status_code == 401


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\t//evil.example", "javascript:alert(1)", ""],
)
def test_a_login_leads_to_no_other_site(stranger: Visitor, elsewhere: str) -> None:
    assert stranger.log_in("eva", to=elsewhere).headers["location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("eva", "wrong"), ("nobody", PASSWORD), ("", ""), ("eva", "")])
def test_a_wrong_name_or_password_opens_nothing_and_is_told_alike(stranger: Visitor, name: str, password: str) -> None:
    answer = stranger.log_in(name, password)
    assert (answer.status_code, "The name or the password is wrong." in answer.text) == (401, True)
    assert "ds_actor" not in answer.headers.get("set-cookie", "")
    assert stranger.ask("/").status_code == 401


def test_a_form_of_another_site_logs_nobody_in(stranger: Visitor) -> None:
    form = {"name": "eva", "password": PASSWORD}
    assert stranger.ask("/-/login", "POST", form).status_code == 403


def test_guessing_is_put_off_for_the_address_that_guesses(stranger: Visitor) -> None:
    for _ in range(TRIES):
        stranger.log_in("eva", "wrong")
    late = stranger.log_in("eva")
    assert (late.status_code, int(late.headers["retry-after"]) > 800) == (429, True)
    assert Visitor(app=stranger.app, address="198.51.100.1").log_in("eva").status_code == 303


def test_programs_read_with_http_basic(stranger: Visitor) -> None:
    assert 'Basic realm="Yaowen"' in stranger.ask("/search.json").headers["www-authenticate"]
    right = b64encode(f"林:{PASSWORD}".encode()).decode()
    assert stranger.ask("/search.json", authorization=f"Basic {right}").json()["total"] == 1
    assert stranger.ask("/tables/articles.json", authorization=f"Basic {right}").status_code == 200
    for wrong in (right[:-4], "=", "%", b64encode(b"eva").decode(), b64encode(b"\xff:\xff").decode()):
        assert stranger.ask("/search.json", authorization=f"Basic {wrong}").status_code == 401


def test_a_cookie_that_was_signed_elsewhere_is_none(path: Path, stranger: Visitor) -> None:
    other = visitor(path, readers=READERS)
    other.log_in("eva")
    stranger.cookies = other.cookies
    assert stranger.ask("/").status_code == 401


def test_another_password_or_a_name_struck_off_ends_the_sessions(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATASETTE_SECRET", "the same at each start")
    before = visitor(path, readers=READERS)
    before.log_in("eva")
    for readers, status in ((READERS, 200), ({"林": HASH}, 401), ({"eva": HASH.replace("5a17", "5a18")}, 401)):
        after = visitor(path, readers=readers)
        after.cookies = before.cookies
        assert after.ask("/").status_code == status


@pytest.mark.parametrize(("base", "is_secure"), [("http://localhost:8001", False), ("https://localhost", True)])
def test_no_script_and_no_other_site_gets_the_cookies(stranger: Visitor, base: str, is_secure: bool) -> None:
    stranger.base = base
    entered = stranger.log_in("eva")
    cookies = entered.headers.get_list("set-cookie")
    assert any(cookie.startswith("ds_actor=") for cookie in cookies)
    for cookie in cookies:
        assert re.search("; SameSite=lax", cookie, re.IGNORECASE)
        assert ("; HttpOnly" in cookie, "; Secure" in cookie) == (True, is_secure)


NAMES = ("localhost", "LOCALHOST:8001", "127.0.0.1:8001", "[::1]:8001", "localhost.", "127.0.0.1")
STRANGE = (
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example:8001",
    "",
    "localhost@evil.example",
    "0.0.0.0",
    "[::1].evil.example",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_room_is_reached_by_the_names_of_this_machine(for_all: Visitor, name: str) -> None:
    assert for_all.ask("/", host=name).status_code == 200


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("address", ["/", "/tables/articles.json", "/-/static/app.css"])
def test_no_other_name_leads_to_it_so_that_no_site_reads_it_through_a_browser(
    for_all: Visitor, name: str, address: str
) -> None:
    answer = for_all.ask(address, host=name)
    assert (answer.status_code, answer.text.count("\n")) == (421, 1)


def test_a_name_that_is_allowed_leads_to_it(path: Path) -> None:
    assert visitor(path, hosts=("Archive.example",)).ask("/", host="archive.EXAMPLE:443").status_code == 200
    assert visitor(path, hosts=None).ask("/", host="any.example").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE"])
@pytest.mark.parametrize(
    "address", ["/", "/search.json", "/tables/articles", "/tables", "/-/metadata", "/-/static/app.css", "/nothing"]
)
def test_nothing_is_written_at_any_address(for_all: Visitor, method: str, address: str) -> None:
    assert for_all.ask(address, method).status_code == (404 if address == "/-/metadata" else 405)


def test_a_form_that_is_no_login_is_not_read(stranger: Visitor) -> None:
    assert stranger.ask("/-/login", "POST", {"name": "x" * 20_000}).status_code == 413
    assert stranger.ask("/-/login", "POST", content_type="application/json").status_code in (403, 411)


@pytest.mark.parametrize(
    "address",
    [
        "/tables?sql=select+1",
        "/tables.json?sql=select+1",
        "/tables/articles?_where=1",
        "/tables/articles.json?_where=id+in+(select+1)",
        "/tables/articles.csv?_where=1",
    ],
)
def test_no_sql_is_run_where_that_is_turned_off(for_all: Visitor, without_sql: Visitor, address: str) -> None:
    assert for_all.ask(address).status_code == 200
    assert without_sql.ask(address).status_code == 403


def test_the_box_for_sql_is_gone_where_that_is_turned_off(for_all: Visitor, without_sql: Visitor) -> None:
    for address in ("/tables", "/tables/articles"):
        page = without_sql.ask(address)
        assert (page.status_code, "<textarea" in page.text, "?sql=" in page.text) == (200, False, False)
    assert "<textarea" in for_all.ask("/tables").text
    assert without_sql.ask("/?q=运河").text.count("运河") > 2


def test_another_archive_in_the_place_of_the_file_is_served_at_once(tmp_path: Path) -> None:
    path = written(tmp_path)
    who = visitor(path, readers=READERS)
    who.log_in("eva")
    assert "运河边的图书馆" in who.ask("/").text
    (path.parent / "new").mkdir()
    other = written(path.parent / "new", article(title="另一个档案"))
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.unlink()
    assert "运河边的图书馆" in who.ask("/").text  # while there is none
    other.replace(path)
    for address in ("/", "/tables/articles"):
        assert ("另一个档案" in who.ask(address).text, "运河边的图书馆" in who.ask(address).text) == (True, False)


def test_what_is_written_meanwhile_is_seen(tmp_path: Path) -> None:
    path = written(tmp_path)
    who = visitor(path)
    with Archive.open(path) as archive:
        before = who.ask("/search.json").json()["total"]
        written(path.parent, article(url="https://news.example/a/9", title="新来的"))
        assert archive.counts()["articles"] == before + 1
        assert "新来的" in who.ask("/").text


def test_readers_are_named_a_line(tmp_path: Path) -> None:
    file = tmp_path / "readers.txt"
    file.write_text(f"# who may read\n\n林: {HASH}\n  eva:{HASH}  \n", "utf-8")
    assert readers_of(file) == READERS


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"eva:{HASH}\neva {HASH}\n", ["line 2"]),
        (f"eva:{PASSWORD}\n:{HASH}\na\tb:{HASH}\n", ["line 1", "line 2", "line 3"]),
        (f"eva:{HASH}\neva:{HASH}\n", ["line 2 names eva again"]),
        (f"eva:{HASH.replace('1000', '1')}\n", ["line 1"]),
        ("# nobody\n", ["it names nobody"]),
        ("", ["it names nobody"]),
    ],
)
def test_a_line_that_is_no_reader_is_named_and_not_repeated(tmp_path: Path, text: str, told: list[str]) -> None:
    file = tmp_path / "readers.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(BadReaders) as wrong:
        readers_of(file)
    assert [one for one in wrong.value.mistakes if any(word in one for word in told)] == list(wrong.value.mistakes)
    assert len(wrong.value.mistakes) == len(told)
    assert PASSWORD not in str(wrong.value)


@pytest.mark.parametrize("damage", [b"", b"another file" * 1_000])
def test_a_file_that_is_written_over_is_told_and_read_again_when_it_is_whole(tmp_path: Path, damage: bytes) -> None:
    path = written(tmp_path)
    with Archive.open(path) as archive:
        archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    who = visitor(path)
    assert who.ask("/").status_code == 200
    path.write_bytes(damage)
    for address in ("/", "/search.json", "/article/1", "/lists"):
        answer = who.ask(address)
        assert (answer.status_code, "cannot be opened" in answer.text) == (503, True), address
    path.write_bytes(whole)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    assert who.ask("/").status_code == 200
