"""When an address is visited again: young articles often and old ones seldom, lists by how often they change."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from archive.database import Database
from archive.models import Article, Listing, Observation
from archive.recording import Recorded
from archive.times import from_utc, moment_of, to_utc
from archive.urls import clean

LOOKS = 20
"""Looks at a list that tell how often it changes, the newest ones: a site's habits change too."""
_UNREAD = timedelta(days=1)
"""Wait before the first new try to read what was no page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What a site asks for: no visit of an address sooner, none later."""

    least: timedelta = timedelta(minutes=30)
    most: timedelta = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Revisit:
    """A decision."""

    interval: timedelta
    why: str
    """For a person to read."""


def plan_revisit(db: Database, observation: Observation, recorded: Recorded, bounds: Bounds) -> None:
    """Note when the address of an observation is due again, and why; in the transaction that stores it."""
    url, moment = clean(observation.capture.url), observation.capture.fetched_at
    row = db.execute("SELECT interval FROM frontier WHERE url = ?", [url]).fetchone()
    if row is None:
        return
    revisit = _revisit(db, observation, recorded, timedelta(seconds=row[0] or 0))
    interval = min(max(revisit.interval, bounds.least), bounds.most)
    if observation.not_before is not None:
        interval = max(interval, observation.not_before - moment)
    due_at = moment + interval
    db.execute(
        "UPDATE frontier SET due_at = :due_at, interval = :interval, why = :why WHERE url = :url",
        {"due_at": to_utc(due_at), "interval": int(interval.total_seconds()), "why": revisit.why, "url": url},
    )


def _revisit(db: Database, observation: Observation, recorded: Recorded, last: timedelta) -> Revisit:
    capture = observation.capture
    match observation.page:
        case Article() if recorded.article_id is not None:
            return of_article(capture.fetched_at, _moments(db, recorded.article_id))
        case Listing(url=shown_at):
            return of_list(_changes(db, clean(shown_at), capture.fetched_at))
    if recorded.outcome == "refused":
        return Revisit(interval=2 * last, why=f"it was refused: {capture.reason}")
    if capture.status in (404, 410):
        return Revisit(interval=timedelta.max, why=f"the server answered {capture.status}")
    if recorded.outcome == "unread":
        return Revisit(interval=max(2 * last, _UNREAD), why=f"it could not be read: {capture.reason}")
    return Revisit(interval=2 * last, why=f"it failed: {capture.reason}")


def of_article(now: datetime, moments: Sequence[datetime]) -> Revisit:
    """After as much time as has passed since its publication or its last edit.

    So looks are at 1, 2, 4, 8 … hours: what a counter does early is seen in detail, and an old article costs little.

    >>> from datetime import UTC
    >>> of_article(datetime(2026, 3, 1, 12, tzinfo=UTC), [datetime(2026, 3, 1, 9, tzinfo=UTC)])
    Revisit(interval=datetime.timedelta(seconds=10800), why='an article, last changed 3 hours before')
    """
    age = max((now - max((moment for moment in moments if moment <= now), default=now)), timedelta())
    return Revisit(interval=age, why=f"an article, last changed {spoken(age)} before")


def of_list(changes: Sequence[tuple[datetime, bool]]) -> Revisit:
    """After the mean time between two changes, as far as looks at different times can tell.

    The estimate is that of Cho and Garcia-Molina (Estimating frequency of change, ACM TOIT 3, 2003): several changes
    between two looks are seen as one, so the mere share of looks with a change would be too low. A list whose changes
    were never seen is visited after twice the time.
    """
    if len(changes) < 2:
        return Revisit(interval=timedelta(), why="a list, seen for the first time")
    looks, seen = len(changes) - 1, sum(changed for _, changed in changes[1:])
    # Of one long pause, or one look by a wrong clock, the mean would tell for twenty looks.
    gaps = ((later - earlier).total_seconds() for (earlier, _), (later, _) in pairwise(changes))
    between = timedelta(seconds=median(gaps))
    rate = -math.log((looks - seen + 0.5) / (looks + 0.5))
    interval = min(between / rate, 2 * between) if rate else 2 * between
    return Revisit(interval=interval, why=f"a list, changed in {seen} of {looks} looks")


def _moments(db: Database, article_id: int) -> list[datetime]:
    """When an article was published, first seen or edited, as far as known."""
    row = db.execute(
        "SELECT coalesce(published_at, first_seen_at), changed_at, first_seen_at FROM articles WHERE id = ?",
        [article_id],
    ).fetchone()
    published, changed, first_seen = row
    edited = changed if changed and changed > first_seen else None
    return [moment for moment in map(moment_of, (published, edited)) if moment]


def _changes(db: Database, url: str, now: datetime) -> list[tuple[datetime, bool]]:
    """The newest looks at a list until now, oldest first, and whether each showed other links than the one before."""
    rows = db.execute(
        """
        SELECT observed_at, (SELECT group_concat(url, ' ') FROM links WHERE listing_id = listings.id) FROM listings
        WHERE url = :url AND kind = 'page' AND observed_at <= :now
        ORDER BY observed_at DESC, id DESC LIMIT :looks
        """,
        {"url": url, "looks": LOOKS, "now": to_utc(now)},
    ).fetchall()
    shown = [(from_utc(moment), set((links or "").split())) for moment, links in reversed(rows)]
    before = [links for _, links in shown[:1]] + [links for _, links in shown]
    return [(moment, links != was) for (moment, links), was in zip(shown, before, strict=False)]


def spoken(time: timedelta) -> str:
    """A time for a person to read, in its largest unit.

    >>> spoken(timedelta(hours=30))
    '30 hours'
    """
    seconds = time.total_seconds()
    for unit, one in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * one:
            return f"{seconds / one:.0f} {unit}"
    return f"{seconds:.0f} seconds"
