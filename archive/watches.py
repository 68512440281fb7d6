"""Searches that are kept under a name, and what is new in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.database import Database
from archive.errors import UnknownWatch, WatchExists
from archive.marks import one_word
from archive.search import asked
from archive.store import Archive
from archive.times import from_utc, moment_of, to_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """One search that is kept."""

    name: str
    query: str
    added_at: datetime
    run_at: datetime | None
    """When it last told what is new, or was added."""
    found: int
    """Articles that it has told of or that were there when it was added."""


def add_watch(archive: Archive, name: str, query: str, *, now: datetime) -> Watch:
    """Keep a search; what it finds now is known and not new.

    Raises ``QueryError``, ``WatchExists``, and ``BadWord`` for a name that is not one word.
    """
    asked(archive.db, query)
    name = one_word("name", name)
    if any(watch.name == name for watch in watches(archive.db)):
        raise WatchExists(name)
    with archive.writing() as db:
        db.execute("INSERT INTO watches (name, query, added_at) VALUES (?, ?, ?)", [name, query, to_utc(now)])
        watch = watch_named(archive.db, name)
        told(archive, watch, new_in(archive, watch), now=now, is_news=False)
    return watch_named(archive.db, name)


def new_in(archive: Archive, watch: Watch) -> list[int]:
    """The articles that match and that the watch has not told of, the newest first.

    Also those that were edited so that they match now.
    """
    (part,) = asked(archive.db, watch.query).parts
    statement = part.select(
        "texts.id",
        """
        AND texts.id NOT IN (
            SELECT article_id FROM watch_hits JOIN watches ON watches.id = watch_id WHERE name = :name
        )
        ORDER BY texts.id DESC
        """,
    )
    rows = archive.db.execute(statement, {**part.values, "name": watch.name})
    return [number for (number,) in rows.fetchall()]


def told(archive: Archive, watch: Watch, articles: Iterable[int], *, now: datetime, is_news: bool = True) -> None:
    """Remember that the watch has told of these articles, or that they were there when it was added."""
    with archive.writing() as db:
        db.execute("UPDATE watches SET run_at = ? WHERE name = ?", [to_utc(now), watch.name])
        db.conn.executemany(
            "INSERT OR IGNORE INTO watch_hits SELECT id, ?, ? FROM watches WHERE name = ?",
            [(number, to_utc(now) if is_news else "", watch.name) for number in articles],
        )


def told_by(archive: Archive, watch: Watch, *, since: datetime | None = None) -> list[tuple[int, datetime]]:
    """The articles that the watch has told of, each with the time; the latest first."""
    rows = archive.db.execute(
        """
        SELECT article_id, found_at FROM watch_hits JOIN watches ON watches.id = watch_id
        WHERE name = :name AND (:since IS NULL OR found_at >= :since) AND found_at <> ''
        ORDER BY found_at DESC, article_id DESC
        """,
        {"name": watch.name, "since": to_utc(since) if since else None},
    )
    return [(number, from_utc(found_at)) for number, found_at in rows.fetchall()]


def remove_watch(archive: Archive, name: str) -> None:
    """Keep a search no longer. Raises ``UnknownWatch``."""
    watch_named(archive.db, name)
    with archive.writing() as db:
        db.execute("DELETE FROM watches WHERE name = ?", [name])


def watches(db: Database) -> tuple[Watch, ...]:
    """All searches that are kept, by name."""
    return tuple(_read(db, ""))


def watch_named(db: Database, name: str) -> Watch:
    """The search kept under this name. Raises ``UnknownWatch``."""
    for watch in _read(db, "WHERE name = :name", name=name):
        return watch
    raise UnknownWatch(name)


def _read(db: Database, where: str, **values: str) -> Iterator[Watch]:
    rows = db.query(
        f"""
        SELECT name, query, added_at, run_at,
            (SELECT count(*) FROM watch_hits WHERE watch_id = watches.id) AS found
        FROM watches {where} ORDER BY name
        """,  # noqa: S608 - this module's own
        values,
    )
    for row in rows:
        yield Watch(**{**row, "added_at": from_utc(row["added_at"]), "run_at": moment_of(row["run_at"])})


def take_watches(archive: Archive, other: Archive) -> None:
    """Take in the searches that another archive keeps, with what they told of; inside a transaction.

    A name that is taken here stays what it is.
    """
    known = {watch.name for watch in watches(archive.db)}
    for row in other.db.query("SELECT id, name, query, added_at, run_at FROM watches ORDER BY id"):
        if row["name"] in known:
            continue
        (watch_id,) = archive.db.execute(
            """
            INSERT INTO watches (name, query, added_at, run_at) VALUES (:name, :query, :added_at, :run_at) RETURNING id
            """,
            row,
        ).fetchone()
        hits = "SELECT url, found_at FROM watch_hits JOIN articles ON articles.id = article_id WHERE watch_id = ?"
        archive.db.conn.executemany(
            "INSERT INTO watch_hits (watch_id, found_at, article_id) SELECT ?, ?, id FROM articles WHERE url = ?",
            [(watch_id, found_at, url) for url, found_at in other.db.execute(hits, [row["id"]]).fetchall()],
        )
