"""Which part of an archive is exported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.store import Archive
from archive.times import to_utc
from archive.urls import site_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Everything, unless a site or a time narrows it."""

    site: str | None = None
    """As in ``articles.site``."""
    since: datetime | None = None
    """Looks from then on."""
    until: datetime | None = None
    """Looks up to then."""

    def captures(self, archive: Archive) -> Iterator[dict[str, Any]]:  # Any: a row's values
        """The looks that brought bytes, with the codec of their contents, in the order of their times."""
        ids = archive.db.execute(
            """
            SELECT id, final_url FROM captures
            WHERE content_hash IS NOT NULL
                AND (:since IS NULL OR fetched_at >= :since) AND (:until IS NULL OR fetched_at <= :until)
            ORDER BY fetched_at, id
            """,
            {"since": to_utc(self.since) if self.since else None, "until": to_utc(self.until) if self.until else None},
        ).fetchall()
        for capture_id, final_url in ids:
            if self.site in (None, site_of(final_url)):
                yield from archive.db.query(
                    "SELECT captures.*, codec FROM captures JOIN contents ON sha256 = content_hash WHERE id = ?",
                    [capture_id],
                )
