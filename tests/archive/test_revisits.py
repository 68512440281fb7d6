"""When an address is visited again, and what a visit without bytes leaves."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from archive import crawls, frontier
from archive.captures import kept_page
from archive.frontier import Target
from archive.models import Link, Listing, Observation
from archive.revisits import Bounds, of_article, of_list, plan_revisit
from archive.store import Archive
from tests.conftest import MORNING, article, observation

URL = "https://news.example/a/1"
HOUR = timedelta(hours=1)


def crawl(archive: Archive) -> int:
    run = archive.db.table("crawls").count
    return crawls.begin(archive.db, "auto", {"run": run}, now=MORNING, parser_version="0").id


def visit(archive: Archive, seen: Observation, bounds: Bounds | None = None) -> None:
    """What the ledger does with an observation."""
    crawl_id = crawl(archive)
    frontier.add(archive.db, [Target(url=seen.capture.url)], crawl_id=crawl_id)
    (recorded,) = archive.record([seen], crawl_id=crawl_id)
    plan_revisit(archive.db, seen, recorded, bounds or Bounds())


def due_at(archive: Archive, url: str = URL) -> tuple[timedelta, str]:
    """How long after the first visit it is due, and why."""
    (found,) = (one for one in frontier.due(archive.db, datetime.max.replace(tzinfo=MORNING.tzinfo)) if one.url == url)
    assert found.due_at is not None
    return found.due_at - MORNING, found.why


@pytest.mark.parametrize(
    ("published", "interval"),
    [(3 * HOUR, 3 * HOUR), (timedelta(minutes=1), Bounds().least), (timedelta(days=99), Bounds().most)],
)
def test_an_article_is_due_after_as_much_time_as_it_is_old(
    archive: Archive, published: timedelta, interval: timedelta
) -> None:
    visit(archive, observation(article(published_at=MORNING - published)))
    assert due_at(archive)[0] == interval


def test_an_edited_article_is_young_again(archive: Archive) -> None:
    visit(archive, observation(article(published_at=MORNING - timedelta(days=20))))
    visit(archive, observation(article(published_at=MORNING - timedelta(days=20), title="改了"), minutes=60))
    assert due_at(archive) == (HOUR + Bounds().least, "an article, last changed 0 seconds before")


def test_a_date_in_the_future_makes_no_article_younger_than_new() -> None:
    assert of_article(MORNING, [MORNING + HOUR]).interval == timedelta()


def listed(minutes: int, number: int) -> Observation:
    links = tuple(Link(position=1, url=f"https://news.example/a/{number}", title="题") for _ in range(1))
    page = Listing(url="https://news.example/c", links=links)
    return observation(page, minutes=minutes, url=page.url, final_url=page.url)


def test_a_list_that_changes_often_is_due_often(archive: Archive) -> None:
    for hour in range(20):
        visit(archive, listed(60 * hour, number=hour))
    interval, why = due_at(archive, "https://news.example/c")
    assert why == "a list, changed in 19 of 19 looks"
    assert Bounds().least <= interval - 19 * HOUR < HOUR / 2 + timedelta(minutes=1)


def test_a_list_that_never_changes_is_due_after_twice_the_time(archive: Archive) -> None:
    for hour in range(4):
        visit(archive, listed(60 * hour, number=0))
    assert due_at(archive, "https://news.example/c") == (5 * HOUR, "a list, changed in 0 of 3 looks")


@pytest.mark.parametrize("true", [1.0, 5.0, 20.0])
def test_the_interval_of_a_list_comes_near_the_time_between_its_changes(true: float) -> None:
    """Changes at even times, looks at the time that the rule itself asks for."""
    now, looks, shown = 0.0, list[tuple[datetime, bool]](), -1
    for _ in range(60):
        state = int(now // true)
        looks.append((MORNING + now * HOUR, state != shown))
        shown = state
        interval = of_list(looks[-20:]).interval
        now += min(max(interval / HOUR, 0.5), 720)
    assert true / 3 < interval / HOUR < 2 * true


@pytest.mark.parametrize(
    ("values", "least", "why"),
    [
        ({"status": 404, "outcome": "failed"}, timedelta(days=30), "the server answered 404"),
        ({"outcome": "refused", "reason": "Forbidden"}, timedelta(minutes=30), "it was refused: Forbidden"),
        ({"outcome": "unread", "reason": "empty"}, timedelta(days=1), "it could not be read: empty"),
        ({"status": 500, "outcome": "failed", "reason": "500"}, timedelta(minutes=30), "it failed: 500"),
    ],
)
def test_what_was_not_read_waits(archive: Archive, values: dict[str, Any], least: timedelta, why: str) -> None:
    visit(archive, observation(**values))
    assert due_at(archive) == (least, why)
    visit(archive, observation(minutes=60, **values))
    assert due_at(archive)[0] == HOUR + min(2 * least, Bounds().most)


def test_a_server_that_asks_for_time_gets_it(archive: Archive) -> None:
    visit(archive, replace(observation(outcome="failed", reason="429"), not_before=MORNING + 5 * HOUR))
    assert due_at(archive)[0] == 5 * HOUR


def test_a_site_has_bounds_of_its_own(archive: Archive) -> None:
    visit(archive, observation(article(published_at=MORNING)), Bounds(least=7 * HOUR))
    assert due_at(archive)[0] == 7 * HOUR


def test_what_was_found_and_never_visited_is_due_first(archive: Archive) -> None:
    visit(archive, observation(article(published_at=MORNING)))
    frontier.add(archive.db, [Target(url="https://other.example/new")], crawl_id=crawl(archive))
    later = MORNING + timedelta(days=1)
    assert [one.url for one in frontier.due(archive.db, later)] == ["https://other.example/new", URL]
    assert [one.url for one in frontier.due(archive.db, later, sites=["news.example"])] == [URL]
    assert [one.url for one in frontier.due(archive.db, later, limit=1)] == ["https://other.example/new"]
    assert (frontier.count_due(archive.db, later), frontier.count_due(archive.db, MORNING)) == (2, 1)


def test_a_visit_without_bytes_is_a_look_at_the_kept_page(archive: Archive) -> None:
    headers = {"ETag": '"1"', "Content-Type": "text/html; charset=gbk"}
    page = article(views=10, views_raw="10")
    visit(archive, observation(page, headers=headers))
    visit(archive, observation(page, minutes=60, status=304, body=None, headers=headers))
    first, second = archive.db.query("SELECT outcome, content_hash, article_id FROM captures ORDER BY id")
    assert second == first | {"outcome": "unchanged"}
    found = archive.article(URL)
    assert found.last_seen_at == MORNING + HOUR
    assert len(archive.revisions(found.id)) == 1
    assert [count.observed_at for count in archive.view_counts(found.id)] == [MORNING]
    kept = kept_page(archive.contents, URL)
    assert kept is not None
    assert (kept.fetched_at, kept.headers) == (MORNING, headers)


@pytest.mark.parametrize(
    ("seen", "etag"),
    [
        (observation(article(), headers={"etag": '"1"'}), '"1"'),
        (observation(article(), headers={"etag": '"a\x01b"'}), None),
        (observation(article(), headers={"etag": '"a\x7f"'}), None),
        (observation(article(), headers={"etag": '"Ã©"'}), None),
        (observation(article(), headers={"etag": f'"{"x" * 999}"'}), None),
        (observation(None, headers={"ETag": '"1"'}, outcome="unread"), None),
        (observation(article(), headers={"ETag": '"1"'}, final_url="https://news.example/b"), None),
        (replace(observation(article(), headers={"ETag": '"1"'}), parts=(observation(),)), None),
    ],
)
def test_only_a_whole_page_of_the_address_itself_can_be_asked_for_by_its_mark(
    archive: Archive, seen: Observation, etag: str | None
) -> None:
    visit(archive, seen)
    assert archive.db.execute("SELECT etag FROM frontier").fetchone() == (etag,)


def test_a_failure_leaves_the_mark_of_the_kept_page(archive: Archive) -> None:
    visit(archive, observation(article(), headers={"ETag": '"1"', "Last-Modified": "Sun, 01 Mar 2026 08:00:00 GMT"}))
    visit(archive, observation(minutes=60, status=500, body=b"oops", outcome="failed", reason="500"))
    crawl_id = crawl(archive)
    frontier.add(archive.db, [Target(url=URL)], crawl_id=crawl_id)
    (leased,) = frontier.lease(archive.db, crawl_id, "news.example", limit=1, until=MORNING)
    assert (leased.etag, leased.last_modified) == ('"1"', "Sun, 01 Mar 2026 08:00:00 GMT")


def test_an_address_that_could_not_even_be_asked_for_is_asked_for_without_a_mark(archive: Archive) -> None:
    visit(archive, observation(article(), headers={"ETag": '"1"'}))
    put_off = observation(minutes=60, status=None, body=None, outcome="failed", reason="busy")
    visit(archive, replace(put_off, not_before=MORNING))  # not because of the mark
    assert archive.db.execute("SELECT etag FROM frontier").fetchone() == ('"1"',)
    visit(archive, observation(minutes=90, status=None, body=None, outcome="failed", reason="no valid header"))
    assert archive.db.execute("SELECT etag FROM frontier").fetchone() == (None,)


def test_what_was_visited_by_a_clock_that_was_ahead_is_due_and_says_so(archive: Archive) -> None:
    visit(archive, observation(article(published_at=MORNING), minutes=10 * 365 * 24 * 60))
    (found,) = frontier.due(archive.db, MORNING)
    assert (found.due_at, found.why) == (None, "by the clock its last visit is still to come")
    assert frontier.due(archive.db, MORNING.replace(year=2000)) == []
    visit(archive, replace(observation(outcome="failed", reason="429"), not_before=MORNING + 5 * HOUR))
    assert frontier.due(archive.db, MORNING) == []


@pytest.mark.parametrize("wrong", [10 * 365 * 24 * 60, -10 * 365 * 24 * 60], ids=["ahead", "behind"])
def test_one_look_at_a_list_by_a_wrong_clock_does_not_put_it_off(archive: Archive, wrong: int) -> None:
    for minutes in (0, 60, wrong, 120, 180):
        visit(archive, listed(minutes, number=0))
    assert due_at(archive, "https://news.example/c")[0] == 5 * HOUR
