"""What each capture was read as, put together again from the tables."""

import json
from typing import Any, Literal, NamedTuple

from archive.database import Database
from archive.models import Absence, Page, page_from_json


class Kept(NamedTuple):
    """The reading of a capture, as far as the tables tell."""

    page: Page | Absence
    is_exact: bool
    """The capture has a revision of its own; else the article said the same before, and only that is known."""


def kept_reading(db: Database, capture_id: int) -> Kept | None:
    """What the capture was read as; ``None`` for one that is no page, or that nothing was read of."""
    row = db.execute(
        """
        SELECT revisions.reading, revisions.capture_id IS captures.id, articles.url, view_counts.value, view_counts.raw
        FROM captures
            JOIN articles ON articles.id = captures.article_id
            JOIN revisions ON revisions.article_id = articles.id AND revisions.observed_at <= captures.fetched_at
            LEFT JOIN view_counts ON view_counts.article_id = articles.id AND view_counts.capture_id = captures.id
        WHERE captures.id = ?
        ORDER BY revisions.capture_id IS captures.id DESC, revisions.observed_at DESC, revisions.id DESC LIMIT 1
        """,
        [capture_id],
    ).fetchone()
    if row is not None:
        reading, is_exact, url, views, views_raw = row
        related = [link for block in _lists(db, capture_id, "related") for link in block["links"]]
        values = {"url": url, "views": views, "views_raw": views_raw, "related": related}
        return Kept(page_from_json(json.loads(reading) | values), bool(is_exact))
    for shown in _lists(db, capture_id, "page"):
        return Kept(page_from_json(shown | {"kind": "listing"}), True)
    row = db.execute(
        "SELECT url, reason FROM absences WHERE capture_id = ?",
        [capture_id],
    ).fetchone()
    return Kept(Absence(url=row[0], reason=row[1]), True) if row else None


def _lists(db: Database, capture_id: int, kind: Literal["page", "related"]) -> list[dict[str, Any]]:  # Any: JSON values
    """The lists that the capture showed, in the page's order."""
    found = db.execute(
        "SELECT id, url, label FROM listings WHERE capture_id = ? AND kind = ? ORDER BY id", [capture_id, kind]
    ).fetchall()
    return [
        {"url": url, "title": label, "links": _links(db, listing_id, label if kind == "related" else None)}
        for listing_id, url, label in found
    ]


def _links(db: Database, listing_id: int, block: str | None) -> list[dict[str, Any]]:
    rows = db.query(
        "SELECT position, url, title, summary, source, image FROM links WHERE listing_id = ? ORDER BY position",
        [listing_id],
    )
    return [row | {"block": block} for row in rows]
