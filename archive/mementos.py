"""The looks at one address in the order of their times: those near a moment, those before and after one, all of them.

A memento, as RFC 7089 calls it, is a look whose bytes are known: also a 304, which says that they are those of before.
Looks at an address are those that asked for it and those that were led to it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.database import Database
from archive.times import end_of, moment_of, start_of, to_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class Memento:
    """One look at an address."""

    id: int
    url: str
    """The address that was asked for."""
    fetched_at: datetime | None
    """``None`` where another program wrote no time."""
    status: int | None
    outcome: str
    content_hash: str | None
    is_last_of_second: bool
    """Whether its time tells it from all others of the address that have bytes."""

    @property
    def has_bytes(self) -> bool:
        """Whether it is one for other programs too: with a time, and with bytes that came."""
        return self.content_hash is not None and self.fetched_at is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbours:
    """The mementos around one."""

    first: Memento
    previous: Memento | None
    next: Memento | None
    last: Memento


_LOOK = """
    SELECT id, CAST(url AS TEXT) AS url, fetched_at, status, CAST(outcome AS TEXT) AS outcome,
    CAST(content_hash AS TEXT) AS content_hash,
    NOT EXISTS (
        SELECT 1 FROM captures AS later
        WHERE later.fetched_at = captures.fetched_at AND later.id > captures.id AND later.content_hash IS NOT NULL
            AND (later.url = :url OR later.final_url = :url AND later.final_url <> later.url)
    ) AS is_last_of_second
    FROM captures
"""
_LOOKS = f"""
    {_LOOK} WHERE url = :url AND {{which}}
    UNION ALL
    {_LOOK} WHERE final_url = :url AND final_url <> url AND {{which}}
    ORDER BY fetched_at {{order}}, id {{order}} LIMIT :most OFFSET :offset
"""
_MEMENTO = "content_hash IS NOT NULL AND typeof(fetched_at) = 'text' AND datetime(fetched_at) IS NOT NULL"
_UNTIL = _LOOKS.format(which=f"{_MEMENTO} AND fetched_at <= :moment", order="DESC")
_AFTER = _LOOKS.format(which=f"{_MEMENTO} AND fetched_at > :moment", order="ASC")
_FIRST = _LOOKS.format(which=_MEMENTO, order="ASC")
_LAST = _LOOKS.format(which=_MEMENTO, order="DESC")
_OF = "(SELECT fetched_at, id FROM captures WHERE id = :id)"
_PREVIOUS = _LOOKS.format(which=f"{_MEMENTO} AND (fetched_at, id) < {_OF}", order="DESC")
_NEXT = _LOOKS.format(which=f"{_MEMENTO} AND (fetched_at, id) > {_OF}", order="ASC")
_ONE = _LOOKS.format(which="id = :id", order="ASC")
_ALL = _LOOKS.format(which="(:month IS NULL OR substr(fetched_at, 1, 7) = :month)", order="DESC")


def is_known(db: Database, url: str) -> bool:
    """Whether anything was seen at an address, or tried there."""
    return _one(db, _LOOKS.format(which="1", order="ASC"), url) is not None


def nearest(db: Database, url: str, start: datetime, end: datetime) -> Memento | None:
    """The last memento between two moments, or the nearest to them; ``None`` where the address has none.

    Of two that are as far away it is the earlier one.
    """
    before, after = _one(db, _UNTIL, url, moment=to_utc(end)), _one(db, _AFTER, url, moment=to_utc(end))
    if not (before and before.fetched_at and after and after.fetched_at):
        return before or after
    return before if start - before.fetched_at <= after.fetched_at - end else after


def newest(db: Database, url: str) -> Memento | None:
    """The last memento of an address; ``None`` where it has none."""
    return _one(db, _LAST, url)


def look(db: Database, url: str, capture_id: int) -> Memento | None:
    """One look at an address, with bytes or without; ``None`` where that capture is not of it."""
    return _one(db, _ONE, url, id=capture_id)


def neighbours(db: Database, url: str, one: Memento) -> Neighbours:
    """The mementos around a look at an address; where it is none itself, it stands for the first and the last."""
    return Neighbours(
        first=_one(db, _FIRST, url) or one,
        previous=_one(db, _PREVIOUS, url, id=one.id),
        next=_one(db, _NEXT, url, id=one.id),
        last=_one(db, _LAST, url) or one,
    )


def mementos(db: Database, url: str, *, most: int, offset: int = 0) -> list[Memento]:
    """Those of an address, the oldest first."""
    return _many(db, _FIRST, url, most=most, offset=offset)


def looks(db: Database, url: str, *, most: int, offset: int = 0, month: str | None = None) -> list[Memento]:
    """All looks at an address, or those of a month, with bytes or without; the newest first."""
    return _many(db, _ALL, url, most=most, offset=offset, month=month)


def looks_by_month(db: Database, url: str) -> dict[str, int]:
    """How many looks there are in each month that has any, the oldest first; those without a time are not counted."""
    rows = db.execute(
        """
        SELECT month, count(*) FROM (
            SELECT substr(fetched_at, 1, 7) AS month FROM captures WHERE url = :url
            UNION ALL
            SELECT substr(fetched_at, 1, 7) FROM captures WHERE final_url = :url AND final_url <> url
        )
        WHERE month GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]' GROUP BY month ORDER BY month
        """,
        {"url": url},
    )
    return dict(rows.fetchall())


def period_of(digits: str) -> tuple[datetime, datetime]:
    """The first and the last second of ``YYYYMMDDhhmmss`` or of its beginning; an odd digit at the end says nothing.

    Raises ``ValueError`` for what is no time.

    >>> [moment.isoformat() for moment in period_of("20221015034")]
    ['2022-10-15T03:00:00+00:00', '2022-10-15T03:59:59+00:00']
    """
    parts = re.findall("..", digits)
    year, date, time = "".join(parts[:2]), parts[2:4], parts[4:]
    text = "-".join([year, *date]) + ("T" + ":".join(time) if time else "")
    return start_of(text), end_of(text + ":59" if len(time) == 1 else text)


def _one(db: Database, statement: str, url: str, **values: str | int) -> Memento | None:
    return next(iter(_many(db, statement, url, most=1, offset=0, **values)), None)


def _many(db: Database, statement: str, url: str, **values: str | int | None) -> list[Memento]:
    return list(map(_memento, db.query(statement, {"url": url, **values})))


def _memento(row: Mapping[str, Any]) -> Memento:  # Any: what SQLite returns
    is_last = bool(row["is_last_of_second"])
    return Memento(**{**row, "fetched_at": moment_of(row["fetched_at"]), "is_last_of_second": is_last})
