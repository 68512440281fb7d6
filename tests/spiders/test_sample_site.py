"""The sample site crawled by the real command in all its states, every table checked after each."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from archive.store import Archive
from crawler.sample_site import SampleArticle, SampleSite
from crawler.sample_site.server import SampleServer, running
from tests.conftest import run_yaowen

STATES = (1, 2, 3)


class Crawled:
    """The site crawled in the states up to this one, into one archive."""

    def __init__(self, state: int, server: SampleServer, archive: Archive, summary: dict[str, dict[str, int]]) -> None:
        self.state = state
        self.sites = {n: SampleSite(n) for n in STATES[:state]}
        self.site = self.sites[state]
        self.url = server.url
        self.archive = archive
        self.summary = summary

    def ever(self) -> dict[str, SampleArticle]:
        """Every article seen so far, as it last stood, by address."""
        return {self.url + a.path: a for site in self.sites.values() for a in site.articles()}

    def seen(self, address: str) -> list[SampleArticle]:
        """The article in each state in which it stood on the site."""
        return [a for site in self.sites.values() for a in site.articles() if self.url + a.path == address]

    def rows(self, sql: str) -> list[dict[str, object]]:
        return list(self.archive.db.query(sql))

    def count(self, sql: str) -> int:
        return int(self.archive.db.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])


@pytest.fixture(scope="module")
def crawl_to(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Crawled]]:
    """Copies of the archive after each state, crawled once for all tests of this file."""
    folder = tmp_path_factory.mktemp("sample-site")
    with running(state=1) as server:
        host = server.url.removeprefix("http://")
        summaries: dict[int, dict[str, dict[str, int]]] = {}
        lists = [server.url + path for path in SampleSite(1).list_paths() if path.count("/") == 2]
        for state in STATES:
            server.state = state
            finished = run_yaowen(
                folder,
                *("crawl", *lists, "--spider", "recommendation", "--depth", "2", "--known", "--json"),
                *("--delay", "0", "--allow-address", host),
            )
            assert finished.returncode == 0, finished.stderr
            summaries[state] = json.loads(finished.stdout)
            with Archive.open(folder / "archive.db") as archive:
                archive.db.execute(f"VACUUM INTO '{folder / f'state-{state}.db'}'")
        opened: list[Archive] = []

        def at(state: int) -> Crawled:
            opened.append(Archive.open(folder / f"state-{state}.db"))
            return Crawled(state, server, opened[-1], summaries[state])

        yield at
        for archive in opened:
            archive.close()


@pytest.fixture(params=STATES, ids=lambda state: f"state-{state}")
def crawled(request: pytest.FixtureRequest, crawl_to: Callable[[int], Crawled]) -> Crawled:
    return crawl_to(request.param)


def test_every_article_is_stored_as_it_last_stood(crawled: Crawled) -> None:
    for address, truth in crawled.ever().items():
        stored = crawled.archive.article(address)
        assert (stored.title, stored.published_at, stored.category) == (
            truth.title,
            truth.published,
            truth.category.name,
        )
        assert (stored.authors, stored.views) == (truth.authors, truth.views)
        assert [(s.heading, s.paragraphs) for s in stored.sections] == [
            (s.heading, s.paragraphs) for s in truth.sections
        ]


def test_the_archive_holds_no_other_articles(crawled: Crawled) -> None:
    assert {row["url"] for row in crawled.rows("SELECT url FROM articles")} == set(crawled.ever())


def test_what_is_gone_from_the_site_is_marked_and_nothing_else(crawled: Crawled) -> None:
    standing = {crawled.url + path for path in crawled.site.article_paths()}
    gone = {row["url"] for row in crawled.rows("SELECT url FROM articles WHERE state = 'gone'")}
    assert gone == set(crawled.ever()) - standing
    assert len(gone) == crawled.state - 1


def test_each_distinct_text_is_one_revision(crawled: Crawled) -> None:
    for address in crawled.ever():
        stood = crawled.seen(address)
        contents = [(a.title, a.sections) for a in stood]
        distinct = 1 + sum(before != now for before, now in pairwise(contents))
        revisions = crawled.archive.revisions(crawled.archive.article(address).id)
        assert [r.reading["title"] for r in revisions][-1] == stood[-1].title
        assert len(revisions) == distinct


def test_back_to_the_first_text_is_a_third_revision(crawl_to: Callable[[int], Crawled]) -> None:
    last = crawl_to(3)
    counts = Counter(row["article_id"] for row in last.rows("SELECT article_id FROM revisions"))
    (back,) = [article for article, count in counts.items() if count == 3]
    first, _, third = last.archive.revisions(int(str(back)))
    assert (first.reading["sections"], first.reading["title"]) == (third.reading["sections"], third.reading["title"])


def test_each_visit_observed_the_counter(crawled: Crawled) -> None:
    for address in crawled.ever():
        series = [count.value for count in crawled.archive.view_counts(crawled.archive.article(address).id)]
        assert series == [a.views for a in crawled.seen(address)]


def test_what_each_article_recommended_is_kept_in_order(crawled: Crawled) -> None:
    for path, truth in ((a.path, a) for a in crawled.site.articles()):
        links = crawled.archive.recommended(crawled.archive.article(crawled.url + path).id)
        assert [link.url for link in links] == [crawled.url + path for path in truth.related]
        assert [link.position for link in links] == list(range(1, len(links) + 1))
        assert {link.label for link in links} == {truth.related_label}
        assert all(link.article_id for link in links)


def test_every_list_page_is_observed_once_a_crawl(crawled: Crawled) -> None:
    for path in crawled.site.list_paths():
        if path != "/":
            assert crawled.count(f"listings WHERE kind = 'page' AND url = '{crawled.url + path}'") >= 1
    for site in crawled.sites.values():
        assert site.list_paths()
    per_crawl = crawled.rows(
        "SELECT count(*) AS n FROM listings JOIN captures ON captures.id = capture_id WHERE kind = 'page' "
        "GROUP BY listings.url, crawl_id"
    )
    assert {row["n"] for row in per_crawl} == {1}


def test_every_address_asked_for_has_one_outcome_in_each_crawl(crawled: Crawled) -> None:
    per_address = crawled.rows("SELECT count(*) AS n FROM captures GROUP BY crawl_id, url")
    assert {row["n"] for row in per_address} == {1}
    assert crawled.count("frontier WHERE state NOT IN ('done', 'failed')") == 0
    failed = crawled.rows("SELECT status, reason FROM captures WHERE outcome NOT IN ('done', 'unchanged')")
    assert all(row == {"status": 404, "reason": "the server answered 404"} for row in failed)


def test_every_answer_has_its_bytes(crawled: Crawled) -> None:
    assert crawled.count("captures WHERE content_hash IS NULL") == 0
    assert crawled.count("contents") == crawled.count("(SELECT DISTINCT content_hash FROM captures)")


def test_every_crawl_is_in_the_ledger(crawled: Crawled) -> None:
    runs = crawled.rows("SELECT spider, finish_reason, exit_code, finished_at IS NOT NULL AS ended FROM crawls")
    assert (
        runs == [{"spider": "recommendation", "finish_reason": "finished", "exit_code": 0, "ended": 1}] * crawled.state
    )


def test_the_summary_tells_what_changed(crawled: Crawled) -> None:
    before = crawled.sites.get(crawled.state - 1)
    old = {a.path: (a.title, a.sections) for a in before.articles()} if before else {}
    now = {a.path: (a.title, a.sections) for a in crawled.site.articles()}
    expected = {
        "new": len(now.keys() - old.keys()),
        "revised": sum(path in old and old[path] != content for path, content in now.items()),
    }
    assert {key: crawled.summary["articles"][key] for key in expected} == expected


def test_what_the_search_finds_is_what_stands_in_the_texts(crawled: Crawled) -> None:
    from archive.search import search

    for word in ("人才", "苏州", "图书馆", "运"):
        stands_in = {
            address
            for address, a in crawled.ever().items()
            if word
            in (a.title + "".join(s.heading or "" + "\n".join(s.paragraphs) for s in a.sections)).replace("蘇", "苏")
        }
        hits = search(crawled.archive, word, limit=100).hits
        assert {hit.url for hit in hits} >= stands_in
