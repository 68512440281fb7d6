"""Lists that a site writes for programs, told apart from its pages: feeds and sitemaps."""

import json
import re
from collections.abc import Callable
from typing import Any

from archive.models import Link, Listing
from crawler.errors import ParseError
from crawler.parsers.entries import Entry, Syndicated
from crawler.parsers.feeds import read_feed, read_json_feed
from crawler.parsers.sitemaps import read_addresses, read_sitemap, read_sitemap_index
from crawler.parsers.urls import MOST_LINKS

MOST_LISTS = 50
"""Sitemaps taken of one index, the newest: with 1,000 links each they are a polite crawl's work of half a day."""
_LONGEST_PROLOG = 20_000
_PROLOG = re.compile(r"\ufeff?\s*(?>(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[<>]*(?:\[.*?\]\s*)?>)\s*)*+", re.DOTALL | re.I)
"""All before the root element. The groups are possessive: a thousand comments could else be divided in endless ways."""
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z]{1,20})(?=[\s/>])")
_READERS: dict[str, Callable[[str, str], Syndicated]] = {
    "rss": read_feed,
    "feed": read_feed,
    "rdf": read_feed,
    "urlset": read_sitemap,
    "sitemapindex": read_sitemap_index,
}
"""How the lists are read, by the name of their root element."""
_ADDRESSES = re.compile(r"(?:\s*+https?://[^\s<>\"]++[ \t]*+(?:[\r\n]|$))++\s*+")


def read_syndicated(text: str, url: str) -> Syndicated | None:
    """The list that a feed or a sitemap is, all of it; ``None`` for a page, ``ParseError`` for a broken list."""
    prolog = _PROLOG.match(text, 0, _LONGEST_PROLOG)
    # No entity can be declared in what is left: a document declares them before its root.
    start = prolog.end() if prolog else 0
    root = _ROOT.match(text, start)
    if root is not None:
        reader = _READERS.get(root[1].lower())
        return reader(text[start:], url) if reader else None
    if text.startswith("{", start):
        return _json_feed(text[start:], url)
    return read_addresses(text[start:], url) if _ADDRESSES.fullmatch(text, start) else None


def as_listing(read: Syndicated, url: str) -> Listing:
    """What a crawl takes of it: each address once, within limits."""
    first = {entry.url: entry for entry in reversed(read.entries)}
    entries = [entry for entry in read.entries if first[entry.url] is entry]
    if read.kind == "sitemap index":
        return Listing(url=url, lists=tuple(entry.url for entry in entries[:MOST_LISTS]))
    return Listing(
        url=url,
        title=read.title,
        links=tuple(_link(position, entry) for position, entry in enumerate(entries[:MOST_LINKS], start=1)),
        next=read.next,
    )


def _link(position: int, entry: Entry) -> Link:
    """A slot; where no title is printed, the address is what stands there."""
    return Link(
        position=position,
        url=entry.url,
        title=entry.title or entry.url,
        summary=entry.summary,
        source=entry.source,
        image=entry.image,
    )


def _json_feed(text: str, url: str) -> Syndicated | None:
    if "jsonfeed.org/version/" not in text[:_LONGEST_PROLOG].replace("\\/", "/"):
        return None
    try:
        values: Any = json.loads(text)  # Any: JSON
    except (ValueError, RecursionError) as error:
        raise ParseError("the feed is broken", url=url) from error
    return read_json_feed(values, url) if isinstance(values, dict) else None
