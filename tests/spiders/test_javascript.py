"""Pages that only their scripts make, read through a browser that reaches nothing by itself."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, create_server, socket
from threading import Thread

import pytest

from archive.store import Archive
from tests.conftest import Yaowen

pytest.importorskip("playwright", reason="the extra javascript is not installed")

from playwright.async_api import async_playwright

from crawler.browser import ARGUMENTS, NAMES
from crawler.browser_probe import reaches_out

pytestmark = pytest.mark.long

if not any(map(shutil.which, NAMES)):
    pytest.skip("there is no Chromium on the PATH", allow_module_level=True)

TITLE = "运河边开了一家新书店"
LINES = [
    "苏州的运河边上，书店今天开门，来的人很多，大家都说好。店里有三千本书，还有一张长桌子。",
    "书店的主人姓沈，早先在邮局做事，攒了二十年的书，这回都摆到了架上。",
    "到了晚上，灯亮起来，河上的船慢下来，船上的人也往窗里看，说是想进去坐一坐。",
]
SHELL = f"<!doctype html><html lang=zh><title>{TITLE}</title><meta charset=utf-8><div id=app></div>%s"
DRAW = "<script src=/private/count.js></script><script src=/app.js></script>"
APP = """
fetch("/story.json?from=app").then(answer => answer.json()).then(story => {
  document.querySelector("#app").innerHTML =
    `<h1>${story.title}</h1><p>2025年06月10日09:12:40</p>` + story.text.map(line => `<p>${line}</p>`).join("");
});
"""
LEAKS = """
<link rel=preconnect href="http://{other}"><link rel=dns-prefetch href="http://{other}">
<link rel=prefetch href="http://{other}/prefetch"><img src="http://{other}/img"><iframe src="http://{other}/frame"></iframe>
<script src="http://{other}/script.js"></script>
<script>
fetch("http://{other}/fetch").catch(() => 0);
fetch("/story.json", {{method: "POST", body: "x"}}).catch(() => 0);
navigator.sendBeacon("http://{other}/beacon", "x");
new WebSocket("ws://{other}/socket");
new EventSource("http://{other}/events");
new Worker(URL.createObjectURL(new Blob([`fetch("http://{other}/worker").catch(() => 0)`])));
const peer = new RTCPeerConnection({{iceServers: [
  {{urls: "turn:{other}?transport=tcp", username: "u", credential: "c"}}, {{urls: "stun:{other}"}}]}});
peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
setTimeout(() => {{ window.open("http://{other}/window"); location.href = "http://{other}/moved"; }}, 50);
</script>
"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    other = ""
    asked: list[str] = []  # noqa: RUF012 - one server, one list

    def do_GET(self) -> None:
        Handler.asked.append(f"{self.command} {self.path}")
        pages = {
            "/shell": SHELL % DRAW,
            "/leaks": SHELL % (LEAKS.format(other=self.other) + DRAW),
            "/endless": SHELL % f"<h1>{TITLE}</h1><p>{LINES[0]}</p><p>{LINES[1]}</p><script>for (;;);</script>",
            "/app.js": APP,
            "/story.json?from=app": json.dumps({"title": TITLE, "text": LINES}),
            "/robots.txt": "User-agent: *\nDisallow: /private\n",
        }
        kinds = {"js": "text/javascript", "app": "application/json", "txt": "text/plain"}
        kind = kinds.get(self.path.rpartition("." if "json" not in self.path else "=")[2], "text/html")
        body = pages.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def other() -> Iterator[tuple[socket, socket]]:
    """A port of this machine that nobody allowed, for streams and for datagrams."""
    with create_server(("127.0.0.1", 0)) as listening, socket(AF_INET, SOCK_DGRAM) as datagrams:
        datagrams.bind(listening.getsockname())
        listening.setblocking(False)
        datagrams.setblocking(False)
        Handler.other = f"127.0.0.1:{listening.getsockname()[1]}"
        yield listening, datagrams


def crawl(yaowen: Yaowen, tmp_path: Path, host: str, path: str, *options: str) -> dict[str, object]:
    Handler.asked.clear()
    finished = yaowen("crawl", f"http://{host}{path}", "--delay", "0", "--allow-address", host, *options)
    assert finished.returncode == 0, finished.stderr
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        (row,) = archive.db.query("SELECT * FROM captures")
        found = next(archive.db.query("SELECT title, body FROM articles"), {})
        return {**row, **found, "body_bytes": archive.contents.get(row["content_hash"])}


def test_without_the_browser_a_shell_is_unread(yaowen: Yaowen, tmp_path: Path, host: str) -> None:
    assert crawl(yaowen, tmp_path, host, "/shell")["outcome"] == "unread"
    assert "GET /app.js" not in Handler.asked


def test_the_scripts_of_a_page_make_its_text(yaowen: Yaowen, tmp_path: Path, host: str) -> None:
    row = crawl(yaowen, tmp_path, host, "/shell", "--javascript")
    assert (row["outcome"], row["title"], str(row["body"]).split("\n")) == ("done", TITLE, LINES)
    headers = json.loads(str(row["headers"]))
    assert headers["X-Yaowen-Rendered"] == "Chromium"
    assert "ETag" not in headers
    assert "GET /private/count.js" not in Handler.asked  # robots.txt
    assert Handler.asked.count("GET /app.js") == Handler.asked.count("GET /story.json?from=app") == 1


def test_nothing_in_a_page_reaches_an_address_that_was_not_allowed(
    yaowen: Yaowen, tmp_path: Path, host: str, other: tuple[socket, socket]
) -> None:
    row = crawl(yaowen, tmp_path, host, "/leaks", "--javascript")
    assert (row["outcome"], row["title"]) == ("done", TITLE)
    listening, datagrams = other
    with pytest.raises(BlockingIOError):
        listening.accept()
    with pytest.raises(BlockingIOError):
        datagrams.recv(1)
    assert not any(asked.startswith("POST") for asked in Handler.asked)


@pytest.mark.long
def test_a_page_whose_scripts_never_end_is_kept_as_it_came(yaowen: Yaowen, tmp_path: Path, host: str) -> None:
    row = crawl(yaowen, tmp_path, host, "/endless", "--javascript")
    assert (row["title"], b"for (;;);" in bytes(row["body_bytes"])) == (TITLE, True)  # type: ignore[call-overload]


@pytest.mark.parametrize(("arguments", "expected"), [(ARGUMENTS, False), (ARGUMENTS[:1], True), ((), True)])
def test_a_browser_that_does_not_keep_to_itself_is_found_out(arguments: tuple[str, ...], expected: bool) -> None:
    async def probed() -> bool:
        async with async_playwright() as playwright:
            path = next(filter(None, map(shutil.which, NAMES)))
            browser = await playwright.chromium.launch(executable_path=path, args=list(arguments))
            return await reaches_out(browser)

    assert asyncio.run(probed()) == expected


def test_a_browser_that_does_not_start_is_named(yaowen: Yaowen, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YAOWEN_BROWSER", "/bin/false")
    finished = yaowen("crawl", f"http://{host}/shell", "--delay", "0", "--allow-address", host, "--javascript")
    assert (finished.returncode, "no browser:" in finished.stderr) == (4, True), finished.stderr
