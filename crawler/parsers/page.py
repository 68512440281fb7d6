"""One page, read: the order in which the rooms of this package do their work."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from archive.models import Article, Listing, Section
from crawler.errors import MissingPart
from crawler.parsers.characters import decode
from crawler.parsers.container import Container, find_container
from crawler.parsers.dates import PrintedTime, zone_for
from crawler.parsers.document import Document, drop_unseen, parse
from crawler.parsers.embedded import Embedded, read_embedded
from crawler.parsers.head import Head, head_lines, read_head
from crawler.parsers.lines import Cut, cut_page
from crawler.parsers.listing import is_listing, read_listing, read_short_listing
from crawler.parsers.lists import LinkList, find_lists
from crawler.parsers.names import opening_authors, printed_authors, printed_source
from crawler.parsers.published import find_published
from crawler.parsers.related import find_related
from crawler.parsers.sections import read_sections, texts
from crawler.parsers.summary import find_summary
from crawler.parsers.text import language_of, weight
from crawler.parsers.title import Title, find_title, opening_title
from crawler.sites import Site, site_for

_ICON = re.compile(r"icon|logo|avatar|spacer|blank|pixel|\.gif(?:$|\?)", re.IGNORECASE)
LONGEST_BYLINE = 60.0
"""Weight of the longest paragraph in which authors are looked for; by-lines in running text name others."""
LEAST_TEXT = 20.0
"""Least worth of a container that makes a page an article."""


def read_page(
    html: bytes | str,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    site: Site | None = None,
) -> Article | Listing:
    """What a page says, as an article or a list; raises ``ParseError`` where it is neither.

    ``fetched_at`` resolves times like 3小时前; without it they stay as printed.
    """
    site = site or site_for(url)
    document = parse(html if isinstance(html, str) else decode(html, content_type).text, url)
    embedded = read_embedded(document)
    drop_unseen(document)
    page = cut_page(document.root)
    every_list = find_lists(page, document)
    lists = [linked for linked in every_list if linked.certain]
    title = find_title(page.lines, embedded, site.title_suffix if site else None)
    container = find_container(page, lists, title.text if title else None, title.line if title else None)
    if is_listing(container, every_list, page.lines, document, embedded):
        return read_listing(document, every_list, embedded.document_title or (title.text if title else None))
    if container is None or container.worth < LEAST_TEXT:
        return read_short_listing(document, every_list, embedded.document_title)
    title = title or opening_title(page.lines, container.first, container.end)
    if title is None:
        raise MissingPart("title", url=url)
    return _Reading(document, embedded, page, lists, title, container, site, fetched_at).article()


@dataclass(frozen=True, slots=True)
class _Reading:
    """An article page with all that was found on it so far."""

    document: Document
    embedded: Embedded
    page: Cut
    lists: list[LinkList]
    title: Title
    container: Container
    site: Site | None
    fetched_at: datetime | None

    def article(self) -> Article:
        """The article, from its parts."""
        sections = self.sections()
        paragraphs = list(texts(sections))
        if not paragraphs:
            raise MissingPart("no text of an article", url=self.document.url)
        head, embedded = self.head(), self.embedded
        language = embedded.language or language_of("".join(paragraphs))
        printed = self.published(head)
        zone = self.site.timezone if self.site else zone_for(language_of("".join(paragraphs)) or language)
        published_at, assumed = printed.placed(zone) if printed else (None, None)
        return Article(
            url=self.document.url,
            canonical_url=embedded.canonical_url,
            title=self.title.text,
            published_at=published_at,
            published_precision=printed.precision if printed else None,
            published_raw=printed.raw if printed else None,
            timezone_assumed=assumed,
            modified_at=embedded.modified.placed(zone)[0] if embedded.modified else None,
            category=head.category or embedded.category,
            source=head.source or self.opening_source(paragraphs) or embedded.source,
            authors=self.authors(head, paragraphs),
            views=head.views.value if head.views else None,
            views_raw=head.views.raw if head.views else None,
            summary=find_summary(embedded.description, self.title.text),
            language=language,
            image=embedded.image or self.lead_image(),
            sections=sections,
            related=find_related(self.lists, self.document),
        )

    def sections(self) -> tuple[Section, ...]:
        """The text, without the lines of link lists that stand in the same subtree."""
        listed = {number for linked in self.lists for number in linked.lines()}
        inside = enumerate(self.page.within(self.container.element), self.container.first)
        return read_sections([line for number, line in inside if number not in listed], self.title.text)

    def head(self) -> Head:
        """What is printed beside the title."""
        lines = head_lines(self.page.lines, self.title.line, self.container.first, self.container.end)
        return read_head(lines, self.title.text, self.fetched_at)

    def published(self, head: Head) -> PrintedTime | None:
        """The time of publication."""
        listed = {number for linked in self.lists for number in linked.lines()}
        return find_published(
            self.embedded.published,
            head.time,
            self.document,
            self.page.lines,
            self.title.line,
            self.container,
            listed,
            self.fetched_at,
        )

    def authors(self, head: Head, paragraphs: list[str]) -> tuple[str, ...]:
        """The authors, by the first place that names some: page data, beside the title, the text's ends."""
        ends = [text for text in (*paragraphs[:2], *reversed(paragraphs[-3:])) if weight(text) < LONGEST_BYLINE]
        printed = head.authors or printed_authors(ends) or opening_authors((*paragraphs[:2], *paragraphs[-1:]))
        return self.embedded.authors or printed

    def opening_source(self, paragraphs: list[str]) -> str | None:
        """The source that the text itself begins with: 【来源:…】."""
        return printed_source(paragraphs[0][:60]) if paragraphs[0].startswith("【") else None

    def lead_image(self) -> str | None:
        """The first picture of the text, or between the title and it, that is no icon."""
        for image in (*self.container.element.iter("img"), *self.images_above()):
            url = self.document.link(image.get("data-src") or image.get("data-original") or image.get("src"))
            if url and not _ICON.search(url):
                return url
        return None

    def images_above(self) -> Iterator[HtmlElement]:
        """The pictures between the title and the text."""
        begun = False
        for element in self.document.root.iter():
            if element is self.container.element:
                return
            if begun and element.tag == "img":
                yield element
            begun = begun or (self.title.line is not None and element is self.page.lines[self.title.line].node)
