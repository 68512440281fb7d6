"""The pages that a web archive opens with: every content that an article had, and each list as it was last seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.captures import PRUNED, content_type_of
from archive.models import NOT_MODIFIED, Section, body_of
from archive.selection import Selection
from archive.store import Archive, revision_of

_Row = dict[str, Any]  # Any: a row's values


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayPage:
    """A look whose bytes are there to be shown."""

    capture: _Row
    title: str | None
    text: str | None
    """What the article said then; ``None`` for a list."""


def pages(archive: Archive, selection: Selection) -> Iterator[ReplayPage]:
    """Those of the selected looks, in the order of their times, inside ``selection.chosen``.

    For a content it is the first look at each address that showed it. Feeds and sitemaps are no pages.
    """
    found = archive.db.execute(
        f"""
        WITH kept AS (
            SELECT captures.id, captures.article_id, final_url, fetched_at, status, part_of, outcome,
                row_number() OVER (PARTITION BY content_hash ORDER BY fetched_at, captures.id) AS number
            FROM captures JOIN contents ON sha256 = content_hash WHERE codec <> :pruned AND {selection.of_capture()}
        ), looks AS (
            -- Where the server sent nothing, there is nothing to show, unless this look stands for the earlier one.
            SELECT id, article_id, final_url, fetched_at FROM kept
            WHERE (status IS NOT :not_modified OR number = 1) AND part_of IS NULL AND outcome IN ('done', 'unchanged')
        ), readings AS (
            SELECT id, final_url, fetched_at, (
                SELECT revisions.id FROM revisions
                WHERE revisions.article_id = looks.article_id AND observed_at <= fetched_at
                ORDER BY observed_at DESC, revisions.id DESC LIMIT 1
            ) AS revision_id
            FROM looks WHERE article_id IS NOT NULL
        )
        SELECT id, revision_id, NULL, fetched_at FROM (
            SELECT *, row_number() OVER (PARTITION BY final_url, revision_id ORDER BY fetched_at, id) AS number
            FROM readings
        ) WHERE number = 1
        UNION ALL
        SELECT id, NULL, label, fetched_at FROM (
            SELECT looks.id, CAST(label AS TEXT) AS label, fetched_at,
                row_number() OVER (PARTITION BY final_url ORDER BY fetched_at DESC, looks.id DESC) AS number
            FROM looks JOIN listings ON listings.capture_id = looks.id AND kind = 'page'
        ) WHERE number = 1
        ORDER BY 4, 1
        """,  # noqa: S608 - the selection's own
        {"pruned": PRUNED, "not_modified": NOT_MODIFIED, **selection.values},
    )
    for capture_id, revision_id, label, _ in found:
        capture = next(archive.db.query("SELECT * FROM captures WHERE id = ?", [capture_id]))
        if "html" in (content_type_of(capture["headers"]) or "html"):
            title, text = (label, None) if revision_id is None else _said(archive, revision_id)
            yield ReplayPage(capture=capture, title=title, text=text)


def _said(archive: Archive, revision_id: int) -> tuple[str, str]:
    """The headline and the text of a revision."""
    row = next(archive.db.query("SELECT * FROM revisions WHERE id = ?", [revision_id]))
    reading = revision_of(row).reading
    sections = (Section(**section) for section in reading["sections"])
    return reading["title"], body_of(sections)
