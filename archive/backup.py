"""A copy of an archive as it is at one moment, also while a crawl writes to it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.errors import ArchiveFull, CannotWrite
from archive.files import whole
from archive.store import Archive


def back_up(archive: Archive, target: Path) -> int:
    """Copy the archive into a new file; returns its bytes. A copy that is not finished leaves no file behind.

    Raises ``CannotWrite`` where the file is there already or cannot be made, ``ArchiveFull``.
    """
    with whole(target) as unfinished:
        try:
            with closing(sqlite3.connect(unfinished)) as copy:
                archive.db.conn.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise ArchiveFull(target) from error
            raise CannotWrite(target, str(error)) from error
    return target.stat().st_size
