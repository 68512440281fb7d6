"""The bytes as fetched: one row per distinct content, compressed, never changed."""

import hashlib
import json

import zstandard
from sqlite_utils import Database

from archive.models import Capture
from archive.times import to_utc
from archive.urls import clean

_LEVEL = 6
"""Measured: higher levels cost time at every fetch and save little on pages of this size."""


def keep_content(db: Database, body: bytes) -> str:
    """Store the bytes unless they are there already; returns their SHA-256 in hex."""
    digest = hashlib.sha256(body).hexdigest()
    known = db.execute("SELECT 1 FROM contents WHERE sha256 = ?", [digest]).fetchone()
    if known is None:
        db.execute(
            "INSERT INTO contents (sha256, codec, size, body) VALUES (?, 'zstd', ?, ?)",
            [digest, len(body), zstandard.compress(body, _LEVEL)],
        )
    return digest


def content(db: Database, sha256: str) -> bytes:
    """The bytes with this hash.

    Raises ``KeyError`` for a hash that is not there.
    """
    row = db.execute("SELECT body, size FROM contents WHERE sha256 = ?", [sha256]).fetchone()
    if row is None:
        raise KeyError(sha256)
    return zstandard.decompress(row[0], max_output_size=row[1])


def headers(text: str) -> dict[str, str]:
    """The response headers of a capture's row."""
    return dict(json.loads(text))


def latest_hash(db: Database, url: str) -> str | None:
    """The hash of the newest page that this address gave, error pages apart; ``None`` if it never gave any."""
    row = db.execute(
        """
        SELECT content_hash FROM captures
        WHERE url = :url AND content_hash IS NOT NULL AND outcome IN ('done', 'unchanged', 'unread')
        ORDER BY id DESC LIMIT 1
        """,
        {"url": clean(url)},
    ).fetchone()
    return row[0] if row else None


def add_capture(
    db: Database,
    capture: Capture,
    *,
    crawl_id: int | None,
    content_hash: str | None,
    outcome: str,
    tries: int,
    part_of: int | None,
) -> int:
    """Write the row of one fetch; returns its id. ``part_of`` is the capture of the first page of the same article."""
    row = db.execute(
        """
        INSERT INTO captures
            (url, final_url, crawl_id, fetched_at, status, headers, content_hash, outcome, reason, tries,
             part_of)
        VALUES
            (:url, :final_url, :crawl_id, :fetched_at, :status, :headers, :content_hash, :outcome, :reason, :tries,
             :part_of)
        RETURNING id
        """,
        {
            "url": clean(capture.url),
            "final_url": clean(capture.final_url),
            "crawl_id": crawl_id,
            "fetched_at": to_utc(capture.fetched_at),
            "status": capture.status,
            "headers": json.dumps(dict(capture.headers), ensure_ascii=False),
            "content_hash": content_hash,
            "outcome": outcome,
            "reason": capture.reason,
            "tries": tries,
            "part_of": part_of,
        },
    ).fetchone()
    return int(row[0])
