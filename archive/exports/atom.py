"""Atom (RFC 4287): a feed for readers and for other programs."""

from typing import BinaryIO

from archive.feeds import WHAT, Feed, feed_of
from archive.feeds.entry import Entry
from archive.markup import Markup
from archive.selection import Selection
from archive.store import Archive
from archive.times import to_utc

__all__ = ["COUNTED", "WHAT", "write"]
COUNTED = "entries"
_NAMESPACES = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}


def write(
    archive: Archive,
    selection: Selection,
    target: BinaryIO,
    *,
    what: str = "articles",
    limit: int = 100,
    address: str | None = None,
) -> dict[str, int]:
    """Write the newest of the selection, at most ``limit``; ``address`` is where the feed is. Raises ``QueryError``."""
    entries = 0
    with selection.chosen(archive), Markup(target) as markup, markup.element("feed", _NAMESPACES):
        feed = feed_of(archive, selection, what, limit)
        _write_head(markup, feed, address)
        for entry in feed.entries:
            _write_entry(markup, entry)
            entries += 1
            selection.progress(1)
    return {what: entries}


def _write_head(markup: Markup, feed: Feed, address: str | None) -> None:
    markup.line("id", feed.id)
    markup.line("title", feed.title)
    markup.line("updated", to_utc(feed.updated))
    markup.line("generator", "Yaowen")
    if address:
        markup.empty("link", {"rel": "self", "href": address})
    if feed.home:
        markup.empty("link", {"rel": "alternate", "href": feed.home})


def _write_entry(markup: Markup, entry: Entry) -> None:
    article = entry.article
    with markup.element("entry", {"xml:lang": entry.language} if entry.language else {}):
        markup.line("id", entry.id)
        markup.line("title", entry.title)
        if entry.url:
            markup.empty("link", {"rel": "alternate", "href": entry.url})
        if entry.published:
            markup.line("published", entry.published.isoformat())
        markup.line("updated", to_utc(entry.updated))
        for name in entry.authors:
            with markup.element("author"):
                markup.line("name", name)
        if article.category:
            markup.empty("category", {"term": article.category})
        if article.source:
            markup.line("dc:source", article.source)
        markup.line("summary", entry.summary)
        markup.line("content", entry.html, {"type": "html"})
