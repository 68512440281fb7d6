"""What the archive covers: of each day, how its looks ended; and the days on which nobody looked."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from archive.database import Database
from archive.errors import UnknownSite
from archive.models import FORBIDDEN_BY_ROBOTS, Outcome
from archive.runs import by_outcome
from archive.store import Archive
from archive.times import from_utc, to_utc
from archive.urls import site_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Looks:
    """How looks at pages ended; further pages of one article are no looks of their own."""

    outcomes: Mapping[Outcome, int]
    """Those that did not occur are not there."""
    refused_by_robots: int
    """Of the refused, those that the site's robots.txt forbids."""

    @property
    def all(self) -> int:
        """Every address that was asked for, or was to be."""
        return sum(self.outcomes.values())

    @property
    def worked(self) -> int:
        """Done and unchanged."""
        return self.outcomes.get("done", 0) + self.outcomes.get("unchanged", 0)

    @property
    def missed(self) -> int:
        """Failed and unread; what was refused was not to be had."""
        return self.outcomes.get("failed", 0) + self.outcomes.get("unread", 0)

    def as_json(self) -> dict[str, int]:
        """All outcomes, those that did not occur with 0."""
        return {**dict(by_outcome(self.outcomes)), "refused_by_robots": self.refused_by_robots}


def together(several: Iterable[Looks]) -> Looks:
    """All of them as one."""
    outcomes, refused_by_robots = Counter[Outcome](), 0
    for looks in several:
        outcomes.update(looks.outcomes)
        refused_by_robots += looks.refused_by_robots
    return Looks(outcomes=outcomes, refused_by_robots=refused_by_robots)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day in UTC with a look."""

    date: date
    looks: Looks


class Gap(NamedTuple):
    """A run of days without a look."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What is covered of a period."""

    site: str | None
    """``None`` for all of them."""
    first: date | None
    """The first day of the period: the one asked for, or that of the first look; ``None`` where there is neither."""
    last: date | None
    """The last one, likewise."""
    first_look_at: datetime | None
    last_look_at: datetime | None
    days: tuple[Day, ...]
    """Those with a look, in their order."""
    gaps: tuple[Gap, ...]
    """The days of the period without a look."""
    total: Looks
    """Of all days."""
    undated: int
    """Looks whose time, as another program wrote it, is none; they are of no day."""
    sites: tuple[str, ...]
    """Those that were looked at, the ones with most looks first."""
    parser_versions: tuple[str, ...]
    """Of the crawls that looked, in their order."""

    @property
    def period_days(self) -> int:
        """How many days the period has."""
        return Gap(self.first, self.last).days if self.first and self.last else 0

    @property
    def gap_days(self) -> int:
        """Days without a look."""
        return sum(gap.days for gap in self.gaps)

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        """Plain JSON values, times in ISO 8601."""
        return {
            "site": self.site,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "first_look_at": to_utc(self.first_look_at) if self.first_look_at else None,
            "last_look_at": to_utc(self.last_look_at) if self.last_look_at else None,
            "looks": self.total.all,
            **self.total.as_json(),
            "undated": self.undated,
            "sites": list(self.sites),
            "parser_versions": list(self.parser_versions),
            "gaps": [
                {"first": gap.first.isoformat(), "last": gap.last.isoformat(), "days": gap.days} for gap in self.gaps
            ],
            "days": [{"date": day.date.isoformat()} | day.looks.as_json() for day in self.days],
        }


def coverage(
    archive: Archive, *, site: str | None = None, since: datetime | None = None, until: datetime | None = None
) -> Coverage:
    """What the archive covers, or what it does of one site, by the times of its looks.

    ``since`` and ``until`` narrow the period, and widen it where nobody looked as early or as late. Raises
    ``UnknownSite``.
    """
    values: dict[str, object] = {
        "robots": FORBIDDEN_BY_ROBOTS,
        "since": _as_sqlite_has_it(since),
        "until": _as_sqlite_has_it(until),
        "origins": _origins_of(archive, site) if site else None,
    }
    groups = _groups(archive.db, values)
    dated = [group for group in groups if group.date]
    days = tuple(_days(dated))
    first = _day_of(since) if since else days[0].date if days else None
    last = _day_of(until) if until else days[-1].date if days else None
    return Coverage(
        site=site,
        first=first,
        last=last,
        first_look_at=min((from_utc(group.first_at) for group in dated), default=None),
        last_look_at=max((from_utc(group.last_at) for group in dated), default=None),
        days=days,
        gaps=tuple(_gaps([day.date for day in days], first, last)),
        total=together(day.looks for day in days),
        undated=sum(group.looks for group in groups if not group.date),
        sites=_sites(archive.db, values),
        parser_versions=_parser_versions(archive.db, values),
    )


def check_site(archive: Archive, site: str) -> None:
    """Raises ``UnknownSite`` for a site of which nothing was ever looked at."""
    if site not in archive.sites():
        _origins_of(archive, site)


class _Group(NamedTuple):
    """The looks of one day that ended alike; without a date, those whose time is none."""

    date: date | None
    outcome: Outcome
    by_robots: bool
    looks: int
    first_at: str
    last_at: str


_LOOKS = """
    SELECT %s FROM (
        SELECT datetime(fetched_at) AS at, outcome, reason, crawl_id,
            substr(CAST(final_url AS TEXT), 1, instr(substr(CAST(final_url AS TEXT), 9), '/') + 7) AS origin
        FROM captures
        WHERE part_of IS NULL AND outcome IN ('done', 'unchanged', 'failed', 'refused', 'unread')
    )
    WHERE (:since IS NULL OR at >= :since) AND (:until IS NULL OR at <= :until)
        AND (:origins IS NULL OR origin IN (SELECT value FROM json_each(:origins)))
    %s
"""
"""An ``origin`` is scheme and host: SQLite counts the looks, and only the few origins are told by their sites here."""
_GROUPS = _LOOKS % (
    "substr(at, 1, 10), outcome, reason IS :robots, count(*), min(at), max(at)",
    "GROUP BY 1, 2, 3 ORDER BY 1",
)
_ORIGINS = _LOOKS % ("origin, count(*)", "GROUP BY origin")
_CRAWLS = _LOOKS % ("DISTINCT crawl_id", "")
_EVERY: dict[str, object] = {"since": None, "until": None, "origins": None}


def _groups(db: Database, values: dict[str, object]) -> list[_Group]:
    rows = db.execute(_GROUPS, values).fetchall()
    return [_Group(_date_of(day), *row) for day, *row in rows]


def _date_of(day: str | None) -> date | None:
    try:
        return date.fromisoformat(day) if day else None
    except ValueError:  # what SQLite takes for a year before Christ
        return None


def _as_sqlite_has_it(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(" ", "seconds")[:19] if moment else None


def _day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _days(groups: Iterable[_Group]) -> Iterator[Day]:
    for day, found in groupby(groups, key=lambda group: group.date):
        if day:
            yield Day(date=day, looks=together(map(_looks, found)))


def _looks(group: _Group) -> Looks:
    refused_by_robots = group.looks if group.outcome == "refused" and group.by_robots else 0
    return Looks(outcomes={group.outcome: group.looks}, refused_by_robots=refused_by_robots)


def _gaps(days: Sequence[date], first: date | None, last: date | None) -> Iterator[Gap]:
    """The runs between the days; before the first of them and after the last, as far as the period goes."""
    if first is None or last is None:
        return
    for one, other in pairwise((first.toordinal() - 1, *(day.toordinal() for day in days), last.toordinal() + 1)):
        if other - one > 1:
            yield Gap(date.fromordinal(one + 1), date.fromordinal(other - 1))


def _origins_of(archive: Archive, site: str) -> str:
    """As JSON, the origins that are of this site."""
    origins = archive.db.execute(_ORIGINS, _EVERY).fetchall()
    found = [origin for origin, _ in origins if site_of(origin) == site]
    if not found and site not in archive.sites():
        raise UnknownSite(site)
    return json.dumps(found)


def _sites(db: Database, values: dict[str, object]) -> tuple[str, ...]:
    counts = Counter[str]()
    for origin, count in db.execute(_ORIGINS, values).fetchall():
        counts[site_of(origin)] += count
    return tuple(sorted(counts, key=lambda site: (-counts[site], site)))


def _parser_versions(db: Database, values: dict[str, object]) -> tuple[str, ...]:
    crawls = db.execute(_CRAWLS, values).fetchall()
    looked = json.dumps([crawl_id for (crawl_id,) in crawls if isinstance(crawl_id, int)])
    rows = db.execute(
        """
        SELECT parser_version FROM crawls
        WHERE parser_version IS NOT NULL AND id IN (SELECT value FROM json_each(:looked))
        GROUP BY parser_version ORDER BY min(id)
        """,
        {"looked": looked},
    )
    return tuple(str(version) for (version,) in rows.fetchall())
