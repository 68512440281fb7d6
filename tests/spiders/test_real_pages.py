"""Chinese articles as real sites printed them, served on loopback and crawled by the real command."""

import gzip
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from archive.store import Archive
from tests.conftest import run_yaowen

SETS = ("cn_gne", "cn_ccd")
LEAST_READ = 0.8


def pages(shared: Path) -> dict[str, bytes]:
    """The labelled Chinese articles by path, their bytes as they came."""
    with (shared / "extraction/truth.jsonl").open(encoding="utf-8") as lines:
        labelled = [json.loads(line) for line in lines]
    return {
        f"/{page['id']}.html": gzip.decompress((shared / "extraction" / page["html"]).read_bytes())
        for page in labelled
        if page["set"] in SETS and page["page_type"] == "article"
    }


@pytest.fixture(scope="module")
def crawled(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, list[str]]]:
    served = pages(shared)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = served.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *args: object) -> None:
            pass

    folder = tmp_path_factory.mktemp("real-pages")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        urls = [f"http://{host}{path}" for path in served]
        options = ("--spider", "feature", "--depth", "0", "--delay", "0", "--allow-address", host)
        finished = run_yaowen(folder, "crawl", *urls, *options)
        server.shutdown()
    assert finished.returncode == 0, finished.stderr
    with Archive.open(folder / "archive.db", read_only=True) as archive:
        yield archive, urls


def test_every_page_is_captured_with_one_outcome(crawled: tuple[Archive, list[str]]) -> None:
    archive, urls = crawled
    captures = list(archive.db.query("SELECT url, outcome, content_hash FROM captures"))
    assert sorted(row["url"] for row in captures) == sorted(urls)
    assert all(row["outcome"] in ("done", "unread") and row["content_hash"] for row in captures)


def test_nearly_all_are_stored_with_a_title_and_a_body(crawled: tuple[Archive, list[str]]) -> None:
    archive, urls = crawled
    (row,) = archive.db.query("SELECT count(*) AS n FROM articles WHERE title <> '' AND length(body) > 50")
    assert row["n"] >= LEAST_READ * len(urls)
