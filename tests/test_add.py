"""`yaowen add` as operators type it, against the sample site on loopback and sites that name nothing."""

import json
import stat
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from crawler.sample_site import SampleSite
from crawler.sample_site.server import SampleServer, running
from tests.conftest import Yaowen
from tests.crawler.test_syndicated import INDEX, NEWS, RSS

PATHS = ["/", "/c/local", "/c/tech", "/c/culture", "/c/sports", "/feed.xml"]


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with running() as server:
        yield server


def options(url: str) -> tuple[str, ...]:
    return (url, "--allow-address", url.removeprefix("http://"), "--delay", "0")


def plan(folder: Path) -> dict[str, dict[str, dict[str, object]]]:
    return tomllib.loads((folder / "yaowen.toml").read_text("utf-8"))


def test_it_shows_what_it_found_and_writes_nothing_unasked(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    finished = yaowen("add", *options(site.url))
    assert finished.returncode == 0, finished.stderr
    assert "Nothing was written; --yes puts 6 addresses into yaowen.toml" in finished.stderr
    (feed,) = [line.split() for line in finished.stdout.splitlines() if "/feed.xml" in line]
    assert feed == ["feed", f"{site.url}/feed.xml", "柳塘时报", "20", "20", "2025-06-10", "10:06:55", "UTC", "visit"]
    (sitemap,) = [line.split() for line in finished.stdout.splitlines() if "/sitemap.xml" in line]
    assert (sitemap[2:4], "visit" in sitemap) == (["54", "45"], False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_it_writes_site_and_crawl_into_the_plan_and_completes_them(
    site: SampleServer, yaowen: Yaowen, tmp_path: Path
) -> None:
    host = site.url.removeprefix("http://")
    name = host.replace(":", "-")  # no name of a crawl has a colon
    path = tmp_path / "yaowen.toml"
    before = (
        "# mine\non_alarm = 'true'\n\n[crawls.morning] # early\ncron = \"0 6 * * *\"\nurls = ['https://news.example/']"
    )
    path.write_text(before, "utf-8")
    path.chmod(0o640)
    told = json.loads(yaowen("add", *options(site.url), "--yes", "--json").stdout)
    assert (told["written"], told["crawl"], told["site"]) == (True, name, host)
    assert told["added"] == [site.url + each for each in PATHS]
    assert path.read_text("utf-8").startswith(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert plan(tmp_path)["crawls"][name] == {"every": "1h", "urls": told["added"], "due": True}
    assert plan(tmp_path)["sites"] == {host: {"delay": 0}}
    again = yaowen("add", *options(site.url), "--yes")
    assert f"yaowen.toml has all of it already, in the crawl {name}" in again.stderr
    sooner = yaowen("add", *options(site.url), "--yes", "--every", "30m")
    assert f"0 addresses added to the crawl {name}, every 30m" in sooner.stderr
    assert plan(tmp_path)["crawls"][name]["every"] == "30m"
    assert path.read_text("utf-8").startswith(before)
    slower = yaowen("add", *options(site.url)[:-1], "0.5", "--yes")
    assert f"yaowen.toml has a delay of 0 s for {host} already, which stays" in slower.stderr
    assert yaowen("schedule", "check").returncode == 0
    visited = yaowen("crawl", name, "--max-pages", "3", "--delay", "0", "--json", "--allow-address", host)
    assert json.loads(visited.stdout)["outcomes"]["done"] == 3


def test_the_plan_and_the_name_may_be_others(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    finished = yaowen("add", *options(site.url), "--yes", "--name", "paper", "--plan", "other.toml")
    assert "6 addresses added to the crawl paper, every 1h" in finished.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["other.toml"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ftp://news.example/",), 2, "'ftp://news.example/' is no web address"),
        (("http://127.0.0.1:99999/",), 2, "its port is no number from 1 to 65535"),
        (("http://127.0.0.1:9/",), 4, "allow it with --allow-address 127.0.0.1:9"),
        (("https://news.example/", "--every", "soon"), 2, "must be a duration such as"),
        (("https://news.example/", "--name", "https://x/"), 2, "is no name"),
        (("https://news.example/", "--plan", "broken.toml"), 2, "broken.toml, line 1: this is no TOML"),
        (("https://news.example/", "--plan", "gbk.toml"), 2, "gbk.toml: is no UTF-8"),
    ],
)
def test_what_goes_wrong_is_named(
    yaowen: Yaowen, tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    (tmp_path / "broken.toml").write_text("[crawls.x\n")
    (tmp_path / "gbk.toml").write_bytes("# 要闻".encode("gbk"))
    finished = yaowen("add", *arguments)
    assert (finished.returncode, says in finished.stderr) == (code, True), finished.stderr


ANSWERS: dict[str, tuple[str, str]] = {
    "/silent/": ("text/html", "<h1>Lamps</h1>"),
    "/rss": ("application/rss+xml", RSS.format(charset="utf-8")),
    "/sitemap_index.xml": ("text/xml", INDEX.replace("https://news.example/2024.xml.gz", "{host}/news.xml")),
    "/news.xml": ("text/xml", NEWS),
}


class Handler(BaseHTTPRequestHandler):
    """A site that names neither feed nor sitemap, and answers what it does not know with its front page."""

    def do_GET(self) -> None:
        host = f"http://{self.headers['Host']}"
        kind, text = ANSWERS.get(self.path, ("text/html", SampleSite(1).respond("/").body.decode()))
        if self.path == "/robots.txt":
            kind, text = "text/plain", ""
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.replace("{host}", host).replace('rel="alternate"', "").replace("<nav", "<p").encode())

    def log_message(self, *args: object) -> None:
        pass


def test_nothing_is_added_to_a_plan_that_is_wrong(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    wrong = '[crawls.a]\nevery = "often"\ndue = true\n[sites.x]\ndealy = 2\n'
    (tmp_path / "yaowen.toml").write_text(wrong)
    finished = yaowen("add", *options(site.url), "--yes")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert [line.partition(":")[0] for line in finished.stderr.splitlines()] == [
        "yaowen.toml, line 2",
        "yaowen.toml, line 5",
    ]
    assert (tmp_path / "yaowen.toml").read_text() == wrong


def test_where_nothing_is_named_the_usual_addresses_are_tried(yaowen: Yaowen) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        finished = yaowen("add", *options(url), "--json")
        server.shutdown()
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout)
    kinds = {(find["kind"], find["url"].removeprefix(url)) for find in told["found"]}
    assert {("feed", "/rss"), ("news sitemap", "/news.xml"), ("sitemap index", "/sitemap_index.xml")} <= kinds
    assert not any(path in ("/feed", "/sitemap.xml") for _, path in kinds)
    assert not told["written"]
