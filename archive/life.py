"""Whether an article still stands on its site: every look that did not find it, and since when it is gone."""

from dataclasses import dataclass
from datetime import datetime

from archive.database import Database
from archive.models import Absence, Page
from archive.times import from_utc
from archive.urls import clean, is_front_page

NOT_THERE = (404, 410)
"""Answers of a server that say so (RFC 9110)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gone:
    """A time in which an article was not found."""

    gone_at: datetime
    """The first look that did not find it."""
    back_at: datetime | None
    """The next look that did."""
    reason: str


def why_absent(page: Page | Absence | None, url: str, final_url: str, status: int | None) -> str | None:
    """Why an answer says that what stood at ``url`` is no more; ``None`` where it does not say so.

    >>> why_absent(None, "https://news.example/a/1", "https://news.example/", 200)
    'it leads to the front page'
    """
    if isinstance(page, Absence):
        return page.reason
    if status in NOT_THERE:
        return f"the server answered {status}"
    if status is not None and status < 300 and is_front_page(final_url) and not is_front_page(url):
        return "it leads to the front page"
    return None


def article_at(db: Database, url: str) -> int | None:
    """The article that an address is of.

    An alias that breaks says nothing about an article that has been asked for by its own address.
    """
    row = db.execute(
        """
        SELECT id FROM articles
        WHERE url = :url OR (
            id = (
                SELECT article_id FROM captures WHERE url = :url AND article_id IS NOT NULL
                ORDER BY fetched_at DESC, id DESC LIMIT 1
            )
            AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.url = articles.url)
        )
        ORDER BY url = :url DESC LIMIT 1
        """,
        {"url": clean(url)},
    ).fetchone()
    return row[0] if row else None


def note_absence(db: Database, url: str, moment: str, capture_id: int, reason: str) -> None:
    """Write that a look at an address found nothing; an article seen there before is gone, its last good text stays."""
    row = db.execute(
        """
        UPDATE articles SET state = 'gone', gone_at = coalesce(gone_at, :moment)
        WHERE id = :id AND first_seen_at <= :moment RETURNING id
        """,
        {"id": article_at(db, url), "moment": moment},
    ).fetchone()
    db.execute(
        "INSERT INTO absences (url, article_id, capture_id, observed_at, reason) VALUES (?, ?, ?, ?, ?)",
        [clean(url), row[0] if row else None, capture_id, moment, reason],
    )


def absences(db: Database, article_id: int) -> tuple[Gone, ...]:
    """The times in which an article was not found, oldest first."""
    rows = db.execute(
        """
        SELECT observed_at, reason FROM absences WHERE article_id = :id
        UNION ALL
        SELECT fetched_at, NULL FROM captures WHERE article_id = :id AND part_of IS NULL
        ORDER BY 1
        """,
        {"id": article_id},
    )
    found: list[Gone] = []
    is_gone = False
    for moment, reason in rows.fetchall():
        if reason is not None and not is_gone:
            found.append(Gone(gone_at=from_utc(moment), back_at=None, reason=reason))
        elif reason is None and is_gone:
            found[-1] = Gone(gone_at=found[-1].gone_at, back_at=from_utc(moment), reason=found[-1].reason)
        is_gone = reason is not None
    return tuple(found)
