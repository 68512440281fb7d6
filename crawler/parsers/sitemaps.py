"""Sitemaps (sitemaps.org, protocol 0.9), those of news, indexes of sitemaps, and plain lists of addresses."""

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import islice

from lxml import etree

from crawler.errors import ParseError
from crawler.parsers.entries import Entry, Syndicated, moment_of, newest_first, words_of
from crawler.parsers.text import printable_bytes
from crawler.parsers.urls import absolute

MOST_URLS = 50_000
"""Addresses of one sitemap that the protocol allows."""
_NEWS = "news"


def read_sitemap(xml: str, url: str) -> Syndicated:
    """The addresses of a sitemap, the newest first; raises ``ParseError`` where it is broken from the start."""
    found = list(islice(_elements(xml, "url", url), MOST_URLS))
    is_news = any(_NEWS in values for values in found)
    entries = newest_first(entry for values in found if (entry := _entry(values, url)))
    return Syndicated(kind="news sitemap" if is_news else "sitemap", format="urlset", entries=entries)


def read_sitemap_index(xml: str, url: str) -> Syndicated:
    """The sitemaps of an index, the newest first; raises ``ParseError`` where it is broken from the start."""
    found = islice(_elements(xml, "sitemap", url), MOST_URLS)
    entries = newest_first(entry for values in found if (entry := _entry(values, url)))
    return Syndicated(kind="sitemap index", format="sitemapindex", entries=entries)


def read_addresses(text: str, url: str) -> Syndicated:
    """A sitemap of plain text: an address a line."""
    addresses = (address for line in text.split() if (address := absolute(url, line)))
    entries = tuple(Entry(url=address) for address in islice(addresses, MOST_URLS))
    return Syndicated(kind="sitemap", format="text", entries=entries)


def _entry(values: dict[str, str], url: str) -> Entry | None:
    address = absolute(url, values.get("loc"))
    if address is None:
        return None
    return Entry(
        url=address,
        title=words_of(values.get("news title")),
        image=absolute(url, values.get("image loc")),
        moment=moment_of(values.get("news publication_date")) or moment_of(values.get("lastmod")),
    )


def _elements(xml: str, name: str, url: str) -> Iterator[dict[str, str]]:
    """The texts in each element of this name, by the names of the elements around them.

    What stands before a fault is given; a document without any is a ``ParseError``.
    """
    steps = etree.iterparse(
        BytesIO(printable_bytes(xml)),
        tag=("{*}" + name),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    is_empty = True
    with suppress(etree.XMLSyntaxError):
        for _, element in steps:
            yield _values(element)
            is_empty = False
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    if is_empty and len(steps.error_log):
        raise ParseError("the sitemap is broken", url=url)


def _values(element: etree._Element) -> dict[str, str]:
    """``loc``, ``lastmod``, ``news publication_date`` …; the first of each."""
    values: dict[str, str] = {}
    for child in element.iterchildren("*"):
        name = etree.QName(child).localname
        values.setdefault(name, (child.text or "").strip())
        for grandchild in child.iterchildren("*"):
            values.setdefault(f"{name} {etree.QName(grandchild).localname}", (grandchild.text or "").strip())
    return values
