"""Packing what is kept anew: the same bytes, in less room."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.captures import PRUNED
from archive.dictionaries import unpacked
from archive.errors import UnknownSite
from archive.search.index import INDEX
from archive.search.past import PAST_INDEX
from archive.store import Archive

NO_SITE = "(none)"
"""Of an emptied dictionary; no host is called so."""
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
            "SELECT count(*), coalesce(sum(size), 0) FROM contents WHERE site = ? AND codec <> ?", [name, PRUNED]
        ).fetchone()
        yield Compacted(site=name, pages=pages, size=size, before=before, after=_room(archive, name))


def give_back(archive: Archive) -> bool:
    """Write the file anew, without the room and the traces that deleted rows and words leave.

    Returns whether that is all on the disk: not while another program uses the file, nor where the disk has no room
    for a second one.
    """
    try:
        with archive.writing() as db:
            for index in (INDEX, PAST_INDEX):
                db.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608 - ours
        archive.db.execute("VACUUM")
        is_busy, *_ = archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) and "is full" not in str(error):
            raise
        is_busy = True
    return not is_busy


def replace_dictionaries(archive: Archive, site: str, is_bad: Callable[[bytes], bool]) -> None:
    """Pack without the dictionaries of a site that must not be there; to be called inside a transaction."""
    rows = archive.db.execute("SELECT id, body FROM dictionaries WHERE site = ?", [site]).fetchall()
    bad = [number for number, body in rows if is_bad(unpacked(body))]
    if not bad:
        return
    better = archive.contents.learn(site, afresh=True)
    for number in bad:
        packed = archive.db.execute("SELECT sha256 FROM contents WHERE dictionary_id = ?", [number]).fetchall()
        archive.contents.pack_anew((sha256 for (sha256,) in packed), better)
        _empty(archive, number)
    archive.contents.forget()


def _empty(archive: Archive, number: int) -> None:
    """Take a dictionary out; the last number stays taken, with nothing behind it.

    SQLite would give it again, and a crawl that runs would go on packing by what it remembers under that number.
    """
    archive.db.execute("UPDATE dictionaries SET site = ?, pages = 0, body = x'' WHERE id = ?", [NO_SITE, number])
    archive.db.execute("DELETE FROM dictionaries WHERE site = ? AND id < (SELECT max(id) FROM dictionaries)", [NO_SITE])


def _pack_anew(archive: Archive, site: str) -> None:
    newest = archive.contents.dictionary_for(site)
    rows = archive.db.execute(
        "SELECT sha256 FROM contents WHERE site = ? AND dictionary_id IS NOT ? AND codec <> ?", [site, newest, PRUNED]
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
