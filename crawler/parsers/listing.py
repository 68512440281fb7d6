"""List pages: told from articles by where the weight of their text stands, and read link by link."""

import re
from collections.abc import Iterator
from typing import Literal

from lxml import html

from archive.models import Link, Listing
from crawler.errors import MissingPart
from crawler.parsers.container import Container
from crawler.parsers.document import Document
from crawler.parsers.embedded import Embedded
from crawler.parsers.labels import label_kind
from crawler.parsers.lines import Line
from crawler.parsers.lists import LinkList
from crawler.parsers.title import without_suffix
from crawler.parsers.urls import same_page

FEWEST_LINKS = 4
"""A page with fewer headlines lists nothing."""
MANY_LINKS = 8
"""Headlines that a paged section shows at least."""
NOT_LISTED_ZONES = frozenset({"menu", "foot", "side", "advert", "share", "comment"})
NEXT = re.compile(
    r"^(?:下一?页|下頁|后一?页|次へ|次の?ページ|다음|next(?:\s+page)?|older(?:\s+posts)?|weiter|nächste(?:\s+seite)?|suivante?)?\s*[>›»→]*$",
    re.I,
)
"""The words on the link to a list's next page."""
ARTICLE_WORTH = 60.0
"""Least worth of a container that is an article beside a list."""
MOSTLY = 0.7
"""Share of a container's text in headlines and teasers from which it is a list."""
HEADLINE_WORTH = 6.0
"""What each headline of a list weighs against the text of an article."""


def is_listing(
    container: Container | None, lists: list[LinkList], lines: list[Line], document: Document, embedded: Embedded
) -> bool:
    """Whether a page is a list of articles rather than one."""
    main = main_lists(lists)
    slots = sum(len(linked.slots) for linked in main if linked.certain)
    address, further = address_kind(document.url), next_page(document)
    if embedded.is_article and address == "article" and not embedded.is_list:
        return False
    if container is not None and _stands_in(main, container, lines) > MOSTLY:
        return True
    if slots < FEWEST_LINKS:
        return False
    if container is None or embedded.is_list:
        return True
    if address == "section" and further and slots >= MANY_LINKS and embedded.published is None:
        return True
    if embedded.is_article:
        return container.worth < ARTICLE_WORTH / 3
    needed = ARTICLE_WORTH + HEADLINE_WORTH * slots * (2 if further else 0.5)
    return container.worth < needed


def address_kind(url: str) -> Literal["article", "section"] | None:
    """What an address looks like: a slug or a number names an article, a plain word or two a section.

    >>> address_kind("https://news.example/2022/10/harvest-festival-opens-in-town")
    'article'
    >>> address_kind("https://news.example/business/energy/")
    'section'
    """
    path = re.sub(r"^[a-z]+://[^/]*|[?#].*$", "", url).strip("/")
    last = path.rpartition("/")[2]
    if re.search(r"\d{5}|(?:19|20)\d\d[/-]\d", path) or last.count("-") > 2 or re.search(r"\d\.s?html?$", last):
        return "article"
    return "section" if re.fullmatch(r"[^\d.]+", path) and path.count("/") < 3 else None


def _stands_in(lists: list[LinkList], container: Container, lines: list[Line]) -> float:
    """The share of a container's text that is headlines and teasers."""
    listed = {number for linked in lists for number in linked.lines()}
    inside = range(container.first, container.end)
    return sum(lines[number].weight for number in inside if number in listed) / sum(
        lines[number].weight for number in inside
    )


def read_listing(document: Document, lists: list[LinkList], title: str | None) -> Listing:
    """The links of a list page in page order; an address counts once."""
    found: dict[str, Link] = {}
    for linked in main_lists(lists):
        for link in linked.links(document):
            found.setdefault(link.url, link)
    return Listing(
        url=document.url,
        title=without_suffix(title) if title else None,
        links=tuple(found.values()),
        next=next_page(document),
    )


def read_short_listing(document: Document, lists: list[LinkList], title: str | None) -> Listing:
    """The list that a page without an article's text is, however short; raises ``MissingPart`` where it is none."""
    listing = read_listing(document, lists, title)
    if len(listing.links) < FEWEST_LINKS and not any(link.summary for link in listing.links):
        raise MissingPart("no article and no list", url=document.url)
    return listing


def main_lists(lists: list[LinkList]) -> list[LinkList]:
    """The lists that make the page: rankings and navigation beside them do not, unless there is nothing else."""
    shown = [linked for linked in lists if linked.zone not in NOT_LISTED_ZONES and (linked.certain or linked.tells)]
    main = [linked for linked in shown if label_kind(linked.label) not in ("aside", "ranking")]
    return main or shown


def next_page(document: Document) -> str | None:
    """The absolute address of a list's next page."""
    for url in _next_links(document.root, document):
        if not same_page(url, document.url):
            return url
    return None


def _next_links(root: html.HtmlElement, document: Document) -> Iterator[str]:
    for element in root.iter("link", "a"):
        words = "".join(element.itertext()).strip() if element.tag == "a" else ""
        named = "next" in (element.get("rel") or "").lower().split()
        if named or (0 < len(words) < 20 and NEXT.match(words)):
            url = document.link(element.get("href"))
            if url:
                yield url
