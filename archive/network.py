"""Who recommended what, as a graph: nodes with numbers, and an edge for each stay of a headline in a list.

It stands in temporary tables, so that memory stays flat, for as long as its selection is chosen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, NamedTuple

from archive.columns import READ
from archive.extracts.links import EXTRACT
from archive.selection import Selection
from archive.stays import Slot, looks_at, moment_in, runs, slots_of
from archive.store import Archive

Kind = Literal["string", "boolean", "long"]

NODE: dict[str, Kind] = {
    "url": "string",
    "title": "string",
    "kind": "string",
    "fetched": "boolean",
    "article_id": "long",
    "site": "string",
    "category": "string",
    "source": "string",
    "published_at": "string",
    "views": "long",
    "selected": "boolean",
}
"""What is told of a node. ``kind`` is ``article``, ``page`` for a list page, ``unknown`` for what was read as neither;
where no page tells its ``title``, that is the newest teaser; ``selected`` are the articles that were asked for."""
_READ: dict[Kind, Callable[[Any], Any]] = {"string": READ["text"], "boolean": bool, "long": READ["integer"]}
_BATCH = 1_000
"""Slots from one report of progress to the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """An article, a list page, or an address that a list leads to."""

    number: int
    """The same for the same selection from the same state of the archive."""
    told: dict[str, Any]  # Any: texts, numbers and truths
    """As in ``NODE``; null where nothing is known."""
    first_seen: str | None
    """As a page or in a list."""
    gone_at: str | None
    """When it was found gone from there, and from all lists; null while it stands in one."""

    @property
    def label(self) -> str:
        """What it is called in a drawing."""
        return str(self.told["title"] or self.told["url"])


class Edge(NamedTuple):
    """One headline in one list, from the look that first showed it to the last that did."""

    source: int
    """The number of the page that showed it."""
    target: int
    label: str | None
    """The heading of the list."""
    title: str
    """As last printed."""
    best_position: int
    last_position: int
    looks: int
    """How many showed it."""
    first_seen: str
    last_seen: str
    gone_at: str | None
    """The first look after the last of these; null where the newest look still showed it."""


class _Sight:
    """What is told of a headline that look after look showed."""

    def __init__(self, slot: Slot) -> None:
        self.first = self.last = slot
        self.best_position, self.looks = slot.position, 1

    def append(self, slot: Slot) -> None:
        self.last = slot
        self.best_position = min(self.best_position, slot.position)
        self.looks += 1


def draw(archive: Archive, selection: Selection) -> None:
    """Make the graph of a selection that is chosen, in place of one that was made before."""
    for statement in _TABLES:
        archive.db.execute(statement)
    rows = EXTRACT.rows_of(selection)
    pages = archive.db.execute(
        f"SELECT DISTINCT listings.url, kind, listings.article_id FROM {rows} ORDER BY 1, 2, 3",  # noqa: S608 - our own
        selection.values,
    )
    found = f"{rows} AND listings.url = :page AND kind = :kind AND listings.article_id IS :shown_by"
    for url, kind, article_id in pages:
        values = {**selection.values, "page": url, "kind": kind, "shown_by": article_id}
        slots = _watched(slots_of(archive, found, values), selection)
        for sight, gone_at in runs(slots, looks_at(archive, url, article_id, values), _Sight):
            _add(archive, sight, gone_at)
    archive.db.execute("CREATE INDEX temp.edges_by_target ON edges(target, last_seen)")


def nodes(archive: Archive, selection: Selection) -> Iterator[Node]:
    """The nodes of the graph that was drawn of a selection, in the order of their numbers."""
    for row in archive.db.query(_NODES, selection.values):
        yield Node(
            number=row["number"],
            told={name: _READ[kind](row[name]) for name, kind in NODE.items()},
            first_seen=row["first_seen"],
            gone_at=row["gone_at"],
        )


def edges(archive: Archive) -> Iterator[Edge]:
    """The edges of the graph that was drawn, those between the same nodes together, in the order of their times."""
    rows = archive.db.execute(
        """
        SELECT source, target, label, title, best_position, last_position, looks, first_seen, last_seen, gone_at
        FROM temp.edges ORDER BY source, target, first_seen, id
        """
    )
    return map(Edge._make, rows)


def _watched(slots: Iterator[Slot], selection: Selection) -> Iterator[Slot]:
    while some := tuple(islice(slots, _BATCH)):
        yield from some
        selection.progress(len(some))


def _add(archive: Archive, sight: _Sight, gone_at: str | None) -> None:
    """Write one stay, with the nodes at both ends."""
    first, last = sight.first, sight.last
    life = {"first_seen": first.observed_at, "gone_at": gone_at}
    edge = life | {
        "source": _node(archive, last.source_url, last.source_article_id, life),
        "target": _node(archive, last.url, last.article_id, life),
        "label": last.label,
        "title": last.title,
        "best_position": sight.best_position,
        "last_position": last.position,
        "looks": sight.looks,
        "last_seen": last.observed_at,
    }
    archive.db.execute(
        """
        INSERT INTO temp.edges
            (source, target, label, title, best_position, last_position, looks, first_seen, last_seen, gone_at)
        VALUES
            (:source, :target, :label, :title, :best_position, :last_position, :looks, :first_seen, :last_seen,
             :gone_at)
        """,
        edge,
    )


def _node(archive: Archive, url: str, article_id: int | None, life: dict[str, str | None]) -> int:
    """The number of what stands at an address, and stood there at these times too."""
    (number,) = archive.db.execute(
        """
        INSERT INTO temp.nodes (article_id, url, first_seen, gone_at)
        SELECT article_id, iif(article_id IS NULL, :url, NULL), :first_seen, :gone_at
        FROM (
            SELECT coalesce(
                (SELECT id FROM articles WHERE id = :article_id), (SELECT id FROM articles WHERE url = :url)
            ) AS article_id
        )
        WHERE TRUE
        ON CONFLICT DO UPDATE SET
            first_seen = coalesce(min(first_seen, excluded.first_seen), excluded.first_seen),
            gone_at = iif(first_seen IS NULL, excluded.gone_at, max(gone_at, excluded.gone_at))
        RETURNING number
        """,
        {"url": url, "article_id": article_id, **life},
    ).fetchone()
    return int(number)


_TABLES = (
    "DROP TABLE IF EXISTS temp.nodes",
    "DROP TABLE IF EXISTS temp.edges",
    """
    CREATE TEMP TABLE nodes (
        number INTEGER PRIMARY KEY,
        article_id INTEGER UNIQUE,
        url TEXT UNIQUE,
        first_seen TEXT,
        gone_at TEXT
    )
    """,
    """
    CREATE TEMP TABLE edges (
        id INTEGER PRIMARY KEY,
        source INTEGER,
        target INTEGER,
        label TEXT,
        title TEXT,
        best_position INTEGER,
        last_position INTEGER,
        looks INTEGER,
        first_seen TEXT,
        last_seen TEXT,
        gone_at TEXT
    )
    """,
    "INSERT INTO temp.nodes (article_id) SELECT id FROM temp.chosen ORDER BY id",
)
_FIRST_SEEN = f"max({moment_in('articles.first_seen_at')}, coalesce(:since, ''))"
_GONE_AT = f"iif(articles.gone_at > :until, NULL, {moment_in('articles.gone_at')})"
_NODES = f"""
    SELECT number, article_id, category, source, views, {moment_in("published_at")} AS published_at,
        coalesce(articles.url, seen.url) AS url,
        coalesce(nullif(articles.title, ''), nullif(list_title, ''), teaser) AS title,
        iif(article_id IS NOT NULL, 'article', iif(list_title IS NOT NULL, 'page', 'unknown')) AS kind,
        article_id IS NOT NULL OR list_title IS NOT NULL OR was_fetched AS fetched,
        coalesce(articles.site, site_of(seen.url)) AS site,
        article_id IN (SELECT id FROM temp.chosen) AS selected,
        coalesce(min(first_seen, {_FIRST_SEEN}), first_seen, {_FIRST_SEEN}) AS first_seen,
        CASE
            WHEN article_id IS NULL THEN seen.gone_at
            WHEN first_seen IS NULL THEN {_GONE_AT}
            ELSE max(seen.gone_at, {_GONE_AT})
        END AS gone_at
    FROM (
        SELECT *,
            (
                SELECT coalesce(label, '') FROM listings WHERE listings.url = nodes.url AND kind = 'page'
                ORDER BY observed_at DESC, id DESC LIMIT 1
            ) AS list_title,
            (
                SELECT title FROM temp.edges WHERE target = number AND title <> ''
                ORDER BY last_seen DESC, id DESC LIMIT 1
            ) AS teaser,
            EXISTS (
                SELECT 1 FROM captures WHERE captures.url = nodes.url AND outcome IN ('done', 'unchanged', 'unread')
            ) AS was_fetched
        FROM temp.nodes
    ) AS seen
    LEFT JOIN articles ON articles.id = article_id
    ORDER BY number
"""  # noqa: S608 - this module's own
