"""Reading an archive again: which captures, what the new readings change, and writing them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime

from archive.captures import PRUNED
from archive.errors import UnknownSite, WorseReading
from archive.life import article_at
from archive.readings import kept_reading
from archive.replay import replay
from archive.spool import Spool
from archive.store import Archive
from archive.times import to_utc
from archive.urls import site_of
from archive.verdict import Verdict, differences

BATCH = 50
"""Articles written in one transaction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Readable:
    """A capture that brought a page."""

    id: int
    url: str
    """The address that answered."""
    article_id: int | None
    asked: str
    """The address asked for, which may lead elsewhere."""

    @property
    def site(self) -> str:
        """As in ``articles.site``."""
        return site_of(self.url)


def readable(archive: Archive, site: str | None = None, since: datetime | None = None) -> list[Readable]:
    """The captures that can be read again, oldest first: of one site, or of what was looked at since a time.

    An article comes with all its captures, or its revisions would be those of two parsers. Raises ``UnknownSite``.
    """
    rows = archive.db.query(
        """
        SELECT id, final_url AS url, article_id, url AS asked FROM captures
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
    for capture in captures:
        for reading in spool.get([capture.id]):
            found = list(differences(kept_reading(archive.db, capture.id), reading.page))
            verdict.add(capture.site, capture.url, capture.id, found)
            if found:
                changed.add(capture.id)
    return verdict, changed


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
    wanted = [group for group in _groups(_names(archive, spool, captures)) if not changed.isdisjoint(group)]
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        with archive.writing() as db:
            for group in batch:
                replay(db, {reading.capture_id: reading.page for reading in spool.get(group) if reading.page})
        yield len(batch)


def _names(archive: Archive, spool: Spool, captures: Iterable[Readable]) -> Iterator[tuple[int, list[str]]]:
    """Each capture with the addresses of the article it is of, as it is read now and as it will be."""
    urls = dict(archive.db.execute("SELECT id, url FROM articles").fetchall())
    for capture in captures:
        known = capture.article_id or article_at(archive.db, capture.asked)
        now = urls.get(known) if known else None
        yield capture.id, [address for address in (now, spool.address(capture.id)) if address]


def _groups(names: Iterable[tuple[int, list[str]]]) -> list[list[int]]:
    """Captures that have an address in common, directly or through others, each group in the order given."""
    parents: dict[int | str, int | str] = {}

    def root(node: int | str) -> int | str:
        while parents.setdefault(node, node) != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    captures = []
    for capture, addresses in names:
        captures.append(capture)
        for address in addresses:
            parents[root(address)] = root(capture)
    found = defaultdict(list)
    for capture in captures:
        found[root(capture)].append(capture)
    return list(found.values())
