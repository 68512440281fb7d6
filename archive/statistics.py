"""How much an archive holds, and what takes the room."""

import sqlite3
from dataclasses import dataclass

from archive.captures import PRUNED
from archive.search.index import INDEX
from archive.search.past import PAST_INDEX
from archive.store import Archive

FREE = "(free)"
"""Room that new rows will take; `yaowen compact` gives it back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteRoom:
    """What is there of one site."""

    site: str
    articles: int
    captures: int
    size: int
    """Bytes of its distinct pages as fetched."""
    packed: int
    """Bytes that they take in the file, dictionaries included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRoom:
    """The bytes that a table takes with its indexes."""

    table: str
    size: int


def by_site(archive: Archive) -> list[SiteRoom]:
    """The sites of which there is anything, those that take most room first."""
    rows = archive.db.query(
        """
        WITH
        stored AS (SELECT site, count(*) AS articles FROM articles GROUP BY site),
        kept AS (SELECT site, sum(size) AS size, sum(length(body)) AS packed FROM contents
            WHERE codec <> :pruned GROUP BY site),
        common AS (SELECT site, sum(length(body)) AS packed FROM dictionaries GROUP BY site),
        fetched AS (
            SELECT contents.site, count(*) AS captures
            FROM captures JOIN contents ON contents.sha256 = captures.content_hash GROUP BY contents.site
        ),
        sites AS (SELECT site FROM stored UNION SELECT site FROM kept)
        SELECT sites.site, coalesce(articles, 0) AS articles, coalesce(captures, 0) AS captures,
            coalesce(size, 0) AS size, coalesce(kept.packed, 0) + coalesce(common.packed, 0) AS packed
        FROM sites LEFT JOIN stored USING (site) LEFT JOIN kept USING (site)
            LEFT JOIN common USING (site) LEFT JOIN fetched USING (site)
        ORDER BY packed DESC, sites.site
        """,
        {"pruned": PRUNED},
    )
    return [SiteRoom(**row) for row in rows]


def by_table(archive: Archive) -> list[TableRoom]:
    """The tables with their indexes, the largest first; those of a search index as one; then what is free.

    Empty where SQLite was built without its table ``dbstat``.
    """
    try:
        rows = archive.db.execute(
            """
            SELECT
                CASE
                    WHEN tbl_name LIKE :articles || '%' THEN :articles
                    WHEN tbl_name LIKE :revisions || '%' THEN :revisions
                    ELSE coalesce(tbl_name, 'sqlite_schema')
                END,
                sum(pgsize)
            FROM dbstat LEFT JOIN sqlite_schema USING (name)
            GROUP BY 1 ORDER BY 2 DESC, 1
            """,
            {"articles": INDEX, "revisions": PAST_INDEX},
        ).fetchall()
    except sqlite3.OperationalError:
        return []
    ((free,), (page,)) = (archive.db.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_size"))
    return [*(TableRoom(table=table, size=size) for table, size in rows), TableRoom(table=FREE, size=free * page)]
