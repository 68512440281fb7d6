"""Which articles match, the best first."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Literal

from sqlite_utils import Database

from archive.search.index import index_is_stale

Ranked = Literal["all", "newest"]

EXACT = 2_000
"""Hits that are all ranked. bm25 reads every hit: 226 ms at 200,000 articles, too long for a word like 中国."""

_TOTAL = """
    SELECT count(*) FROM articles_fts WHERE articles_fts MATCH :match
"""

# 20,000 hits take 1 ms without and 38 ms with the look at each article, which only a stale index needs.
_TOTAL_PRESENT = """
    SELECT count(*) FROM articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid
    WHERE articles_fts MATCH :match
"""

_TOTAL_FOLDED = """
    SELECT count(DISTINCT coalesce(cluster_id, articles.id))
    FROM articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid
    WHERE articles_fts MATCH :match
"""

_NEWEST = """
    SELECT articles_fts.rowid, bm25(articles_fts, 5.0, 1.0) AS score
    FROM articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid
    WHERE articles_fts MATCH :match
    ORDER BY articles_fts.rowid DESC
    LIMIT :limit
"""

_REST = """
    SELECT articles_fts.rowid FROM articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid
    WHERE articles_fts MATCH :match
    ORDER BY articles_fts.rowid DESC
"""


def count_hits(db: Database, match: str) -> int:
    """How many articles match."""
    statement = _TOTAL_PRESENT if index_is_stale(db) else _TOTAL
    total: int = db.execute(statement, {"match": match}).fetchone()[0]
    return total


def count_texts(db: Database, match: str) -> int:
    """How many texts match, reprints of one counted once."""
    total: int = db.execute(_TOTAL_FOLDED, {"match": match}).fetchone()[0]
    return total


def rank(db: Database, match: str, total: int, *, limit: int, offset: int, fold: bool) -> tuple[Ranked, list[int]]:
    """The ids of one page of hits, and whether all hits were ranked for it.

    ``fold`` gives the best reprint of each text. Above ``EXACT`` hits the newest ones in titles and in bodies are
    ranked; all others follow, newest first.
    """
    ranked: Ranked = "all" if total <= EXACT else "newest"
    hits: Iterable[int]
    if ranked == "all":
        hits = _best(db, match)
    else:
        best = _best(db, match, f"{{title}} : ({match})")
        hits = chain(best, _others(db, match, frozenset(best)))
    return ranked, list(islice(_one_of_each(db, hits) if fold else hits, offset, offset + limit))


def _one_of_each(db: Database, ids: Iterable[int]) -> Iterator[int]:
    seen = set[int]()
    for article_id in ids:
        statement = "SELECT coalesce(cluster_id, id) FROM articles WHERE id = ?"
        (text,) = db.execute(statement, [article_id]).fetchone() or (article_id,)
        if text not in seen:
            seen.add(text)
            yield article_id


def _best(db: Database, *matches: str) -> list[int]:
    scores: dict[int, float] = {}
    for match in matches:
        for article_id, score in db.execute(_NEWEST, {"match": match, "limit": EXACT // len(matches)}):
            scores[article_id] = min(score, scores.get(article_id, 0.0))
    # bm25 is the better the smaller it is; ids grow with publication time.
    return sorted(scores, key=lambda article_id: (scores[article_id], -article_id))


def _others(db: Database, match: str, ranked: frozenset[int]) -> Iterator[int]:
    for (article_id,) in db.execute(_REST, {"match": match}):
        if article_id not in ranked:
            yield article_id
