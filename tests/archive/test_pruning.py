"""Old bytes go, readings stay."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from archive.captures import PRUNED
from archive.errors import ContentPruned
from archive.models import Link, Listing, Observation
from archive.pruning import prune
from archive.replay import replay
from archive.rereading import readable
from archive.store import Archive
from archive.verification import verify
from tests.conftest import MORNING, Yaowen, article, observation

LIST = "https://news.example/list"
YEAR = 366 * 24 * 60


def fill(archive: Archive) -> None:
    """An article edited after a year and seen again two years later, another seen once, a list seen once."""
    other = "https://news.example/a/2"
    listed = Listing(url=LIST, links=(Link(position=1, url=other, title="另一条"),))
    archive.record(
        [
            observation(article(title="旧题", views=3)),
            observation(article(url=other), url=other, final_url=other, body=b"other"),
            observation(listed, url=LIST, final_url=LIST, body=b"list"),
            observation(article(title="新题"), minutes=YEAR, body=b"new"),
            observation(article(title="新题", views=9), minutes=3 * YEAR, body=b"newest"),
        ]
    )


def bodies(archive: Archive) -> set[bytes]:
    rows = archive.db.execute("SELECT sha256 FROM contents WHERE codec <> ?", [PRUNED]).fetchall()
    return {archive.contents.checked(sha256) for (sha256,) in rows}


@pytest.mark.parametrize(
    ("every", "left"),
    [(False, {b"new", b"newest", b"other"}), (True, {b"newest"})],
    ids=["the pages of the present texts stay", "every old page goes"],
)
def test_pages_that_nothing_has_shown_since_go(archive: Archive, every: bool, left: set[bytes]) -> None:
    fill(archive)
    gone = prune(archive, MORNING + timedelta(minutes=2 * YEAR), every=every)
    assert bodies(archive) == left
    assert (gone.contents, gone.captures) == (5 - len(left), 5 - len(left))


def test_readings_stay_and_the_archive_is_sound(archive: Archive) -> None:
    fill(archive)
    found = archive.article("https://news.example/a/1")
    before = (archive.revisions(found.id), archive.view_counts(found.id), archive.counts())
    prune(archive, MORNING + timedelta(minutes=2 * YEAR), every=True)
    assert (archive.revisions(found.id), archive.view_counts(found.id), archive.counts()) == before
    assert [fault for _, faults in verify(archive) for fault in faults] == []
    assert [capture.id for capture in readable(archive)] == [5]
    with archive.writing() as db:
        replay(db, {5: article(title="新题", views=10)})
    assert [one.reading["title"] for one in archive.revisions(found.id)] == ["旧题", "新题"]


def test_a_page_that_came_again_is_kept(archive: Archive) -> None:
    archive.record([observation(article(), body=b"same"), observation(article(), body=b"same", minutes=3 * YEAR)])
    assert prune(archive, MORNING + timedelta(minutes=YEAR), every=True).contents == 0


def test_what_was_pruned_and_comes_again_is_kept_again(archive: Archive) -> None:
    fill(archive)
    prune(archive, MORNING + timedelta(minutes=2 * YEAR), every=True)
    (digest,) = archive.db.execute("SELECT content_hash FROM captures WHERE id = 2").fetchone()
    with pytest.raises(ContentPruned):
        archive.contents.get(digest)
    again: Observation = observation(None, body=b"other", minutes=4 * YEAR, outcome="unread")
    archive.record([again])
    assert archive.contents.checked(digest) == b"other"


def test_a_dry_run_changes_nothing(archive: Archive) -> None:
    fill(archive)
    assert prune(archive, MORNING + timedelta(minutes=2 * YEAR), dry_run=True).contents == 2
    assert len(bodies(archive)) == 5


def test_the_command_takes_ages_and_dates(yaowen: Yaowen, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        fill(archive)
    none = yaowen("prune", "--captures-older-than", "5y", "--dry-run")
    assert none.stdout == "0 pages of 0 looks would go: 0 bytes\n"
    told = json.loads(yaowen("prune", "--captures-older-than", "2026-11", "--json").stdout)
    assert (told["contents"], told["captures"], told["dry_run"]) == (2, 2, False)
    for wrong in ("5", "5 years", "9999y", "-1d", "0d", "2999"):
        refused = yaowen("prune", "--captures-older-than", wrong)
        assert (refused.returncode, "is no age" in refused.stderr) == (2, True), refused.stderr
