"""The runs that the ledger tells of: how they went, and the last one of each crawl of a plan."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive.database import Database
from archive.models import Outcome
from archive.times import NEVER, moment_of

OUTCOMES: tuple[Outcome, ...] = ("done", "unchanged", "failed", "refused", "unread")
_RUN = """
    SELECT id, CAST(spider AS TEXT) AS spider, arguments, started_at, finished_at,
        CAST(finish_reason AS TEXT) AS finish_reason, exit_code, stats
    FROM crawls
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of a crawl, interruptions included."""

    id: int
    spider: str
    name: str | None
    """Of the plan; ``None`` for a crawl that was given its addresses."""
    urls: tuple[str, ...]
    started_at: datetime
    began_at: datetime
    """When it was last gone on with; ``started_at`` if it was never interrupted."""
    finished_at: datetime | None
    """``None`` while it runs, and for an interrupted run that nothing has gone on with."""
    finish_reason: str | None
    exit_code: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What a run brought."""

    pages: Mapping[Outcome, int] = field(default_factory=dict)
    """Addresses by outcome; further pages of one article are not counted."""
    new: int = 0
    """Articles that it saw first."""
    revised: int = 0
    """Articles of which it saw another text."""


def runs(db: Database, *, limit: int) -> list[Run]:
    """The last runs, the newest first."""
    return list(map(_run, db.query(f"{_RUN} ORDER BY id DESC LIMIT :limit", {"limit": limit})))


def last_runs(db: Database, names: Iterable[str]) -> dict[str, Run]:
    """The newest run of each of these crawls of a plan, for those that ever ran."""
    found = ((name, last_run(db, name)) for name in names)
    return {name: run for name, run in found if run}


def last_run(db: Database, name: str) -> Run | None:
    """The newest run of a crawl of a plan."""
    crawl = "iif(json_valid(arguments), json_extract(arguments, '$.crawl'), NULL)"
    newest = f"{_RUN} WHERE {crawl} = :name ORDER BY id DESC LIMIT 1"
    row = next(db.query(newest, {"name": name}), None)
    return _run(row) if row else None


def tally(db: Database, run: Run) -> Tally:
    """What the run brought, all its parts counted."""
    pages = db.execute(
        "SELECT outcome, count(*) FROM captures WHERE crawl_id = :id AND part_of IS NULL GROUP BY outcome",
        {"id": run.id},
    ).fetchall()
    ((new, revised),) = db.execute(
        """
        SELECT count(*) FILTER (WHERE is_first), count(DISTINCT article_id) FILTER (WHERE NOT is_first)
        FROM (
            SELECT revisions.article_id, revisions.id = (
                SELECT min(id) FROM revisions AS earlier WHERE earlier.article_id = revisions.article_id
            ) AS is_first
            -- In this order: of one article that had ten thousand captures, each would go through all its revisions.
            FROM revisions CROSS JOIN captures ON captures.id = revisions.capture_id
            WHERE revisions.article_id IN (SELECT article_id FROM captures WHERE crawl_id = :id)
                AND captures.crawl_id = :id AND captures.article_id = revisions.article_id
        )
        """,
        {"id": run.id},
    ).fetchall()
    return Tally(pages=dict(pages), new=new, revised=revised)


def _run(row: Mapping[str, Any]) -> Run:  # Any: what SQLite returns
    arguments, stats = _object(row["arguments"]), _object(row["stats"])
    name, urls = arguments.get("crawl"), arguments.get("urls")
    started = moment_of(row["started_at"]) or NEVER
    return Run(
        id=row["id"],
        spider=row["spider"],
        name=name if isinstance(name, str) else None,
        urls=tuple(map(str, urls)) if isinstance(urls, list) else (),
        started_at=started,
        began_at=max(started, moment_of(stats.get("start_time")) or started),
        finished_at=moment_of(row["finished_at"]),
        finish_reason=row["finish_reason"],
        exit_code=row["exit_code"],
    )


def _object(text: str | bytes) -> dict[str, Any]:  # Any: JSON values
    """The object of a JSON text; an empty one for anything else, as other programs may write it."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def by_outcome(counts: Mapping[Outcome, int]) -> Iterator[tuple[Outcome, int]]:
    """All outcomes in their order, those that did not occur with 0."""
    return ((outcome, counts.get(outcome, 0)) for outcome in OUTCOMES)


def running_among(found: Iterable[Run], pid: int | None) -> Run | None:
    """The run that goes on at this moment, where process ``pid`` holds the archive: the unfinished one begun last."""
    unfinished = [run for run in found if run.finished_at is None] if pid else []
    return max(unfinished, key=lambda run: run.began_at, default=None)
