"""Feeds of what came into the archive, or of what changed in it: the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from archive.feeds import articles, changes
from archive.feeds.entry import Entry, permanent_id
from archive.selection import Selection
from archive.store import Archive
from archive.urls import is_web

_NEWEST = {"articles": articles.newest, "changes": changes.newest}
WHAT = tuple(_NEWEST)
"""What a feed can be of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """The newest of a selection."""

    id: str
    """The same for the same selection, whatever stands in it."""
    title: str
    home: str | None
    """The front page of the site, where all is of one."""
    updated: datetime
    """When the newest of the entries changed: the same archive gives the same feed."""
    entries: Iterator[Entry]


def feed_of(archive: Archive, selection: Selection, what: str, limit: int) -> Feed:
    """The newest of ``what`` is selected, at most ``limit``; to be gone through inside ``selection.chosen``."""
    updated, entries = _NEWEST[what](archive, selection, limit)
    return Feed(
        id=permanent_id("feed", what, *(f"{name}={value}" for name, value in selection.as_asked.items() if value)),
        title=" · ".join(("Yaowen", what, *selection.words)),
        home=_home(archive) if selection.site else None,
        updated=updated,
        entries=entries,
    )


def _home(archive: Archive) -> str | None:
    """The front page of the site of the articles, as their addresses have it."""
    (url,) = archive.db.execute("SELECT max(url) FROM temp.chosen JOIN articles USING (id)").fetchone()
    return urljoin(url, "/") if url and is_web(url) else None
