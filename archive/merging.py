"""Another archive taken into this one: its looks, with what was read of them there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from archive.captures import PRUNED, add_capture, headers
from archive.database import Database
from archive.intake import known_look
from archive.marks import take_marks
from archive.migrations import migrations
from archive.models import Absence, Article, Capture, Page
from archive.readings import kept_reading
from archive.recording import record_article
from archive.replay import replay
from archive.rereading import BATCH
from archive.store import Archive
from archive.times import from_utc, to_utc
from archive.tombstones import entomb, tombstone_at, tombstones
from archive.urls import clean
from archive.watches import take_watches

_Row = dict[str, Any]  # Any: a row's values


@dataclass(kw_only=True, slots=True)
class Merged:
    """What came in."""

    captures: int = 0
    known: int = 0
    """Looks that were here already."""
    written: int = 0
    """Articles that another program wrote there, without a look."""
    forgotten_there: list[int] = field(default_factory=list)
    """Articles here that were taken down there; they stay until they are taken down here."""


@contextmanager
def opened_as_it_is(path: Path) -> Iterator[Archive]:
    """Another archive to read; one of an earlier version as a copy, since opening it would bring it up to date.

    Raises ``ArchiveUnreadable``.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as source:
            if _is_of_an_earlier_version(source):
                with closing(sqlite3.connect(copy)) as target:
                    source.backup(target)
        with Archive.open(copy if copy.exists() else path, read_only=True) as archive:
            yield archive


def _is_of_an_earlier_version(source: sqlite3.Connection) -> bool:
    try:
        db = Database(source)
        return "_sqlite_migrations" in db.table_names() and bool(migrations.pending(db))
    except sqlite3.DatabaseError:
        return False  # opening it tells what is wrong with it


def merge(archive: Archive, other: Archive, merged: Merged) -> Iterator[int]:
    """Take in what another archive holds, counted in ``merged``; yields the number of its looks that are done with.

    All looks at an article come in one transaction, so that an interrupted run can be made again. What was taken down
    here does not come back. Raises ``ContentDamaged``.
    """
    with archive.writing():
        crawls = _take_crawls(archive, other)
        _take_frontier(archive, other)
        merged.forgotten_there += _take_tombstones(archive, other)
    for batch in _batches(other):
        with archive.writing():
            for looks in batch:
                _take_looks(archive, other, looks, crawls, merged)
        yield sum(map(len, batch))
    with archive.writing():
        for article_id in _without_looks(other):
            merged.written += _take_article(archive, other, article_id)
        take_marks(archive, other)
        take_watches(archive, other)


def _take_crawls(archive: Archive, other: Archive) -> dict[int, int]:
    """The other's runs, and their ids here; what did not finish there is not gone on with here."""
    ids = {}
    for row in other.db.query("SELECT * FROM crawls ORDER BY id"):
        same = "SELECT id FROM crawls WHERE spider = :spider AND arguments = :arguments AND started_at = :started_at"
        known = archive.db.execute(same, row).fetchone()
        inserted = """
            INSERT INTO crawls
                (spider, arguments, started_at, finished_at, finish_reason, exit_code, stats, parser_version)
            VALUES (:spider, :arguments, :started_at, coalesce(:finished_at, :started_at),
                coalesce(:finish_reason, 'not finished in the archive it comes from'), :exit_code, :stats,
                :parser_version)
            RETURNING id
        """
        ids[row["id"]] = (known or archive.db.execute(inserted, row).fetchone())[0]
    return ids


def _take_frontier(archive: Archive, other: Archive) -> None:
    """The addresses that the other knows, queued for no crawl."""
    for row in other.db.query("SELECT * FROM frontier ORDER BY id"):
        archive.db.execute(
            """
            INSERT OR IGNORE INTO frontier (url, site, kind, state, depth, tries, etag, last_modified)
            VALUES (:url, :site, :kind, replace(:state, 'leased', 'ready'), :depth, :tries, :etag, :last_modified)
            """,
            row,
        )


def _take_tombstones(archive: Archive, other: Archive) -> list[int]:
    """The other's tombstones, unless what they are of is here; returns the ids of those articles."""
    held = []
    for stone in tombstones(other.db):
        rows = [
            archive.db.execute("SELECT id FROM articles WHERE url = ?", [url]).fetchone() for url in stone.addresses
        ]
        here = [row[0] for row in rows if row]
        held += here
        if not here:
            entomb(archive.db, stone)
    return held


def _batches(other: Archive) -> Iterator[list[list[_Row]]]:
    """The looks at one article together, then all others, some groups at a time."""
    article_ids = [article_id for (article_id,) in other.db.execute("SELECT id FROM articles ORDER BY id").fetchall()]
    for start in range(0, len(article_ids), BATCH):
        yield [_looks_at(other, article_id) for article_id in article_ids[start : start + BATCH]]
    rest = other.db.execute(
        """
        SELECT id FROM captures
        WHERE part_of IS NULL AND article_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM absences WHERE capture_id = captures.id AND article_id IS NOT NULL)
        ORDER BY fetched_at, id
        """
    ).fetchall()
    for start in range(0, len(rest), BATCH):
        ids = [capture_id for (capture_id,) in rest[start : start + BATCH]]
        yield [list(other.db.query("SELECT * FROM captures WHERE id = ?", [capture_id])) for capture_id in ids]


def _looks_at(other: Archive, article_id: int) -> list[_Row]:
    rows = other.db.query(
        """
        SELECT * FROM captures
        WHERE part_of IS NULL AND (
            article_id = :id OR id IN (SELECT capture_id FROM absences WHERE article_id = :id)
        )
        ORDER BY fetched_at, id
        """,
        {"id": article_id},
    )
    return list(rows)


def _take_looks(archive: Archive, other: Archive, looks: list[_Row], crawls: dict[int, int], merged: Merged) -> None:
    readings: dict[int, Page | Absence] = {}
    for row in looks:
        parts = list(other.db.query("SELECT * FROM captures WHERE part_of = ? ORDER BY id", [row["id"]]))
        taken = _take(archive, other, row, crawls, None)
        if taken is None:
            merged.known += 1
            continue
        merged.captures += 1
        for part in parts:
            _take(archive, other, part, crawls, taken)
        kept = kept_reading(other.db, row["id"])
        if kept:
            readings[taken] = kept.page
    if readings:
        replay(archive.db, readings)


def _take(archive: Archive, other: Archive, row: _Row, crawls: dict[int, int], part_of: int | None) -> int | None:
    """One look with its bytes; ``None`` where it is here already."""
    stone = tombstone_at(archive.db, [row["url"], row["final_url"]])
    content_hash = None if stone else row["content_hash"]
    if known_look(archive.db, row["url"], row["fetched_at"], content_hash) is not None:
        return None
    if content_hash:
        _take_content(archive, other, content_hash)
    capture = Capture(
        url=row["url"],
        final_url=row["final_url"],
        fetched_at=from_utc(row["fetched_at"]),
        status=row["status"],
        headers={} if stone else headers(row["headers"]),
        reason=str(stone) if stone else row["reason"],
    )
    return add_capture(
        archive.db,
        capture,
        crawl_id=crawls.get(row["crawl_id"]),
        content_hash=content_hash,
        outcome="refused" if stone else row["outcome"],
        tries=row["tries"],
        part_of=part_of,
    )


def _take_content(archive: Archive, other: Archive, sha256: str) -> None:
    codec, size, site = other.db.execute("SELECT codec, size, site FROM contents WHERE sha256 = ?", [sha256]).fetchone()
    if codec != PRUNED:
        archive.contents.keep(other.contents.checked(sha256), site)
        return
    archive.db.execute(
        "INSERT OR IGNORE INTO contents (sha256, codec, size, body, site) VALUES (?, ?, ?, x'', ?)",
        [sha256, PRUNED, size, site],
    )


def _without_looks(other: Archive) -> list[int]:
    rows = other.db.execute(
        """
        SELECT id FROM articles
        WHERE NOT EXISTS (SELECT 1 FROM captures WHERE article_id = articles.id) ORDER BY id
        """
    ).fetchall()
    return [article_id for (article_id,) in rows]


def _take_article(archive: Archive, other: Archive, article_id: int) -> bool:
    """An article as another program wrote it, unless its address is here."""
    found = other.article(article_id)
    known = archive.db.execute("SELECT 1 FROM articles WHERE url = ?", [clean(found.url)]).fetchone()
    if known or tombstone_at(archive.db, [found.url]):
        return False
    article = Article(
        url=found.url,
        title=found.title,
        published_at=found.published_at,
        published_raw=found.published_raw,
        timezone_assumed=found.timezone_assumed,
        category=found.category,
        source=found.source,
        authors=found.authors,
        views=found.views,
        summary=found.summary,
        language=found.language,
        image=found.image,
        sections=found.sections,
    )
    record_article(archive.db, article, to_utc(found.first_seen_at or datetime.now(UTC)), None, same_bytes=False)
    return True
