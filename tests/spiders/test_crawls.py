"""Crawls as operators run them: by the real commands, against the sample site on loopback."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store import Archive
from crawler.sample_site import SampleSite
from crawler.sample_site.server import SampleServer, running
from tests.conftest import REPOSITORY, Yaowen, run_yaowen


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with running(state=1) as server:
        yield server


def options(site: SampleServer) -> tuple[str, ...]:
    return ("--delay", "0", "--json", "--allow-address", site.url.removeprefix("http://"))


def captured(folder: Path) -> list[str]:
    with Archive.open(folder / "archive.db", read_only=True) as archive:
        return [row["url"] for row in archive.db.query("SELECT url FROM captures ORDER BY id")]


def test_an_address_of_this_machine_is_refused_with_the_remedy(site: SampleServer, yaowen: Yaowen) -> None:
    finished = yaowen("crawl", site.url)
    assert finished.returncode == 4
    assert f"--allow-address {site.url.removeprefix('http://')}" in finished.stderr


def test_the_feature_spider_fetches_one_article_and_follows_nothing(
    site: SampleServer, yaowen: Yaowen, tmp_path: Path
) -> None:
    address = site.url + SampleSite(1).article_paths()[0]
    finished = yaowen("crawl", address, "--spider", "feature", "--depth", "3", *options(site))
    assert (finished.returncode, captured(tmp_path)) == (0, [address])


def test_the_feature_spider_follows_the_articles_of_a_front_page(
    site: SampleServer, yaowen: Yaowen, tmp_path: Path
) -> None:
    yaowen("crawl", site.url, "--spider", "feature", *options(site))
    first, *rest = captured(tmp_path)
    assert first == f"{site.url}/"
    assert len(rest) == 20
    assert all("/a/" in url for url in rest)


@pytest.mark.parametrize(("depth", "kinds"), [("0", {"c"}), ("1", {"c", "a"})])
def test_further_pages_of_a_list_do_not_count_as_depth(
    site: SampleServer, yaowen: Yaowen, tmp_path: Path, depth: str, kinds: set[str]
) -> None:
    paths = [path for path in SampleSite(1).list_paths() if path.startswith("/c/tech")]
    assert len(paths) > 1
    yaowen("crawl", site.url + paths[0], "--spider", "recommendation", "--depth", depth, *options(site))
    urls = captured(tmp_path)
    assert set(urls) >= {site.url + path for path in paths}
    assert {url.removeprefix(site.url).split("/")[1] for url in urls} == kinds


def test_auto_reads_what_it_finds(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    article = SampleSite(1).articles()[3]
    yaowen("crawl", site.url + article.path, *options(site))
    assert set(captured(tmp_path)) == {site.url + path for path in (article.path, *article.related)}


def test_a_page_limit_ends_the_crawl_as_done(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    finished = yaowen("crawl", site.url, "--max-pages", "5", *options(site))
    assert (finished.returncode, len(captured(tmp_path))) == (0, 5)
    assert json.loads(finished.stdout)["finish_reason"] == "page limit"


@pytest.mark.long
def test_the_same_command_after_a_finished_crawl_starts_a_new_one(
    site: SampleServer, yaowen: Yaowen, tmp_path: Path
) -> None:
    crawls = [json.loads(yaowen("crawl", site.url, *options(site)).stdout) for _ in range(2)]
    assert [(crawl["crawl_id"], crawl["resumed"]) for crawl in crawls] == [(1, False), (2, False)]
    assert crawls[1]["outcomes"]["unchanged"] == crawls[0]["outcomes"]["done"]


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGTERM, pytest.param(signal.SIGKILL, marks=pytest.mark.long)])
def test_an_interrupted_crawl_goes_on_and_asks_for_every_page_once(
    site: SampleServer, tmp_path: Path, how: signal.Signals
) -> None:
    lists = [site.url + path for path in SampleSite(1).list_paths() if path.count("/") == 2]
    arguments = ("crawl", *lists, "--spider", "recommendation", *options(site))
    slowly = ("--delay", "0.02")  # the last of two counts
    process = subprocess.Popen(
        [sys.executable, "-m", "yaowen", *arguments, *slowly],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    asked = len(site.requests)
    while len(site.requests) < asked + 12 and process.poll() is None:
        pass  # the server's own list tells how far the crawl is
    process.send_signal(how)
    assert process.wait(timeout=30) == (7 if how is signal.SIGTERM else -how)
    again = run_yaowen(tmp_path, *arguments)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["resumed"]
    urls = captured(tmp_path)
    assert len(urls) == len(set(urls))
    assert {url for url in urls if "/a/" in url} == {site.url + path for path in SampleSite(1).article_paths()}
    integrity = sqlite3.connect(tmp_path / "archive.db")
    assert integrity.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    integrity.close()


@pytest.mark.long
def test_what_is_known_hides_nothing_that_is_new(yaowen: Yaowen, tmp_path: Path) -> None:
    with running(state=1) as site:
        first = site.url + next(path for path in SampleSite(1).list_paths() if path.startswith("/c/"))
        yaowen("crawl", first, "--spider", "recommendation", *options(site))
        site.state = 2
        yaowen("crawl", first, "--spider", "recommendation", "--known", *options(site), "--delay", "0.01")
        listed = [path for path in SampleSite(2).list_paths() if path.startswith(first.removeprefix(site.url))]
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        missing = archive.db.execute(
            "SELECT count(*) FROM links JOIN listings ON listings.id = listing_id "
            "WHERE kind = 'page' AND links.article_id IS NULL"
        ).fetchone()
    assert len(listed) > 1
    assert missing == (0,)


@pytest.mark.long
def test_a_page_that_has_not_changed_is_not_sent_again(yaowen: Yaowen, tmp_path: Path) -> None:
    with running(state=1) as site:
        first, again = (json.loads(yaowen("crawl", site.url, *options(site)).stdout) for _ in range(2))
        site.state = 2
        moved = json.loads(yaowen("crawl", site.url, *options(site)).stdout)
    assert again["outcomes"]["unchanged"] == first["outcomes"]["done"] == 21
    assert moved["outcomes"]["done"] > 20  # all counters rose
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        answers = archive.db.execute("SELECT status, count(*) FROM captures GROUP BY 1 ORDER BY 1").fetchall()
        counted = archive.db.execute("SELECT count(DISTINCT value), count(*) FROM view_counts GROUP BY article_id")
        assert all(different == looks for different, looks in counted.fetchall())
    assert answers == [(200, 21 + moved["outcomes"]["done"]), (304, 21)]


@pytest.mark.long
def test_only_what_is_due_is_visited_and_what_it_leads_to_for_the_first_time(yaowen: Yaowen, tmp_path: Path) -> None:
    with running(state=1) as site:
        yaowen("crawl", site.url, "--due", *options(site))  # it was never visited
        known = set(captured(tmp_path))
        assert json.loads(yaowen("due", "--json").stdout)["due"] == 0
        idle = yaowen("crawl", site.url, "--due", "--allow-address", site.url.removeprefix("http://"))
        assert (idle.returncode, "Nothing was to be visited" in idle.stderr) == (0, True)
        site.state = 2
        with Archive.open(tmp_path / "archive.db") as archive, archive.writing() as db:
            db.execute("UPDATE frontier SET due_at = '2026-01-01T00:00:00Z' WHERE url = ?", [f"{site.url}/"])
        due = json.loads(yaowen("due", "--json").stdout)
        assert [(one["url"], one["kind"]) for one in due["addresses"]] == [(f"{site.url}/", "list")]
        yaowen("crawl", site.url, "--due", *options(site))
        new = {site.url + path for path in SampleSite(2).article_paths()} - known
        front = [article.path for article in SampleSite(2).articles()[:20]]
    visited = captured(tmp_path)[len(known) :]
    assert set(visited) == {f"{site.url}/"} | {url for url in new if url.removeprefix(site.url) in front}
    assert len(visited) == 6


def test_links_to_other_sites_are_noted_but_not_followed(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    yaowen("crawl", site.url, *options(site))
    assert all(url.startswith(site.url) for url in captured(tmp_path))


def test_a_missing_page_is_an_outcome_and_nothing_fetched_is_exit_4(site: SampleServer, yaowen: Yaowen) -> None:
    finished = yaowen("crawl", f"{site.url}/a/never-written.html", *options(site))
    result = json.loads(finished.stdout)
    assert (finished.returncode, result["outcomes"]["failed"]) == (4, 1)
    assert result["problems"][0]["reason"] == "the server answered 404"


def test_robots_txt_is_obeyed(site: SampleServer, yaowen: Yaowen) -> None:
    result = json.loads(yaowen("crawl", f"{site.url}/private/", *options(site)).stdout)
    assert (result["outcomes"]["refused"], result["problems"][0]["reason"]) == (1, "Forbidden by robots.txt")
    assert "/private/" not in site.requests


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("news.example/a",), "'news.example/a' is no web address"),
        (("http://127.0.0.1:99999/",), "no web address: its port is no number from 1 to 65535"),
        (("http://",), "'http://' is no web address: it names no host"),
        (("HTTP://[::1",), "no web address: its host cannot be read"),
        (("https://user:secret@news.example/",), "'https://news.example/' was given with a user"),
        ((f"https://news.example/{'a' * 8_000}",), "is too long for an address"),
        (("https://news.example", "--depth", "-1"), "--depth"),
        (("https://news.example", "--allow-address", "localhost"), "'localhost' is no HOST:PORT"),
        (("https://news.example", "--delay", "soon"), "'soon' is not a valid float"),
    ],
)
def test_wrong_use_is_named_and_makes_no_archive(
    yaowen: Yaowen, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    finished = yaowen("crawl", *arguments)
    assert (finished.returncode, says in finished.stderr) == (2, True), finished.stderr
    assert not (tmp_path / "archive.db").exists()


def test_scrapy_lists_the_spiders() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert finished.stdout.split() == ["auto", "discovery", "feature", "recommendation"]


def test_plain_scrapy_exports_readable_items(site: SampleServer, tmp_path: Path) -> None:
    article = SampleSite(1).articles()[0]
    items = tmp_path / "out.jsonl"
    arguments = ["-a", f"url={site.url}{article.path}", "-O", str(items)]
    settings = [
        "-s",
        f"ALLOWED_ADDRESSES={site.url.removeprefix('http://')}",
        "-s",
        f"ARCHIVE={tmp_path / 'archive.db'}",
    ]
    subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "feature", *arguments, *settings],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    (line,) = items.read_text("utf-8").splitlines()
    assert article.title in line  # Chinese as Chinese, not as escapes
    assert json.loads(line)["published_at"] == article.published.isoformat()


@pytest.mark.long
def test_an_article_that_was_taken_down_is_not_asked_for(site: SampleServer, yaowen: Yaowen) -> None:
    first, second, *_ = (site.url + path for path in SampleSite(1).article_paths())
    assert yaowen("crawl", first, second, "--depth", "0", *options(site)).returncode == 0
    assert yaowen("forget", first, "--why", "a request").returncode == 0
    asked = site.requests.count(first.removeprefix(site.url))
    finished = yaowen("crawl", first, second, "--depth", "0", *options(site))
    assert json.loads(finished.stdout)["outcomes"]["refused"] == 1
    assert "forgotten on" in json.loads(finished.stdout)["problems"][0]["reason"]
    assert site.requests.count(first.removeprefix(site.url)) == asked
