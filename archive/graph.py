"""Recommendation edges in time: what a page showed where, from when to when."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from archive.errors import UnknownList
from archive.store import Archive, StoredArticle
from archive.times import from_utc, to_utc
from archive.urls import clean

_CUT_OFF = re.compile(r"(?:…|\.{2,}|⋯)$")
_LATEST = "9999-12-31T23:59:59Z"


class Seen(NamedTuple):
    """One slot at one look."""

    observed_at: datetime
    position: int
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """One headline in one list, from the look that first showed it to the last that did."""

    source_url: str
    """The page that showed it."""
    source_article_id: int | None
    """Whose block it stood in; ``None`` for a list page."""
    label: str | None
    url: str
    article_id: int | None
    """``None`` as long as that article was never fetched."""
    seen: tuple[Seen, ...]
    """Every look that showed it, oldest first."""
    gone_at: datetime | None
    """The first look after the last of these; ``None`` where the newest look still showed it."""

    @property
    def title(self) -> str:
        """As last printed."""
        return self.seen[-1].title

    @property
    def titles(self) -> tuple[Seen, ...]:
        """The look at which each wording was first seen."""
        changes = [self.seen[0]]
        for look in self.seen[1:]:
            if look.title != changes[-1].title:
                changes.append(look)
        return tuple(changes)


def recommended(archive: Archive, article: StoredArticle, as_of: datetime | None = None) -> tuple[Stay, ...]:
    """What an article recommended, in the order of first sight; ``as_of`` gives what stood there at that moment."""
    return _stays(archive, _SHOWN_BY_ARTICLE, {"id": article.id}, as_of)


def recommended_by(archive: Archive, article: StoredArticle, as_of: datetime | None = None) -> tuple[Stay, ...]:
    """Which articles and list pages showed an article, in the order of first sight."""
    return _stays(archive, _SHOWING_ARTICLE, {"id": article.id, "url": article.url}, as_of)


def slots(archive: Archive, url: str, as_of: datetime | None = None) -> tuple[Stay, ...]:
    """The headlines that a list page showed, in the order of first sight. Raises ``UnknownList``."""
    stays = _stays(archive, _SHOWN_BY_PAGE, {"url": clean(url)}, as_of)
    if (
        not stays
        and not archive.db.execute("SELECT 1 FROM listings WHERE url = ? AND kind = 'page'", [clean(url)]).fetchone()
    ):
        raise UnknownList(url)
    return stays


def same_headline(printed: str, title: str) -> bool:
    """Whether a teaser and an article say the same; marks, width and case apart, and one may be cut off.

    >>> same_headline("运河边的书店，开了…", "运河边的书店开了门")
    True
    """
    one, other = _letters(_CUT_OFF.sub("", printed)), _letters(title)
    return one == other or (bool(_CUT_OFF.search(printed)) and other.startswith(one))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


class _Row(NamedTuple):
    source_url: str
    source_article_id: int | None
    kind: str
    label: str | None
    url: str
    article_id: int | None
    title: str
    position: int
    observed_at: str


_EDGES = """
    SELECT listings.url, listings.article_id, listings.kind, listings.label,
        links.url, links.article_id, links.title, links.position, listings.observed_at
    FROM links JOIN listings ON listings.id = links.listing_id
    WHERE %s AND listings.observed_at <= :until
    ORDER BY listings.observed_at, listings.id, links.position
"""
_SHOWN_BY_ARTICLE = _EDGES % "listings.article_id = :id"
_SHOWING_ARTICLE = _EDGES % "(links.article_id = :id OR links.url = :url)"
_SHOWN_BY_PAGE = _EDGES % "listings.url = :url AND listings.kind = 'page'"


def _stays(archive: Archive, sql: str, values: dict[str, object], as_of: datetime | None) -> tuple[Stay, ...]:
    until = to_utc(as_of) if as_of else _LATEST
    found = archive.db.execute(sql, values | {"until": until}).fetchall()
    by_edge: dict[tuple[object, ...], list[_Row]] = defaultdict(list)
    for row in map(_Row._make, found):
        by_edge[row.kind, row.source_url, row.label, row.url].append(row)
    looks = _Looks(archive, until)
    stays = [stay for rows in by_edge.values() for stay in _split(rows, looks.of(rows[0]))]
    if as_of:
        stays = [stay for stay in stays if stay.gone_at is None]
    return tuple(sorted(stays, key=lambda stay: (stay.seen[0].observed_at, stay.seen[0].position)))


class _Looks:
    """The moments at which a page was seen, whether it showed a list then or not."""

    def __init__(self, archive: Archive, until: str) -> None:
        self._archive, self._until = archive, until
        self._known: dict[tuple[str, int | None], tuple[str, ...]] = {}

    def of(self, row: _Row) -> tuple[str, ...]:
        source = (row.source_url, row.source_article_id)
        if source not in self._known:
            moments = self._archive.db.execute(
                """
                SELECT fetched_at FROM captures
                WHERE (article_id = :id OR (:id IS NULL AND url = :url))
                    AND outcome IN ('done', 'unchanged') AND part_of IS NULL AND fetched_at <= :until
                UNION SELECT observed_at FROM listings WHERE url = :url AND observed_at <= :until
                ORDER BY 1
                """,
                {"url": row.source_url, "id": row.source_article_id, "until": self._until},
            ).fetchall()
            self._known[source] = tuple(moment for (moment,) in moments)
        return self._known[source]


def _split(rows: Sequence[_Row], looks: Sequence[str]) -> Iterable[Stay]:
    """The stays of one headline in one list: a look that does not show it ends one."""
    shown = {row.observed_at: row for row in rows}  # twice in one look: the later block counts
    run: list[_Row] = []
    for look in looks:
        if look in shown:
            run.append(shown[look])
        elif run:
            yield _stay(run, from_utc(look))
            run = []
    if run:
        yield _stay(run, None)


def _stay(run: Sequence[_Row], gone_at: datetime | None) -> Stay:
    last = run[-1]
    return Stay(
        source_url=last.source_url,
        source_article_id=last.source_article_id,
        label=last.label,
        url=last.url,
        article_id=last.article_id,
        seen=tuple(Seen(from_utc(row.observed_at), row.position, row.title) for row in run),
        gone_at=gone_at,
    )
