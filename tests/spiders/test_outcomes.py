"""Whatever a server answers, each address asked for ends in one capture that says how and why."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from archive.store import Archive
from tests.conftest import run_yaowen

ARTICLE = (
    '<html lang="zh"><h1>运河边开了一家新书店</h1><p>2025年06月10日09:12:40 本地 阅读:10</p>'
    + "<p>苏州的运河边上，书店今天开门，来的人很多，大家都说好。店里有三千本书，还有一张长桌子。</p>" * 4
).encode()
HTML = {"Content-Type": "text/html; charset=utf-8"}
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/a": (200, HTML, ARTICLE),
    "/moved": (301, {"Location": "/a"}, b""),
    "/self": (302, {"Location": "/self"}, b""),
    "/other-scheme": (302, {"Location": "ftp://news.example/"}, b""),
    "/empty": (200, HTML, b""),
    "/paper.pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4"),
    "/broken": (500, HTML, b"oops"),
    "/gone": (410, HTML, b"gone"),
    "/cut": (200, HTML | {"Content-Length": "99999"}, ARTICLE),
    "/big": (200, HTML, b"x" * 9_000_000),
    "/header-in-gbk": (200, HTML | {"X-Server": "运河".encode("gbk").decode("latin-1")}, ARTICLE),
    "/%E8%A6%81%E9%97%BB": (200, HTML, ARTICLE),
    "/reloads": (200, HTML, b'<meta http-equiv="refresh" content="60;url=/reloads">' + ARTICLE),
    "/endless": (200, HTML, b"<p>lamp," * 1_000_000),
    "/no-more": (200, HTML, "<title>您访问的页面不存在 - 柳塘时报</title><p>抱歉，您访问的文章已被删除</p>".encode()),
    "/many-views": (200, HTML, ARTICLE.replace("阅读:10<".encode(), "阅读:9,999,999,999,999,999,999,999<".encode())),
}
EXPECTED = [
    ("/a", "done", None),
    ("/moved", "done", None),
    ("/self", "failed", "max redirections reached"),
    ("/other-scheme", "failed", "the server answered 302"),
    ("/empty", "unread", "the page is empty"),
    ("/paper.pdf", "unread", "no page but application/pdf"),
    ("/broken", "failed", "the server answered 500"),
    ("/gone", "failed", "the server answered 410"),
    ("/cut", "failed", "the answer broke off"),
    ("/big", "refused", "the answer is larger than a crawl takes"),
    ("/header-in-gbk", "done", None),
    ("/要闻", "done", None),
    ("/reloads", "done", None),
    ("/endless", "unread", "the markup is too large to be a page"),
    ("/many-views", "done", None),
    ("/no-more", "unread", "the page says: 您访问的页面不存在"),
    ("/nowhere", "failed", "the server answered 404"),
]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = ANSWERS.get(self.path, (404, HTML, b"not here"))
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *args: object) -> None:
        """A client that takes no more of a big page is what this test is about."""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str | None]]]:
    folder = tmp_path_factory.mktemp("outcomes")
    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        urls = [f"http://{host}{path}" for path, _, _ in EXPECTED]
        crawled = run_yaowen(folder, "crawl", *urls, "--depth", "0", "--delay", "0", "--allow-address", host)
        server.shutdown()
    assert crawled.returncode == 0, crawled.stderr
    found: dict[str, list[tuple[str, str | None]]] = {}
    with Archive.open(folder / "archive.db", read_only=True) as archive:
        for row in archive.db.query("SELECT url, outcome, reason FROM captures"):
            found.setdefault(row["url"].removeprefix(f"http://{host}"), []).append((row["outcome"], row["reason"]))
    return found


@pytest.mark.parametrize(("path", "outcome", "reason"), EXPECTED, ids=[path for path, _, _ in EXPECTED])
def test_each_address_ends_in_one_outcome_with_its_reason(
    outcomes: dict[str, list[tuple[str, str | None]]], path: str, outcome: str, reason: str | None
) -> None:
    asked = path.replace("要闻", "%E8%A6%81%E9%97%BB")
    assert outcomes[asked] == [(outcome, reason)]
