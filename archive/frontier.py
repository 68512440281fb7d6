"""Which addresses a crawl still has to visit, and how each visit ended.

A row belongs to the crawl that it is queued for. A later crawl that reaches the same address takes the row over;
within one crawl an address is queued once, which makes the table the duplicate filter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from archive.models import Outcome
from archive.times import to_utc
from archive.urls import clean, site_of

Kind = Literal["feature", "recommendation", "auto"]
"""What the page is expected to be; ``auto`` where only the page itself can tell."""

_STATES: dict[Outcome, str] = {
    "done": "done",
    "unchanged": "done",
    "unread": "done",
    "failed": "failed",
    "refused": "refused",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One address to visit."""

    url: str
    kind: Kind = "auto"
    depth: int = 0
    """Steps from a start address; further pages of one list are no step."""
    priority: int = 0
    """Higher is sooner; among equals the first found is first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leased(Target):
    """A target handed out to be fetched."""

    id: int


def add(db: Database, targets: Iterable[Target], *, crawl_id: int) -> int:
    """Queue the targets that this crawl does not know yet, or knows only by a longer way; returns how many."""
    return sum(_add(db, target, crawl_id) for target in targets)


def _add(db: Database, target: Target, crawl_id: int) -> int:
    url = clean(target.url)
    return db.execute(
        """
        INSERT INTO frontier (url, crawl_id, site, kind, state, depth, priority)
        VALUES (:url, :crawl_id, :site, :kind, 'ready', :depth, :priority)
        ON CONFLICT(url) DO UPDATE SET
            crawl_id = excluded.crawl_id, kind = excluded.kind, state = 'ready', depth = excluded.depth,
            priority = excluded.priority, tries = 0, lease_until = NULL
        WHERE frontier.crawl_id IS NOT excluded.crawl_id
           OR (frontier.state = 'ready' AND frontier.depth > excluded.depth)
        """,
        {
            "url": url,
            "crawl_id": crawl_id,
            "site": site_of(url),
            "kind": target.kind,
            "depth": target.depth,
            "priority": target.priority,
        },
    ).rowcount


def lease(
    db: Database, crawl_id: int, site: str, *, limit: int, until: datetime, least_priority: int = -1
) -> list[Leased]:
    """The next targets of a site, marked as handed out until then."""
    rows = db.execute(
        """
        UPDATE frontier SET state = 'leased', lease_until = :until
        WHERE id IN (
            SELECT id FROM frontier
            WHERE crawl_id = :crawl_id AND state = 'ready' AND site = :site AND priority >= :least_priority
            ORDER BY priority DESC, id
            LIMIT :limit
        )
        RETURNING id, url, kind, depth, priority
        """,
        {"crawl_id": crawl_id, "site": site, "limit": limit, "until": to_utc(until), "least_priority": least_priority},
    ).fetchall()
    leased = [Leased(id=id_, url=url, kind=kind, depth=depth, priority=rank) for id_, url, kind, depth, rank in rows]
    return sorted(leased, key=lambda target: (-target.priority, target.id))  # RETURNING promises no order


def ready_sites(db: Database, crawl_id: int) -> list[str]:
    """The sites that still have targets to hand out, in a steady order."""
    rows = db.execute(
        "SELECT DISTINCT site FROM frontier WHERE crawl_id = ? AND state = 'ready' ORDER BY site", [crawl_id]
    )
    return [site for (site,) in rows.fetchall()]


def release(db: Database, crawl_id: int) -> int:
    """Take back what an interrupted crawl had handed out; returns how many."""
    return db.execute(
        "UPDATE frontier SET state = 'ready', lease_until = NULL WHERE crawl_id = ? AND state = 'leased'", [crawl_id]
    ).rowcount


def finish(db: Database, url: str, outcome: Outcome, *, crawl_id: int, tries: int) -> None:
    """Note how the visit ended, in the transaction that stores what came of it."""
    db.execute(
        """
        UPDATE frontier SET state = :state, tries = :tries, lease_until = NULL
        WHERE url = :url AND crawl_id = :crawl_id
        """,
        {"state": _STATES[outcome], "tries": tries, "url": clean(url), "crawl_id": crawl_id},
    )


def known_urls(db: Database, site: str) -> list[Target]:
    """Every address of the site that was ever asked for or stored as an article, lists first."""
    rows = db.execute(
        """
        SELECT url, kind FROM frontier WHERE site = :site
        UNION
        SELECT url, 'feature' FROM articles WHERE site = :site AND url NOT IN (SELECT url FROM frontier)
        ORDER BY 2 DESC, 1
        """,
        {"site": site},
    )
    return [Target(url=url, kind=kind) for url, kind in rows.fetchall()]
