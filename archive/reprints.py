"""Reprints: articles that print one text, kept together as they are recorded.

``articles.cluster_id`` is the least id of all that print the text, null for one that stands alone.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.database import Database
from archive.likeness import Text
from archive.search.folding import load_folding
from archive.times import moment_of

MOST_OF_A_KEY = 50
"""Articles with the same key that are looked at, the newest ones: those before them are in the same cluster."""
MOST_COMPARED = 20
"""Articles that a new one is compared with, those with most keys in common."""

LONGEST_COMPARED = 30_000
"""Characters at the beginning of a text that are compared; few articles have more, and one may meet twenty others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reprint:
    """One article of a cluster."""

    id: int
    url: str
    site: str
    title: str
    source: str | None
    """Whom it names as origin: 【来源：…】, 转自."""
    original_title: str | None
    """The headline that it says the text first had: 原标题."""
    published_at: datetime | None
    first_seen_at: datetime | None

    @property
    def earliest(self) -> datetime | None:
        """When the text stood there first, as far as known."""
        times = [time for time in (self.published_at, self.first_seen_at) if time]
        return min(times) if times else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """All articles that print one text, the earliest first."""

    reprints: tuple[Reprint, ...]
    named_source: str | None
    """The source that most of them print."""
    named_by: int
    """How many of them print it."""
    first: Reprint
    """The one that probably had the text first."""


def keys_of(db: Database, body: str) -> tuple[int, ...]:
    """Numbers of which like texts have one in common."""
    return _text(db, body).keys()


def settle(db: Database, article_id: int, before: str | None, now: str, keys: Sequence[int]) -> None:
    """Put an article with those that print the same text; ``before`` is the text that it had."""
    if before is not None:
        leave(db, article_id, before)
    twins = _twins(db, now, _candidates(db, article_id, keys))
    db.conn.executemany("INSERT OR IGNORE INTO reprint_keys VALUES (?, ?)", [(key, article_id) for key in keys])
    _join(db, [article_id, *twins] if twins else [])


def leave(db: Database, article_id: int, body: str) -> None:
    """Take an article with this text out of its cluster."""
    keys = set(keys_of(db, body))
    if len(body) > LONGEST_COMPARED:  # those that an earlier version made are of all of it
        keys.update(Text(load_folding(db).fold(body)).keys())
    db.conn.executemany(
        "DELETE FROM reprint_keys WHERE key = ? AND article_id = ?", [(key, article_id) for key in keys]
    )
    (cluster,) = db.execute("SELECT cluster_id FROM articles WHERE id = ?", [article_id]).fetchone()
    if cluster is not None:
        others = [other for other in members(db, [cluster]) if other != article_id]
        db.execute("UPDATE articles SET cluster_id = NULL WHERE id = ?", [article_id])
        _mark(db, others)


def find_all(db: Database) -> None:
    """Find the reprints among all articles anew."""
    db.execute("DELETE FROM reprint_keys")
    db.execute("UPDATE articles SET cluster_id = NULL WHERE cluster_id IS NOT NULL")
    for (article_id,) in db.execute("SELECT id FROM articles ORDER BY id").fetchall():
        (body,) = db.execute("SELECT body FROM articles WHERE id = ?", [article_id]).fetchone()
        settle(db, article_id, None, body or "", keys_of(db, body or ""))


def cluster_of(db: Database, article_id: int) -> Cluster | None:
    """The articles that print the text of this one; ``None`` where it stands alone.

    First had it the article whose headline is the one that others name as the original; else the earliest of those
    that name no original and no source but the one that most name; else the earliest.
    """
    rows = db.query(
        """
        SELECT articles.id, CAST(url AS TEXT) AS url, CAST(site AS TEXT) AS site, CAST(title AS TEXT) AS title,
            CAST(source AS TEXT) AS source, published_at, utc_offset, first_seen_at,
            (
                SELECT iif(json_valid(reading), CAST(json_extract(reading, '$.original_title') AS TEXT), NULL)
                FROM revisions WHERE article_id = articles.id ORDER BY id DESC LIMIT 1
            ) AS original_title
        FROM articles
        WHERE cluster_id = (SELECT cluster_id FROM articles WHERE id = ?)
        """,
        [article_id],
    )
    reprints = sorted(
        (
            Reprint(
                id=row["id"],
                url=row["url"],
                site=row["site"],
                title=row["title"] or "",
                source=row["source"],
                original_title=row["original_title"],
                published_at=moment_of(row["published_at"], row["utc_offset"]),
                first_seen_at=moment_of(row["first_seen_at"]),
            )
            for row in rows
        ),
        key=lambda one: (one.earliest is None, one.earliest, one.id),
    )
    if len(reprints) < 2:
        return None
    named = Counter(one.source for one in reprints if one.source).most_common(1)
    source, count = named[0] if named else (None, 0)
    return Cluster(reprints=tuple(reprints), named_source=source, named_by=count, first=_first(reprints, source))


def _first(reprints: list[Reprint], source: str | None) -> Reprint:
    originals = {_letters(one.original_title) for one in reprints if one.original_title}
    named = (one for one in reprints if _letters(one.title) in originals)
    plain = (one for one in reprints if one.original_title is None and one.source in (None, source))
    return next(named, next(plain, reprints[0]))


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title)).casefold()


def _candidates(db: Database, article_id: int, keys: Sequence[int]) -> list[int]:
    """The articles that have most keys in common with one."""
    if not keys:
        return []
    of_one = f"SELECT * FROM (SELECT article_id FROM reprint_keys WHERE key = ? ORDER BY 1 DESC LIMIT {MOST_OF_A_KEY})"  # noqa: S608 - a number
    rows = db.execute(" UNION ALL ".join([of_one] * len(keys)), keys).fetchall()
    found = Counter(other for (other,) in rows if other != article_id)
    return [other for other, _ in found.most_common(MOST_COMPARED)]


def _twins(db: Database, body: str, candidates: Sequence[int]) -> list[int]:
    """Those that print the text, one of each cluster."""
    if not candidates:
        return []
    text, twins, joined = _text(db, body), list[int](), set[int]()
    for other in candidates:
        row = db.execute("SELECT body, cluster_id FROM articles WHERE id = ?", [other]).fetchone()
        if row and row[1] not in joined and text.is_like(_text(db, row[0] or "")):
            twins.append(other)
            joined.update(cluster for cluster in row[1:] if cluster is not None)
    return twins


def _join(db: Database, alike: list[int]) -> None:
    """Let these articles and all of their clusters be one cluster."""
    rows = db.execute(
        "SELECT DISTINCT cluster_id FROM articles WHERE id IN (SELECT value FROM json_each(?)) AND cluster_id NOTNULL",
        [json.dumps(alike)],
    ).fetchall()
    _mark(db, sorted({*alike, *members(db, [cluster for (cluster,) in rows])}))


def _mark(db: Database, members: list[int]) -> None:
    """Write the cluster of these articles, which are all of it."""
    cluster = min(members) if len(members) > 1 else None
    db.conn.executemany("UPDATE articles SET cluster_id = ? WHERE id = ?", [(cluster, member) for member in members])


def members(db: Database, clusters: Sequence[int | None]) -> list[int]:
    """The articles of these clusters."""
    rows = db.execute(
        "SELECT id FROM articles WHERE cluster_id IN (SELECT value FROM json_each(?))", [json.dumps(clusters)]
    )
    return [member for (member,) in rows.fetchall()]


def _text(db: Database, body: str) -> Text:
    return Text(load_folding(db).fold(body[:LONGEST_COMPARED]))
