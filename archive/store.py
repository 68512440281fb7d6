"""The archive: one SQLite file that holds every observation."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from sqlite_utils import Database

from archive.captures import Contents
from archive.errors import ArchiveFull, ArchiveTooNew, ArchiveUnreadable, ForgottenArticle, UnknownArticle
from archive.migrations import known_steps, migrations
from archive.models import Observation, Section, authors_of, body_of
from archive.recording import Recorded, record
from archive.search.writing import by_hand
from archive.times import from_utc, moment_of
from archive.tombstones import tombstone_at, tombstone_of
from archive.urls import clean

_LARGEST_ID = 2**63 - 1
_BUSY_TIMEOUT = 30.0
"""Seconds to wait for another writer."""
_CACHE = 65_536
"""Kibibytes of pages that a writer keeps at hand."""
_CHECKPOINT = 8_000
"""Pages of 4 kB in the -wal file from which on they are moved into the archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredArticle:
    """An article as it stands now."""

    id: int
    url: str
    site: str
    title: str
    published_at: datetime | None
    """In the page's own or assumed offset."""
    published_precision: str | None
    published_raw: str | None
    timezone_assumed: str | None
    category: str | None
    source: str | None
    authors: tuple[str, ...]
    views: int | None
    summary: str | None
    language: str | None
    image: str | None
    state: str
    """``live`` or ``gone``."""
    gone_at: datetime | None
    """The first look that did not find it, while it is gone."""
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    changed_at: datetime | None
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """One distinct content of an article."""

    id: int
    observed_at: datetime
    fingerprint: str
    """Equal for equal contents."""
    changed_fields: tuple[str, ...]
    """Against the revision before; empty for the first."""
    reading: dict[str, Any]
    """The article's JSON without counters and recommendations."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewCount:
    """One observed counter."""

    observed_at: datetime
    value: int
    raw: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ObservedLink:
    """One slot of a list at a time."""

    position: int
    url: str
    title: str
    label: str | None
    article_id: int | None


class Archive:
    """One open archive.

    >>> with Archive.open(":memory:") as archive:
    ...     archive.counts()["articles"]
    0
    """

    def __init__(self, db: Database, path: Path) -> None:
        self.db = db
        self.path = path
        self.contents = Contents(db)

    @classmethod
    def open(cls, path: Path | str, read_only: bool = False, *, must_exist: bool = False) -> Self:
        """Open the archive at ``path``; a missing file is made unless ``read_only`` or ``must_exist``.

        Raises ``ArchiveUnreadable`` for what is no archive, ``ArchiveTooNew`` for one of a later version. Neither
        writes to the file.
        """
        target = Path(path)
        if str(path) == ":memory:":
            return cls(_prepare(_connect(":memory:")), target)
        _check_file(target, must_exist=read_only or must_exist)
        try:
            return cls(_open_to_read(target) if read_only else _open_to_write(target), target)
        except sqlite3.DatabaseError as error:
            raise (ArchiveFull(path) if "is full" in str(error) else ArchiveUnreadable(path, str(error))) from error

    def close(self) -> None:
        """Close the file; the archive cannot be used after."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction: all of it or nothing. Nested uses join the outer one.

        Raises ``ArchiveFull`` when the disk takes no more.
        """
        if self.db.conn.in_transaction:
            with self._remembering(), self.db.atomic():
                yield self.db
            return
        try:
            # IMMEDIATE takes the write lock at once: a reader that turns writer half-way would fail, not wait.
            self.db.execute("BEGIN IMMEDIATE")
            try:
                with self._remembering():
                    yield self.db
                    self.db.execute("COMMIT")
            except BaseException:
                self.db.rollback()
                raise
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise ArchiveFull(self.path) from error
            raise

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        """What is remembered of the tables must not outlive a transaction that is taken back."""
        try:
            yield
        except BaseException:
            self.contents.forget()
            raise

    def record(self, observations: Iterable[Observation], *, crawl_id: int | None = None) -> list[Recorded]:
        """Write a batch of observations in one transaction, in order."""
        with self.writing() as db, by_hand(db):
            return [record(self.contents, observation, crawl_id=crawl_id) for observation in observations]

    def article(self, wanted: int | str) -> StoredArticle:
        """The article with this id or address, as it stands now.

        Any address that once led to it will do. Raises ``UnknownArticle``; ``ForgottenArticle`` for one taken down.
        """
        article_id = self._article_id(wanted)
        row = next(self.db.query("SELECT * FROM articles WHERE id = ?", [article_id]), None)
        if row is None:
            stone = tombstone_of(self.db, article_id) if article_id else tombstone_at(self.db, [str(wanted)])
            raise ForgottenArticle(wanted, str(stone)) if stone else UnknownArticle(wanted)
        return StoredArticle(
            id=row["id"],
            url=row["url"],
            site=row["site"],
            title=row["title"] or "",
            published_at=moment_of(row["published_at"], row["utc_offset"]),
            published_precision=row["published_precision"],
            published_raw=row["published_raw"],
            timezone_assumed=row["timezone_assumed"],
            category=row["category"],
            source=row["source"],
            authors=authors_of(row["authors"]),
            views=row["views"] if isinstance(row["views"], int) else None,
            summary=row["summary"],
            language=row["language"],
            image=row["image"],
            state=row["state"],
            gone_at=moment_of(row["gone_at"]),
            first_seen_at=moment_of(row["first_seen_at"]),
            last_seen_at=moment_of(row["last_seen_at"]),
            changed_at=moment_of(row["changed_at"]),
            sections=self._sections(row["id"], row["body"] or ""),
        )

    def _article_id(self, wanted: int | str) -> int | None:
        if isinstance(wanted, int) or wanted.isdecimal():
            return int(wanted) if int(wanted) <= _LARGEST_ID else None
        row = self.db.execute(
            """
            SELECT id FROM articles WHERE url = :url
            UNION ALL
            SELECT article_id FROM captures WHERE url = :url AND article_id IS NOT NULL
            UNION ALL
            SELECT article_id FROM captures WHERE final_url = :url AND article_id IS NOT NULL
            LIMIT 1
            """,
            {"url": clean(wanted)},
        ).fetchone()
        return row[0] if row else None

    def _sections(self, article_id: int, body: str) -> tuple[Section, ...]:
        rows = list(
            self.db.query(
                "SELECT level, heading, text FROM sections WHERE article_id = ? ORDER BY position", [article_id]
            )
        )
        sections = tuple(
            Section(heading=row["heading"], level=row["level"], paragraphs=_lines(row["text"])) for row in rows
        )
        if body_of(sections) == body:
            return sections
        return (Section(paragraphs=_lines(body)),)  # another program wrote the text as it now stands

    def revisions(self, article_id: int) -> tuple[Revision, ...]:
        """The distinct contents of an article, oldest first."""
        rows = self.db.query("SELECT * FROM revisions WHERE article_id = ? ORDER BY id", [article_id])
        return tuple(
            Revision(
                id=row["id"],
                observed_at=from_utc(row["observed_at"]),
                fingerprint=row["fingerprint"],
                changed_fields=tuple(json.loads(row["changed_fields"])),
                reading=json.loads(row["reading"]),
            )
            for row in rows
        )

    def view_counts(self, article_id: int) -> tuple[ViewCount, ...]:
        """The observed counters of an article, oldest first."""
        rows = self.db.query("SELECT * FROM view_counts WHERE article_id = ? ORDER BY observed_at, id", [article_id])
        return tuple(
            ViewCount(observed_at=from_utc(row["observed_at"]), value=row["value"], raw=row["raw"]) for row in rows
        )

    def recommended(self, article_id: int) -> tuple[ObservedLink, ...]:
        """What the article recommended when it was last seen to recommend anything, in order."""
        rows = self.db.query(
            """
            SELECT links.position, links.url, links.title, listings.label, links.article_id
            FROM listings JOIN links ON links.listing_id = listings.id
            WHERE listings.article_id = :id AND listings.capture_id = (
                SELECT max(capture_id) FROM listings WHERE article_id = :id
            )
            ORDER BY listings.id, links.position
            """,
            {"id": article_id},
        )
        return tuple(ObservedLink(**row) for row in rows)

    def sites(self) -> tuple[str, ...]:
        """The sites that the archive has asked anything of or holds articles of."""
        rows = self.db.execute("SELECT site FROM frontier UNION SELECT site FROM articles ORDER BY 1")
        return tuple(site for (site,) in rows.fetchall())

    def counts(self) -> dict[str, int]:
        """Rows per table of observations."""
        tables = ("crawls", "captures", "contents", "articles", "revisions", "view_counts", "listings", "links")
        return {table: self.db.table(table).count for table in tables}


def _lines(text: str) -> tuple[str, ...]:
    """The paragraphs of a text; only a newline divides them, U+2028 and its like are characters of the page."""
    return tuple(text.split("\n")) if text else ()


def _connect(target: Path | str, *, query: str = "") -> Database:
    address = f"file:{quote(str(target))}{query}" if query else str(target)
    connection = sqlite3.connect(address, timeout=_BUSY_TIMEOUT, uri=bool(query), check_same_thread=False)
    # Another program may have written bytes that are no UTF-8; one such row must not stop all others.
    connection.text_factory = lambda text: text.decode("utf-8", errors="replace")
    db = Database(connection)
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _prepare(db: Database) -> Database:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    # With SQLite's own 2 MB and 4 MB, half of the time at 200,000 articles goes into reading and writing pages again.
    db.execute(f"PRAGMA cache_size = -{_CACHE}")
    db.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
    # A step may make a table anew that others name; dropping the old one would take them for orphans.
    db.execute("PRAGMA foreign_keys = OFF")
    migrations.apply(db)
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _open_to_write(target: Path) -> Database:
    with _closed_on_error(_connect(target)) as db:
        _check_schema(db, target)
        return _prepare(db)


def _open_to_read(target: Path) -> Database:
    try:
        db = _open_checked(target, "?mode=ro")
    except sqlite3.OperationalError:
        # A directory that cannot be written takes no -shm file; without a -wal nothing is missed by this.
        if target.with_name(target.name + "-wal").exists():
            raise
        db = _open_checked(target, "?immutable=1")
    if migrations.pending(db):
        db.close()
        _open_to_write(target).close()
        db = _open_checked(target, "?mode=ro")
    return db


def _open_checked(target: Path, query: str) -> Database:
    with _closed_on_error(_connect(target, query=query)) as db:
        _check_schema(db, target)
        return db


@contextmanager
def _closed_on_error(db: Database) -> Iterator[Database]:
    try:
        yield db
    except BaseException:
        db.close()
        raise


def _check_file(target: Path, *, must_exist: bool) -> None:
    if target.is_dir():
        raise ArchiveUnreadable(target, "it is a folder")
    if not target.exists():
        if must_exist:
            raise ArchiveUnreadable(target, "there is no such file; `yaowen crawl URL` makes one")
        if not target.parent.is_dir():
            raise ArchiveUnreadable(target, f"there is no folder {target.parent}")
        return
    try:
        with target.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise ArchiveUnreadable(target, error.strerror or str(error)) from error
    if start and start != b"SQLite format 3\x00":
        raise ArchiveUnreadable(target, "it is no SQLite file")


def _check_schema(db: Database, target: Path) -> None:
    """Refuse other programs' files and those of a later version before anything is written."""
    tables = set(db.table_names())
    if not tables:
        return
    applied = {step.name for step in migrations.applied(db)}
    if not applied:
        raise ArchiveUnreadable(target, "it is an SQLite file, but no Yaowen archive")
    later = applied - known_steps()
    if later:
        raise ArchiveTooNew(target, f"a later version of Yaowen wrote it (it has {', '.join(sorted(later))})")
