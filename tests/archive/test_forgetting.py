"""An article taken down on request leaves nothing of its text in the file, and does not come back."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.compaction import give_back
from archive.dictionaries import packed
from archive.errors import ForgottenArticle, UnknownArticle
from archive.forgetting import forget
from archive.models import Article, Link, Listing, Section
from archive.replay import replay
from archive.search import search
from archive.store import Archive
from archive.tombstones import tombstones
from archive.verification import verify
from tests.conftest import Yaowen, article, observation

URL, OTHER, LIST = (f"https://news.example/{path}" for path in ("a/1", "a/2", "list"))
SECRET = "旧码头的仓库里住着一位不愿透露姓名的修表师傅"
LATER = "后来他搬去了鼓楼边上"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def told(text: str, **values: object) -> Article:
    return article(title=f"{text[:6]}的故事", sections=(Section(paragraphs=(text,)),), **values)


def teaser(url: str, title: str) -> Link:
    return Link(position=1, url=url, title=title, summary=f"{title}……")


def fill(archive: Archive) -> None:
    """An article seen twice and edited, once at another address; one that recommends it; a list that shows it."""
    other = article(url=OTHER, title="龙舟赛", related=(teaser(URL, SECRET),))
    listed = Listing(url=LIST, links=(teaser(URL, SECRET), teaser(OTHER, "龙舟赛")))
    alias = "https://news.example/amp/1"
    archive.record(
        [
            observation(told(SECRET, views=3), body=SECRET.encode(), headers={"X-Title": SECRET}),
            observation(told(LATER), minutes=1, url=alias, body=LATER.encode()),
            observation(other, minutes=2, url=OTHER, final_url=OTHER),
            observation(listed, minutes=3, url=LIST, final_url=LIST),
        ]
    )


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        fill(archive)
    return path


def test_nothing_of_the_text_is_left_in_the_files(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "archive.db.reparse").write_bytes(SECRET.encode())
    with Archive.open(filled) as archive:
        archive.db.execute(
            "INSERT INTO dictionaries (site, pages, body) VALUES ('news.example', 9, ?)", [packed(SECRET.encode() * 3)]
        )
        forget(archive, URL, "a request", now=NOW)
        assert give_back(archive)
        archive.db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, row)")
        words = {word for (word,) in archive.db.execute("SELECT term FROM temp.words").fetchall()}
        assert archive.db.execute("SELECT site, body FROM dictionaries").fetchall() == [("(none)", b"")]
        assert [fault for _, faults in verify(archive) for fault in faults] == []
    assert words.isdisjoint({"码头", "仓库", "鼓楼"})
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for text in (SECRET, LATER):
        assert text[:8].encode() not in left
    assert "龙舟赛".encode() in left


def test_the_tombstone_keeps_addresses_date_and_reason(filled: Path) -> None:
    with Archive.open(filled) as archive:
        number = archive.article(URL).id
        gone = forget(archive, number, "a request", now=NOW)
        (stone,) = tombstones(archive.db)
        assert stone == gone.stone
        assert (stone.article_id, stone.forgotten_at, stone.reason) == (number, NOW, "a request")
        assert stone.addresses == (URL, "https://news.example/amp/1")
        assert (gone.captures, gone.contents, gone.teasers) == (2, 2, 2)
        for wanted in (URL, str(number)):
            with pytest.raises(ForgottenArticle, match="forgotten on 2026-11-25: a request"):
                archive.article(wanted)
        statuses = archive.db.execute(
            "SELECT status, outcome, content_hash FROM captures WHERE url = ?", [URL]
        ).fetchall()
        assert statuses == [(200, "done", None)]


@pytest.mark.parametrize(
    "again",
    [
        observation(told(SECRET), minutes=9, body=b"again"),
        observation(told(SECRET), minutes=9, url="https://news.example/new", body=b"again"),
        observation(
            told(SECRET, canonical_url=URL),
            minutes=9,
            url="https://news.example/new",
            final_url="https://news.example/new",
            body=b"again",
        ),
    ],
    ids=["its address", "a new address that leads to it", "a new address that says it is it"],
)
def test_a_later_look_keeps_nothing(archive: Archive, again: object) -> None:
    fill(archive)
    forget(archive, URL, "a request", now=NOW)
    archive.record([again])  # type: ignore[list-item]  # what observation() makes
    (row,) = archive.db.query("SELECT * FROM captures ORDER BY id DESC LIMIT 1")
    assert (row["outcome"], row["reason"], row["content_hash"]) == (
        "refused",
        "forgotten on 2026-11-25: a request",
        None,
    )
    assert search(archive, SECRET[:3]).total == 0


def test_lists_show_its_place_and_not_its_headline(archive: Archive) -> None:
    fill(archive)
    forget(archive, URL, "a request", now=NOW)
    fill_list = Listing(url=LIST, links=(teaser(URL, SECRET), teaser(OTHER, "龙舟赛")))
    archive.record([observation(fill_list, minutes=9, url=LIST, final_url=LIST)])
    found = archive.db.execute("SELECT position, title, summary FROM links WHERE url = ?", [URL]).fetchall()
    assert found == [(1, "", None)] * 3


def test_reading_again_does_not_bring_it_back(archive: Archive) -> None:
    fill(archive)
    unread = "https://news.example/other"
    archive.record([observation(None, minutes=8, url=unread, final_url=unread, outcome="unread", body=b"unread")])
    forget(archive, URL, "a request", now=NOW)
    with archive.writing() as db:
        replay(db, {5: told(SECRET, canonical_url=URL)})
    assert archive.db.execute("SELECT content_hash FROM captures WHERE id = 5").fetchone() == (None,)
    assert search(archive, SECRET[:3]).total == 0


def test_an_article_that_shares_its_bytes_keeps_them(archive: Archive) -> None:
    archive.record([observation(told(SECRET), body=b"both")])
    archive.record([observation(article(url=OTHER), url=OTHER, final_url=OTHER, body=b"both")])
    gone = forget(archive, URL, "a request", now=NOW)
    assert (gone.captures, gone.contents) == (1, 0)


def test_its_id_is_not_given_again(archive: Archive) -> None:
    fill(archive)
    number = archive.article(URL).id
    forget(archive, URL, "a request", now=NOW)
    archive.record([observation(article(url=LIST), minutes=0, url=LIST, final_url=LIST)])
    assert archive.article(LIST).id not in (number, None)


def test_the_commands_tell_what_went_and_may_come_again(yaowen: Yaowen, filled: Path) -> None:
    refused = yaowen("forget", URL, "https://news.example/nowhere", "--why", "a request")
    assert (refused.returncode, "nowhere" in refused.stderr) == (1, True)
    assert yaowen("forget", URL).returncode == 2
    assert yaowen("forget", URL, "--why", " ").returncode == 2
    (told_json,) = json.loads(yaowen("forget", URL, "--why", "a request", "--json").stdout)["forgotten"]
    assert (told_json["addresses"][0], told_json["teasers"], told_json["reason"]) == (URL, 2, "a request")
    shown = yaowen("show", URL)
    assert (shown.returncode, "was forgotten on " in shown.stderr) == (1, True)
    number = str(told_json["id"])
    assert URL in yaowen("forgotten").stdout
    assert json.loads(yaowen("forgotten", "--lift", number, "--json").stdout)[0]["reason"] == "a request"
    assert json.loads(yaowen("forgotten", "--json").stdout) == []
    again = yaowen("forgotten", "--lift", number)
    assert (again.returncode, number in again.stderr) == (1, True)
    with Archive.open(filled) as archive, pytest.raises(UnknownArticle):
        archive.article(URL)
