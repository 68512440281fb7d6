"""A copy of an archive as it is at one moment, also while a crawl writes to it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from archive.errors import ArchiveFull, ArchiveUnreadable
from archive.store import Archive


def back_up(archive: Archive, target: Path) -> int:
    """Copy the archive into a new file; returns its bytes. A copy that is not finished leaves no file behind.

    Raises ``ArchiveUnreadable`` where the file is there already or cannot be written, ``ArchiveFull``.
    """
    if target.exists():
        raise ArchiveUnreadable(target, "it is there already, and a backup overwrites nothing")
    unfinished = target.with_name(f".{target.name}.part")
    try:
        with closing(sqlite3.connect(unfinished)) as copy:
            archive.db.conn.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.rename(target)
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise ArchiveFull(target) from error
        raise ArchiveUnreadable(target, str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size
