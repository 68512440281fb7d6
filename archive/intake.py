"""Looks of others taken into the archive: first their bytes, then, article by article, what was read of them."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from archive import captures
from archive.captures import hash_before
from archive.database import Database
from archive.grouping import Readable, groups
from archive.life import NOT_THERE
from archive.models import NOT_MODIFIED, Absence, Capture, Outcome
from archive.replay import replay
from archive.rereading import BATCH
from archive.spool import Reading, Spool
from archive.store import Archive
from archive.times import to_utc
from archive.tombstones import tombstone_at
from archive.urls import clean, site_of

NOT_READ = "taken in, not read yet"
"""The reason of captures that still have to be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One fetch that another program made."""

    name: str
    """Under which others of the same source name it."""
    capture: Capture
    first: str | None = None
    """The name of the look at the article's first page, where this is a further one."""
    same_as: tuple[str, str] | None = None
    """Address and moment of an earlier look that has its bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """What a source holds and an archive does not take."""

    name: str
    reason: str


class Intake:
    """Takes the looks of one source, in their order."""

    def __init__(self, archive: Archive, crawl_id: int) -> None:
        self._archive = archive
        self._crawl_id = crawl_id
        self._ids: dict[str, int] = {}

    def take(self, look: Look) -> bool:
        """Keep one look, in a transaction of the caller; whether it was not there yet.

        Of an article that was taken down no bytes are kept.
        """
        db, capture = self._archive.db, look.capture
        stone = tombstone_at(db, [capture.url, capture.final_url])
        content_hash = None if stone else self._hash(look)
        known = known_look(db, capture.url, to_utc(capture.fetched_at), content_hash)
        if known is not None:
            self._ids[look.name] = known
            return False
        if content_hash and capture.body is not None:
            self._archive.contents.keep(capture.body, site_of(capture.final_url))
        outcome, reason = ("refused", str(stone)) if stone else _outcome(capture, content_hash)
        self._ids[look.name] = captures.add_capture(
            db,
            replace(capture, reason=reason, headers={} if stone else capture.headers),
            crawl_id=self._crawl_id,
            content_hash=content_hash,
            outcome=outcome,
            tries=1,
            part_of=self._ids.get(look.first) if look.first else None,
        )
        return True

    def _hash(self, look: Look) -> str | None:
        """The hash of its bytes, which an earlier look may have brought."""
        if look.capture.body is not None:
            return hashlib.sha256(look.capture.body).hexdigest()
        if look.same_as is None:
            return None
        url, moment = look.same_as
        row = self._archive.db.execute(
            """
            SELECT content_hash FROM captures WHERE url = :url AND fetched_at = :moment
            UNION ALL
            SELECT content_hash FROM captures WHERE final_url = :url AND fetched_at = :moment
            LIMIT 1
            """,
            {"url": clean(url), "moment": moment},
        ).fetchone()
        return row[0] if row else None


def to_read(archive: Archive, spool: Spool, crawl_id: int) -> list[Readable]:
    """What was taken in and has still to be written, the oldest first; errors of servers as what they say."""
    rows = archive.db.query(
        """
        SELECT id, final_url AS url, article_id, url AS asked, status FROM captures
        WHERE crawl_id = ? AND part_of IS NULL AND (reason = ? OR status IN (404, 410))
        ORDER BY fetched_at, id
        """,
        [crawl_id, NOT_READ],
    )
    found = []
    for row in rows:
        status = row.pop("status")
        found.append(Readable(**row))
        if status in NOT_THERE:
            spool.put(row["id"], Absence(url=row["asked"], reason=f"the server answered {status}"))
    return found


def write_in(archive: Archive, spool: Spool, looks: Iterable[Readable]) -> Iterator[int]:
    """Write the readings of what was taken in, all looks at an article at once; yields how many looks at a time."""
    wanted = groups(archive, spool, looks)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        with archive.writing() as db:
            for group in batch:
                readings = list(spool.get(group))
                for reading in readings:
                    _settle(db, reading)
                replay(db, {reading.capture_id: reading.page for reading in readings if reading.page})
        yield sum(map(len, batch))


def known_look(db: Database, url: str, moment: str, content_hash: str | None) -> int | None:
    """The capture of the same look, if it is there already."""
    row = db.execute(
        "SELECT id FROM captures WHERE url = ? AND fetched_at = ? AND content_hash IS ?",
        [clean(url), moment, content_hash],
    ).fetchone()
    return row[0] if row else None


def _outcome(capture: Capture, content_hash: str | None) -> tuple[Outcome, str]:
    is_page = capture.status is not None and 200 <= capture.status < 300
    if is_page or (capture.status == NOT_MODIFIED and content_hash):
        return ("unread", NOT_READ) if content_hash else ("unread", "its bytes are not there")
    return "failed", f"the server answered {capture.status}"


def _settle(db: Database, reading: Reading) -> None:
    """How the look ended, now that it was read."""
    is_page = reading.page is not None and not isinstance(reading.page, Absence)
    rows = db.execute(
        "SELECT id, content_hash FROM captures WHERE (id = :id OR part_of = :id) AND reason = :reason",
        {"id": reading.capture_id, "reason": NOT_READ},
    )
    for capture_id, content_hash in rows.fetchall():
        ended = "unchanged" if hash_before(db, capture_id) == content_hash else "done"
        outcome, reason = (ended, None) if is_page else ("unread", reading.reason)
        db.execute("UPDATE captures SET outcome = ?, reason = ? WHERE id = ?", [outcome, reason, capture_id])
