from datetime import timedelta

import pytest

from archive import crawls, frontier
from archive.frontier import Target
from archive.store import Archive
from tests.conftest import MORNING, article, observation

LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def crawl(archive: Archive) -> int:
    return begin(archive).id


def begin(archive: Archive, **arguments: object) -> crawls.Crawl:
    with archive.writing() as db:
        return crawls.begin(db, "auto", arguments, now=MORNING, parser_version="1")


def add(archive: Archive, crawl: int, *targets: Target) -> int:
    with archive.writing() as db:
        return frontier.add(db, targets, crawl_id=crawl)


def lease(archive: Archive, crawl: int, limit: int = 10) -> list[str]:
    with archive.writing() as db:
        leased = frontier.lease(db, crawl, "news.example", limit=limit, until=LATER)
    return [target.url.rpartition("/")[2] for target in leased]


def target(name: str, **values: object) -> Target:
    return Target(url=f"https://news.example/{name}", **values)  # type: ignore[arg-type]  # by keyword


def test_an_address_is_queued_once_in_a_crawl(archive: Archive, crawl: int) -> None:
    assert add(archive, crawl, target("a"), target("b"), target("a#top"), target("a?utm_source=x")) == 2


def test_a_later_crawl_takes_the_address_over(archive: Archive, crawl: int) -> None:
    add(archive, crawl, target("a"))
    assert add(archive, begin(archive, other=1).id, target("a")) == 1
    assert lease(archive, crawl) == []


def test_a_shorter_way_to_a_waiting_page_counts(archive: Archive, crawl: int) -> None:
    add(archive, crawl, target("a", depth=2), target("a", depth=1), target("a", depth=3))
    assert archive.db.execute("SELECT depth FROM frontier").fetchone()[0] == 1


def test_targets_are_handed_out_once_by_priority_and_then_in_the_order_found(archive: Archive, crawl: int) -> None:
    add(archive, crawl, target("a"), target("b", priority=-1), target("c", priority=1), target("d"))
    assert (lease(archive, crawl, 3), lease(archive, crawl, 3), lease(archive, crawl)) == (["c", "a", "d"], ["b"], [])


def test_what_was_never_visited_comes_before_what_was_and_that_by_its_time(archive: Archive, crawl: int) -> None:
    add(archive, crawl, *map(target, "abcd"))
    archive.db.execute("UPDATE frontier SET due_at = '2026-03-02T00:00:00Z' WHERE url LIKE '%/a'")
    archive.db.execute("UPDATE frontier SET due_at = '2026-03-01T00:00:00Z' WHERE url LIKE '%/c'")
    assert lease(archive, crawl) == ["b", "d", "c", "a"]


def test_an_unfinished_crawl_is_gone_on_with_and_hands_out_again_what_was_on_its_way(archive: Archive) -> None:
    first = begin(archive, url="x")
    add(archive, first.id, target("a"))
    lease(archive, first.id)
    again = begin(archive, url="x")
    assert (again.id, again.resumed, lease(archive, again.id)) == (first.id, True, ["a"])


def test_a_finished_crawl_is_not_gone_on_with(archive: Archive) -> None:
    first = begin(archive, url="x")
    with archive.writing() as db:
        crawls.note_stop(db, first.id, reason="finished", exit_code=0, stats={}, finished=LATER)
    assert begin(archive, url="x").id != first.id


def test_known_addresses_are_those_asked_for_and_those_stored(archive: Archive, crawl: int) -> None:
    add(archive, crawl, target("list", kind="recommendation"), target("a/2", kind="feature"))
    archive.record([observation(article())], crawl_id=crawl)
    known = [
        (t.url.removeprefix("https://news.example/"), t.kind) for t in frontier.known_urls(archive.db, "news.example")
    ]
    assert known == [("list", "recommendation"), ("a/1", "feature"), ("a/2", "feature")]
