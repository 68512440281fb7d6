"""Whatever a server sends as feed or sitemap: one outcome each, nothing else asked, the good pages beside it stored."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.store import Archive
from crawler.parsers.syndicated import MOST_LISTS
from crawler.parsers.urls import MOST_LINKS
from spiders.base import DEEPEST_INDEX, FIRST_LISTS
from tests.conftest import run_yaowen
from tests.faults.crawling import Outcomes, crawl, most_memory, outcomes_in
from tests.faults.lists import NO_WEB, Endless, elsewhere, index, lists, rss, sitemap, xml
from tests.faults.server import GOOD, FaultyServer, article, front_page, serving, whole

DONE = ("done", None)
CUT, BROKEN = ("failed", "the answer broke off"), ("unread", "the packed file is broken or cut off")
SECRET = "the-words-of-another-file"
READ = (
    *(f"/{fault}{kind}" for fault in ("laughs", "file", "http") for kind in (".rss", ".xml", "-index.xml")),
    *("/included.xml", "/styled.rss", "/good.xml", "/page.xml", "/largest.xml.gz", "/plain.xml.gz", "/twice.xml.gz"),
    *("/self-index.xml", "/ping-index.xml", "/pong-index.xml", "/wide-index.xml", "/many.rss", "/half.rss"),
    *("/gbk-as-utf8.rss", "/utf8-as-utf16.rss", "/nonsense.rss", "/nul.rss"),
)
EXPECTED: dict[str, tuple[str, str | None]] = {
    **dict.fromkeys((*READ, *(f"/a/{number}" for number in range(1, GOOD + 1))), DONE),
    "/blowup.rss": ("unread", "no article and no list"),
    **dict.fromkeys(("/blowup.xml", "/blowup-index.xml"), ("unread", "no title found")),
    "/gone.xml": ("unread", "the page says: 页面不存在"),
    "/page-as-feed": ("unread", "no page but application/rss+xml"),
    "/bomb.xml.gz": ("unread", "it unpacks to more than 50 MB"),
    "/bomb-in-bomb.xml.gz": ("unread", "a packed file, and neither feed nor sitemap in it"),
    **dict.fromkeys(("/cut.xml.gz", "/head.xml.gz", "/bytes.xml.gz"), BROKEN),
    **dict.fromkeys(("/broken-off.xml.gz", "/broken-off.rss"), CUT),
    **dict.fromkeys(("/half.json", "/deep.json"), ("unread", "the feed is broken")),
}
TITLES = {
    "/laughs.rss": ["&bomb;"],
    "/file.rss": ["一 &bomb;"],
    "/http.rss": ["一 &bomb;"],
    **{f"/{fault}.rss": ["第一条"] for fault in ("gbk-as-utf8", "utf8-as-utf16", "nonsense", "nul")},
    "/half.rss": ["第一条", "后"],
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawled:
    folder: Path
    server: FaultyServer
    secret: FaultyServer
    outcomes: Outcomes


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("lists")
    (folder / "secret.txt").write_text(SECRET)
    with serving({"/secret": whole(SECRET.encode())}) as secret:
        answers = lists((folder / "secret.txt").as_uri(), secret.host)
        with serving(answers) as server:
            outcomes = crawl(folder, [f"http://{server.host}{path}" for path in answers], [server.host], depth=1)
            yield Crawled(folder=folder, server=server, secret=secret, outcomes=outcomes)


@pytest.mark.parametrize("path", EXPECTED)
def test_each_list_ends_in_one_outcome(crawled: Crawled, path: str) -> None:
    assert crawled.outcomes[f"http://{crawled.server.host}{path}"] == [EXPECTED[path]]


def test_every_list_was_judged_and_asked_for_once(crawled: Crawled) -> None:
    assert set(EXPECTED) == set(crawled.server.answers)
    assert all(len(ended) == 1 for ended in crawled.outcomes.values())
    again = {path for path, times in crawled.server.asked.items() if times > 1}
    assert again == {path for path, ended in EXPECTED.items() if ended == CUT}  # what breaks off is tried again


def test_neither_files_nor_other_servers_are_reached_through_a_list(crawled: Crawled) -> None:
    assert crawled.secret.connections == 0
    with Archive.open(crawled.folder / "archive.db", read_only=True) as archive:
        shown = archive.db.execute("SELECT group_concat(url || title) FROM links").fetchone()[0]
    assert SECRET not in shown


@pytest.mark.parametrize("path", TITLES)
def test_what_can_be_read_is_right(crawled: Crawled, path: str) -> None:
    with Archive.open(crawled.folder / "archive.db", read_only=True) as archive:
        rows = archive.db.execute(
            "SELECT title FROM links JOIN listings ON listings.id = listing_id WHERE listings.url = ?",
            [f"http://{crawled.server.host}{path}"],
        ).fetchall()
    assert [title for (title,) in rows] == TITLES[path]


def test_a_huge_list_is_taken_in_part(crawled: Crawled) -> None:
    with Archive.open(crawled.folder / "archive.db", read_only=True) as archive:
        most = archive.db.execute("SELECT max(position) FROM links").fetchone()
        huge = archive.db.execute("SELECT count(*) FROM links WHERE url = 'http://far.example/7'").fetchone()
    assert (most, huge) == ((MOST_LINKS,), (1,))
    assert sum("/w/" in url for url in crawled.outcomes) == MOST_LISTS


def test_lists_of_all_kinds_take_little_memory(crawled: Crawled) -> None:
    assert most_memory(crawled.folder) < 500


def test_entries_lead_nowhere_on_this_machine_or_in_its_network(tmp_path: Path) -> None:
    with serving({}) as secret:
        away = elsewhere(secret.host)
        entries = "".join(f"<item><title>x</title><link>{one}</link></item>" for one in (*away, *NO_WEB, "/a/1"))
        feed = rss().replace(b"</channel>", entries.encode() + b"</channel>")
        answers = {"/feed": xml(feed), "/sitemap.xml": xml(sitemap(*away, *NO_WEB, "/a/2"))}
        answers |= {"/index.xml": xml(index(*away, *NO_WEB)), "/a/1": whole(article(1)), "/a/2": whole(article(2))}
        with serving(answers) as server:
            urls = [f"http://{server.host}{path}" for path in ("/feed", "/sitemap.xml", "/index.xml")]
            outcomes = crawl(tmp_path, urls, [server.host], depth=1, any_site=True)
        assert secret.connections == 0
    good = {f"http://{server.host}{path}" for path in answers}
    assert {url for url, ended in outcomes.items() if ended == [DONE]} == good
    refused = [ended for url, ended in outcomes.items() if url not in good]
    assert len(refused) >= len(away) - 5  # some are the same address once they are clean
    assert {(len(ended), ended[0][0]) for ended in refused} == {(1, "refused")}


@pytest.mark.parametrize("width", [1, 50])
def test_indexes_without_end_end_and_the_articles_beside_them_are_stored(tmp_path: Path, width: int) -> None:
    with serving(Endless(width)) as server:
        (tmp_path / "yaowen.toml").write_text(f'[sites."{server.host}"]\nmax_pages = {FIRST_LISTS + 100}\n')
        urls = [
            f"http://{server.host}{path}" for path in ("/", "/index.xml", *(f"/a/{n}" for n in range(Endless.articles)))
        ]
        finished = run_yaowen(tmp_path, "crawl", *urls[:2], "--delay", "0", "-q", "--allow-address", server.host)
    assert finished.returncode == 0, finished.stderr
    outcomes = outcomes_in(tmp_path / "archive.db")
    assert all(outcomes[url] == [DONE] for url in urls)
    assert len(outcomes) - len(urls) == (DEEPEST_INDEX if width == 1 else FIRST_LISTS + 100 - len(urls))


NAMED_FEEDS = ("/laughs.rss", "/file.rss", "/half.json", "/many.rss", "/page-as-feed")
NAMED_SITEMAPS = ("/bomb.xml.gz", "/cut.xml.gz", "/self-index.xml")
NOT_READ = {
    "/half.json": "the feed is broken",
    "/page-as-feed": "no page but application/rss+xml",
    "/bomb.xml.gz": "it unpacks to more than 50 MB",
    "/cut.xml.gz": "the packed file is broken or cut off",
}


@pytest.mark.parametrize(
    ("feeds", "links", "code", "kinds"),
    [
        (NAMED_FEEDS, 8, 0, {"front page", "feed", "sitemap index"}),
        (tuple(path for path in NAMED_FEEDS if path in NOT_READ), 0, 1, None),
    ],
    ids=["some lists are good", "none is"],
)
def test_a_site_of_faulty_lists_is_added_by_the_good_ones(
    tmp_path: Path, feeds: tuple[str, ...], links: int, code: int, kinds: set[str] | None
) -> None:
    (tmp_path / "secret.txt").write_text(SECRET)
    with serving({"/secret": whole(SECRET.encode())}) as secret:
        answers = lists((tmp_path / "secret.txt").as_uri(), secret.host)
        head = "".join(f'<link rel="alternate" type="application/rss+xml" href="{path}">' for path in feeds)
        with serving(answers | {"/": whole(front_page(links, head))}) as server:
            named = [path for path in NAMED_SITEMAPS if kinds or path in NOT_READ]
            robots = [f"http://{server.host}{path}" for path in named] + [f"http://{secret.host}/", "file:///etc/hosts"]
            server.answers = {
                **server.answers,
                "/robots.txt": whole("".join(f"Sitemap: {one}\n" for one in robots).encode()),
            }
            arguments = ("--delay", "0", "--allow-address", server.host, "--json")
            finished = run_yaowen(tmp_path, "add", f"http://{server.host}/", *arguments)
        assert secret.connections == 0
    assert finished.returncode == code, finished.stderr
    assert "Traceback" not in finished.stderr
    if kinds is None:
        assert finished.stderr.endswith(f"no list of articles, no feed and no sitemap found: http://{server.host}/\n")
        return
    told = json.loads(finished.stdout)
    assert {find["kind"] for find in told["found"]} == kinds
    missed = {one["url"].removeprefix(f"http://{server.host}"): one["reason"] for one in told["missed"]}
    guarded = missed.pop(f"http://{secret.host}/")
    assert (missed, "is an address of this machine" in guarded) == (NOT_READ, True)
    assert SECRET not in finished.stdout + finished.stderr
