"""Feeds say what came in and what changed, to readers that know nothing of the archive."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import click
import feedparser
import pytest
from lxml import etree, html

from archive.history import Diff, history
from archive.life import absences
from archive.models import Article, Section
from archive.search import search
from archive.store import Archive, StoredArticle
from archive.times import to_utc
from archive.watches import add_watch
from tests.conftest import MORNING, Export, Yaowen, article, observation

FORMATS = ("atom", "jsonfeed")
ATOM = "{http://www.w3.org/2005/Atom}"
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What a feed reader shows of an entry."""

    id: str
    title: str
    url: str | None
    published: datetime | None
    updated: datetime
    authors: list[str]
    category: str | None
    source: str | None
    summary: str
    html: str


def read_back(path: Path, name: str) -> list[Shown]:
    return list((_of_atom if name == "atom" else _of_json)(path.read_bytes()))


def _of_atom(content: bytes) -> Iterator[Shown]:
    feed = feedparser.parse(content, sanitize_html=False)
    assert (feed.bozo, feed.version) == (False, "atom10")
    for entry in feed.entries:
        published = entry.get("published")
        yield Shown(
            id=entry.id,
            title=entry.title,
            url=next((link.href for link in entry.get("links", ())), None),
            published=datetime.fromisoformat(published) if published else None,
            updated=datetime.fromisoformat(entry.updated),
            authors=[author.name for author in entry.authors],
            category=entry.tags[0].term if "tags" in entry else None,
            source=_dublin_core(content, entry.id),
            summary=entry.summary,
            html=entry.content[0].value,
        )


def _dublin_core(content: bytes, entry_id: str) -> str | None:
    """feedparser passes over it."""
    for entry in etree.fromstring(content).iter(f"{ATOM}entry"):
        if entry.findtext(f"{ATOM}id") == entry_id:
            return entry.findtext("{http://purl.org/dc/elements/1.1/}source")
    return None


def _of_json(content: bytes) -> Iterator[Shown]:
    feed = json.loads(content)
    assert (feed["version"], bool(feed["title"])) == ("https://jsonfeed.org/version/1.1", True)
    for item in feed["items"]:
        published = item.get("date_published")
        yield Shown(
            id=item["id"],
            title=item["title"],
            url=item.get("url"),
            published=datetime.fromisoformat(published) if published else None,
            updated=datetime.fromisoformat(item["date_modified"]),
            authors=[author["name"] for author in item["authors"]],
            category=item["tags"][0] if "tags" in item else None,
            source=item["_yaowen"]["source"],
            summary=item["summary"],
            html=item["content_html"],
        )


def parsed(text: str) -> html.HtmlElement:
    return html.fromstring(f"<div>{text}</div>")


def text_of(element: html.HtmlElement) -> str:
    return "".join(map(str, element.itertext()))


def blocks_in(text: str) -> list[str]:
    return [text_of(block) for block in parsed(text)]


def articles_in(path: Path) -> list[StoredArticle]:
    with Archive.open(path, read_only=True) as archive:
        ids = archive.db.execute("SELECT id FROM articles ORDER BY first_seen_at DESC, id DESC").fetchall()
        return [archive.article(number) for (number,) in ids]


@pytest.mark.parametrize("name", FORMATS)
def test_articles_come_back_as_they_are_the_newest_first(out: Export, original: Path, name: str) -> None:
    expected, found = articles_in(original), read_back(out(name), name)
    assert [one.title for one in found] == [one.title for one in expected]
    for shown, one in zip(found, expected, strict=True):
        assert (shown.url, shown.category, shown.source) == (one.url, one.category, one.source)
        assert (shown.published, shown.updated) == (one.published_at, one.changed_at)
        assert shown.authors == list(one.authors or (one.source or one.site,))
        lines = [line for section in one.sections for line in (section.heading, *section.paragraphs) if line]
        assert blocks_in(shown.html) == lines
        assert " ".join(lines).startswith(shown.summary.rstrip("…")) or shown.summary == one.summary
    assert len({shown.id for shown in found}) == len(found) > 40


@pytest.mark.parametrize("name", FORMATS)
def test_the_limit_takes_the_newest(out: Export, name: str) -> None:
    every, three = out(name), out(name, "--limit", "3", target="3")
    assert [one.id for one in read_back(three, name)] == [one.id for one in read_back(every, name)][:3]


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (("图书馆",), "图书馆"),
        (("--category", "本地"), "category:本地"),
        (("图书馆", "--site", "sample.example"), "图书馆 site:sample.example"),
        (("--watch", "libraries"), "图书馆 -工坊"),
    ],
)
def test_a_feed_is_of_what_was_selected(
    out: Export, original: Path, arguments: tuple[str, ...], query: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(original.read_bytes())
    with Archive.open(copy) as archive:
        add_watch(archive, "libraries", "图书馆 -工坊", now=MORNING)
        expected = {hit.url for hit in search(archive, query, limit=1_000).hits}
    assert expected
    for name in FORMATS:
        assert {one.url for one in read_back(out(name, *arguments, archive=copy), name)} == expected


def test_each_feed_has_a_title_and_an_id_of_its_own(out: Export) -> None:
    asked = [(), ("图书馆",), ("图书馆", "--site", "sample.example"), ("--what", "changes"), ("--since", "2026-03-01")]
    feeds = [feedparser.parse(out("atom", *arguments, target=str(n)))["feed"] for n, arguments in enumerate(asked)]
    assert [feed.title for feed in feeds] == [
        "Yaowen · articles",
        "Yaowen · articles · 图书馆",
        "Yaowen · articles · 图书馆 · sample.example",
        "Yaowen · changes",
        "Yaowen · articles · since 2026-03-01T00:00:00Z",
    ]
    assert len({feed.id for feed in feeds}) == len(feeds)
    links = [[link.href for link in feed.get("links", ())] for feed in feeds]
    assert links == [[], [], ["http://sample.example/"], [], []]
    by_json = [
        json.loads(out("jsonfeed", *arguments, target=f"{n}.json").read_bytes()) for n, arguments in enumerate(asked)
    ]
    assert [feed["_yaowen"]["id"] for feed in by_json] == [feed.id for feed in feeds]
    assert [feed["title"] for feed in by_json] == [feed.title for feed in feeds]


def edits_in(path: Path) -> dict[tuple[str, datetime], Diff]:
    with Archive.open(path, read_only=True) as archive:
        return {
            (one.url, found.after.observed_at): found
            for one in articles_in(path)
            for found in history(archive.revisions(one.id))
        }


def words_in(shown: Shown, element: str) -> str:
    return "".join(text_of(found) for found in parsed(shown.html).iter(element))


@pytest.mark.parametrize("name", FORMATS)
def test_every_edit_comes_with_its_kind_and_its_words(out: Export, original: Path, name: str) -> None:
    edits, found = edits_in(original), read_back(out(name, "--what", "changes"), name)
    assert [one.updated for one in found] == sorted((one.updated for one in found), reverse=True)
    shown = {(one.url, one.updated): one for one in found if not one.title.startswith(("gone: ", "back: "))}
    assert set(shown) == set(edits)
    for key, edit in edits.items():
        one = shown[key]
        assert one.title == f"{', '.join(edit.kinds)}: {edit.after.reading['title']}"
        assert one.published == one.updated
        spans = [span for field in edit.fields for span in field.words]
        spans += [span for block in edit.blocks for span in block.words]
        assert words_in(one, "ins") == "".join(span.text for span in spans if span.operation == "+")
        assert words_in(one, "del") == "".join(span.text for span in spans if span.operation == "-")
        assert f"+{edit.added} −{edit.removed} characters" in one.summary


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_taken_offline_is_a_change_and_so_is_its_return(
    out: Export, original: Path, tmp_path: Path, name: str
) -> None:
    found = read_back(out(name, "--what", "changes"), name)
    with Archive.open(original, read_only=True) as archive:
        absent = [(one.url, gone) for one in articles_in(original) for gone in absences(archive.db, one.id)]
    turns = [(url, "gone", gone.gone_at) for url, gone in absent]
    turns += [(url, "back", gone.back_at) for url, gone in absent if gone.back_at]
    shown = [(one.url, one.title.partition(": ")[0], one.updated) for one in found]
    assert sorted(turns, key=str) == sorted((one for one in shown if one[1] in ("gone", "back")), key=str)
    assert {"gone", "back"} == {what for _, what, _ in turns} | {"back"}
    path = tmp_path / "back.db"
    missing: dict[str, Any] = {"status": 404, "outcome": "failed", "reason": "the server answered 404"}
    with Archive.open(path) as archive:
        looks = [observation(article()), *(observation(minutes=n, **missing) for n in (1, 2))]
        archive.record([*looks, observation(article(), minutes=3)])
    back, gone = read_back(out(name, "--what", "changes", target="b", archive=path), name)
    assert (back.title, gone.title) == ("back: 运河边的图书馆", "gone: 运河边的图书馆")
    assert (back.updated - MORNING, gone.updated - MORNING) == (timedelta(minutes=3), timedelta(minutes=1))
    assert "the server answered 404" in gone.html


def edited(*titles: str) -> list[Article]:
    return [article(title=title) for title in titles]


@pytest.mark.parametrize("name", FORMATS)
def test_ids_stay_whatever_is_seen_later_or_taken_in_from_before(out: Export, tmp_path: Path, name: str) -> None:
    known: dict[str, dict[tuple[str, str], str]] = {"articles": {}, "changes": {}}
    for step, looks in enumerate(
        (
            [observation(page, minutes=number) for number, page in enumerate(edited("一", "二", "三"), start=10)],
            [observation(article(title="四"), minutes=20)],
            [observation(article(title="零"), minutes=1)],
        )
    ):
        with Archive.open(tmp_path / "ids.db") as archive:
            archive.record(looks)
        for what, ids in known.items():
            path = out(name, "--what", what, target=f"{what}{step}", archive=tmp_path / "ids.db")
            for one in read_back(path, name):
                key = ("", "") if what == "articles" else (str(one.updated), one.title)
                assert ids.setdefault(key, one.id) == one.id
    found = [number for ids in known.values() for number in ids.values()]
    assert len(found) == len(set(found)) == 5


HOSTILE = "<script>alert(1)</script>\u202e]]>&lt;b&gt;<img src=x onerror=alert(1)>" + "长" * 5_000


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """An archive of one edited article that would be more than text if it could, and has an address of no web page."""
    path = tmp_path / "hostile.db"
    pages = [
        article(
            title=HOSTILE + end,
            authors=(HOSTILE,),
            source=HOSTILE,
            category=HOSTILE,
            language='zh" onload="alert(1)',
            summary=HOSTILE,
            sections=(Section(heading=HOSTILE, level=2, paragraphs=(HOSTILE + end, HOSTILE)),),
        )
        for end in ("甲", "乙")
    ]
    with Archive.open(path) as archive:
        archive.record([observation(page, minutes=number) for number, page in enumerate(pages)])
        archive.db.execute("UPDATE articles SET url = 'javascript:alert(1)', title = title || char(27) || char(7)")
        archive.db.conn.commit()
    return path


@pytest.mark.parametrize("what", ["articles", "changes"])
@pytest.mark.parametrize("name", FORMATS)
def test_what_a_page_printed_stays_text(out: Export, hostile: Path, name: str, what: str) -> None:
    path = out(name, "--what", what, archive=hostile)
    (one,) = read_back(path, name)
    assert HOSTILE in one.title
    assert (one.url, one.authors, one.category, one.source) == (None, [HOSTILE], HOSTILE, HOSTILE)
    elements = list(parsed(one.html).iter())
    assert {element.tag for element in elements} <= {"div", "p", "b", "h2", "h3", "ins", "del"}
    assert not any(element.attrib for element in elements)
    assert HOSTILE in text_of(parsed(one.html))
    assert b"javascript" not in path.read_bytes()
    assert b"onload" not in path.read_bytes()


@pytest.mark.parametrize("what", ["articles", "changes"])
def test_atom_has_what_rfc_4287_asks_for(out: Export, hostile: Path, original: Path, what: str) -> None:
    for number, archive in enumerate((hostile, original)):
        feed = etree.parse(out("atom", "--what", what, target=str(number), archive=archive)).getroot()
        entries = feed.findall(f"{ATOM}entry")
        assert entries
        for element in (feed, *entries):
            for required in ("id", "title", "updated"):
                assert len(element.findall(f"{ATOM}{required}")) == 1
            for date in (*element.findall(f"{ATOM}updated"), *element.findall(f"{ATOM}published")):
                assert _RFC_3339.fullmatch(date.text or "")
        for entry in entries:
            assert all(author.findtext(f"{ATOM}name") for author in entry.findall(f"{ATOM}author"))
            assert entry.find(f"{ATOM}author") is not None
            assert len(entry.findall(f"{ATOM}link")) <= 1
            (content,) = entry.findall(f"{ATOM}content")
            assert dict(content.attrib) == {"type": "html"}
        newest = max(entry.findtext(f"{ATOM}updated") or "" for entry in entries)
        assert feed.findtext(f"{ATOM}updated") == newest


@pytest.mark.parametrize("what", ["articles", "changes"])
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_selected_is_an_empty_feed(out: Export, name: str, what: str) -> None:
    path = out(name, "没有人写过的词", "--what", what)
    assert read_back(path, name) == []
    if name == "atom":
        assert feedparser.parse(path)["feed"].updated == "1970-01-01T00:00:00Z"


@pytest.mark.parametrize("what", ["articles", "changes"])
@pytest.mark.parametrize("name", FORMATS)
def test_the_same_archive_gives_the_same_feed(out: Export, name: str, what: str) -> None:
    one, two = (out(name, "--what", what, target=target) for target in "12")
    assert one.read_bytes() == two.read_bytes()
    card = json.loads(Path(f"{one}.datapackage.json").read_text("utf-8"))
    assert card["yaowen"]["counts"] == {what: len(read_back(one, name))}


@pytest.mark.parametrize("name", FORMATS)
def test_what_other_programs_wrote_goes_out_too(out: Export, tmp_path: Path, name: str) -> None:
    path = tmp_path / "foreign.db"
    with Archive.open(path) as archive:
        archive.record([observation(article())])
        archive.db.execute("INSERT INTO articles (url, first_seen_at) VALUES ('https://bare.example/', 'once')")
        archive.db.execute(
            """
            UPDATE articles SET body = x'e88b8fe5b79eff', authors = '林知远', published_at = '30.2.2024',
                category = x'41'
            WHERE url LIKE '%news%'
            """
        )
        archive.db.conn.commit()
    bare, one = sorted(read_back(out(name, archive=path), name), key=lambda one: str(one.url))
    assert (bare.title, bare.authors, bare.html) == ("https://bare.example/", ["https://bare.example/"], "")
    assert to_utc(bare.updated) == "1970-01-01T00:00:00Z"
    assert (blocks_in(one.html), one.authors, one.published) == (["苏州\ufffd"], ["林知远"], None)
    assert one.category == "A"


@pytest.mark.parametrize("name", FORMATS)
def test_a_date_keeps_the_clock_of_the_page(out: Export, tmp_path: Path, name: str) -> None:
    path = tmp_path / "east.db"
    moment = datetime(2024, 5, 6, 7, 8, tzinfo=timezone(timedelta(hours=8)))
    with Archive.open(path) as archive:
        archive.record([observation(replace(article(), published_at=moment, published_precision="minute"))])
    assert "2024-05-06T07:08:00+08:00" in out(name, archive=path).read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("atom", "--what", "sections"), "--what sections is not there for atom; there are articles, changes"),
        (("jsonfeed", "--limit", "0"), "0 is not in the range"),
        (("csv", "--limit", "3"), "--limit is not for csv"),
        (("csv", "--what", "changes"), "--what changes is not there for csv"),
        (("atom", "--columns", "id"), "--columns is not for atom"),
    ],
)
def test_what_no_feed_can_have_is_wrong_use(out: Export, arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(click.UsageError, match=says):
        out(*arguments)


def test_a_feed_goes_to_standard_output(yaowen: Yaowen, original: Path) -> None:
    assert json.loads(yaowen("export", "jsonfeed", "图书馆", "--archive", str(original)).stdout)["items"]
