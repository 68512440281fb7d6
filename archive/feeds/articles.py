"""What came into the archive."""

from collections.abc import Iterable, Iterator

from archive.feeds.entry import Entry, Newest, permanent_id
from archive.feeds.html import text_as_html
from archive.models import body_of
from archive.selection import Selection
from archive.store import Archive, StoredArticle
from archive.times import NEVER, moment_of

_SUMMARY = 200
"""Characters of a text that stand for it where its page has no summary."""


def newest(archive: Archive, selection: Selection, limit: int) -> Newest:
    """The articles that were first seen last, inside ``selection.chosen``."""
    found = archive.db.execute(
        """
        SELECT id, coalesce(changed_at, first_seen_at)
        FROM temp.chosen JOIN articles INDEXED BY articles_slim USING (id)
        ORDER BY first_seen_at DESC, id DESC LIMIT :limit
        """,
        {"limit": limit},
    ).fetchall()
    updated = max((moment_of(moment) or NEVER for _, moment in found), default=NEVER)
    return Newest(updated, _entries(archive, (number for number, _ in found)))


def _entries(archive: Archive, ids: Iterable[int]) -> Iterator[Entry]:
    for number in ids:
        article = archive.article(number)
        yield Entry(
            id=permanent_id(article.url),
            article=article,
            title=article.title or article.url,
            published=article.published_at,
            updated=article.changed_at or article.first_seen_at or NEVER,
            summary=_summary(article),
            html=text_as_html(article.sections),
        )


def _summary(article: StoredArticle) -> str:
    text = " ".join((article.summary or body_of(article.sections)).split())
    return text if article.summary or len(text) <= _SUMMARY else f"{text[:_SUMMARY]}…"
