"""Reading an archive again: which captures, what the new readings change, and writing them."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from datetime import datetime

from archive.captures import PRUNED
from archive.errors import UnknownSite, WorseReading
from archive.grouping import Readable, groups
from archive.models import Absence, Article, Link, Listing, Page
from archive.readings import kept_reading
from archive.recording import as_observed
from archive.replay import replay
from archive.spool import Spool
from archive.store import Archive
from archive.times import to_utc
from archive.tombstones import tombstones
from archive.urls import clean
from archive.verdict import Verdict, differences
from archive.withholding import count_again

BATCH = 50
"""Articles written in one transaction."""


def readable(archive: Archive, site: str | None = None, since: datetime | None = None) -> list[Readable]:
    """The captures that can be read again, oldest first: of one site, or of what was looked at since a time.

    An article comes with all its captures, or its revisions would be those of two parsers. Raises ``UnknownSite``.
    """
    rows = archive.db.query(
        """
        SELECT id, final_url AS url, article_id, url AS asked, status FROM captures
        WHERE EXISTS (SELECT 1 FROM contents WHERE sha256 = content_hash AND codec <> :pruned)
            AND part_of IS NULL AND outcome IN ('done', 'unchanged', 'unread')
            AND (:since IS NULL OR fetched_at >= :since
                OR article_id IN (SELECT article_id FROM captures WHERE fetched_at >= :since))
        ORDER BY fetched_at, id
        """,
        {"since": to_utc(since) if since else None, "pruned": PRUNED},
    )
    captures = [Readable(**row) for row in rows]
    if site is None:
        return captures
    found = [capture for capture in captures if capture.site == site]
    if not found and site not in archive.sites():
        raise UnknownSite(site)
    return found


def judge(archive: Archive, spool: Spool, captures: Iterable[Readable]) -> tuple[Verdict, set[int]]:
    """What the new readings say otherwise, and the captures of which they do."""
    verdict, changed = Verdict(), set[int]()
    forgotten = {url for stone in tombstones(archive.db) for url in stone.addresses}
    for capture in captures:
        for reading in spool.get([capture.id]):
            found = list(
                differences(kept_reading(archive.db, capture.id), _written(reading.page, capture.status, forgotten))
            )
            verdict.add(capture.site, capture.url, capture.id, found)
            if found:
                changed.add(capture.id)
    return verdict, changed


def _written(page: Page | Absence | None, status: int | None, forgotten: Set[str]) -> Page | Absence | None:
    """The page as it is written: without the counter of an earlier look, and headlines of what was taken down."""
    match page:
        case Article():
            seen = as_observed(page, status)
            return replace(seen, related=tuple(_blank(link, forgotten) for link in page.related)) if forgotten else seen
        case Listing() if forgotten:
            return replace(page, links=tuple(_blank(link, forgotten) for link in page.links))
    return page


def _blank(link: Link, forgotten: Set[str]) -> Link:
    is_blank = clean(link.url) in forgotten
    return replace(link, title="", summary=None, source=None, image=None) if is_blank else link


def refuse_worse(verdict: Verdict) -> None:
    """Raises ``WorseReading`` where a field is lost on too many pages of a site."""
    for site in verdict.sites.values():
        for field, lost in site.worse.items():
            raise WorseReading(site.site, field, lost, site.pages)


def write(archive: Archive, spool: Spool, captures: Iterable[Readable], changed: Set[int]) -> Iterator[int]:
    """Write the new readings of every article and list that they change; yields how many of them at a time.

    A capture that nothing is read of any more keeps the reading it has. An interruption leaves whole articles behind,
    each in the old reading or in the new one.
    """
    wanted = [group for group in groups(archive, spool, captures) if not changed.isdisjoint(group)]
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        with archive.writing() as db:
            for group in batch:
                replay(db, {reading.capture_id: reading.page for reading in spool.get(group) if reading.page})
                count_again(db, group)
        yield len(batch)
