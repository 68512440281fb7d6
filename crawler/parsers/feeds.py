"""Feeds: RSS, RDF and Atom by feedparser, JSON Feed (jsonfeed.org/version/1.1) by hand."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import islice
from typing import Any

import feedparser

from crawler.errors import ParseError
from crawler.parsers.entries import Entry, Syndicated, moment_of, teaser_of, words_of
from crawler.parsers.text import printable
from crawler.parsers.urls import MOST_LINKS, absolute, same_page

MOST_MARKS = 50_000
"""Marks of tags of a feed that are read, a thousand long entries: feedparser takes up to two seconds."""
_ENTRY = re.compile(r"<(?:item|entry)\b")
Values = Mapping[str, Any]
"""What a feed says by name; Any: feedparser's and JSON's values."""


def read_feed(xml: str, url: str) -> Syndicated:
    """A feed's entries in its own order; raises ``ParseError`` where it is none or broken from the start.

    Of a huge one the beginning is read, as of one that breaks off: no more entries than links are taken of a list.
    """
    last = next(islice(_ENTRY.finditer(xml), MOST_LINKS, None), None)  # 140,000 empty entries are packed in 7 kB
    xml = "<".join(xml[: last.start() if last else None].split("<", MOST_MARKS)[:MOST_MARKS])
    # A stream, since feedparser would take a text for the name of a file; and no headers but these, so no network.
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        read = feedparser.parse(
            BytesIO(xml.encode("utf-8", "ignore")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (ValueError, AssertionError, RecursionError) as error:  # what its reader of broken markup ends with
        raise ParseError("the feed is broken", url=url) from error
    if not read.entries and (read.bozo or not read.version):
        raise ParseError("the feed is broken" if read.bozo else "it is no feed of a known kind", url=url)
    return Syndicated(
        kind="feed",
        format=read.version or "unknown",
        title=words_of(read.feed.get("title")),
        entries=tuple(entry for values in read.entries if (entry := _entry(values, url))),
        next=_next(read.feed.get("links", ()), url),
    )


def read_json_feed(values: Values, url: str) -> Syndicated:
    """The same of a JSON Feed."""
    items = values.get("items")
    following = absolute(url, _text(values.get("next_url")))
    return Syndicated(
        kind="feed",
        format="json",
        title=words_of(values.get("title")),
        entries=tuple(
            entry
            for item in (items if isinstance(items, list) else ())
            if isinstance(item, dict) and (entry := _json_entry(item, url))
        ),
        next=following if following and not same_page(following, url) else None,
    )


def _entry(values: Values, url: str) -> Entry | None:
    address = absolute(url, printable(values.get("link") or ""))
    title = words_of(values.get("title"))
    if address is None:
        return None
    return Entry(
        url=address,
        title=title,
        summary=teaser_of(values.get("summary"), title),
        source=words_of((values.get("source") or {}).get("title")),
        image=next(_images(values, url), None),
        moment=_moment(values.get("published_parsed") or values.get("updated_parsed")),
    )


def _images(values: Values, url: str) -> Iterator[str]:
    marked = [one for name in ("media_thumbnail", "media_content") for one in values.get(name, ())]
    for one in (*marked, *values.get("enclosures", ())):
        kind = one.get("type") or one.get("medium") or "image"
        address = absolute(url, one.get("url") or one.get("href"))
        if address and kind.startswith("image"):
            yield address


def _next(links: list[Values], url: str) -> str | None:
    """The page on which a paged feed goes on (RFC 5005)."""
    for link in links:
        address = absolute(url, link.get("href"))
        if link.get("rel") == "next" and address and not same_page(address, url):
            return address
    return None


def _moment(parsed: tuple[int, ...] | None) -> datetime | None:
    """What feedparser read of a printed time, which it gives in UTC."""
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC) + timedelta(seconds=second)
    except (ValueError, OverflowError):  # year 0, or hour 24
        return None


def _json_entry(item: Values, url: str) -> Entry | None:
    address = absolute(url, _text(item.get("url")) or _text(item.get("external_url")) or _text(item.get("id")))
    title = words_of(item.get("title"))
    if address is None:
        return None
    return Entry(
        url=address,
        title=title,
        summary=teaser_of(item.get("summary") or item.get("content_text"), title),
        image=absolute(url, _text(item.get("image"))),
        moment=moment_of(_text(item.get("date_published")) or _text(item.get("date_modified"))),
    )


def _text(value: object) -> str | None:
    return printable(value) if isinstance(value, str) else None
