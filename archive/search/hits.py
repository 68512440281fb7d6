"""From what was found to what is shown of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from archive.database import Database
from archive.search.places import Part, best_place
from archive.search.ranking import Found
from archive.search.results import Hit, Past
from archive.search.snippets import Highlighter
from archive.times import from_utc, moment_of

Row = Mapping[str, Any]  # Any: one row's values as SQLite returns them

# Another program may have written bytes that are no UTF-8; the connection reads them with U+FFFD in their place.
_ARTICLES = """
    SELECT id, CAST(url AS TEXT) AS url, CAST(coalesce(title, '') AS TEXT) AS title,
        CAST(coalesce(body, '') AS TEXT) AS body, published_at, utc_offset, CAST(category AS TEXT) AS category,
        CAST(source AS TEXT) AS source, CAST(coalesce(site, '') AS TEXT) AS site, views
    FROM articles WHERE id IN (SELECT value FROM json_each(:ids))
"""

_SECTIONS = """
    SELECT article_id, CAST(heading AS TEXT) AS heading, CAST(text AS TEXT) AS text FROM sections
    WHERE article_id IN (SELECT value FROM json_each(:ids))
    ORDER BY article_id, position
"""

_REVISIONS = """
    SELECT past_articles.*, reading, (
        SELECT count(*) FROM revisions AS earlier
        WHERE earlier.article_id = past_articles.article_id AND earlier.id <= past_articles.id
    ) AS number
    FROM past_articles JOIN revisions USING (id) WHERE id IN (SELECT value FROM json_each(:ids))
"""


def hits_of(db: Database, found: Sequence[Found], highlighter: Highlighter, *, all_sections: bool) -> list[Hit]:
    """A hit for each that was found, in the same order."""
    shown = dict(_articles(db, found, highlighter, all_sections)) | dict(_past(db, found, highlighter, all_sections))
    return [shown[one.article_id] for one in found if one.article_id in shown]


def _articles(
    db: Database, found: Sequence[Found], highlighter: Highlighter, all_sections: bool
) -> Iterator[tuple[int, Hit]]:
    ids = json.dumps([one.article_id for one in found if one.revision_id is None])
    sections = {
        article_id: [(row["heading"], row["text"]) for row in rows]
        for article_id, rows in groupby(db.query(_SECTIONS, {"ids": ids}), key=lambda row: row["article_id"])
    }
    for row in db.query(_ARTICLES, {"ids": ids}):
        yield row["id"], _hit(row["id"], row, sections.get(row["id"], []), highlighter, all_sections, None)


def _past(
    db: Database, found: Sequence[Found], highlighter: Highlighter, all_sections: bool
) -> Iterator[tuple[int, Hit]]:
    ids = [one.revision_id for one in found if one.revision_id is not None]
    for row in db.query(_REVISIONS, {"ids": json.dumps(ids)}) if ids else ():
        parts = _parts(row["reading"])
        past = Past(revision=row["number"], observed_at=from_utc(row["observed_at"]), until=from_utc(row["until"]))
        yield row["article_id"], _hit(row["article_id"], row, parts, highlighter, all_sections, past)


def _parts(reading: str) -> list[Part]:
    """The sections of a revision; none of a reading that another program wrote otherwise."""
    try:
        sections = json.loads(reading)["sections"]
        return [(section["heading"], "\n".join(section["paragraphs"])) for section in sections]
    except (ValueError, KeyError, TypeError):
        return []


def _hit(
    article_id: int, row: Row, parts: Sequence[Part], highlighter: Highlighter, all_sections: bool, past: Past | None
) -> Hit:
    place, snippet, places = best_place(parts, row["title"], row["body"] or "", highlighter, with_all=all_sections)
    return Hit(
        id=article_id,
        url=row["url"],
        title=row["title"],
        marked_title=highlighter.marked(row["title"]),
        published_at=moment_of(row["published_at"], row["utc_offset"]),
        category=row["category"],
        source=row["source"],
        site=row["site"],
        views=row["views"] if isinstance(row["views"], int) else None,
        section=place,
        snippet=snippet,
        sections=places if all_sections else None,
        past=past,
    )
