"""The whole picture of an archive and its plan at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.alarms import Alarm, alarms
from archive.crawls import holder
from archive.health import SiteHealth, by_site
from archive.runs import Run, Tally, last_runs, running_among, runs, tally
from archive.store import Archive
from crawler.errors import BadPlan
from crawler.plan import Plan
from crawler.plan.timing import agenda
from yaowen.planning import plan_at

_DAY = timedelta(days=1)
_SHOWN = 5
"""Runs and alarms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What ``yaowen status`` tells."""

    now: datetime
    size: int
    """Bytes of the archive's file, and of what a crawl has written beside it (-wal)."""
    articles: int
    pid: int | None
    """The process that holds the archive."""
    running: Run | None
    """The crawl that is taken to be that process."""
    sites: tuple[SiteHealth, ...]
    runs: tuple[tuple[Run, Tally], ...]
    """The last ones, the newest first."""
    alarms: tuple[Alarm, ...]
    """The last ones, the newest first."""
    last: Mapping[str, Run]
    """The last run of each crawl of the plan."""
    agenda: tuple[tuple[datetime, str], ...]
    """When each crawl of the plan is due."""
    mistakes: tuple[str, ...]
    """Of the plan."""


def standing_of(path: Path, plan_path: Path, now: datetime) -> Standing:
    """Look at the archive, its lock and the plan; a plan that is wrong hides nothing of the rest."""
    plan, mistakes = _plan(plan_path)
    pid = holder(path)
    with Archive.open(path, read_only=True) as archive:
        db = archive.db
        newest, last = runs(db, limit=_SHOWN), last_runs(db, plan.crawls)
        return Standing(
            now=now,
            size=sum(file.stat().st_size for file in (path, path.with_name(f"{path.name}-wal")) if file.exists()),
            articles=db.table("articles").count,
            pid=pid,
            running=running_among(newest, pid),
            sites=tuple(by_site(db, since=now - _DAY, now=now)),
            runs=tuple((run, tally(db, run)) for run in newest),
            alarms=alarms(archive)[:_SHOWN],
            last=last,
            agenda=tuple(agenda(plan, last, now)),
            mistakes=mistakes,
        )


def _plan(path: Path) -> tuple[Plan, tuple[str, ...]]:
    try:
        return plan_at(path), ()
    except BadPlan as error:
        return Plan(), error.mistakes
