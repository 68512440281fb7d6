"""Search over the archive: every word of one, two or more characters is found, and nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from sqlite_utils import Database

from archive.search.folding import load_folding
from archive.search.query import as_match, parse_query
from archive.search.ranking import count_hits, count_texts, rank
from archive.search.results import Hit, Place, Results
from archive.search.snippets import Highlighter
from archive.times import moment_of

__all__ = ["Hit", "Place", "Results", "search"]

Row = Mapping[str, Any]  # Any: one row's values as SQLite returns them

_ARTICLES = """
    SELECT id, url, CAST(coalesce(title, '') AS BLOB) AS title, CAST(coalesce(body, '') AS BLOB) AS body,
        published_at, utc_offset, category, source, coalesce(site, '') AS site, views
    FROM articles WHERE id IN (SELECT value FROM json_each(:ids))
"""

_SECTIONS = """
    SELECT position, heading, text FROM sections WHERE article_id = :id ORDER BY position
"""


class Searchable(Protocol):
    """What can be searched: ``archive.store.Archive`` or anything else with its tables."""

    @property
    def db(self) -> Database:
        """The open file."""


def search(archive: Searchable, query: str, *, limit: int = 20, offset: int = 0, fold: bool = False) -> Results:
    """The articles that match, the best first; with ``fold`` one article for all reprints of a text.

    Raises ``QueryError`` for a query that cannot be understood.
    """
    folding = load_folding(archive.db)
    tree = parse_query(query, folding)
    match = as_match(tree)
    total = count_hits(archive.db, match)
    ranked, ids = rank(archive.db, match, total, limit=limit, offset=offset, fold=fold)
    highlighter = Highlighter(tree.terms, folding)
    hits = tuple(_hit(archive.db, row, highlighter) for row in _articles(archive.db, ids))
    if not fold:
        return Results(query=query, total=total, ranked=ranked, hits=hits)
    hits = tuple(replace(hit, reprints=_reprints(archive.db, hit.id)) for hit in hits)
    return Results(query=query, total=count_texts(archive.db, match), ranked=ranked, hits=hits)


def _articles(db: Database, ids: Sequence[int]) -> list[Row]:
    rows = {row["id"]: row for row in db.query(_ARTICLES, {"ids": json.dumps(ids)})}
    return [rows[article_id] for article_id in ids if article_id in rows]


def _hit(db: Database, row: Row, highlighter: Highlighter) -> Hit:
    title, body = _text(row["title"]), _text(row["body"])
    section, passage = _best_passage(_sections(db, row["id"]), title, body, highlighter)
    return Hit(
        id=row["id"],
        url=row["url"],
        title=title,
        published_at=moment_of(row["published_at"], row["utc_offset"]),
        category=row["category"],
        source=row["source"],
        site=row["site"],
        views=row["views"] if isinstance(row["views"], int) else None,
        section=section,
        snippet=highlighter.snippet(passage),
    )


def _reprints(db: Database, article_id: int) -> int:
    """How many other articles print the text."""
    count: int = db.execute(
        """
        SELECT count(*) FROM articles
        WHERE cluster_id = (SELECT cluster_id FROM articles WHERE id = :id) AND id <> :id
        """,
        {"id": article_id},
    ).fetchone()[0]
    return count


def _text(stored: bytes) -> str:
    # Another program may have written bytes that are no UTF-8, on which sqlite3 would fail.
    return stored.decode("utf-8", errors="replace")


def _sections(db: Database, article_id: int) -> list[tuple[Place, str]]:
    return [
        (Place(position=row["position"], heading=row["heading"]), f"{row['heading'] or ''}\n{row['text']}".strip())
        for row in db.query(_SECTIONS, {"id": article_id})
    ]


def _best_passage(
    sections: Sequence[tuple[Place, str]], title: str, body: str, highlighter: Highlighter
) -> tuple[Place | None, str]:
    """The first section with the most terms, else the body, else the title."""
    counts = [highlighter.count(text) for _, text in sections]
    if any(counts):
        return sections[counts.index(max(counts))]
    in_title_only = highlighter.count(title) and not highlighter.count(body)
    return None, title if in_title_only else body
