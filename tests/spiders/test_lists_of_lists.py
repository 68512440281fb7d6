"""A crawl goes through feeds and sitemaps as through list pages."""

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from archive.store import Archive
from tests.conftest import Yaowen
from tests.spiders.test_outcomes import ARTICLE

INDEX = """<sitemapindex><sitemap><loc>http://{host}/old.xml.gz</loc><lastmod>2025-01-01</lastmod></sitemap>
<sitemap><loc>http://{host}/new.xml</loc><lastmod>2026-03-01</lastmod></sitemap>
<sitemap><loc>http://other.example/s.xml</loc><lastmod>2026-04-01</lastmod></sitemap></sitemapindex>"""
SITEMAP = """<urlset><url><loc>http://{host}/a/1</loc></url>
<url><loc>http://{host}/a/2</loc><lastmod>2026-03-01</lastmod></url></urlset>"""
FEED = '<rss version="2.0"><channel><item><link>/a/4</link></item></channel></rss>'
PAGED = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/feed"/>
<entry><link href="/a/3"/></entry></feed>"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        host = self.headers["Host"]
        answers = {
            "/index.xml": ("application/xml", INDEX.format(host=host).encode()),
            "/new.xml": ("text/xml", SITEMAP.format(host=host).encode()),
            "/old.xml.gz": ("application/gzip", gzip.compress(f"http://{host}/a/3\n".encode())),
            "/feed": ("application/rss+xml", FEED.encode()),
            "/feed/page": ("application/atom+xml", PAGED.encode()),
        }
        kind, body = answers.get(self.path, ("text/html; charset=utf-8", ARTICLE))
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("start", "depth", "paths"),
    [
        ("/index.xml", "0", ["/index.xml", "/new.xml", "/old.xml.gz"]),
        ("/index.xml", "1", ["/index.xml", "/new.xml", "/old.xml.gz", "/a/1", "/a/2", "/a/3"]),
        ("/feed/page", "1", ["/feed/page", "/feed", "/a/3", "/a/4"]),
    ],
)
def test_lists_come_before_articles_and_are_no_step(
    yaowen: Yaowen, tmp_path: Path, host: str, start: str, depth: str, paths: list[str]
) -> None:
    options = ("--depth", depth, "--delay", "0.01", "--allow-address", host)  # one at a time
    finished = yaowen("crawl", f"http://{host}{start}", *options)
    assert finished.returncode == 0, finished.stderr
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        captures = list(archive.db.query("SELECT url, outcome FROM captures ORDER BY id"))
    asked = [row["url"].removeprefix(f"http://{host}") for row in captures]
    lists = [path for path in paths if not path.startswith("/a/")]
    assert (asked[0], set(asked[: len(lists)]), sorted(asked)) == (start, set(lists), sorted(paths))
    assert {row["outcome"] for row in captures} <= {"done", "unchanged"}
