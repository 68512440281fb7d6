"""Drift alarms: raised at the end of a crawl, kept with the first capture that shows the drift."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from archive.database import Database
from archive.drift import KEPT, MEASURE_FLOORS, Drift, Kind, drifts
from archive.errors import UnknownSite
from archive.figures import Series, looks, marks
from archive.site_runs import earlier_runs, keep_run
from archive.store import Archive
from archive.times import NEVER, moment_of, to_utc
from archive.withholding import Withheld, withhold

_SENTENCES = {
    "unread": "{now} of {pages} {kind} not read, {was}",
    "reread": "{now} of {pages} {kind} that were read before are read again, {was}",
    "text": "{now} characters an article (median of {pages}), {was}",
    "text_kept": "{now} of the text that {pages} {kind} had at the look before, {was}",
    "sections": "{now} sections an article (median of {pages}), {was}",
    "links": "{now} links a list (median of {pages}), {was}",
    "links_kept": "{now} of the links that {pages} {kind} had at the look before, {was}",
}
_FIELD = "{field} read on {now} of {pages} {kind}, {was}"
_FIELD_KEPT = "{field} read on {now} of {pages} {kind} that had it at the look before, {was}"
_IN_PERCENT = frozenset({"text_kept", "links_kept"})

_FoundBy = dict[tuple[str, Kind], dict[str, Series]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One figure of one site that was worse in a crawl than in its last runs."""

    id: int
    crawl_id: int
    site: str
    kind: Kind
    figure: str
    was: float
    """The median of the runs before: a share from 0 to 1, or a number; of ``_kept`` a percentage."""
    now: float
    score: float
    """Robust z-score."""
    pages: int
    runs: int
    """With how many runs it was compared."""
    capture_id: int
    """The first that shows it."""
    url: str
    """The address of that capture."""
    raised_at: datetime

    def __str__(self) -> str:
        field = self.figure.removesuffix(KEPT)
        sentence = _SENTENCES.get(self.figure, _FIELD if field == self.figure else _FIELD_KEPT).format(
            field=field,
            now=shown(self.figure, self.now),
            pages=f"{self.pages:,}",
            kind=self.kind if self.pages != 1 else self.kind.removesuffix("s"),
            was=f"{shown(self.figure, self.was)} in the last {self.runs} runs",
        )
        return f"{self.site}: {sentence}; first: {self.url} (capture {self.capture_id})"

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        """Plain JSON values, and the sentence."""
        return asdict(self) | {"raised_at": to_utc(self.raised_at), "says": str(self)}


def shown(figure: str, value: float) -> str:
    """The value of a figure for a person to read.

    >>> shown("unread", 0.25), shown("text", 1234.5), shown("text_kept", 80.0)
    ('25 %', '1,234', '80 %')
    """
    if figure in MEASURE_FLOORS and figure not in _IN_PERCENT:
        return f"{value:,.0f}"
    return f"{value if figure in _IN_PERCENT else 100 * value:.0f} %"


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """What the end of a crawl came to."""

    alarms: tuple[Alarm, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    """Looks whose reading does not count, because it lost what the article had."""


def raise_alarms(archive: Archive, crawl_id: int, *, now: datetime) -> Raised:
    """Compare each site's pages of a finished crawl with its last runs.

    Figures and alarms are kept, and on a site with an alarm the readings that articles had before.
    """
    found = _found(archive.db, crawl_id)
    with archive.writing() as db:
        for (site, kind), series in found.items():
            figures = {name: one.figure(name) for name, one in series.items()}
            alike, others = (earlier_runs(db, crawl_id, site, kind, asked_alike=alike) for alike in (True, False))
            keep_run(db, crawl_id, site, kind, figures)
            for drift in drifts(kind, figures, alike, others):
                first = series[drift.figure].first_like(drift.now, drift.was)
                _add(db, crawl_id, site, kind, drift, first, now)
        raised = tuple(_read(db, "WHERE alarms.crawl_id = :crawl ORDER BY alarms.id", crawl=crawl_id))
        figures_of = defaultdict[str, set[str]](set)
        for alarm in raised:
            if alarm.kind == "articles":
                figures_of[alarm.site].add(alarm.figure.removesuffix(KEPT))
        withheld = tuple(withhold(db, crawl_id, figures_of)) if figures_of else ()
    return Raised(alarms=raised, withheld=withheld)


def _found(db: Database, crawl_id: int) -> _FoundBy:
    """Each figure of each site and kind of page, page by page."""
    found: _FoundBy = defaultdict(lambda: defaultdict(Series))
    for look in looks(db, crawl_id):
        series = found[look.site, look.kind]
        for name, value in marks(look):
            series[name].add(look.capture_id, value)
    return found


def _add(db: Database, crawl_id: int, site: str, kind: Kind, drift: Drift, first: int, now: datetime) -> None:
    db.execute(
        """
        INSERT INTO alarms (crawl_id, site, kind, figure, was, now, score, pages, runs, capture_id, raised_at)
        VALUES (:crawl, :site, :kind, :figure, :was, :now, :score, :pages, :runs, :capture, :raised_at)
        """,
        {
            "crawl": crawl_id,
            "site": site,
            "kind": kind,
            "figure": drift.figure,
            "was": drift.was,
            "now": drift.now,
            "score": drift.score,
            "pages": drift.of,
            "runs": drift.runs,
            "capture": first,
            "raised_at": to_utc(now),
        },
    )


def alarms(archive: Archive, *, site: str | None = None, since: datetime | None = None) -> tuple[Alarm, ...]:
    """The alarms that were raised, the newest first. Raises ``UnknownSite``."""
    if site is not None and site not in archive.sites():
        raise UnknownSite(site)
    where = "WHERE (:site IS NULL OR site = :site) AND (:since IS NULL OR raised_at >= :since) ORDER BY alarms.id DESC"
    return tuple(_read(archive.db, where, site=site, since=to_utc(since) if since else None))


def alarms_of(archive: Archive, crawl_id: int) -> tuple[Alarm, ...]:
    """The alarms that a crawl raised, in the order of their sites."""
    return tuple(_read(archive.db, "WHERE alarms.crawl_id = :crawl ORDER BY alarms.id", crawl=crawl_id))


def _read(db: Database, where: str, **values: object) -> Iterator[Alarm]:
    rows = db.query(
        f"""
        SELECT alarms.id, CAST(alarms.crawl_id AS INTEGER) AS crawl_id, CAST(site AS TEXT) AS site,
            CAST(kind AS TEXT) AS kind, CAST(figure AS TEXT) AS figure, CAST(was AS REAL) AS was,
            CAST(now AS REAL) AS now, CAST(score AS REAL) AS score, CAST(pages AS INTEGER) AS pages,
            CAST(runs AS INTEGER) AS runs, capture_id, CAST(url AS TEXT) AS url, raised_at
        FROM alarms JOIN captures ON captures.id = capture_id {where}
        """,  # noqa: S608 - this module's own
        values,
    )
    for row in rows:
        yield Alarm(**row | {"raised_at": moment_of(row["raised_at"]) or NEVER})
