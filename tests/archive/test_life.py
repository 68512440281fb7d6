"""An article that is not found any more is gone since then, keeps its last good text, and may come back."""

import json
from pathlib import Path

import pytest

from archive.life import absences
from archive.models import Absence, Link, Listing, Observation
from archive.replay import replay
from archive.store import Archive
from archive.times import to_utc
from tests.conftest import MORNING, Yaowen, article, observation

URL = "https://news.example/a/1"
HOME = Listing(url="https://news.example/", links=(Link(position=1, url="https://news.example/a/2", title="另一条"),))


def not_there(minutes: int, how: str = "404") -> Observation:
    if how == "the page says so":
        page = Absence(url=URL, reason="the page says: 文章已被删除")
        return observation(page, minutes=minutes, outcome="unread", reason=page.reason)
    if how == "it leads to the front page":
        return observation(HOME, minutes=minutes, final_url="https://news.example/")
    return observation(None, minutes=minutes, status=int(how), outcome="failed", reason=f"the server answered {how}")


@pytest.mark.parametrize("how", ["404", "410", "the page says so", "it leads to the front page"])
def test_it_is_gone_since_the_first_look_that_did_not_find_it(archive: Archive, how: str) -> None:
    archive.record([observation(article()), not_there(5, how), not_there(9, how)])
    gone = archive.article(URL)
    assert (gone.state, gone.gone_at and to_utc(gone.gone_at)) == ("gone", "2026-03-01T08:05:00Z")
    assert gone.sections == article().sections
    assert [revision.reading["title"] for revision in archive.revisions(gone.id)] == ["运河边的图书馆"]


@pytest.mark.parametrize("status", [500, 403, 302])
def test_a_server_in_trouble_says_nothing_of_an_article(archive: Archive, status: int) -> None:
    archive.record([observation(article()), not_there(5, str(status))])
    assert archive.article(URL).state == "live"


def test_back_again_it_is_live_and_both_times_are_known(archive: Archive) -> None:
    archive.record(
        [observation(article()), not_there(5), not_there(6), observation(article(), minutes=9), not_there(20)]
    )
    found = archive.article(URL)
    minutes = [
        (round((one.gone_at - MORNING).seconds / 60), one.back_at and round((one.back_at - MORNING).seconds / 60))
        for one in absences(archive.db, found.id)
    ]
    assert (found.state, minutes) == ("gone", [(5, 9), (20, None)])
    archive.record([observation(article(), minutes=30)])
    assert (archive.article(URL).state, archive.article(URL).gone_at) == ("live", None)


@pytest.mark.parametrize("how", ["404", "the page says so", "it leads to the front page"])
def test_reading_again_tells_the_same_life(archive: Archive, how: str) -> None:
    archive.record([observation(article()), not_there(5, how), observation(article(), minutes=9), not_there(20, how)])
    before = absences(archive.db, archive.article(URL).id)
    with archive.writing() as db:
        replay(db, {1: article(title="运河边的新图书馆")})
    assert absences(archive.db, archive.article(URL).id) == before
    assert archive.article(URL).state == "gone"


def test_what_was_read_as_an_article_and_is_none_makes_it_gone(archive: Archive) -> None:
    archive.record([observation(article()), observation(article(title="页面不存在", sections=()), minutes=5)])
    with archive.writing() as db:
        replay(db, {2: Absence(url=URL, reason="the page says: 页面不存在")})
    found = archive.article(URL)
    assert (found.title, found.state, len(archive.revisions(found.id))) == ("运河边的图书馆", "gone", 1)


def test_an_absence_read_in_an_older_capture_leaves_a_live_article_live(archive: Archive) -> None:
    archive.record(
        [observation(article()), observation(None, minutes=5, outcome="unread"), observation(article(), minutes=9)]
    )
    with archive.writing() as db:
        replay(db, {2: Absence(url=URL, reason="the page says: 页面不存在")})
    found = archive.article(URL)
    assert found.state == "live"
    assert [to_utc(one.gone_at) for one in absences(archive.db, found.id)] == ["2026-03-01T08:05:00Z"]


def test_history_and_show_tell_it(yaowen: Yaowen, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record(
            [observation(article()), not_there(5), observation(article(title="新题"), minutes=9), not_there(20)]
        )
    shown = yaowen("history", URL).stdout.splitlines()
    assert shown[1:] == [
        "1. 2026-03-01 08:00:00 UTC: first seen",
        "   2026-03-01 08:05:00 UTC: removed (the server answered 404)",
        "   2026-03-01 08:09:00 UTC: back again",
        "2. 2026-03-01 08:09:00 UTC: headline · +0 −0 characters of text",
        "   title: 运河边的图书馆 → 新题",
        "   2026-03-01 08:20:00 UTC: removed (the server answered 404)",
    ]
    told = json.loads(yaowen("history", URL, "--json").stdout)["absences"]
    assert told[0] == {
        "gone_at": "2026-03-01T08:05:00Z",
        "back_at": "2026-03-01T08:09:00Z",
        "reason": "the server answered 404",
    }
    assert told[1]["back_at"] is None
    assert "gone since 2026-03-01 08:20:00 UTC" in yaowen("show", URL).stdout
    assert json.loads(yaowen("show", URL, "--json").stdout)["gone_at"] == "2026-03-01T08:20:00Z"
