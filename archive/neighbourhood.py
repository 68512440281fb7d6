"""Who recommends whom: the articles around one, or those with most ties; so many as a picture can show."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from archive.database import Database
from archive.store import Archive, StoredArticle

MOST = 300
"""Articles that can still be told apart on a page."""

Key = int | str
"""An article's id; the address of one that was never fetched."""


class Edge(NamedTuple):
    """That one article recommended another, at any look."""

    source: int
    target: Key


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """An article that recommended or was recommended."""

    key: Key
    title: str
    """Of one that was never fetched, as it was last printed elsewhere."""

    @property
    def fetched(self) -> bool:
        """Whether it is an article of the archive."""
        return isinstance(self.key, int)


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbourhood:
    """Articles, and all recommendations between them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    found: int
    """Articles that were found; more than there are nodes where some were left out."""


def around(archive: Archive, article: StoredArticle, *, depth: int = 1, most: int = MOST) -> Neighbourhood:
    """The articles that are at most so many recommendations away, in whichever direction.

    Of too many, those are kept that are nearer, then those with most ties to what is nearer.
    """
    keys: set[Key] = {article.id}
    border, found = set(keys), 1
    for _ in range(depth):
        ties = Counter[Key]()
        for edge in _edges(archive.db, border, _BY_THEM, *_OF_THEM):
            ties.update({edge.source, edge.target} - keys)
        found += len(ties)
        nearest = sorted(ties, key=lambda key: (-ties[key], str(key)))
        border = set(nearest[: most - len(keys)])
        keys |= border
        if found > len(keys):
            break
    return _between(archive.db, keys, found)


def most_tied(archive: Archive, *, most: int = MOST, newest: int | None = None) -> Neighbourhood:
    """Of the whole archive, the articles that recommend, and are recommended by, most others.

    With ``newest`` only so many lists are counted, those recorded last: all of a large archive take seconds.
    """
    where = "listings.id > (SELECT max(id) FROM listings) - :newest" if newest else "1"
    rows = archive.db.execute(_MOST_TIED % (_PAIRS % where), {"most": most, "newest": newest}).fetchall()
    return _between(archive.db, {key for key, _ in rows}, rows[0][1] if rows else 0)


_PAIRS = """
    SELECT DISTINCT listings.article_id AS source,
        coalesce(CAST(links.article_id AS INTEGER), CAST(links.url AS TEXT)) AS target
    FROM links JOIN listings ON listings.id = links.listing_id
    WHERE typeof(listings.article_id) = 'integer' AND links.article_id IS NOT listings.article_id AND %s
"""
_BY_THEM = _PAIRS % "listings.article_id IN (SELECT value FROM json_each(:keys))"
_OF_THEM = (
    _PAIRS % "links.article_id IN (SELECT value FROM json_each(:keys))",
    # The + keeps SQLite from going through all links that lead to nothing that was fetched.
    _PAIRS % "+links.article_id IS NULL AND links.url IN (SELECT value FROM json_each(:keys))",
)
_MOST_TIED = """
    WITH pairs AS (%s)
    SELECT key, count(*) OVER ()
    FROM (SELECT source AS key FROM pairs UNION ALL SELECT target FROM pairs)
    GROUP BY key ORDER BY count(*) DESC, key LIMIT :most
"""


def _edges(db: Database, keys: Iterable[Key], *statements: str) -> set[Edge]:
    values = {"keys": json.dumps(list(keys))}
    return {Edge._make(row) for statement in statements for row in db.execute(statement, values).fetchall()}


def _between(db: Database, keys: set[Key], found: int) -> Neighbourhood:
    titles = _titles(db, keys)  # of an id that is no article any more there is none
    edges = [edge for edge in _edges(db, keys, _BY_THEM) if edge.source in titles and edge.target in titles]
    nodes = [Node(key=key, title=title) for key, title in titles.items()]
    return Neighbourhood(nodes=tuple(nodes), edges=tuple(sorted(edges, key=str)), found=found)


def _titles(db: Database, keys: set[Key]) -> dict[Key, str]:
    """By age, those that were never fetched last."""
    rows = db.execute(
        """
        SELECT articles.id, articles.title FROM articles WHERE id IN (SELECT value FROM json_each(:keys))
        UNION ALL
        SELECT value, (SELECT title FROM links WHERE url = value ORDER BY links.id DESC LIMIT 1)
        FROM json_each(:keys) WHERE json_each.type = 'text'
        ORDER BY 1
        """,
        {"keys": json.dumps(list(keys))},
    ).fetchall()
    return {key: title if isinstance(title, str) else "" for key, title in rows}
