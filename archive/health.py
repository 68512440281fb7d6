"""How things stand with each site: its last good fetch, the pages of a day, and what waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archive.database import Database
from archive.frontier import first_due
from archive.models import Outcome
from archive.times import moment_of, to_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteHealth:
    """One site that the frontier knows."""

    site: str
    last_success_at: datetime | None
    """When a page of it was last fetched and read, or found unchanged."""
    next_due_at: datetime
    """When the first of its addresses is due: now, where one was found and no visit is planned."""
    pages: Mapping[Outcome, int] = field(default_factory=dict)
    """The pages of the time asked for, by outcome."""
    waiting: int = 0
    """Addresses that an unfinished crawl still has to visit."""


def by_site(db: Database, *, since: datetime, now: datetime) -> list[SiteHealth]:
    """The sites by name, with the pages since then."""
    pages: dict[str, dict[Outcome, int]] = {}
    for site, outcome, count in _pages(db, since):
        pages.setdefault(site, {})[outcome] = count
    success, waiting = _last_success(db), _waiting(db)
    return [
        SiteHealth(
            site=site,
            last_success_at=moment_of(success.get(site)),
            pages=pages.get(site, {}),
            waiting=waiting.get(site, 0),
            next_due_at=due_at or now,
        )
        for site, due_at in first_due(db, now)
    ]


def _pages(db: Database, since: datetime) -> list[tuple[str, Outcome, int]]:
    """By way of the crawls of that time, since no index has the times of all captures."""
    return db.execute(
        """
        SELECT frontier.site, captures.outcome, count(*)
        FROM crawls
            JOIN captures ON captures.crawl_id = crawls.id
            JOIN frontier ON frontier.url = captures.url
        WHERE (crawls.finished_at IS NULL OR crawls.finished_at >= :since)
            AND captures.fetched_at >= :since AND captures.part_of IS NULL
        GROUP BY 1, 2
        """,
        {"since": to_utc(since)},
    ).fetchall()


def _last_success(db: Database) -> dict[str, str]:
    return dict(
        db.execute(
            """
            SELECT site, max(fetched_at) FROM captures JOIN frontier USING (url)
            WHERE outcome IN ('done', 'unchanged') GROUP BY site
            """
        ).fetchall()
    )


def _waiting(db: Database) -> dict[str, int]:
    return dict(
        db.execute(
            """
            SELECT site, count(*) FROM frontier JOIN crawls ON crawls.id = frontier.crawl_id
            WHERE frontier.state IN ('ready', 'leased') AND crawls.finished_at IS NULL GROUP BY site
            """
        ).fetchall()
    )
