"""List pages in time: which there are, and each as it stood at one of its looks."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from archive.database import Database
from archive.errors import UnknownList, UnknownSite
from archive.stays import Slot, looks_at, moment_in, runs, slots_of
from archive.store import Archive
from archive.times import from_utc, to_utc
from archive.urls import clean, site_of

LOOKED_BACK = 400
"""Looks before one, from which it is told since when its headlines stand there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownList:
    """A list page that was seen."""

    url: str
    label: str
    """As the newest look printed it."""
    looks: int
    first_look_at: datetime
    last_look_at: datetime
    headlines: int
    """At the newest look."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownLists:
    """Some of the list pages that were seen."""

    lists: tuple[KnownList, ...]
    total: int
    """How many there are, of the site that was asked for."""
    sites: tuple[str, ...]
    """All that list pages were seen of, by name."""


def known_lists(archive: Archive, *, site: str | None = None, limit: int, offset: int = 0) -> KnownLists:
    """The list pages of a site, or of all; the ones seen last come first. Raises ``UnknownSite``."""
    rows = archive.db.execute(_KNOWN).fetchall()
    sites = [site_of(row[0]) for row in rows]
    if site is not None and site not in sites and site not in archive.sites():
        raise UnknownSite(site)
    found = [row for row, its in zip(rows, sites, strict=True) if site in (None, its)]
    return KnownLists(
        lists=tuple(_known(archive.db, *row) for row in found[offset : offset + limit]),
        total=len(found),
        sites=tuple(sorted(set(sites))),
    )


# Page lists are of no article, and that is what an index tells soonest; the + keeps SQLite from walking another one.
_KNOWN = f"""
    SELECT CAST(url AS TEXT), count(DISTINCT moment), min(moment), max(moment), max(id)
    FROM (
        SELECT url, id, {moment_in("observed_at")} AS moment FROM listings WHERE article_id IS NULL AND kind = 'page'
    )
    WHERE moment IS NOT NULL GROUP BY +url ORDER BY max(moment) DESC, 1
"""  # noqa: S608 - this package's own


def _known(db: Database, url: str, looks: int, first: str, last: str, newest: int) -> KnownList:
    ((label, headlines),) = db.execute(
        """
        SELECT CAST(label AS TEXT), (SELECT count(*) FROM links WHERE listing_id = listings.id)
        FROM listings WHERE id = ?
        """,
        [newest],
    ).fetchall()
    return KnownList(
        url=url,
        label=label or "",
        looks=looks,
        first_look_at=from_utc(first),
        last_look_at=from_utc(last),
        headlines=headlines,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """One slot of a list page at one look."""

    position: int
    url: str
    title: str
    article_id: int | None
    """``None`` as long as that article was never fetched."""
    since: datetime
    """The first look of those without a break that show it."""
    is_older: bool
    """Whether it stood there at the first look that was read, and so perhaps before."""
    wordings: tuple[tuple[datetime, str], ...]
    """The look at which each wording was first seen, oldest first."""
    before: int | None
    """Its position at the look before; ``None`` where it came after that."""

    @property
    def moved(self) -> int:
        """By how many positions it rose since the look before; negative where it sank."""
        return self.before - self.position if self.before else 0


class Look(NamedTuple):
    """One look at a list page."""

    url: str
    """That was asked for."""
    fetched_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage:
    """A list page as it stood at one look."""

    url: str
    label: str
    look: Look
    """The one at which it stood so."""
    looks: tuple[datetime, ...]
    """All looks at it, oldest first."""
    number: int
    """Which of them this is, counted from 0."""
    headlines: tuple[Headline, ...]
    """In the page's order."""
    went: tuple[Headline, ...]
    """Those of the look before that it does not show, as they stood there."""
    slots: Mapping[datetime, tuple[Slot, ...]]
    """What stood there at each look up to this one, as far as was read back."""


def list_page(archive: Archive, url: str, at: datetime | None = None) -> ListPage:
    """The list page at the last look up to a moment; at its first look, where that came later; else at the newest.

    Raises ``UnknownList``.
    """
    address = clean(url)
    values: dict[str, object] = {"url": address, "since": None, "until": None}
    looks = looks_at(archive, address, None, values) if _is_list(archive.db, address) else ()
    if not looks:
        raise UnknownList(url)
    number = max(0, bisect_right(looks, to_utc(at)) - 1) if at else len(looks) - 1
    read = looks[max(0, number - LOOKED_BACK) : number + 1]
    slots = [*_slots(archive, values | {"since": read[0], "until": read[-1]})]
    stays = dict(_stays(slots, read))
    label, asked_for = _called(archive.db, address, read[-1])
    before = read[-2] if len(read) > 1 else None
    return ListPage(
        url=address,
        label=label,
        look=Look(asked_for, from_utc(read[-1])),
        looks=tuple(map(from_utc, looks)),
        number=number,
        headlines=tuple(_headlines(slots, stays, read, read[-1])),
        went=tuple(_headlines(slots, stays, read, before, until=read[-1])) if before else (),
        slots={from_utc(look): () for look in read} | {from_utc(look): found for look, found in _by_look(slots)},
    )


_OF_LIST = """
    links JOIN listings ON listings.id = links.listing_id
    WHERE listings.url = :url AND listings.kind = 'page' AND moment BETWEEN :since AND :until
"""


def _is_list(db: Database, url: str) -> bool:
    return bool(db.execute("SELECT 1 FROM listings WHERE url = ? AND kind = 'page' LIMIT 1", [url]).fetchone())


def _called(db: Database, url: str, look: str) -> tuple[str, str]:
    """What the page called itself at the last look up to one that told, and the address that was asked for."""
    row = db.execute(
        f"""
        SELECT coalesce(CAST(label AS TEXT), ''), coalesce(CAST(captures.url AS TEXT), :url)
        FROM listings LEFT JOIN captures ON captures.id = capture_id
        WHERE listings.url = :url AND kind = 'page' AND {moment_in("observed_at")} <= :look
        ORDER BY observed_at DESC LIMIT 1
        """,  # noqa: S608 - this package's own
        {"url": url, "look": look},
    ).fetchone()
    return row or ("", url)


def _slots(archive: Archive, values: dict[str, object]) -> Iterator[Slot]:
    """Without the label: it is the title of the whole page, and may tell its date or how much there is to read."""
    return (slot._replace(label=None) for slot in slots_of(archive, _OF_LIST, values))


def _by_look(slots: Iterable[Slot]) -> Iterator[tuple[str, tuple[Slot, ...]]]:
    for look, found in groupby(slots, key=lambda slot: slot.observed_at):
        yield look, tuple(found)


_Key = tuple[str, str | None]
"""The address of a headline, and the look that ended its stay."""


def _stays(slots: Iterable[Slot], looks: Iterable[str]) -> Iterator[tuple[_Key, list[Slot]]]:
    for run, gone_at in runs(slots, looks, lambda slot: [slot]):
        yield (run[-1].url, gone_at), run


def _headlines(
    slots: Iterable[Slot], stays: Mapping[_Key, list[Slot]], read: tuple[str, ...], look: str, until: str | None = None
) -> Iterator[Headline]:
    """What stood there at a look; with ``until`` only what that look does not show any more."""
    for slot in slots:
        stay = stays.get((slot.url, until)) if slot.observed_at == look else None
        if stay:
            yield _headline(slot, stay, read)


def _headline(slot: Slot, stay: list[Slot], read: tuple[str, ...]) -> Headline:
    earlier = [one for one in stay if one.observed_at < slot.observed_at]
    wordings = [next(iter(same)) for _, same in groupby(stay, key=lambda one: one.title)]
    return Headline(
        position=slot.position,
        url=slot.url,
        title=slot.title,
        article_id=slot.article_id,
        since=from_utc(stay[0].observed_at),
        is_older=stay[0].observed_at == read[0],
        wordings=tuple((from_utc(one.observed_at), one.title) for one in wordings),
        before=earlier[-1].position if earlier else None,
    )
