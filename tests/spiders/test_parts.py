"""An article that stands on several pages is one article; the bytes of each page are kept."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from archive.store import Archive
from tests.conftest import run_yaowen

TEXTS = [
    "运河边的书店今天开门，来的人很多，大家都说好。店里有三千本书，还有一张长桌子。",
    "书店的主人姓沈，早先在邮局做事，攒了二十年的书，这回都摆到了架上。",
    "到了晚上，灯亮起来，河上的船慢下来，船上的人也往窗里看，说是想进去坐一坐。",
]
PAGES = ["/b/1361.html", "/b/1361_2.html", "/b/1361_3.html"]


def page(number: int, following: str | None) -> bytes:
    further = f'<p><a href="{following}">下一页</a></p>' if following else ""
    return (
        '<html lang="zh"><title>运河边开了一家新书店</title><h1>运河边开了一家新书店</h1><p>2025-06-10 09:12</p>'
        f"<div><p>{TEXTS[number]}</p><p>第{number + 1}页的第二段，说的是别的事情，也是真的。</p></div>{further}"
    ).encode()


class Handler(BaseHTTPRequestHandler):
    edited = b""

    def do_GET(self) -> None:
        number = PAGES.index(self.path.replace("/same/", "/b/").replace("/cut/", "/b/")) if "13" in self.path else -1
        if number < 0 or self.path == "/cut/1361_3.html":
            self.send_error(404)
            return
        folder = self.path.split("/")[1]
        following = f"/{folder}/1361_{number + 2}.html" if number < 2 or folder == "same" else None
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if folder == "same":
            self.wfile.write(page(0, following))
        else:
            self.wfile.write(page(number, following) + (self.edited if number == 1 else b""))

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive after two crawls of three articles; in between an edit adds a line to the second pages."""
    folder = tmp_path_factory.mktemp("parts")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        urls = [f"http://{host}/{path}/1361.html" for path in ("b", "same", "cut")]
        for edited in (b"", "<p>本文作者后来补了一句话，说书店周一不开门。</p>".encode()):
            Handler.edited = edited
            run = run_yaowen(folder, "crawl", *urls, "--depth", "0", "--delay", "0", "--allow-address", host)
            assert run.returncode == 0, run.stderr
        server.shutdown()
    return folder / "archive.db"


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with Archive.open(path, read_only=True) as archive:
        return archive.db.execute(sql).fetchall()


def test_the_pages_of_an_article_are_one_text(crawled: Path) -> None:
    (body,) = rows(crawled, "SELECT body FROM articles WHERE url LIKE '%/b/%'")[0]
    assert [line for line in str(body).split("\n") if line in TEXTS] == TEXTS


def test_every_page_is_a_capture_that_names_the_first_and_the_article(crawled: Path) -> None:
    sql = """
        SELECT captures.url, first.url, captures.article_id = first.article_id
        FROM captures JOIN captures AS first ON first.id = captures.part_of
        WHERE captures.url LIKE '%/b/%' ORDER BY captures.id LIMIT 2
    """
    found = [
        (str(url)[-len(PAGES[1]) :], str(first)[-len(PAGES[0]) :], same) for url, first, same in rows(crawled, sql)
    ]
    assert found == [(PAGES[1], PAGES[0], 1), (PAGES[2], PAGES[0], 1)]


def test_an_edit_on_a_further_page_is_a_revision(crawled: Path) -> None:
    sql = "SELECT changed_fields FROM revisions JOIN articles ON articles.id = article_id WHERE url LIKE '%/b/%'"
    assert rows(crawled, sql) == [("[]",), ('["sections"]',)]


def test_a_server_that_answers_with_the_first_page_again_doubles_nothing(crawled: Path) -> None:
    (body,) = rows(crawled, "SELECT body FROM articles WHERE url LIKE '%/same/%'")[0]
    assert str(body).count(TEXTS[0]) == 1
    assert rows(crawled, "SELECT count(*) FROM captures WHERE url LIKE '%/same/%'") == [(4,)]


def test_a_page_that_is_not_there_leaves_the_others_and_its_reason(crawled: Path) -> None:
    (body,) = rows(crawled, "SELECT body FROM articles WHERE url LIKE '%/cut/%'")[0]
    assert TEXTS[1] in str(body)
    sql = "SELECT DISTINCT outcome, reason FROM captures WHERE url LIKE '%/cut/1361_3.html'"
    assert rows(crawled, sql) == [("failed", "the server answered 404")]
