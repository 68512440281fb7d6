"""Articles taken down on request: which addresses, when and why. What is found at them later is not kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.database import Database
from archive.times import from_utc, to_utc
from archive.urls import clean


@dataclass(frozen=True, kw_only=True, slots=True)
class Tombstone:
    """An article that was taken down."""

    article_id: int
    forgotten_at: datetime
    reason: str
    addresses: tuple[str, ...]
    """Under which it was known, the canonical one first."""

    def __str__(self) -> str:
        return f"forgotten on {self.forgotten_at:%Y-%m-%d}: {self.reason}"


def entomb(db: Database, stone: Tombstone) -> None:
    """Write a tombstone. Addresses that another one has already are its addresses still."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO tombstones (url, article_id, forgotten_at, reason) VALUES (?, ?, ?, ?)",
        [(url, stone.article_id, to_utc(stone.forgotten_at), stone.reason) for url in stone.addresses],
    )


def tombstones(db: Database) -> tuple[Tombstone, ...]:
    """All of them, the oldest first."""
    rows = db.execute("SELECT DISTINCT article_id FROM tombstones ORDER BY forgotten_at, article_id").fetchall()
    return tuple(stone for (article_id,) in rows if (stone := tombstone_of(db, article_id)))


def tombstone_of(db: Database, article_id: int) -> Tombstone | None:
    """The tombstone of the article that had this id."""
    rows = list(db.query("SELECT * FROM tombstones WHERE article_id = ? ORDER BY rowid", [article_id]))
    if not rows:
        return None
    return Tombstone(
        article_id=article_id,
        forgotten_at=from_utc(rows[0]["forgotten_at"]),
        reason=rows[0]["reason"],
        addresses=tuple(row["url"] for row in rows),
    )


def tombstone_at(db: Database, addresses: Iterable[str]) -> Tombstone | None:
    """The tombstone that stands at one of these addresses."""
    for address in addresses:
        row = db.execute("SELECT article_id FROM tombstones WHERE url = ?", [clean(address)]).fetchone()
        if row is not None:
            return tombstone_of(db, row[0])
    return None


def remove_tombstone(db: Database, article_id: int) -> None:
    """Let what is found at its addresses be kept again."""
    db.execute("DELETE FROM tombstones WHERE article_id = ?", [article_id])


def strip_captures(db: Database, captures: Sequence[int], stone: Tombstone) -> int:
    """Take the bytes and headers of these captures out of the archive; returns how many distinct contents went."""
    hashes = set[str]()
    for capture in captures:
        (content_hash,) = db.execute("SELECT content_hash FROM captures WHERE id = ?", [capture]).fetchone()
        hashes.update([content_hash] if content_hash else [])
        db.execute(
            "UPDATE captures SET content_hash = NULL, headers = '{}', reason = ? WHERE id = ?", [str(stone), capture]
        )
    statement = """
        DELETE FROM contents WHERE sha256 = :hash AND NOT EXISTS (SELECT 1 FROM captures WHERE content_hash = :hash)
    """
    return sum(db.execute(statement, {"hash": content_hash}).rowcount for content_hash in hashes)


def blank_teasers(db: Database) -> int:
    """Take out what lists say of articles that were taken down; the positions stay. Returns how many headlines went."""
    return db.execute(
        """
        UPDATE links SET title = '', summary = NULL, source = NULL, image = NULL
        WHERE url IN (SELECT url FROM tombstones) AND title <> ''
        """
    ).rowcount


def blank_teasers_of(db: Database, listing_id: int) -> None:
    """The same in one list."""
    db.execute(
        """
        UPDATE links SET title = '', summary = NULL, source = NULL, image = NULL
        WHERE listing_id = ? AND EXISTS (SELECT 1 FROM tombstones WHERE tombstones.url = links.url)
        """,
        [listing_id],
    )
