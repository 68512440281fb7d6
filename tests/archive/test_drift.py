"""The drift alarm: what runs are compared, what is worse, and what that does to articles."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from archive import crawls
from archive.alarms import Raised, alarms, raise_alarms
from archive.drift import ALARM, Figure, drifts, score
from archive.errors import UnknownSite
from archive.models import Absence, Article, Link, Listing, Observation, Page, Section
from archive.readings import kept_reading
from archive.store import Archive
from archive.verification import verify
from tests.conftest import MORNING, article, observation

TEXT = Section(paragraphs=("苏州的运河边开了一家图书馆。" * 20,))
LINKS = tuple(Link(position=n, url=f"https://news.example/a/{n}", title=f"第{n}条") for n in range(1, 41))


def url(number: int) -> str:
    return f"https://news.example/a/{number}"


def pages(count: int = 20, *, start: int = 0, **values: object) -> list[Article]:
    """Articles that have what articles of the site usually have."""
    usual = {"sections": (TEXT,), "source": "要闻社", "published_at": MORNING, "category": "本地"} | values
    return [article(url=url(number), **usual) for number in range(start, start + count)]


def look(page: Page | Absence | None, minutes: int, at: str = "", **capture: object) -> Observation:
    address = page.url if page else at
    ended = {} if isinstance(page, Article | Listing) else {"outcome": "unread", "reason": "nothing to read"}
    return observation(page, minutes=minutes, url=address, final_url=address, **(ended | capture))


def run(archive: Archive, looks: Sequence[Page | Observation], *, spider: str = "auto", asked: str = "/") -> Raised:
    """One crawl that sees these pages, a day after the one before."""
    with archive.writing() as db:
        crawl = crawls.begin(db, spider, {"urls": [asked]}, now=MORNING, parser_version="1")
        minutes = 1440 * crawl.id
        seen = [one if isinstance(one, Observation) else look(one, minutes + n) for n, one in enumerate(looks)]
        archive.record(seen, crawl_id=crawl.id)
        crawls.note_stop(db, crawl.id, reason="finished", exit_code=0, stats={}, finished=MORNING)
    return raise_alarms(archive, crawl.id, now=MORNING + timedelta(days=crawl.id))


def history(archive: Archive, number: int) -> list[tuple[datetime, str]]:
    """The revisions of an article, each with its time."""
    revisions = archive.revisions(archive.article(url(number)).id)
    return [(revision.observed_at, revision.fingerprint) for revision in revisions]


def told(raised: Raised) -> list[str]:
    return [alarm.figure for alarm in raised.alarms]


@pytest.fixture
def usual(archive: Archive) -> Archive:
    """An archive with six runs of one site, in which nothing was wrong."""
    for _ in range(6):
        assert run(archive, pages()) == Raised()
    return archive


@pytest.mark.parametrize(
    ("share", "of", "runs", "is_alarm"),
    [
        (0.97, 30, 20, False),
        (0.9, 200, 20, False),
        (0.5, 30, 3, True),
        (0.0, 5, 3, True),
        (0.4, 5, 20, False),  # three of five pages may be of another kind
        (0.7, 100, 20, True),
    ],
)
def test_a_share_that_was_always_whole(share: float, of: int, runs: int, is_alarm: bool) -> None:
    found = list(
        drifts("articles", {"source": Figure(value=share, of=of)}, [{"source": Figure(value=1, of=of)}] * runs, ())
    )
    assert bool(found) == is_alarm


def test_a_share_that_always_moved_may_move() -> None:
    moving = [Figure(value=share, of=60) for share in (0.9, 0.4, 0.7, 0.2, 0.8, 0.5)]
    steady = [Figure(value=0.6, of=60)] * 6
    now = Figure(value=0.05, of=60)
    assert score("authors", now, moving) < 3 < ALARM < score("authors", now, steady)


def test_what_is_better_is_no_alarm() -> None:
    better = {"source": Figure(value=1, of=50), "unread": Figure(value=0, of=50), "text": Figure(value=2e3, of=50)}
    before = {"source": Figure(value=0, of=50), "unread": Figure(value=1, of=50), "text": Figure(value=1e2, of=50)}
    assert list(drifts("articles", better, [before] * 6, ())) == []
    assert {one.figure for one in drifts("articles", before, [better] * 6, ())} == {"source", "unread", "text"}


def test_two_runs_are_not_enough_and_four_pages_neither() -> None:
    whole, none = {"title": Figure(value=1, of=50)}, {"title": Figure(value=0, of=50)}
    assert list(drifts("articles", none, [whole] * 2, [whole] * 2)) == []
    assert list(drifts("articles", {"title": Figure(value=0, of=4)}, [whole] * 6, ())) == []
    assert list(drifts("articles", none, [{"title": Figure(value=1, of=4)}] * 6, ())) == []


def test_runs_that_asked_for_other_pages_tell_only_what_every_article_has() -> None:
    whole = {name: Figure(value=1, of=50) for name in ("published_at", "authors")}
    none = {name: Figure(value=0, of=50) for name in ("published_at", "authors")}
    assert [one.figure for one in drifts("articles", none, (), [whole] * 3)] == ["published_at"]


@pytest.mark.parametrize(
    ("worse", "figures"),
    [
        ({"source": None}, ["source"]),
        ({"published_at": None}, ["published_at"]),
        ({"title": ""}, ["title"]),
        ({"sections": (Section(paragraphs=("短。" * 40,)),)}, ["text"]),
        ({"authors": ("林",), "views": 3}, []),
    ],
)
def test_a_field_that_is_lost_raises_an_alarm(usual: Archive, worse: dict[str, object], figures: list[str]) -> None:
    changed = [replace(page, **worse) for page in pages()]  # type: ignore[arg-type]  # by keyword
    assert told(run(usual, changed)) == figures


def test_the_alarm_says_what_was_where_and_is_kept(usual: Archive) -> None:
    good, bad = pages()[:2], pages(source=None)[2:]
    (alarm,) = run(usual, [*good, *bad]).alarms
    assert str(alarm) == (
        "news.example: source read on 10 % of 20 articles, 100 % in the last 6 runs;"
        " first: https://news.example/a/2 (capture 123)"
    )
    assert alarms(usual) == (alarm,)
    assert alarms(usual, site="news.example", since=alarm.raised_at) == (alarm,)
    assert alarms(usual, since=alarm.raised_at + timedelta(seconds=1)) == ()
    with pytest.raises(UnknownSite):
        alarms(usual, site="other.example")


def test_pages_that_are_not_read_any_more_raise_an_alarm(usual: Archive) -> None:
    broken = [look(None, 10_000 + number, at=url(number)) for number in range(20)]
    raised = run(usual, broken)
    assert told(raised) == ["unread", "reread"]
    assert "100 % of 20 articles not read, 0 % in the last 6 runs" in str(raised.alarms[0])


def test_articles_that_read_as_lists_are_not_read(usual: Archive) -> None:
    lists = [Listing(url=url(number), links=LINKS) for number in range(20)]
    assert told(run(usual, lists)) == ["unread", "reread"]


def test_articles_that_are_gone_are_no_drift(usual: Archive) -> None:
    gone = [look(Absence(url=url(number), reason="gone"), 10_000 + number) for number in range(20)]
    assert run(usual, gone) == Raised()


def test_a_front_page_that_shows_few_links_raises_an_alarm(archive: Archive) -> None:
    front = Listing(url="https://news.example/", links=LINKS)
    for _ in range(3):
        assert run(archive, [front]) == Raised()
    assert run(archive, [replace(front, links=LINKS[:30])]) == Raised()
    raised = run(archive, [replace(front, links=LINKS[:1])])
    assert told(raised) == ["links"]
    assert (
        "news.example: 1 links a list (median of 1), 40 in the last 4 runs; first: https://news.example/ (capture 5)"
        in str(raised.alarms[0])
    )


def test_what_was_not_fetched_does_not_count(usual: Archive) -> None:
    unmodified = [look(page, 10_000, status=304, body=None, outcome="unchanged") for page in pages(source=None)]
    failed = [look(None, 10_001, at=url(n), status=500, outcome="failed") for n in range(20)]
    assert run(usual, [*unmodified, *failed]) == Raised()


def test_a_drift_does_not_become_usual_while_it_is_not_mended(usual: Archive) -> None:
    for _ in range(8):
        assert told(run(usual, pages(source=None))) == ["source"]
    assert run(usual, pages()) == Raised()


def test_a_site_that_changed_for_good_is_usual_again_after_twenty_runs(archive: Archive) -> None:
    for _ in range(3):
        run(archive, pages(6))
    found = [told(run(archive, pages(6, source=None))) for _ in range(21)]
    assert found == [["source"]] * 18 + [[]] * 3


def test_what_an_article_had_stands_when_the_drift_lost_it(usual: Archive) -> None:
    before = [history(usual, number) for number in range(20)]
    kept = pages()[:2]
    raised = run(usual, [*kept, *pages(18, start=2, source=None, title="改过的标题", views=9)])
    assert [one.lost for one in raised.withheld] == [("source",)] * 18
    assert [history(usual, number) for number in range(20)] == before
    assert usual.article(url(5)).source == "要闻社"
    assert usual.view_counts(usual.article(url(5)).id) == ()
    rows = usual.db.execute(
        "SELECT outcome, reason, content_hash FROM captures WHERE crawl_id = 7 ORDER BY id"
    ).fetchall()
    assert {row[:2] for row in rows[2:]} == {("unread", "withheld by the drift alarm, without source")}
    assert {row[0] for row in rows[:2]} == {"done"}
    assert all(usual.contents.get(content_hash) for _, _, content_hash in rows)
    assert [fault for _, faults in verify(usual) for fault in faults] == []


def test_a_text_that_is_cut_stands_whole_on_a_site_with_any_alarm(usual: Archive) -> None:
    short = (Section(paragraphs=("短。" * 40,)),)
    raised = run(usual, [*pages(19, source=None), *pages(1, start=19, sections=short)])
    assert raised.withheld[-1].lost == ("much of its text",)
    assert usual.article(url(19)).sections == (TEXT,)


def test_a_cut_text_is_an_edit_where_nothing_drifts(usual: Archive) -> None:
    short = (Section(paragraphs=("短。" * 40,)),)
    assert run(usual, [*pages(19), *pages(1, start=19, sections=short)]) == Raised()
    assert usual.article(url(19)).sections == short


def test_new_articles_are_kept_as_they_are_read(usual: Archive) -> None:
    raised = run(usual, pages(40, source=None))
    assert len(raised.withheld) == 20
    assert usual.article(url(39)).source is None


def test_the_bytes_that_were_withheld_are_no_known_reading_when_they_come_again(usual: Archive) -> None:
    body = b"<p>new markup</p>"
    first = [look(page, 20_000 + n, body=body) for n, page in enumerate(pages(source=None))]
    second = [look(page, 30_000 + n, body=body) for n, page in enumerate(pages(source=None))]
    assert told(run(usual, first)) == told(run(usual, second)) == ["source"]
    assert usual.article(url(3)).source == "要闻社"
    (last,) = usual.db.execute("SELECT max(id) FROM captures").fetchone()
    assert kept_reading(usual.db, last) is None


def test_pages_that_lost_what_they_had_are_seen_by_a_run_that_asked_for_others_than_before(usual: Archive) -> None:
    (alarm,) = run(usual, pages(category=None), asked="/elsewhere").alarms
    assert "category read on 0 % of 20 articles that had it at the look before, 100 % in the last" in str(alarm)
    assert usual.article(url(3)).category == "本地"
    assert run(usual, pages(start=100, category=None), asked="/new") == Raised()


def test_each_site_is_judged_by_its_own_runs(archive: Archive) -> None:
    others = [replace(page, url=page.url.replace("news", "other")) for page in pages(source=None)]
    for _ in range(4):
        assert run(archive, [*pages(), *others]) == Raised()
    raised = run(archive, [*pages(source=None), *others])
    assert [(alarm.site, alarm.figure) for alarm in raised.alarms] == [("news.example", "source")]
