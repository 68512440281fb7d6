"""New readings on their way into an archive: kept in a file beside it, so that a long run can be gone on with."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

from archive.database import Database
from archive.models import Absence, Article, Page, as_json, page_from_json
from archive.recording import address_of

ENDING = ".reparse"
IMPORT_ENDING = ".import"


SCHEMA = 2
"""Of the file; one of another schema is begun anew."""


class Reading(NamedTuple):
    """What today's parsers make of one capture."""

    capture_id: int
    page: Page | Absence | None
    """``None`` where they read nothing."""
    reason: str | None
    """Why they read nothing."""


class Spool:
    """The readings of one parser; what another one left there is thrown away."""

    def __init__(self, archive: Path, parser: str, ending: str = ENDING) -> None:
        self._archive, self._ending = archive, ending
        self._db = Database(_beside(archive, ending))
        self._db.execute("PRAGMA journal_mode = WAL")
        if self._db.execute("PRAGMA user_version").fetchone() != (SCHEMA,):
            self._db.execute("DROP TABLE IF EXISTS readings")
            self._db.execute(f"PRAGMA user_version = {SCHEMA}")
        self._db.execute("CREATE TABLE IF NOT EXISTS parser (fingerprint TEXT PRIMARY KEY)")
        self._db.execute(
            """
            CREATE TABLE IF NOT EXISTS readings (
                capture_id INTEGER PRIMARY KEY, kind TEXT, address TEXT, page TEXT, reason TEXT
            )
            """
        )
        if self._db.execute("SELECT 1 FROM parser WHERE fingerprint = ?", [parser]).fetchone() is None:
            self._db.execute("DELETE FROM readings")
            self._db.execute("DELETE FROM parser")
            self._db.execute("INSERT INTO parser VALUES (?)", [parser])
        self.keep()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.keep()
        self._db.close()

    def has(self, capture_id: int) -> bool:
        """Whether the capture has been read already."""
        return self._db.execute("SELECT 1 FROM readings WHERE capture_id = ?", [capture_id]).fetchone() is not None

    def put(self, capture_id: int, page: Page | Absence | None, reason: str | None = None) -> None:
        """Take one reading; it is safe after the next ``keep``."""
        self._db.execute(
            "INSERT OR REPLACE INTO readings (capture_id, kind, address, page, reason) VALUES (?, ?, ?, ?, ?)",
            [
                capture_id,
                page.kind if page else None,
                address_of(page) if isinstance(page, Article) else None,
                json.dumps(as_json(page)) if page else None,
                reason,
            ],
        )

    def keep(self) -> None:
        """Make safe what was put."""
        self._db.conn.commit()

    def get(self, capture_ids: Iterable[int]) -> Iterator[Reading]:
        """The readings of these captures, as far as there are any."""
        for capture_id in capture_ids:
            row = self._db.execute("SELECT page, reason FROM readings WHERE capture_id = ?", [capture_id]).fetchone()
            if row is not None:
                yield Reading(capture_id, page_from_json(json.loads(row[0])) if row[0] else None, row[1])

    def address(self, capture_id: int) -> str | None:
        """The address of the article that the capture reads as."""
        row = self._db.execute("SELECT address FROM readings WHERE capture_id = ?", [capture_id]).fetchone()
        return row[0] if row else None

    def is_absence(self, capture_id: int) -> bool:
        """Whether the capture reads as a page that is no more."""
        row = self._db.execute("SELECT kind FROM readings WHERE capture_id = ?", [capture_id]).fetchone()
        return row is not None and row[0] == "absence"

    def remove(self) -> None:
        """Delete the file, after it was closed: everything in it stands in the archive."""
        remove_spools(self._archive, self._ending)


def remove_spools(archive: Path, *endings: str) -> None:
    """Delete the readings that wait beside an archive, if there are any."""
    for ending in endings or (ENDING, IMPORT_ENDING):
        for suffix in ("", "-wal", "-shm"):
            _beside(archive, ending + suffix).unlink(missing_ok=True)


def _beside(archive: Path, ending: str) -> Path:
    return archive.with_name(archive.name + ending)
