"""``yaowen serve`` as a process of its own, on loopback."""

import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urljoin

import httpx
import pytest
import zstandard

from tests.archive.web.visitor import HASH, PASSWORD, written
from tests.conftest import REPOSITORY, Yaowen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive and readers, to be read only."""
    folder = tmp_path_factory.mktemp("serve")
    written(folder)
    readers = folder / "readers.txt"
    readers.write_text(f"eva:{HASH}\n")
    readers.chmod(0o600)
    return folder


@contextmanager
def served(folder: Path, *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address at which it answers, and the process."""
    with subprocess.Popen(
        [sys.executable, "-m", "yaowen", "serve", "--port", "0", "--json", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield json.loads(line)["url"], process
        finally:
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_at_the_address_that_it_prints_until_it_is_stopped(folder: Path, how: signal.Signals) -> None:
    before = {path.name: hashlib.sha256(path.read_bytes()).digest() for path in folder.glob("*.db")}
    with served(folder) as (url, process):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
        assert "运河边的图书馆" in httpx.get(url).text
        assert httpx.get(f"{url}tables/articles.json").status_code == 200
        assert httpx.get(url, headers={"host": "evil.example"}).status_code == 421
        assert httpx.get(f"{url}tables/articles?_timelimit=x").status_code == 400
        process.send_signal(how)
        printed, said = process.communicate(timeout=30)
    assert (process.returncode, printed, said) == (0, "", "")
    assert {path.name: hashlib.sha256(path.read_bytes()).digest() for path in folder.glob("*.db")} == before


def test_a_client_that_never_leaves_does_not_keep_it_from_ending(folder: Path) -> None:
    with served(folder) as (url, process):
        host, port = url.removeprefix("http://").rstrip("/").split(":")
        with socket.create_connection((host, int(port))) as idle:
            idle.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")  # and no more
            process.terminate()
            assert (process.wait(timeout=30), "Traceback" in process.communicate()[1]) == (0, False)


def test_with_readers_a_login_is_asked_for(folder: Path) -> None:
    with served(folder, "--readers", "readers.txt", "--host", "0.0.0.0") as (url, _):
        here = url.replace("0.0.0.0", "127.0.0.1")
        assert httpx.get(here).status_code == 401
        assert httpx.get(here, headers={"accept": "text/html"}).headers["location"] == "/-/login?next=/"
        assert httpx.get(f"{here}search.json", auth=("eva", PASSWORD)).json()["total"] == 1
        assert httpx.get(f"{here}-/password-tool", auth=("eva", PASSWORD)).status_code == 404


def test_requests_are_named_only_if_asked(folder: Path) -> None:
    with served(folder, "--verbose", "--no-sql") as (url, process):
        assert httpx.get(f"{url}tables?sql=select+1").status_code == 403
        process.terminate()
        assert '"GET /tables?sql=select+1 HTTP/1.1" 403' in process.communicate(timeout=30)[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--host", "0.0.0.0"], 2, "--readers FILE names who may read, --public lets everybody"),
        (["--host", "::"], 2, "--public"),
        (["--host", ""], 2, "--public"),
        (["--public", "--readers", "readers.txt"], 2, "give one of them"),
        (["--readers", "nobody.txt"], 2, "nobody.txt: No such file or directory"),
        (["--readers", "archive.db"], 2, "archive.db: it is no UTF-8"),
        (["--prefix", "/a?b/"], 2, "'/a?b/' is no path such as /archive/"),
        (["--prefix", "../"], 2, "'../' is no path such as /archive/"),
        (["--allow-host", "https://news.example/"], 2, "'https://news.example/' is no host name"),
        (["--port", "65536"], 2, "65536"),
        (["--public", "--host", "192.0.2.1", "--port", "0"], 1, "192.0.2.1:0 cannot be used: "),
        (["--public", "--host", "no.such.host.invalid"], 1, "no.such.host.invalid:8001 cannot be used: "),
        (["--archive", "missing.db"], 3, "there is no such file"),
        (["--archive", "."], 2, "is a directory"),
        (["--archive", "readers.txt"], 3, "it is no SQLite file"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(folder: Path, words: list[str], code: int, said: str) -> None:
    from tests.conftest import run_yaowen

    finished = run_yaowen(folder, "serve", *words)
    assert (finished.returncode, finished.stdout) == (code, "")
    assert said in " ".join(finished.stderr.split())
    assert "Traceback" not in finished.stderr


def test_a_port_that_is_taken_is_named(folder: Path) -> None:
    from tests.conftest import run_yaowen

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        finished = run_yaowen(folder, "serve", "--port", str(port))
    assert (finished.returncode, finished.stderr) == (
        1,
        f"Error: 127.0.0.1:{port} cannot be used: Address already in use; try --port\n",
    )


def test_a_file_of_readers_that_others_can_read_is_remarked_on(yaowen: Yaowen, tmp_path: Path) -> None:
    (tmp_path / "readers.txt").write_text(f"eva:{HASH}\n")
    (tmp_path / "readers.txt").chmod(0o644)
    finished = yaowen("serve", "--readers", "readers.txt", "--archive", "missing.db")
    assert "Other users of this machine can read readers.txt; `chmod 600 readers.txt` changes that" in finished.stderr


def test_without_datasette_it_says_how_to_install_it(folder: Path) -> None:
    code = (
        "import sys; sys.modules['datasette'] = None; import importlib.util as u; found = u.find_spec;"
        "u.find_spec = lambda name, *more: None if name == 'datasette' else found(name, *more);"
        "from yaowen.__main__ import main; sys.argv = ['yaowen', 'serve']; main()"
    )
    finished = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert finished.stderr == "Error: the reading room needs Datasette: pip install 'yaowen[web]'\n"


def test_an_archive_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    packed = (REPOSITORY / "tests/archives/m003.db.zst").read_bytes()
    unpacked = zstandard.ZstdDecompressor().decompress(packed, max_output_size=100_000_000)
    (tmp_path / "archive.db").write_bytes(unpacked)
    with served(tmp_path) as (url, _):
        assert httpx.get(f"{url}search.json").json()["total"] > 0


@contextmanager
def proxied(target: str, *, proto: str) -> Iterator[str]:
    """The address of a reverse proxy that passes on paths as they come, and says by which scheme they did."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass_on(b"")

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers["content-length"])))

        def _pass_on(self, body: bytes) -> None:
            headers = {**dict(self.headers.items()), "x-forwarded-proto": proto, "x-forwarded-for": "192.0.2.7"}
            answer = httpx.request(self.command, target + self.path, headers=headers, content=body)
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name not in ("content-length", "transfer-encoding", "content-encoding"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


HOST = {"host": "reading.example", "accept": "text/html"}
_LINK = re.compile(r"""(?:href|src|action)="([^"]*)"|<([^<>]*)>; rel=""")
_MOST = 70
"""Addresses that are tried; a table page has dozens of the same kind."""


@pytest.fixture(scope="module")
def proxy(folder: Path) -> Iterator[str]:
    """The address of the room below the path of a proxy, reached by https."""
    words = ("--prefix", "/news/archive", "--allow-host", "reading.example", "--readers", "readers.txt")
    with served(folder, *words) as (url, _):
        assert url.endswith("/news/archive/")
        with proxied(url.removesuffix("/news/archive/"), proto="https") as address:
            yield address


def logged_in(address: str) -> httpx.Client:
    """Cookies are given by hand: here they came over http, where no browser would send them again."""
    host = HOST
    page = httpx.get(f"{address}/news/archive/-/login", headers=host)
    token = page.text.partition('name="csrftoken" value="')[2].partition('"')[0]
    cookie = page.headers["set-cookie"].partition(";")[0]
    form = {"name": "eva", "password": PASSWORD, "csrftoken": token}
    action = unescape(page.text.partition('class="login" action="')[2].partition('"')[0])
    entered = httpx.post(address + action, data=form, headers={**host, "cookie": cookie})
    assert (entered.status_code, entered.headers["location"]) == (303, "/news/archive/")
    (session,) = entered.headers.get_list("set-cookie")
    assert session.endswith("; Path=/news/archive/; HttpOnly; Secure")
    return httpx.Client(headers={**host, "cookie": session.partition(";")[0]}, timeout=30)


def test_every_link_below_a_prefix_stays_below_it_and_leads_somewhere(proxy: str) -> None:
    with logged_in(proxy) as client:
        seen, waiting = set[str](), [f"{proxy}/news/archive"]
        while waiting and len(seen) < _MOST:
            address = waiting.pop(0)
            seen.add(address)
            answer = client.get(address)
            assert answer.status_code in (200, 302), address
            links = [unescape(one or other) for one, other in _LINK.findall(answer.text)] if _is_page(answer) else []
            links += [one or other for one, other in _LINK.findall(answer.headers.get("link", ""))]
            links += [answer.headers["location"]] if answer.is_redirect else []
            for link in links:
                to = urljoin(address, link).partition("#")[0].replace("https://reading.example", proxy)
                if to.startswith(proxy) and "_facet_date" not in address:  # there Datasette leaves its own prefix out
                    assert to.startswith(f"{proxy}/news/archive/"), (address, link)
                    if to not in seen and to not in waiting and "logout" not in to:
                        waiting.append(to)
        assert len(seen) > 40


def _is_page(answer: httpx.Response) -> bool:
    return "html" in answer.headers.get("content-type", "")


def test_whoever_is_not_logged_in_is_led_to_the_login_below_the_prefix(proxy: str) -> None:
    answer = httpx.get(f"{proxy}/news/archive/tables/articles?_sort=id", headers=HOST)
    assert answer.headers["location"] == "/news/archive/-/login?next=/news/archive/tables/articles%3F_sort%3Did"


def test_the_room_names_itself_as_it_was_reached(proxy: str) -> None:
    with logged_in(proxy) as client:
        feed = client.get(f"{proxy}/news/archive/feed.atom?q=图书馆").text
    assert 'rel="self" href="https://reading.example/news/archive/feed.atom?q=' in feed
