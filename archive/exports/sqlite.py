"""SQLite: an archive of its own with the selected articles, everything that was ever seen of them, and their bytes.

``yaowen --archive`` opens it, and so does every other SQLite program. Without a query the list pages come along. Saved
searches, tombstones and what the drift alarm remembers stay behind: they are of the archive, not of its articles.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from archive.search.index import INDEX
from archive.search.past import PAST_INDEX
from archive.search.writing import add_words, by_hand, words
from archive.selection import Selection
from archive.store import Archive

PACKED = True
FILE = True
_BATCH = 500
"""Rows that are in memory at a time."""


class _Copied(NamedTuple):
    """A table, and which of its rows come along."""

    table: str
    where: str
    given: tuple[tuple[str, str], ...] = ()
    """Columns that do not come as they are, with the expression for each."""
    order: str = "rowid"


_CHOSEN = "(SELECT id FROM temp.chosen)"
_LOOKS = "(SELECT id FROM temp.looks)"


def _known(column: str, ids: str) -> tuple[str, str]:
    """A column that points to a row that may have stayed behind."""
    return column, f"CASE WHEN {column} IN {ids} THEN {column} END"


_TABLES = (
    # An unfinished crawl is not gone on with there.
    _Copied(
        "crawls",
        "id IN (SELECT crawl_id FROM captures WHERE id IN (SELECT id FROM temp.looks))",
        (("finished_at", "coalesce(finished_at, started_at)"),),
    ),
    _Copied(
        "dictionaries",
        """
        id IN (
            SELECT dictionary_id FROM contents JOIN captures ON content_hash = sha256
            WHERE captures.id IN (SELECT id FROM temp.looks)
        )
        """,
    ),
    _Copied("contents", "sha256 IN (SELECT content_hash FROM captures WHERE id IN (SELECT id FROM temp.looks))"),
    _Copied(
        "articles",
        f"id IN {_CHOSEN}",
        (
            (
                "cluster_id",
                f"""
                (
                    SELECT iif(count(*) > 1, min(same.id), NULL) FROM articles AS same
                    WHERE same.cluster_id = articles.cluster_id AND same.id IN {_CHOSEN}
                )
                """,
            ),
        ),
    ),
    _Copied(
        "captures",
        f"id IN {_LOOKS}",
        (
            _known("crawl_id", "(SELECT id FROM crawls)"),
            _known("article_id", _CHOSEN),
            _known("part_of", _LOOKS),
            _known("content_hash", "(SELECT sha256 FROM contents)"),
        ),
    ),
    _Copied("sections", f"article_id IN {_CHOSEN}"),
    _Copied("revisions", f"article_id IN {_CHOSEN}", (_known("capture_id", _LOOKS),)),
    _Copied("past_texts", f"revision_id IN (SELECT id FROM revisions WHERE article_id IN {_CHOSEN})"),
    _Copied("view_counts", f"article_id IN {_CHOSEN}", (_known("capture_id", _LOOKS),)),
    _Copied("absences", f"capture_id IN {_LOOKS}", (_known("article_id", _CHOSEN),)),
    _Copied(
        "listings",
        f"article_id IN {_CHOSEN} OR (article_id IS NULL AND capture_id IN {_LOOKS})",
        (_known("capture_id", _LOOKS),),
    ),
    _Copied(
        "links",
        f"""
        listing_id IN (
            SELECT id FROM listings WHERE article_id IN {_CHOSEN} OR (article_id IS NULL AND capture_id IN {_LOOKS})
        )
        """,
        (_known("article_id", _CHOSEN),),
    ),
    _Copied("reprint_keys", f"article_id IN {_CHOSEN}", order="key, article_id"),
    _Copied("tags", f"article_id IN {_CHOSEN}"),
    _Copied("notes", f"article_id IN {_CHOSEN}"),
    _Copied(
        "frontier",
        f"url IN (SELECT url FROM captures WHERE id IN {_LOOKS})",
        (("crawl_id", "NULL"), ("lease_until", "NULL"), ("state", "replace(state, 'leased', 'ready')")),
    ),
)


def write(archive: Archive, selection: Selection, target: Path) -> dict[str, int]:
    """Write the selected articles as an archive; of each all looks are there, whenever they were."""
    with selection.chosen(archive), Archive.open(target) as copy:
        copy.db.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        copy.db.execute("PRAGMA synchronous = OFF")  # what is not finished is thrown away
        copy.db.execute("PRAGMA foreign_keys = OFF")  # a row may name one that comes later; what is named comes along
        _find_looks(archive, selection)
        for copied in _TABLES:
            for rows in _rows(archive, copied, copy):
                with copy.writing() as db, by_hand(db):
                    db.conn.executemany(_insertion(copied, rows[0]), rows)
                    _index(copy, copied.table, rows)
                if copied.table == "articles":
                    selection.progress(len(rows))
        return {table: copy.db.table(table).count for table in ("articles", "captures")}


def _find_looks(archive: Archive, selection: Selection) -> None:
    """Have the ids of the captures that come along stand in ``temp.looks``."""
    of_lists = """
        UNION SELECT id FROM captures
        WHERE article_id IS NULL AND (:site IS NULL OR site_of(final_url) = :site)
            AND (:since IS NULL OR fetched_at >= :since) AND (:until IS NULL OR fetched_at <= :until)
    """
    archive.db.execute("CREATE TEMP TABLE looks (id INTEGER PRIMARY KEY)")
    archive.db.execute(
        f"""
        INSERT INTO temp.looks
        SELECT id FROM captures WHERE article_id IN {_CHOSEN}
        UNION SELECT parts.id FROM captures AS parts JOIN captures AS first ON first.id = parts.part_of
            WHERE first.article_id IN {_CHOSEN}
        UNION SELECT capture_id FROM absences WHERE article_id IN {_CHOSEN} AND capture_id IS NOT NULL
        {"" if selection.narrows else of_lists}
        """,
        selection.values,
    )


def _rows(archive: Archive, copied: _Copied, copy: Archive) -> Iterator[list[dict[str, Any]]]:  # Any: what SQLite has
    given = dict(copied.given)
    columns = [f"{given.get(name, name)} AS {name}" for name in copy.db.table(copied.table).columns_dict]
    statement = f"SELECT {', '.join(columns)} FROM {copied.table} WHERE {copied.where} ORDER BY {copied.order}"
    cursor = archive.db.execute(statement)
    names = [column[0] for column in cursor.description]
    while rows := cursor.fetchmany(_BATCH):
        yield [dict(zip(names, row, strict=True)) for row in rows]


def _insertion(copied: _Copied, row: dict[str, Any]) -> str:
    names = tuple(row)
    return f"INSERT INTO {copied.table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"


_INDEXES = {"articles": (INDEX, "id"), "past_texts": (PAST_INDEX, "revision_id")}


def _index(copy: Archive, table: str, rows: list[dict[str, Any]]) -> None:
    """Put what was written into its search index; inside ``by_hand``."""
    if table in _INDEXES:
        index, key = _INDEXES[table]
        for row in rows:
            add_words(copy.db, index, row[key], words(copy.db, row["title"]), words(copy.db, row["body"]))
