"""The bytes as fetched: one row per distinct content, compressed, never changed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import zstandard

from archive.database import Database
from archive.dictionaries import LEVEL, SAMPLES, best_dictionary, packed, unpacked
from archive.errors import ContentDamaged, ContentPruned
from archive.models import NOT_MODIFIED, Capture
from archive.prepared import Packed
from archive.times import from_utc, to_utc
from archive.urls import clean

PRUNED = "pruned"
"""The codec of contents whose bytes were taken out: hash and size stay."""
LEARN_AT = frozenset(64 * 8**step for step in range(8))
"""Numbers of a site's pages at which a dictionary for those to come is tried: 64, 512, 4096 …"""


class Contents:
    """The bytes of one archive, each distinct content once, packed with the dictionary of its site."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.forget()

    def forget(self) -> None:
        """Know nothing of the tables; to be called when a transaction was taken back."""
        self._pages: dict[str, int] = {}
        self._compressors: dict[int | None, zstandard.ZstdCompressor] = {}
        self._decompressors: dict[int | None, zstandard.ZstdDecompressor] = {}

    def pack(self, body: bytes, site: str) -> Packed:
        """The bytes as ``keep`` will store them."""
        digest, dictionary = hashlib.sha256(body).hexdigest(), self.dictionary_for(site)
        packed = None if self._is_kept(digest) else self._compressor(dictionary).compress(body)
        return Packed(sha256=digest, dictionary=dictionary, body=packed)

    def keep(self, body: bytes, site: str, packed: Packed | None = None) -> str:
        """Store the bytes unless they are there already; returns their SHA-256 in hex."""
        digest = packed.sha256 if packed else hashlib.sha256(body).hexdigest()
        if not self._is_kept(digest):
            dictionary, pages = self.dictionary_for(site), self._count(site) + 1
            ready = packed.body if packed and packed.dictionary == dictionary else None
            data = self._compressor(dictionary).compress(body) if ready is None else ready
            self.db.execute(
                """
                INSERT INTO contents (sha256, codec, dictionary_id, size, body, site) VALUES (?, 'zstd', ?, ?, ?, ?)
                ON CONFLICT(sha256) DO UPDATE SET
                    codec = excluded.codec, dictionary_id = excluded.dictionary_id, body = excluded.body
                """,
                [digest, dictionary, len(body), data, site],
            )
            self._pages[site] = pages
            if pages in LEARN_AT:
                self.learn(site)
        return digest

    def _is_kept(self, sha256: str) -> bool:
        row = self.db.execute("SELECT codec FROM contents WHERE sha256 = ?", [sha256]).fetchone()
        return row is not None and row[0] != PRUNED

    def get(self, sha256: str) -> bytes:
        """The bytes with this hash.

        Raises ``KeyError`` for a hash that is not there, ``ContentPruned`` for bytes that were taken out,
        ``ContentDamaged`` for those that cannot be unpacked.
        """
        row = self.db.execute(
            "SELECT body, size, dictionary_id, codec FROM contents WHERE sha256 = ?", [sha256]
        ).fetchone()
        if row is None:
            raise KeyError(sha256)
        packed, size, dictionary, codec = row
        if codec == PRUNED:
            raise ContentPruned(sha256)
        try:
            return self._decompressor(dictionary).decompress(packed, max_output_size=size)
        except (zstandard.ZstdError, TypeError) as error:  # another program may have written text in place of bytes
            raise ContentDamaged(sha256, str(error)) from error

    def checked(self, sha256: str) -> bytes:
        """The same; raises ``ContentDamaged`` also for bytes that are not those of their hash."""
        body = self.get(sha256)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise ContentDamaged(sha256, "its bytes have another hash")
        return body

    def learn(self, site: str, *, afresh: bool = False) -> int | None:
        """Make a dictionary for the pages of a site to come, if one pays; returns its id.

        It must pay beside the one in use, or ``afresh`` beside none.
        """
        known, pages = None if afresh else self.dictionary_for(site), self._count(site)
        # Hashes are in no order of time, so the first of them are a fair sample.
        chosen = "SELECT sha256 FROM contents WHERE site = ? AND codec <> ? ORDER BY sha256 LIMIT ?"
        samples = [self.get(sha256) for (sha256,) in self.db.execute(chosen, [site, PRUNED, SAMPLES]).fetchall()]
        best = best_dictionary(samples, pages, self._bytes_of(known) if known else None)
        if best is None:
            return None
        cursor = self.db.execute(
            "INSERT INTO dictionaries (site, body, pages) VALUES (?, ?, ?)", [site, packed(best), pages]
        )
        return cursor.lastrowid

    def pack_anew(self, sha256s: Iterable[str], dictionary: int | None) -> None:
        """Write some contents again with this dictionary; to be called inside a transaction.

        Raises ``ContentDamaged`` rather than write bytes that are not those of their hash.
        """
        for sha256 in sha256s:
            packed = self._compressor(dictionary).compress(self.checked(sha256))
            self.db.execute(
                "UPDATE contents SET body = ?, dictionary_id = ? WHERE sha256 = ?", [packed, dictionary, sha256]
            )

    def _count(self, site: str) -> int:
        if site not in self._pages:
            row = self.db.execute(
                "SELECT count(*) FROM contents WHERE site = ? AND codec <> ?", [site, PRUNED]
            ).fetchone()
            self._pages[site] = row[0]
        return self._pages[site]

    def dictionary_for(self, site: str) -> int | None:
        """The id of the newest dictionary of a site. It is not remembered: another process may make or drop one."""
        row = self.db.execute("SELECT max(id) FROM dictionaries WHERE site = ?", [site]).fetchone()
        newest: int | None = row[0]
        return newest

    def _bytes_of(self, dictionary: int) -> bytes:
        row = self.db.execute("SELECT body FROM dictionaries WHERE id = ?", [dictionary]).fetchone()
        if row is None:
            raise ContentDamaged(f"of dictionary {dictionary}", "the dictionary is not there")
        return unpacked(row[0])

    def _common(self, dictionary: int | None) -> zstandard.ZstdCompressionDict | None:
        return zstandard.ZstdCompressionDict(self._bytes_of(dictionary)) if dictionary else None

    def _compressor(self, dictionary: int | None) -> zstandard.ZstdCompressor:
        if dictionary not in self._compressors:
            self._compressors[dictionary] = zstandard.ZstdCompressor(level=LEVEL, dict_data=self._common(dictionary))
        return self._compressors[dictionary]

    def _decompressor(self, dictionary: int | None) -> zstandard.ZstdDecompressor:
        if dictionary not in self._decompressors:
            self._decompressors[dictionary] = zstandard.ZstdDecompressor(dict_data=self._common(dictionary))
        return self._decompressors[dictionary]


def headers(text: str) -> dict[str, str]:
    """The response headers of a capture's row; none where another program wrote what is none."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError):
        return {}
    return {name: str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def content_type_of(text: str) -> str | None:
    """The media type that a capture's row was served as; servers write the name of that header in several ways."""
    return {name.lower(): value for name, value in headers(text).items()}.get("content-type")


_NEWEST = """
    SELECT iif(captures.outcome = 'unread' AND article_id IS NULL, NULL, content_hash)
    FROM captures LEFT JOIN frontier USING (url)
    WHERE url = :url AND content_hash IS NOT NULL AND outcome IN ('done', 'unchanged', 'unread') AND %s
    ORDER BY fetched_at DESC, captures.id DESC LIMIT 1
"""
_MARKED = """
    NOT EXISTS (
        SELECT 1 FROM json_each(json_object('etag', etag, 'last-modified', last_modified)) AS mark
        WHERE mark.value IS NOT NULL AND mark.value NOT IN (
            SELECT sent.value FROM json_each(headers) AS sent WHERE lower(sent.key) = mark.key
        )
    )
"""


def latest_hash(db: Database, url: str, now: datetime) -> str | None:
    """The hash of the newest page that this address gave until now, error pages apart.

    ``None`` if nothing was read of that. What a clock that was ahead noted for later does not count yet.
    """
    row = db.execute(_NEWEST % "fetched_at <= :now", {"url": clean(url), "now": to_utc(now)}).fetchone()
    return row[0] if row else None


def marked_hash(db: Database, url: str) -> str | None:
    """The same of the page that the marks of the frontier are of, by which a server is asked whether it has changed.

    Mostly it is the newest one, but not after a clock that went wrong, or an import of later looks.
    """
    row = db.execute(_NEWEST % _MARKED, {"url": clean(url)}).fetchone()
    return row[0] if row else None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptPage:
    """The page that an address gave last."""

    body: bytes
    fetched_at: datetime
    headers: dict[str, str]


def has_kept_page(db: Database, url: str) -> bool:
    """Whether the bytes of the page are kept that the marks of an address are of."""
    return _kept_hash(db, url) is not None


def _kept_hash(db: Database, url: str) -> str | None:
    row = db.execute(
        "SELECT sha256 FROM contents WHERE sha256 = ? AND codec <> ?", [marked_hash(db, url), PRUNED]
    ).fetchone()
    return row[0] if row else None


def kept_page(contents: Contents, url: str) -> KeptPage | None:
    """The page that the marks of an address are of, as it came; ``None`` where its bytes are not kept.

    Raises ``ContentDamaged``.
    """
    sha256 = _kept_hash(contents.db, url)
    if sha256 is None:
        return None
    row = contents.db.execute(
        """
        SELECT fetched_at, headers FROM captures WHERE url = :url AND content_hash = :sha256
        ORDER BY status = :not_modified, fetched_at DESC, id DESC LIMIT 1
        """,
        {"url": clean(url), "sha256": sha256, "not_modified": NOT_MODIFIED},
    ).fetchone()
    return KeptPage(body=contents.get(sha256), fetched_at=from_utc(row[0]), headers=headers(row[1]))


def hash_before(db: Database, capture_id: int) -> str | None:
    """The hash of the page that the address of a capture gave last before it, in the order of times."""
    row = db.execute(
        """
        SELECT earlier.content_hash FROM captures JOIN captures AS earlier ON earlier.url = captures.url
        WHERE captures.id = :id AND earlier.content_hash IS NOT NULL
            AND earlier.outcome IN ('done', 'unchanged', 'unread')
            AND (earlier.fetched_at, earlier.id) < (captures.fetched_at, captures.id)
        ORDER BY earlier.fetched_at DESC, earlier.id DESC LIMIT 1
        """,
        {"id": capture_id},
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
