"""Atom (RFC 4287): a feed for readers and for other programs."""

from typing import BinaryIO

from archive.feeds import WHAT, Feed, feed_of
from archive.feeds.entry import Entry
from archive.markup import Markup
from archive.selection import Selection
from archive.store import Archive
from archive.times import to_utc

__all__ = ["COUNTED", "ENDING", "WHAT", "write"]
ENDING = ".atom"
COUNTED = "entries"
_NAMESPACES = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}


def write(
    archive: Archive, selection: Selection, target: BinaryIO, *, what: str = "articles", limit: int = 100
) -> dict[str, int]:
    """Write the newest of the selection, at most ``limit``. Raises ``QueryError``."""
    markup, entries = Markup(target), 0
    with selection.chosen(archive):
        feed = feed_of(archive, selection, what, limit)
        markup.declare()
        with markup.element("feed", _NAMESPACES):
            _write_head(markup, feed)
            for entry in feed.entries:
                markup.text("\n")
                _write_entry(markup, entry)
                entries += 1
                selection.progress(1)
            markup.text("\n")
    return {what: entries}


def _write_head(markup: Markup, feed: Feed) -> None:
    markup.leaf("id", feed.id)
    markup.leaf("title", feed.title)
    markup.leaf("updated", to_utc(feed.updated))
    markup.leaf("generator", "Yaowen")
    if feed.home:
        markup.empty("link", {"rel": "alternate", "href": feed.home})


def _write_entry(markup: Markup, entry: Entry) -> None:
    article = entry.article
    with markup.element("entry", {"xml:lang": entry.language} if entry.language else {}):
        markup.leaf("id", entry.id)
        markup.leaf("title", entry.title)
        if entry.url:
            markup.empty("link", {"rel": "alternate", "href": entry.url})
        if entry.published:
            markup.leaf("published", entry.published.isoformat())
        markup.leaf("updated", to_utc(entry.updated))
        for name in entry.authors:
            with markup.element("author"):
                markup.leaf("name", name)
        if article.category:
            markup.empty("category", {"term": article.category})
        if article.source:
            markup.leaf("dc:source", article.source)
        markup.leaf("summary", entry.summary)
        markup.leaf("content", entry.html, {"type": "html"})
