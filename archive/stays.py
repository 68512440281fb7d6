"""How long headlines stand in lists: a stay lasts from the first look to the last that shows one without a break."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, Protocol, TypeVar

from archive.selection import in_time
from archive.store import Archive


class Slot(NamedTuple):
    """One slot of one observed list."""

    source_url: str
    source_article_id: int | None
    kind: str
    listing_id: int
    label: str | None
    url: str
    article_id: int | None
    title: str
    position: int
    observed_at: str


def moment_in(column: str) -> str:
    """A time as this program writes it, whoever wrote it; null for what is none, as SQL.

    SQLite takes ``now`` for one, and every number, as the days since 4714 BC.
    """
    is_date = f"{column} GLOB '[0-9][0-9][0-9][0-9]-*' AND {column} > '0001-01-02'"
    return f"iif({is_date}, strftime('%Y-%m-%dT%H:%M:%SZ', {column}), NULL)"


def slots_of(archive: Archive, found: str, values: dict[str, object]) -> Iterator[Slot]:
    """The slots in the order of their times; ``found`` is what stands after FROM, of ``links`` and ``listings``."""
    rows = archive.db.execute(
        f"""
        SELECT CAST(listings.url AS TEXT), CAST(listings.article_id AS INTEGER), listings.kind, listings.id,
            CAST(listings.label AS TEXT), CAST(links.url AS TEXT), CAST(links.article_id AS INTEGER),
            CAST(links.title AS TEXT), CAST(links.position AS INTEGER), {moment_in("listings.observed_at")} AS moment
        FROM {found} AND moment IS NOT NULL
        ORDER BY moment, listings.id, links.position
        """,  # noqa: S608 - this package's own
        values,
    )
    return map(Slot._make, rows)


def looks_at(archive: Archive, url: str, article_id: int | None, values: dict[str, object]) -> tuple[str, ...]:
    """The times within ``since`` and ``until`` at which a page was seen, whatever it showed then.

    It is that of an article, or a list page.
    """
    rows = archive.db.execute(
        f"""
        SELECT {moment_in("fetched_at")} AS moment FROM captures
        WHERE (article_id = :id OR (:id IS NULL AND url = :url))
            AND outcome IN ('done', 'unchanged') AND part_of IS NULL AND {in_time("fetched_at")} AND moment IS NOT NULL
        UNION
        SELECT {moment_in("observed_at")} AS moment FROM listings
        WHERE url = :url AND {in_time("observed_at")} AND moment IS NOT NULL
        ORDER BY 1
        """,  # noqa: S608 - this package's own
        {**values, "url": url, "id": article_id},
    )
    return tuple(moment for (moment,) in rows)


class Run(Protocol):
    """What is kept of one headline from look to look."""

    def append(self, slot: Slot, /) -> None:
        """Take in that one more look showed it."""


AnyRun = TypeVar("AnyRun", bound=Run)


def runs(
    slots: Iterable[Slot], looks: Iterable[str], begin: Callable[[Slot], AnyRun]
) -> Iterator[tuple[AnyRun, str | None]]:
    """The stays of all headlines on one page, as what ``begin`` makes, each with the look that ended it, if one did.

    A look that does not show a headline in its list ends its stay. Slots and looks come in the order of their times.
    """
    standing: dict[tuple[str | None, str], AnyRun] = {}
    by_look = groupby(slots, key=lambda slot: slot.observed_at)
    moment, together = next(by_look, (None, iter(())))
    for look in looks:
        shown: dict[tuple[str | None, str], Slot] = {}
        if look == moment:
            shown = {(slot.label, slot.url): slot for slot in together}  # twice in one look: the later block counts
            moment, together = next(by_look, (None, iter(())))
        for ended in [headline for headline in standing if headline not in shown]:
            yield standing.pop(ended), look
        for headline, slot in shown.items():
            if headline in standing:
                standing[headline].append(slot)
            else:
                standing[headline] = begin(slot)
    for run in standing.values():
        yield run, None
