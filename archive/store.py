"""The archive: one SQLite file that holds every observation."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive.captures import Contents
from archive.database import Database
from archive.errors import (
    ArchiveFull,
    ForgottenArticle,
    UnknownArticle,
    UnknownRevision,
    has_no_room,
)
from archive.kept_reading import kept_names, kept_reading
from archive.models import Observation, Section, authors_of, body_of, page_from_json
from archive.opening import open_database
from archive.recording import Recorded, record
from archive.search.writing import by_hand
from archive.times import NEVER, moment_of
from archive.tombstones import tombstone_at, tombstone_of
from archive.urls import clean

_LARGEST_ID = 2**63 - 1
_TOLD = (
    "title",
    "published_at",
    "published_precision",
    "published_raw",
    "timezone_assumed",
    "category",
    "source",
    "authors",
    "summary",
    "language",
    "image",
    "sections",
)
"""What a revision tells of its article."""


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

    def as_listed(self) -> dict[str, Any]:  # Any: JSON values
        """What a list says of it, as plain JSON values."""
        return {
            "id": self.id,
            "url": self.url,
            "title": self.title,
            "published_at": self.published_at.isoformat() if self.published_at else None,
            "site": self.site,
        }


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
        self.chosen: object = None
        """The selection whose articles stand in ``temp.chosen``, while one is exported."""

    @classmethod
    def open(cls, path: Path | str, read_only: bool = False, *, must_exist: bool = False) -> Self:
        """Open the archive at ``path``; a missing file is made unless ``read_only`` or ``must_exist``.

        Raises ``ArchiveUnreadable`` for what is no archive, ``ArchiveTooNew`` for one of a later version. Neither
        writes to the file.
        """
        return cls(open_database(path, read_only=read_only, must_exist=must_exist), Path(path))

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
            if has_no_room(error):
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
        found = next(self.db.query("SELECT * FROM articles WHERE id = ?", [article_id]), None)
        if found is None:
            stone = tombstone_of(self.db, article_id) if article_id else tombstone_at(self.db, [str(wanted)])
            raise ForgottenArticle(wanted, str(stone)) if stone else UnknownArticle(wanted)
        row = {name: _readable(value) for name, value in found.items()}
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

    def article_in(self, article: StoredArticle, number: int) -> StoredArticle:
        """The article as it stood in its revision of this number, counted from 1. Raises ``UnknownRevision``."""
        revisions = self.revisions(article.id)
        if not 1 <= number <= len(revisions):
            raise UnknownRevision(article.id, number, len(revisions))
        reading = {name: value for name, value in revisions[number - 1].reading.items() if name in _TOLD}
        page = page_from_json(reading | {"url": article.url})
        told = {name: getattr(page, name) for name in _TOLD}
        return replace(article, **told)

    def _article_id(self, wanted: int | str) -> int | None:
        # A search names a section behind the id: 214088832#3.
        if isinstance(wanted, int) or re.fullmatch(r"\d+(#\d+)?", wanted):
            article_id = int(str(wanted).partition("#")[0])
            return article_id if article_id <= _LARGEST_ID else None
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
            Section(heading=_readable(row["heading"]), level=row["level"], paragraphs=_lines(_readable(row["text"])))
            for row in rows
        )
        if body_of(sections) == body:
            return sections
        return (Section(paragraphs=_lines(body)),)  # another program wrote the text as it now stands

    def revisions(self, article_id: int) -> tuple[Revision, ...]:
        """The distinct contents of an article, oldest first."""
        rows = self.db.query("SELECT * FROM revisions WHERE article_id = ? ORDER BY id", [article_id])
        return tuple(map(revision_of, rows))

    def view_counts(self, article_id: int) -> tuple[ViewCount, ...]:
        """The observed counters of an article, oldest first; what is no number, or of no time, is none."""
        rows = self.db.query(
            """
            SELECT observed_at, value, CAST(raw AS TEXT) AS raw FROM view_counts
            WHERE article_id = ? AND typeof(value) = 'integer' ORDER BY observed_at, id
            """,
            [article_id],
        )
        return tuple(
            ViewCount(observed_at=seen_at, value=row["value"], raw=row["raw"])
            for row in rows
            if (seen_at := moment_of(row["observed_at"]))
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


def revision_of(row: Mapping[str, Any]) -> Revision:  # Any: the columns' values
    """The revision of a row of ``revisions``."""
    return Revision(
        id=row["id"],
        observed_at=moment_of(row["observed_at"]) or NEVER,
        fingerprint=row["fingerprint"],
        changed_fields=kept_names(row["changed_fields"]),
        reading=kept_reading(row["reading"]),
    )


def _readable(value: Any) -> Any:  # Any: what SQLite returns
    """The value; another program may have written BLOBs where texts should be."""
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _lines(text: str) -> tuple[str, ...]:
    """The paragraphs of a text; only a newline divides them, U+2028 and its like are characters of the page."""
    return tuple(text.split("\n")) if text else ()
