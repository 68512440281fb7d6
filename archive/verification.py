"""Whether an archive holds what it says it holds, and what to do where it does not."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from archive.captures import PRUNED
from archive.errors import ContentDamaged
from archive.models import body_of, page_from_json
from archive.recording import fingerprint_of
from archive.search.index import INDEX, rebuild_index
from archive.search.past import PAST_INDEX, past_is_whole, rebuild_past_index
from archive.store import Archive

MOST_OF_FILE = 100
"""Faults that SQLite names of a file before it stops looking."""

REMAKE = "`yaowen verify --repair-index` makes it anew"
RECOVER = "go back to the last backup, or save what can be read with sqlite3's .recover"

Part = Literal["file", "links between tables", "kept bytes", "readings", "search index"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is wrong."""

    part: Part
    what: str
    """With the id, hash or address of what is concerned."""
    repair: str
    """What the operator can do."""


def verify(archive: Archive, *, with_index: bool = True) -> Iterator[tuple[Part, list[Fault]]]:
    """The parts of an archive, each with its faults; nothing is changed.

    FTS5 checks its index in a write that writes nothing, so an archive opened to be read is checked without it.
    """
    checks: tuple[tuple[Part, Callable[[Archive], Iterator[Fault]]], ...] = (
        ("file", _file),
        ("links between tables", _foreign_keys),
        ("kept bytes", _contents),
        ("readings", _readings),
        ("search index", _index),
    )
    for part, check in checks if with_index else checks[:-1]:
        yield part, list(_checked(archive, part, check))


def _checked(archive: Archive, part: Part, check: Callable[[Archive], Iterator[Fault]]) -> Iterator[Fault]:
    try:
        yield from check(archive)
    except sqlite3.DatabaseError as error:
        yield Fault(part=part, what=f"it cannot be checked to its end ({error})", repair=RECOVER)


def repair_index(archive: Archive) -> None:
    """Make the index anew from the articles."""
    with archive.writing() as db:
        rebuild_index(db)
        rebuild_past_index(db)


def _file(archive: Archive) -> Iterator[Fault]:
    for (found,) in archive.db.execute(f"PRAGMA integrity_check({MOST_OF_FILE})").fetchall():
        for line in found.splitlines() if found != "ok" else ():
            yield Fault(part="file", what=line, repair=RECOVER)


def _foreign_keys(archive: Archive) -> Iterator[Fault]:
    for table, row, parent, _ in archive.db.execute("PRAGMA foreign_key_check").fetchall():
        yield Fault(
            part="links between tables",
            what=f"row {row} of {table} names a row of {parent} that is not there",
            repair="another program took that row out; taking this one out too makes it sound",
        )


def _contents(archive: Archive) -> Iterator[Fault]:
    for (sha256,) in archive.db.execute("SELECT sha256 FROM contents WHERE codec <> ?", [PRUNED]).fetchall():
        try:
            archive.contents.checked(sha256)
        except ContentDamaged:
            shown = archive.db.execute("SELECT url FROM captures WHERE content_hash = ? LIMIT 1", [sha256]).fetchone()
            yield Fault(
                part="kept bytes",
                what=f"the bytes {sha256} of {shown[0] if shown else 'no capture'} are damaged",
                repair="go back to the last backup, or crawl the address again; what was read of them stays",
            )


def _readings(archive: Archive) -> Iterator[Fault]:
    rows = archive.db.execute(
        """
        SELECT articles.id, articles.title, articles.body, revisions.id, revisions.reading, revisions.fingerprint
        FROM articles JOIN revisions ON revisions.id = (
            SELECT id FROM revisions WHERE article_id = articles.id ORDER BY id DESC LIMIT 1
        )
        """
    )
    for article_id, title, body, revision_id, text, fingerprint in rows:
        try:
            reading = json.loads(text)
            is_sound = fingerprint_of(reading) == fingerprint
        except (ValueError, KeyError, TypeError):
            reading, is_sound = {}, False
        if not is_sound:
            yield Fault(
                part="readings",
                what=f"revision {revision_id} of article {article_id} is not what was written",
                repair="`yaowen reparse` writes it anew from the kept bytes",
            )
            continue
        sections = page_from_json(reading | {"url": ""}).sections  # type: ignore[union-attr]  # an article's
        if (reading["title"], body_of(sections)) != (title, body):
            what = f"{'title' if reading['title'] != title else 'text'} of article {article_id}"
            yield Fault(
                part="readings",
                what=f"the {what} is not that of its newest revision",
                repair="another program changed it; it stays so until the page is edited",
            )
        kept = archive.db.execute(
            "SELECT heading, text FROM sections WHERE article_id = ? ORDER BY position", [article_id]
        ).fetchall()
        if body == body_of(sections) and kept != [(one.heading, "\n".join(one.paragraphs)) for one in sections]:
            yield Fault(
                part="readings",
                what=f"the sections of article {article_id} are not those of its newest revision",
                repair="another program changed them; they stay so until the page is edited",
            )
    yield from _without_revision(archive)


def _without_revision(archive: Archive) -> Iterator[Fault]:
    rows = archive.db.execute(
        """
        SELECT DISTINCT article_id FROM captures
        WHERE article_id IS NOT NULL AND article_id NOT IN (SELECT article_id FROM revisions)
        """
    )
    for (article_id,) in rows:
        yield Fault(
            part="readings",
            what=f"article {article_id} was seen, and has no revision",
            repair="`yaowen reparse` writes it anew from the kept bytes",
        )


def _index(archive: Archive) -> Iterator[Fault]:
    for index, of in ((INDEX, "articles"), (PAST_INDEX, "revisions that were edited away")):
        try:
            with archive.writing() as db:
                db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - ours
        except sqlite3.DatabaseError as error:
            yield Fault(
                part="search index",
                what=f"it does not hold the words of the {of} ({error})",
                repair=REMAKE,
            )
    if not past_is_whole(archive.db):
        yield Fault(part="search index", what="texts that were edited away are missing", repair=REMAKE)
