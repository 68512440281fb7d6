"""Crawls: each run, how it ended and what it brought; the alarms; how things stand with each site."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.alarms import alarms, shown
from archive.crawls import holder
from archive.drift import KEPT
from archive.health import by_site
from archive.models import Outcome
from archive.runs import Run, by_outcome, running_among, runs, tally
from archive.store import Archive
from archive.web.answers import Answer, Asked, Page, View

_RUNS = 20
_MOST_RUNS = 200
_ALARMS = 20
_MOST_ALARMS = 500
_URLS = 3
"""Addresses of a run that are named."""
_LATELY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """One run as the page shows it."""

    run: Run
    is_running: bool
    lasted: timedelta | None
    """``None`` for a run that was interrupted, and that nothing has gone on with."""
    outcomes: tuple[tuple[Outcome, int], ...]
    new: int
    revised: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """One alarm as the page shows it."""

    crawl_id: int
    site: str
    what: str
    kind: str
    now: str
    was: str
    pages: int
    runs: int
    url: str
    """Of the first capture that shows it."""
    capture_id: int
    raised_at: datetime


def page(archive: Archive, asked: Asked) -> Answer:
    """The last runs and the last alarms."""
    limit = asked.number("limit", _RUNS, most=_MOST_RUNS)
    most_alarms = asked.number("alarms", _ALARMS, most=_MOST_ALARMS)
    found = runs(archive.db, limit=limit + 1)
    raised = alarms(archive)
    going_on = running_among(found, holder(archive.path))
    more = min(10 * limit, _MOST_RUNS)
    return Page(
        "crawls.html",
        {
            "runs": [_brought(archive, run, is_running=run is going_on, now=asked.now) for run in found[:limit]],
            "more_runs": asked.at("/crawls", limit=more) if len(found) > limit < _MOST_RUNS else None,
            "named": _URLS,
            "alarms": [
                Raised(
                    crawl_id=alarm.crawl_id,
                    site=alarm.site,
                    what=_figure(asked, alarm.figure),
                    kind=alarm.kind,
                    now=shown(alarm.figure, alarm.now),
                    was=shown(alarm.figure, alarm.was),
                    pages=alarm.pages,
                    runs=alarm.runs,
                    url=alarm.url,
                    capture_id=alarm.capture_id,
                    raised_at=alarm.raised_at,
                )
                for alarm in raised[:most_alarms]
            ],
            "more_alarms": asked.at("/crawls", alarms=_MOST_ALARMS) if len(raised) > most_alarms else None,
        },
    )


def sites(archive: Archive, asked: Asked) -> Answer:
    """How things stand with each site."""
    found = by_site(archive.db, since=asked.now - _LATELY, now=asked.now)
    return Page(
        "sites.html",
        {
            "sites": [(one, dict(by_outcome(one.pages))) for one in found],
            "now": asked.now,
            "outcomes": [outcome for outcome, _ in by_outcome({})],
        },
    )


def _brought(archive: Archive, run: Run, *, is_running: bool, now: datetime) -> Brought:
    found = tally(archive.db, run)
    lasted = run.finished_at - run.started_at if run.finished_at else now - run.began_at if is_running else None
    return Brought(
        run=run,
        is_running=is_running,
        lasted=lasted,
        outcomes=tuple(by_outcome(found.pages)),
        new=found.new,
        revised=found.revised,
    )


def _figure(asked: Asked, figure: str) -> str:
    """What a figure measures."""
    field, t = figure.removesuffix(KEPT), asked.wording
    if t.has("figure." + figure):
        return t("figure." + figure)
    name = t("part." + field) if t.has("part." + field) else field
    return t("crawls.read" if field == figure else "crawls.kept", field=name)


ROUTES: Mapping[str, View] = {r"/crawls$": page, r"/crawls/sites$": sites}
