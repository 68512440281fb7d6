"""The article: its text to read, and all that the archive knows of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from math import ceil
from typing import Any

from archive.citations import STYLES, cite
from archive.citing import citation_of
from archive.graph import Stay, recommended, recommended_by
from archive.history import Kind, history
from archive.marks import notes_of, tags_of
from archive.reprints import cluster_of
from archive.schema_org import news_article
from archive.store import Archive, Revision, StoredArticle, ViewCount
from archive.times import moment_of, offset_minutes, to_utc
from archive.web.answers import Answer, Asked, Page, View

_MOST_STAYS = 15
"""Recommendations in either direction; the graph has them all."""
_MOST_COMPARED = 50
"""Revisions of which it is told what changed."""
_MOST_CHARACTERS = 200_000
"""Of all revisions that are compared; a site may have edited a book every hour."""
_MOST_ROWS = 200
"""Revisions, and counters, that are listed; the tables have them all."""
_MOST_POINTS = 1_000
_MOST_LOOKS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One revision as the list of them shows it."""

    number: int
    observed_at: datetime
    kinds: tuple[Kind, ...]
    """What changed; nothing for the first, and for those before the last few."""
    added: int
    removed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One capture of the article."""

    id: int
    url: str
    fetched_at: datetime | None
    outcome: str
    status: int | None
    content_hash: str | None
    parser_version: str | None


def page(archive: Archive, asked: Asked) -> Answer:
    """The article as it stands, or as it stood in one of its revisions."""
    article = archive.article(int(asked.parts["id"]))
    revisions = archive.revisions(article.id)
    number = int(asked.parts["revision"]) if "revision" in asked.parts else None
    if number is not None:
        article = archive.article_in(article, number)
    citation = citation_of(archive, article.id, number)
    stays = recommended(archive, article), recommended_by(archive, article)
    views = archive.view_counts(article.id)
    tags = tags_of(archive.db, article.id)
    shown = number or len(revisions)
    return Page(
        "article.html",
        {
            "article": article,
            "number": number,
            "shown": shown,
            "until": revisions[shown].observed_at if shown < len(revisions) else None,
            "edits": _edits(revisions),
            "revisions": len(revisions),
            "looks": _looks(archive, article.id),
            "read_from": _read_from(archive, revisions[shown - 1]) if revisions else None,
            "views": views[-_MOST_ROWS:],
            "views_seen": len(views),
            "chart_data": _chart(views),
            "recommended": stays[0][:_MOST_STAYS],
            "recommended_by": stays[1][:_MOST_STAYS],
            "more": [max(0, len(each) - _MOST_STAYS) for each in stays],
            "titles": _titles(archive, stays[1]),
            "cluster": cluster_of(archive.db, article.id),
            "tags": tags,
            "notes": notes_of(archive.db, article.id),
            "citation": citation,
            "citations": {style: cite(style, citation) for style in _styles(asked)},
            "linked": None if number else _as_linked_data(article, tags),
        },
    )


def _styles(asked: Asked) -> list[str]:
    """All of them, the one that readers of the language know first."""
    first = {"zh": "gbt7714", "en": "apa"}[asked.wording.language]
    return sorted(STYLES, key=lambda style: (style != first, style))


def _edits(revisions: tuple[Revision, ...]) -> list[Edit]:
    """The newest first."""
    diffs = {diff.after.id: diff for diff in history(_compared(revisions))}
    edits = [
        Edit(
            number=number,
            observed_at=revision.observed_at,
            kinds=diffs[revision.id].kinds if revision.id in diffs else (),
            added=diffs[revision.id].added if revision.id in diffs else 0,
            removed=diffs[revision.id].removed if revision.id in diffs else 0,
        )
        for number, revision in list(enumerate(revisions, start=1))[-_MOST_ROWS:]
    ]
    return edits[::-1]


def _compared(revisions: tuple[Revision, ...]) -> tuple[Revision, ...]:
    """The newest, as many as can be compared while somebody waits."""
    sizes = accumulate(len(str(revision.reading["sections"])) for revision in reversed(revisions[-_MOST_COMPARED:]))
    count = sum(size <= _MOST_CHARACTERS for size in sizes)
    return revisions[len(revisions) - count :]


_LOOKS = """
    SELECT captures.id, CAST(url AS TEXT) AS url, fetched_at, CAST(outcome AS TEXT) AS outcome, status,
        CAST(content_hash AS TEXT) AS content_hash, CAST(parser_version AS TEXT) AS parser_version
    FROM captures LEFT JOIN crawls ON crawls.id = crawl_id
    WHERE %s
    ORDER BY fetched_at DESC, captures.id DESC LIMIT :most
"""


def _looks(archive: Archive, article_id: int) -> list[Look]:
    """The newest first, also those that found it gone."""
    of_article = (
        _LOOKS
        % """
        captures.id IN (
            SELECT id FROM captures WHERE article_id = :id AND part_of IS NULL
            UNION ALL
            SELECT capture_id FROM absences WHERE article_id = :id
        )
    """
    )
    rows = archive.db.query(of_article, {"id": article_id, "most": _MOST_LOOKS})
    return list(map(_look, rows))


def _read_from(archive: Archive, revision: Revision) -> Look | None:
    """The look that a revision was read from; ``None`` where another program wrote it."""
    of_revision = _LOOKS % "captures.id = (SELECT capture_id FROM revisions WHERE id = :id)"
    return next(map(_look, archive.db.query(of_revision, {"id": revision.id, "most": 1})), None)


def _look(row: Mapping[str, Any]) -> Look:  # Any: what SQLite returns
    return Look(**{**row, "fetched_at": moment_of(row["fetched_at"])})


def _chart(views: Sequence[ViewCount]) -> dict[str, object] | None:
    """The counter as points of time and number, some of very many; nothing where it was seen once."""
    step = ceil(len(views) / _MOST_POINTS)
    points = [[to_utc(count.observed_at), count.value] for count in (*views[:-1:step], *views[-1:])] if views else []
    return {"kind": "views", "points": points} if len(points) > 1 else None


def _titles(archive: Archive, stays: Iterable[Stay]) -> dict[int, str]:
    """Of the articles that recommended it."""
    ids = ",".join({str(stay.source_article_id) for stay in stays if stay.source_article_id})
    rows = archive.db.execute(
        "SELECT id, CAST(title AS TEXT) FROM articles WHERE id IN (SELECT value FROM json_each(?))", [f"[{ids}]"]
    )
    return {number: title or "" for number, title in rows.fetchall()}


def _as_linked_data(article: StoredArticle, tags: Iterable[str]) -> dict[str, Any]:  # Any: JSON values
    """The article for search engines and reference managers; its text stands on the page."""
    values = {name: getattr(article, name) for name in ("id", "url", "site", "title", "category", "source", "views")}
    return news_article(
        {
            **values,
            "language": article.language,
            "summary": article.summary,
            "image": article.image,
            "body": None,
            "published_at": to_utc(article.published_at) if article.published_at else None,
            "utc_offset": offset_minutes(article.published_at) if article.published_at else None,
            "published_precision": article.published_precision,
            "modified_at": None,
            "authors": list(article.authors),
            "tags": list(tags),
        }
    )


ROUTES: Mapping[str, View] = {r"/article/(?P<id>\d{1,18})(?:/(?P<revision>\d{1,9}))?$": page}
