"""Which part of an archive is exported."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from archive.search import asked
from archive.store import Archive
from archive.times import to_utc
from archive.urls import site_of

Values = dict[str, str | None]


def _unseen(rows: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Everything, unless a query, a site or a time narrows it."""

    query: str | None = None
    """In the language of the search."""
    site: str | None = None
    """As in ``articles.site``."""
    since: datetime | None = None
    """What was seen from then on."""
    until: datetime | None = None
    """What was seen up to then."""
    progress: Callable[[int], None] = field(default=_unseen, compare=False, repr=False)
    """Told of every so many rows that were read."""

    def watched(self, progress: Callable[[int], None]) -> "Selection":
        """The same, telling this of every so many rows."""
        return replace(self, progress=progress)

    @property
    def unwatched(self) -> "Selection":
        """The same, for rows that are read a second time."""
        return self.watched(_unseen)

    @contextmanager
    def chosen(self, archive: Archive) -> Iterator[None]:
        """Have the ids of the selected articles stand in ``temp.chosen``, and all that is read be of one moment.

        Uses of the same selection within one another are one. Raises ``QueryError``.
        """
        if archive.chosen == self:
            yield
            return
        archive.db.execute("BEGIN")
        archive.chosen = self
        try:
            archive.db.conn.create_function("site_of", 1, _site_of, deterministic=True)
            archive.db.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
            self._choose(archive)
            yield
        finally:
            archive.chosen = None
            archive.db.rollback()  # the table too

    def _choose(self, archive: Archive) -> None:
        # What is not asked for is not looked at: to get at last_seen_at, SQLite walks through the whole text before it.
        given = {
            "site = :site": self.site,
            "last_seen_at >= :since": self.since,
            "first_seen_at <= :until": self.until,
        }
        conditions = [condition for condition, value in given.items() if value is not None]
        values: dict[str, Any] = dict(self.values)  # Any: what SQLite takes
        if self.query is not None:
            (part,) = asked(archive.db, self.query).parts
            conditions.append(f"id IN ({part.select('texts.id')})")
            values |= part.values
        archive.db.execute(
            f"INSERT INTO temp.chosen SELECT id FROM articles WHERE {' AND '.join(conditions) or '1'}",  # noqa: S608
            values,
        )

    @property
    def narrows(self) -> bool:
        """Whether only what has to do with certain articles is meant, and not the list pages beside them."""
        return self.query is not None

    @property
    def values(self) -> Values:
        """What the statements bind: ``site``, ``since`` and ``until``, null where they do not narrow."""
        return {
            "site": self.site,
            "since": to_utc(self.since) if self.since else None,
            "until": to_utc(self.until) if self.until else None,
        }

    @property
    def as_asked(self) -> Values:
        """All that narrows it, the query too; null what does not."""
        return {"query": self.query, **self.values}

    @property
    def words(self) -> tuple[str, ...]:
        """What narrows it, for a person to read.

        >>> Selection(query="图书馆", site="news.example").words
        ('图书馆', 'news.example')
        """
        times = (f"{edge} {moment}" for edge in ("since", "until") if (moment := self.values[edge]))
        return tuple(filter(None, (self.query, self.site, *times)))

    def sites(self, archive: Archive) -> tuple[str, ...]:
        """The sites of the selected articles, in order."""
        with self.chosen(archive):
            rows = archive.db.execute(
                """
                SELECT DISTINCT CAST(site AS TEXT) FROM temp.chosen JOIN articles USING (id)
                WHERE site <> '' ORDER BY 1
                """
            )
            return tuple(site for (site,) in rows.fetchall())

    def captures(self, archive: Archive) -> Iterator[dict[str, Any]]:  # Any: a row's values
        """The looks that brought bytes, with the codec of their contents, in the order of their times."""
        with self.chosen(archive):
            ids = archive.db.execute(
                f"""
                SELECT id FROM captures
                WHERE content_hash IS NOT NULL AND {self.of_capture()} ORDER BY fetched_at, id
                """,  # noqa: S608 - this module's own
                self.values,
            )
            for (capture_id,) in ids:
                yield from archive.db.query(
                    "SELECT captures.*, codec FROM captures JOIN contents ON sha256 = content_hash WHERE id = ?",
                    [capture_id],
                )
                self.progress(1)

    def of_capture(self) -> str:
        """Whether a row of ``captures`` is selected, as SQL, inside ``chosen``."""
        chosen = """
            (captures.article_id IN (SELECT id FROM temp.chosen) OR captures.part_of IN (
                SELECT first.id FROM captures AS first WHERE first.article_id IN (SELECT id FROM temp.chosen)
            ))
        """
        return f"""
            {chosen if self.narrows else "1"} AND (:site IS NULL OR site_of(captures.final_url) = :site)
            AND {in_time("captures.fetched_at")}
        """


def _site_of(url: str | bytes | None) -> str:
    """The site of what stands in a column for addresses, where another program may have put bytes."""
    return site_of(url.decode(errors="replace") if isinstance(url, bytes) else url or "")


def in_time(column: str) -> str:
    """Whether a moment is within ``since`` and ``until``, as SQL."""
    return f"(:since IS NULL OR {column} >= :since) AND (:until IS NULL OR {column} <= :until)"


def observed(table: str) -> str:
    """What stands after FROM for the rows of a table that were seen of the selected articles in that time."""
    return f"""
        temp.chosen JOIN articles USING (id) JOIN {table} ON {table}.article_id = articles.id
        WHERE {in_time("observed_at")}
    """
