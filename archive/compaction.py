"""Packing what is kept anew: the same bytes, in less room."""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.errors import UnknownSite
from archive.store import Archive

BATCH = 100
"""Contents written in one transaction; an interruption loses no more than one batch of work, and no bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compacted:
    """What became of the pages of one site."""

    site: str
    pages: int
    size: int
    """Bytes as fetched."""
    before: int
    """Bytes in the file before, dictionaries included."""
    after: int


def compact(archive: Archive, site: str | None = None) -> Iterator[Compacted]:
    """Give each site the dictionary that pays, and write its contents with it, a site at a time.

    Raises ``UnknownSite``, and ``ContentDamaged`` before it would write bytes that are not those of their hash.
    """
    sites = [name for (name,) in archive.db.execute("SELECT DISTINCT site FROM contents") if site in (None, name)]
    if site and not sites:
        raise UnknownSite(site)
    for name in sites:
        before = _room(archive, name)
        with archive.writing():
            archive.contents.learn(name)
        _pack_anew(archive, name)
        pages, size = archive.db.execute(
            "SELECT count(*), coalesce(sum(size), 0) FROM contents WHERE site = ?", [name]
        ).fetchone()
        yield Compacted(site=name, pages=pages, size=size, before=before, after=_room(archive, name))
    archive.db.execute("VACUUM")


def _pack_anew(archive: Archive, site: str) -> None:
    newest = archive.contents.dictionary_for(site)
    rows = archive.db.execute(
        "SELECT sha256 FROM contents WHERE site = ? AND dictionary_id IS NOT ?", [site, newest]
    ).fetchall()
    old = [sha256 for (sha256,) in rows]
    for start in range(0, len(old), BATCH):
        with archive.writing():
            archive.contents.pack_anew(old[start : start + BATCH], newest)
    with archive.writing() as db:
        db.execute(
            """
            DELETE FROM dictionaries WHERE site = ? AND id IS NOT ?
                AND NOT EXISTS (SELECT 1 FROM contents WHERE dictionary_id = dictionaries.id)
            """,
            [site, newest],
        )


def _room(archive: Archive, site: str) -> int:
    row = archive.db.execute(
        """
        SELECT (SELECT coalesce(sum(length(body)), 0) FROM contents WHERE site = :site)
            + (SELECT coalesce(sum(length(body)), 0) FROM dictionaries WHERE site = :site)
        """,
        {"site": site},
    ).fetchone()
    return int(row[0])
