"""The ledger of runs: when a crawl began, what it was asked, how it ended."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from archive import frontier
from archive.database import Database
from archive.errors import ArchiveInUse, ArchiveUnreadable
from archive.times import to_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawl:
    """One run."""

    id: int
    resumed: bool
    """An earlier run with the same arguments did not finish; this one goes on with it."""


def begin(db: Database, spider: str, arguments: Mapping[str, object], *, now: datetime, parser_version: str) -> Crawl:
    """Go on with the unfinished crawl of the same spider and arguments, or start a new one."""
    asked = json.dumps(dict(arguments), ensure_ascii=False, sort_keys=True)
    row = db.execute(
        """
        SELECT id FROM crawls
        WHERE spider = :spider AND arguments = :arguments AND finished_at IS NULL
        ORDER BY id DESC LIMIT 1
        """,
        {"spider": spider, "arguments": asked},
    ).fetchone()
    if row is not None:
        frontier.release(db, row[0])
        return Crawl(id=row[0], resumed=True)
    row = db.execute(
        "INSERT INTO crawls (spider, arguments, started_at, parser_version) VALUES (?, ?, ?, ?) RETURNING id",
        [spider, asked, to_utc(now), parser_version],
    ).fetchone()
    return Crawl(id=row[0], resumed=False)


def note_stop(
    db: Database, crawl_id: int, *, reason: str, exit_code: int, stats: Mapping[str, object], finished: datetime | None
) -> None:
    """Write how the run ended; without ``finished`` it stays open, to be gone on with."""
    db.execute(
        """
        UPDATE crawls SET finished_at = :finished_at, finish_reason = :reason, exit_code = :exit_code, stats = :stats
        WHERE id = :id
        """,
        {
            "finished_at": to_utc(finished) if finished else None,
            "reason": reason,
            "exit_code": exit_code,
            "stats": json.dumps(dict(stats), ensure_ascii=False, sort_keys=True, default=str),
            "id": crawl_id,
        },
    )


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the archive for one crawl; raises ``ArchiveInUse`` with the other's process id, ``ArchiveUnreadable``.

    The lock lives beside the archive, not in it: closing any handle of the file itself would drop SQLite's own locks.
    It ends with the process, however that ends.
    """
    with _lock_file(path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise ArchiveInUse(path, lock.read().strip() or "unknown") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def holder(path: Path) -> int | None:
    """The process that holds the archive for a crawl, an import or a reparse, if any does."""
    try:
        with path.with_name(path.name + ".lock").open(encoding="ascii") as lock:
            pid = int(lock.read())
            # Looked at first, since a crawl that begins while we hold the lock would take us for another crawl.
            return pid if _is_alive(pid) and _is_locked(lock) else None
    except (OSError, ValueError):  # never held, or let go of before anything was written
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def _is_locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _lock_file(path: Path) -> TextIO:
    lock = path.with_name(path.name + ".lock")
    if not path.parent.is_dir():
        raise ArchiveUnreadable(path, f"there is no folder {path.parent}")
    try:
        return lock.open("a+", encoding="ascii")
    except OSError as error:
        raise ArchiveUnreadable(path, f"{lock.name} beside it: {error.strerror}") from error
