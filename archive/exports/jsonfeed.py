"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): a feed for programs and for readers."""

from typing import Any, BinaryIO

import orjson

from archive.feeds import WHAT, Feed, feed_of
from archive.feeds.entry import Entry
from archive.markup import allowed
from archive.selection import Selection
from archive.store import Archive
from archive.times import to_utc

__all__ = ["COUNTED", "WHAT", "write"]
COUNTED = "entries"


def write(
    archive: Archive, selection: Selection, target: BinaryIO, *, what: str = "articles", limit: int = 100
) -> dict[str, int]:
    """Write the newest of the selection, at most ``limit``. Raises ``QueryError``."""
    items = 0
    with selection.chosen(archive):
        feed = feed_of(archive, selection, what, limit)
        target.write(_json(_head(feed)).removesuffix(b"}") + b',"items":[')
        for entry in feed.entries:
            target.write((b",\n" if items else b"\n") + _json(_item(entry)))
            items += 1
            selection.progress(1)
        target.write(b"\n]}\n")
    return {what: items}


def _head(feed: Feed) -> dict[str, Any]:  # Any: JSON values
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "_yaowen": {"id": feed.id, "updated": to_utc(feed.updated)},
    }


def _item(entry: Entry) -> dict[str, Any]:
    article = entry.article
    return {
        "id": entry.id,
        "url": entry.url,
        "title": allowed(entry.title),
        "content_html": entry.html,
        "summary": allowed(entry.summary),
        "date_published": entry.published.isoformat() if entry.published else None,
        "date_modified": to_utc(entry.updated),
        "authors": [{"name": allowed(name)} for name in entry.authors],
        "tags": [article.category] if article.category else None,
        "language": entry.language,
        "_yaowen": {"article": article.id, "site": article.site, "source": article.source},
    }


def _json(values: dict[str, Any]) -> bytes:
    """What is there of the values."""
    return orjson.dumps({name: value for name, value in values.items() if value is not None})
