"""Opening the file of an archive: as one of ours, of this version, for a reader or a writer."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from archive.database import Database
from archive.errors import ArchiveFull, ArchiveTooNew, ArchiveUnreadable, has_no_room
from archive.migrations import known_steps, migrations

_BUSY_TIMEOUT = 30.0
"""Seconds to wait for another writer."""
_CACHE = 65_536
"""Kibibytes of pages that a writer keeps at hand."""
_CHECKPOINT = 8_000
"""Pages of 4 kB in the -wal file from which on they are moved into the archive."""


def open_database(path: Path | str, *, read_only: bool, must_exist: bool) -> Database:
    """The file at ``path``, brought up to this version; a missing one is made unless ``read_only`` or ``must_exist``.

    Raises ``ArchiveUnreadable`` for what is no archive, ``ArchiveTooNew`` for one of a later version.
    """
    target = Path(path)
    if str(path) == ":memory:":
        return _prepare(_connect(":memory:"))
    _check_file(target, must_exist=read_only or must_exist)
    try:
        return _open_to_read(target) if read_only else _open_to_write(target)
    except sqlite3.DatabaseError as error:
        raise (ArchiveFull(path) if has_no_room(error) else ArchiveUnreadable(path, str(error))) from error


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
    _check_writable(target)
    with _closed_on_error(_connect(target)) as db:
        _check_schema(db, target)
        return _prepare(db)


def _open_to_read(target: Path) -> Database:
    try:
        db = _open_checked(target, "?mode=ro")
    except sqlite3.OperationalError:
        # A directory that cannot be written takes no -shm file; without a -wal nothing is missed by this.
        if target.with_name(target.name + "-wal").exists():
            if os.access(target.parent, os.W_OK):
                raise
            reason = f"a crawl was killed or goes on, and the folder {target.parent} cannot be written to read it whole"
            raise ArchiveUnreadable(target, reason) from None
        db = _open_checked(target, "?immutable=1")
    if migrations.pending(db):
        db.close()
        try:
            _open_to_write(target).close()
        except ArchiveUnreadable as error:
            reason = f"an earlier version wrote it, which this one has to bring up to date first; {error.reason}"
            raise ArchiveUnreadable(target, reason) from error
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


def _check_writable(target: Path) -> None:
    """Say which of the file and its folder cannot be written; SQLite says so late, and of no file by name."""
    if not target.exists():
        return
    try:
        target.open("r+b").close()
    except OSError as error:
        raise ArchiveUnreadable(target, f"it cannot be written: {error.strerror}") from error
    if not os.access(target.parent, os.W_OK) and not target.with_name(target.name + "-wal").exists():
        raise ArchiveUnreadable(target, f"its folder {target.parent} cannot be written, where SQLite needs a file more")


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
