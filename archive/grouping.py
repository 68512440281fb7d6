"""Captures that must be written together: all looks at one article, under whatever addresses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.life import article_at, why_absent
from archive.spool import Spool
from archive.store import Archive
from archive.urls import clean, site_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Readable:
    """A capture that brought a page."""

    id: int
    url: str
    """The address that answered."""
    article_id: int | None
    asked: str
    """The address asked for, which may lead elsewhere."""
    status: int | None = None

    @property
    def site(self) -> str:
        """As in ``articles.site``."""
        return site_of(self.url)


def groups(archive: Archive, spool: Spool, captures: Iterable[Readable]) -> list[list[int]]:
    """The captures that are of one article, as it is known now or as readings say; each group in the order given."""
    return _joined(_names(archive, spool, captures))


def _names(archive: Archive, spool: Spool, captures: Iterable[Readable]) -> Iterator[tuple[int, list[str]]]:
    """Each capture with the addresses of the article that it shows, or does not find."""
    urls = dict(archive.db.execute("SELECT id, url FROM articles").fetchall())
    for capture in captures:
        known = capture.article_id or article_at(archive.db, capture.asked)
        names = [urls.get(known) if known else None, spool.address(capture.id)]
        if names[1] or spool.is_absence(capture.id) or why_absent(None, capture.asked, capture.url, 200):
            names.append(clean(capture.asked))
        yield capture.id, [name for name in names if name]


def _joined(names: Iterable[tuple[int, list[str]]]) -> list[list[int]]:
    """Those that have a name in common, directly or through others, each group in the order given."""
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
