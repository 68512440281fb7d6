from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import crawls
from archive.coverage import Coverage, coverage
from archive.errors import UnknownSite
from archive.models import FORBIDDEN_BY_ROBOTS
from archive.runs import OUTCOMES
from archive.store import Archive
from archive.times import end_of, start_of
from tests.conftest import MORNING, article, observation
from tests.looks import article_on_two_pages

DAY = 24 * 60
FIRST = MORNING.date()


def look(
    archive: Archive, day: int, outcome: str = "done", reason: str | None = None, site: str = "news.example"
) -> None:
    """A look on some day after the first, at a page of its own."""
    url = f"https://{site}/{day}/{outcome}/{reason}"
    ended = {"outcome": outcome, "reason": reason, "body": None, "status": None}
    archive.record([observation(minutes=day * DAY, url=url, final_url=url, **ended)])  # type: ignore[arg-type]  # by keyword


def shown(found: Coverage) -> list[tuple[int, dict[str, int], int]]:
    """Of each day its number, its looks by outcome and those that robots.txt forbids."""
    return [
        ((day.date - FIRST).days, {**day.looks.outcomes}, day.looks.refused_by_robots)  # type: ignore[dict-item]
        for day in found.days
    ]


def gaps(found: Coverage) -> list[tuple[int, int]]:
    return [((gap.first - FIRST).days, (gap.last - FIRST).days) for gap in found.gaps]


def test_each_day_tells_how_its_looks_ended(archive: Archive) -> None:
    for outcome, reason in (
        ("done", None),
        ("failed", "the server answered 500"),
        ("unread", "the page is empty"),
        ("refused", FORBIDDEN_BY_ROBOTS),
        ("refused", "10.0.0.1 is no public address"),
        ("failed", "robots.txt cannot be had: the server answered 500"),
        ("failed", FORBIDDEN_BY_ROBOTS),  # not as the crawler writes it: that is no refusal
    ):
        look(archive, 0, outcome, reason)
    look(archive, 1, "refused", FORBIDDEN_BY_ROBOTS)
    found = coverage(archive)
    assert shown(found) == [(0, {"done": 1, "failed": 3, "refused": 2, "unread": 1}, 1), (1, {"refused": 1}, 1)]
    assert (found.total.all, found.total.worked, found.total.missed, found.total.refused_by_robots) == (8, 1, 4, 2)


def test_the_same_bytes_again_worked_too(archive: Archive) -> None:
    archive.record([observation(article(), body=b"same"), observation(article(), minutes=5, body=b"same")])
    (day,) = coverage(archive).days
    assert (day.looks.outcomes, day.looks.worked) == ({"done": 1, "unchanged": 1}, 2)


def test_the_further_pages_of_an_article_are_no_looks_of_their_own(archive: Archive) -> None:
    archive.record([article_on_two_pages()])
    assert (archive.counts()["captures"], coverage(archive).total.all) == (2, 1)


def test_days_without_a_look_are_gaps_and_failures_are_none(archive: Archive) -> None:
    for day, outcome in ((0, "done"), (2, "failed"), (3, "refused"), (9, "done")):
        look(archive, day, outcome)
    found = coverage(archive)
    assert (gaps(found), found.gap_days, found.period_days) == ([(1, 1), (4, 8)], 6, 10)


@pytest.mark.parametrize(
    ("since", "until", "days", "expected"),
    [
        (None, None, [0, 2], [(1, 1)]),
        ("2026-02-27", None, [0, 2], [(-2, -1), (1, 1)]),
        (None, "2026-03-05", [0, 2], [(1, 1), (3, 4)]),
        ("2026-03-02", "2026-03-02", [], [(1, 1)]),
        ("2026-03-03", "2026-03-03", [2], []),
        ("2026-04-01", "2026-04-30", [], [(31, 60)]),
        ("2026-04-01", None, [], []),  # nobody says until when
        ("2026-03-03", "2026-03-01", [], []),
        ("0001", "9999", [0, 2], [(-739675, -1), (1, 1), (3, 2912383)]),
    ],
)
def test_a_period_that_is_asked_for_has_gaps_at_its_ends_too(
    archive: Archive, since: str | None, until: str | None, days: list[int], expected: list[tuple[int, int]]
) -> None:
    look(archive, 0)
    look(archive, 2)
    found = coverage(archive, since=start_of(since) if since else None, until=end_of(until) if until else None)
    assert ([number for number, *_ in shown(found)], gaps(found)) == (days, expected)


def test_the_looks_of_one_site_are_told_by_the_address_that_answered(archive: Archive) -> None:
    archive.record([observation(url="https://old.example/a", final_url="https://www.news.example/a")])
    look(archive, 1, site="www.news.example")
    look(archive, 2, site="other.example:8080")
    look(archive, 3, site="a.news.example")
    assert [number for number, *_ in shown(coverage(archive, site="news.example"))] == [0, 1]
    assert [number for number, *_ in shown(coverage(archive, site="other.example:8080"))] == [2]
    assert coverage(archive).sites == ("news.example", "a.news.example", "other.example:8080")
    assert coverage(archive, since=MORNING + timedelta(days=2)).sites == ("a.news.example", "other.example:8080")
    with pytest.raises(UnknownSite, match=r"no page of other\.example"):
        coverage(archive, site="other.example")


def test_a_site_that_is_known_and_was_never_visited_has_no_days(archive: Archive) -> None:
    archive.db.table("frontier").insert({"url": "https://news.example/", "site": "news.example"})
    found = coverage(archive, site="news.example")
    assert (found.days, found.gaps, found.first, found.sites) == ((), (), None, ())


def test_what_other_programs_wrote_counts_on_its_day_in_utc_or_on_none(archive: Archive) -> None:
    moments = ("2026-03-02T01:00:00+08:00", "2026-03-01 23:59", b"2026-03-01T10:00:00Z", "", "soon", 5, "0000-01-01")
    for number, moment in enumerate(moments):
        url = f"https://news.example/{number}"
        row = {"url": url, "final_url": b"no address" if moment == "soon" else url, "outcome": "done"}
        archive.db.table("captures").insert(row | {"fetched_at": moment})
    archive.db.table("captures").insert({"url": "x", "final_url": "x", "outcome": "odd", "fetched_at": "2026-03-01"})
    found = coverage(archive)
    assert (shown(found), found.undated) == ([(0, {"done": 3}, 0)], 4)
    assert found.first_look_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert coverage(archive, since=MORNING).undated == 0


def test_the_versions_are_those_of_the_crawls_that_looked(archive: Archive) -> None:
    for day, version in ((0, "2"), (1, "1"), (2, "1"), (3, "3")):
        with archive.writing() as db:
            crawl = crawls.begin(db, "feature", {"day": day}, now=MORNING, parser_version=version)
        if day < 3:
            archive.record([observation(minutes=day * DAY)], crawl_id=crawl.id)
    assert coverage(archive).parser_versions == ("2", "1")
    assert coverage(archive, since=MORNING + timedelta(days=1)).parser_versions == ("1",)


def test_an_empty_archive_covers_nothing(archive: Archive) -> None:
    found = coverage(archive)
    assert (found.days, found.gaps, found.first, found.last_look_at, found.total.all) == ((), (), None, None, 0)
    assert coverage(archive, until=MORNING).period_days == 0


def test_an_archive_with_looks_of_all_kinds_is_counted_whole(original: Path) -> None:
    with Archive.open(original, read_only=True) as archive:
        rows = archive.db.execute("SELECT fetched_at, outcome FROM captures WHERE part_of IS NULL").fetchall()
        told = coverage(archive).as_json()
    assert told["looks"] == len(rows)
    counts = Counter((moment[:10], outcome) for moment, outcome in rows)
    assert {
        (day["date"], outcome): day[outcome] for day in told["days"] for outcome in OUTCOMES if day[outcome]
    } == counts
    assert (told["first_look_at"], told["last_look_at"]) == (min(rows)[0], max(rows)[0])


def test_json_says_the_same(archive: Archive) -> None:
    look(archive, 0)
    look(archive, 2, "refused", FORBIDDEN_BY_ROBOTS)
    nothing = dict.fromkeys((*OUTCOMES, "refused_by_robots"), 0)
    assert coverage(archive).as_json() == {
        "site": None,
        "first": "2026-03-01",
        "last": "2026-03-03",
        "first_look_at": "2026-03-01T08:00:00Z",
        "last_look_at": "2026-03-03T08:00:00Z",
        "looks": 2,
        **nothing,
        "done": 1,
        "refused": 1,
        "refused_by_robots": 1,
        "undated": 0,
        "sites": ["news.example"],
        "parser_versions": [],
        "gaps": [{"first": "2026-03-02", "last": "2026-03-02", "days": 1}],
        "days": [
            {"date": "2026-03-01"} | nothing | {"done": 1},
            {"date": "2026-03-03"} | nothing | {"refused": 1, "refused_by_robots": 1},
        ],
    }
