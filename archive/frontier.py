"""Which addresses a crawl still has to visit, and how each visit ended.

A row belongs to the crawl that it is queued for. A later crawl that reaches the same address takes the row over;
within one crawl an address is queued once, which makes the table the duplicate filter.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.database import Database
from archive.models import NOT_MODIFIED, Article, Listing, Observation, Outcome
from archive.times import moment_of, to_utc
from archive.urls import clean, site_of

Kind = Literal["feature", "recommendation", "auto"]
"""What the page is expected to be; ``auto`` where only the page itself can tell."""

_KINDS: dict[type, Kind] = {Article: "feature", Listing: "recommendation"}
_READ = ("done", "unchanged", "unread")
_LONGEST_VALIDATOR = 1_000
"""Characters of an ETag that is sent back; real ones have some forty, and one of 8 kB could be had."""
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
    revisit: bool = True
    """Whether it is visited though an earlier crawl knew it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leased(Target):
    """A target handed out to be fetched."""

    id: int
    etag: str | None = None
    last_modified: str | None = None
    """What the server said of the bytes that are kept, so that it need not send them again (RFC 9110, 13.1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """An address to be visited again, or for the first time."""

    url: str
    kind: Kind
    site: str
    due_at: datetime | None
    """``None`` for one that no visit has planned, or one by a wrong clock: it is due now."""
    why: str


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
        WHERE (frontier.crawl_id IS NOT excluded.crawl_id AND :revisit)
           OR (frontier.state = 'ready' AND frontier.depth > excluded.depth)
        """,
        {
            "url": url,
            "crawl_id": crawl_id,
            "site": site_of(url),
            "kind": target.kind,
            "depth": target.depth,
            "priority": target.priority,
            "revisit": target.revisit,
        },
    ).rowcount


def lease(
    db: Database, crawl_id: int, site: str, *, limit: int, until: datetime, least_priority: int = -1
) -> list[Leased]:
    """The next targets of a site, marked as handed out until then: never visited ones first, then the longest due.

    So a crawl whose budget does not reach for a whole site gets further each time.
    """
    rows = db.execute(
        """
        UPDATE frontier SET state = 'leased', lease_until = :until
        WHERE id IN (
            SELECT id FROM frontier
            WHERE crawl_id = :crawl_id AND state = 'ready' AND site = :site AND priority >= :least_priority
            ORDER BY priority DESC, due_at, id
            LIMIT :limit
        )
        RETURNING id, url, kind, depth, priority, etag, last_modified, due_at
        """,
        {"crawl_id": crawl_id, "site": site, "limit": limit, "until": to_utc(until), "least_priority": least_priority},
    ).fetchall()
    names = ("id", "url", "kind", "depth", "priority", "etag", "last_modified")
    rows.sort(key=lambda row: (-row[4], row[-1] or "", row[0]))  # RETURNING promises no order
    return [Leased(**dict(zip(names, row[:-1], strict=True))) for row in rows]


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


def finish(db: Database, observation: Observation, outcome: Outcome, *, crawl_id: int) -> None:
    """Note how the visit ended, in the transaction that stores what came of it."""
    etag, last_modified = _validators(observation)
    db.execute(
        """
        UPDATE frontier SET state = :state, tries = :tries, lease_until = NULL, kind = coalesce(:kind, kind),
            etag = iif(:is_new, :etag, etag), last_modified = iif(:is_new, :last_modified, last_modified)
        WHERE url = :url AND crawl_id = :crawl_id
        """,
        {
            "state": _STATES[outcome],
            "tries": observation.tries,
            "kind": _KINDS.get(type(observation.page)),
            "is_new": _is_news_of_validators(observation, outcome),
            "etag": etag,
            "last_modified": last_modified,
            "url": clean(observation.capture.url),
            "crawl_id": crawl_id,
        },
    )


def _validators(observation: Observation) -> tuple[str | None, str | None]:
    """ETag and Last-Modified of a whole page that was read; what another address answered says nothing of this one."""
    capture = observation.capture
    if observation.page is None or observation.parts or clean(capture.url) != clean(capture.final_url):
        return None, None
    values = {name.lower(): value for name, value in capture.headers.items() if _is_sendable(value)}
    return values.get("etag"), values.get("last-modified")


def _is_sendable(value: str) -> bool:
    """Whether a header may be sent back as it came: "a\x01b" no client sends, "é" it would send as other bytes."""
    return len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable()


def _is_news_of_validators(observation: Observation, outcome: Outcome) -> bool:
    """Whether the visit tells what to send with the next one; one that could not even be asked tells to send none."""
    capture = observation.capture
    could_not_ask = outcome == "failed" and capture.status is None and observation.not_before is None
    return could_not_ask or (outcome in _READ and capture.status != NOT_MODIFIED)


_AHEAD = "(strftime('%s', due_at) - interval > strftime('%s', :now) + 60 AND :now >= '2026')"
"""Whether the last visit is one of the future, as the clock was ahead then: it would be put off until that is past.

A clock that is before this was written is wrong itself, as on a machine that starts without knowing the time.
"""
_OF_SITES = "(:sites = '[]' OR site IN (SELECT value FROM json_each(:sites)))"
_DUE = f"(due_at IS NULL OR due_at <= :until OR {_AHEAD}) AND {_OF_SITES}"


def count_due(db: Database, now: datetime, *, sites: Iterable[str] = ()) -> int:
    """How many addresses are to be visited by then."""
    statement = f"SELECT count(*) FROM frontier WHERE {_DUE}"  # noqa: S608 - the condition stands here
    values = {"now": to_utc(now), "until": to_utc(now), "sites": json.dumps(sorted(sites))}
    count: int = db.execute(statement, values).fetchone()[0]
    return count


def due(
    db: Database,
    now: datetime,
    *,
    until: datetime | None = None,
    sites: Iterable[str] = (),
    limit: int | None = None,
) -> list[Due]:
    """What is to be visited now, or until later, the longest overdue first; of all sites unless some are named.

    Addresses that were found and never visited come first, with those whose last visit lies in the future.
    """
    rows = db.query(
        f"""
        SELECT url, kind, site, iif({_AHEAD}, NULL, due_at) AS due_at, CASE
            WHEN {_AHEAD} THEN 'by the clock its last visit is still to come'
            ELSE coalesce(why, iif(state = 'ready', 'found, not visited yet', 'not planned yet'))
        END AS why
        FROM frontier WHERE {_DUE} ORDER BY 4, id LIMIT :limit
        """,  # noqa: S608
        {
            "now": to_utc(now),
            "until": to_utc(until or now),
            "sites": json.dumps(sorted(sites)),
            "limit": -1 if limit is None else limit,
        },
    )
    return [Due(**row | {"due_at": moment_of(row["due_at"])}) for row in rows]


def first_due(db: Database, now: datetime) -> list[tuple[str, datetime | None]]:
    """Each site with the time at which the first of its addresses is due: now, where none is planned."""
    rows = db.execute(
        f"""
        SELECT site, min(iif(due_at IS NULL OR {_AHEAD}, :now, due_at)) FROM frontier GROUP BY site ORDER BY site
        """,  # noqa: S608
        {"now": to_utc(now)},
    )
    return [(site, moment_of(due_at)) for site, due_at in rows.fetchall()]


def failed(db: Database, sites: Iterable[str] = ()) -> list[Target]:
    """What failed or was refused when it was last visited; of all sites unless some are named."""
    rows = db.execute(
        """
        SELECT url, kind FROM frontier
        WHERE state IN ('failed', 'refused') AND (:sites = '[]' OR site IN (SELECT value FROM json_each(:sites)))
        ORDER BY id
        """,
        {"sites": json.dumps(sorted(sites))},
    )
    return [Target(url=url, kind=kind) for url, kind in rows.fetchall()]


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
