"""Taking an article down on request: its text, revisions and bytes leave the file, a tombstone stays."""

from dataclasses import dataclass
from datetime import datetime

from archive.compaction import replace_dictionaries
from archive.database import Database
from archive.recording import remove_article
from archive.reprints import cluster_of
from archive.spool import remove_spools
from archive.store import Archive, StoredArticle
from archive.tombstones import Tombstone, blank_teasers, entomb, strip_captures
from archive.urls import is_front_page

WINDOW = 12
"""Characters of a text that show that a dictionary has some of it; shorter ones every page of a site may print."""
CHARSETS = ("utf-8", "gb18030", "big5hkscs", "shift_jis", "euc_kr")
"""In which pages may have printed it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """What was taken down."""

    stone: Tombstone
    captures: int
    """Looks whose bytes and headers went."""
    contents: int
    """Distinct pages that went."""
    teasers: int
    """Headlines on other pages that went."""
    reprints: tuple[int, ...]
    """Other articles that print the same text, and stay."""


def forget(archive: Archive, wanted: int | str, reason: str, *, now: datetime) -> Forgotten:
    """Take an article down for good. Raises ``UnknownArticle``.

    Deleted text stands on the disk until ``compaction.give_back`` has written the file anew.
    """
    article = archive.article(wanted)
    with archive.writing() as db:
        cluster = cluster_of(db, article.id)
        addresses = _addresses(db, article)
        stone = Tombstone(article_id=article.id, forgotten_at=now, reason=reason, addresses=addresses)
        captures = _captures(db, addresses)
        sites = _sites(db, captures)
        entomb(db, stone)
        contents, teasers = strip_captures(db, captures, stone), blank_teasers(db)
        texts = _texts(archive, article)
        remove_article(db, article.id)
        for site in sites:
            replace_dictionaries(archive, site, lambda dictionary: _has_any(dictionary, texts))
        archive.contents.forget()
    remove_spools(archive.path)
    return Forgotten(
        stone=stone,
        captures=len(captures),
        contents=contents,
        teasers=teasers,
        reprints=tuple(one.id for one in cluster.reprints if one.id != article.id) if cluster else (),
    )


def _addresses(db: Database, article: StoredArticle) -> tuple[str, ...]:
    """All under which the article was seen; a front page that once led to it is none."""
    rows = db.execute(
        """
        SELECT url, final_url FROM captures
        WHERE article_id = :id OR part_of IN (SELECT id FROM captures WHERE article_id = :id)
        ORDER BY id
        """,
        {"id": article.id},
    ).fetchall()
    found = dict.fromkeys([article.url, *(url for row in rows for url in row)])
    return tuple(url for url in found if url == article.url or not is_front_page(url))


def _captures(db: Database, addresses: tuple[str, ...]) -> list[int]:
    """Every look at these addresses, also those that read nothing."""
    found = dict[int, None]()
    for url in addresses:
        rows = db.execute("SELECT id FROM captures WHERE url = :url OR final_url = :url ORDER BY id", {"url": url})
        found.update((capture, None) for (capture,) in rows.fetchall())
    return list(found)


def _sites(db: Database, captures: list[int]) -> set[str]:
    rows = [
        db.execute("SELECT site FROM contents JOIN captures ON content_hash = sha256 WHERE captures.id = ?", [capture])
        for capture in captures
    ]
    return {site for found in rows for (site,) in found.fetchall()}


def _texts(archive: Archive, article: StoredArticle) -> set[str]:
    """The headlines and paragraphs that the article ever had."""
    found = set[str]()
    for revision in archive.revisions(article.id):
        found.add(revision.reading["title"])
        for section in revision.reading["sections"]:
            found.update(section["paragraphs"])
    return found


def _has_any(dictionary: bytes, texts: set[str]) -> bool:
    windows = {text[start : start + WINDOW] for text in texts for start in range(0, len(text) - WINDOW + 1, WINDOW)}
    return any(window.encode(charset, "ignore") in dictionary for window in windows for charset in CHARSETS)
