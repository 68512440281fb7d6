"""Thinning the kept bytes: old pages go, what was read of them stays."""

from dataclasses import dataclass
from datetime import datetime

from archive.captures import PRUNED
from archive.store import Archive
from archive.times import to_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned:
    """What went."""

    captures: int
    """Looks that have no bytes any more."""
    contents: int
    """Distinct pages."""
    room: int
    """Bytes that they took in the file."""


def prune(archive: Archive, before: datetime, *, every: bool = False, dry_run: bool = False) -> Pruned:
    """Take out the bytes of pages that nothing has shown since a time; their hashes and sizes stay.

    The pages that the articles' texts as they stand were read from are kept, unless ``every`` page goes.
    """
    values = {"before": to_utc(before), "every": every, "pruned": PRUNED}
    with archive.writing() as db:
        db.execute("CREATE TEMP TABLE old AS SELECT sha256 AS hash, length(body) AS room " + _OLD, values)
        contents, room = db.execute("SELECT count(*), coalesce(sum(room), 0) FROM temp.old").fetchone()
        looks = "SELECT count(*) FROM captures WHERE content_hash IN (SELECT hash FROM temp.old)"
        (captures,) = db.execute(looks).fetchone()
        if not dry_run:
            db.execute(
                """
                UPDATE contents SET body = x'', codec = :pruned, dictionary_id = NULL
                WHERE sha256 IN (SELECT hash FROM temp.old)
                """,
                values,
            )
        db.execute("DROP TABLE temp.old")
    return Pruned(captures=captures, contents=contents, room=room)


_OLD = """
    FROM contents
    WHERE codec <> :pruned
        AND NOT EXISTS (SELECT 1 FROM captures WHERE content_hash = sha256 AND fetched_at >= :before)
        AND (:every OR sha256 NOT IN (
            SELECT content_hash FROM captures
            WHERE content_hash IS NOT NULL AND coalesce(part_of, id) IN (
                SELECT capture_id FROM revisions
                WHERE id IN (SELECT max(id) FROM revisions GROUP BY article_id)
            )
        ))
"""
