"""List pages: told from articles by where the weight of their text stands, and read link by link."""

import re
from collections.abc import Callable
from typing import Literal

from archive.models import Link
from crawler.parsers.container import Container
from crawler.parsers.findings import WIDEST_HEAD, Findings
from crawler.parsers.found import Found
from crawler.parsers.labels import label_kind
from crawler.parsers.lines import Line
from crawler.parsers.lists import LONGEST_BOX, LinkList, links_of
from crawler.parsers.paging import next_page
from crawler.parsers.siblings import is_prose
from crawler.parsers.slots import WIDEST_GAP

FEWEST_LINKS = 4
"""A page with fewer headlines lists nothing."""
MANY_LINKS = 8
"""Headlines that a paged section shows at least."""
NOT_LISTED_ZONES = frozenset({"menu", "foot", "side", "ranking", "advert", "share", "comment"})
PAGED = re.compile(r"/page/\d+/?$")
"""How the further pages of a section are addressed, and seldom those of an article."""
ARTICLE_WORTH = 60.0
"""Least worth of a container that is an article beside a list."""
LONG_TEXT = 600.0
"""Worth of a container that is an article whatever else the page lists."""
MOSTLY = 0.7
"""Share of a container's text in headlines and teasers from which it is a list."""
HEADLINE_WORTH = 6.0
"""What each headline of a list weighs against the text of an article."""


def why_listing(page: Findings) -> str | None:
    """Why a page is a list of articles rather than one; ``None`` for an article."""
    return next((why for why, holds in LISTING if holds(page)), None) if not _is_article(page) else None


def _is_article(page: Findings) -> bool:
    """Whether it says that it is one at an address that looks like one, or the site's own rules find a text."""
    if page.own_sections is not None:
        return True
    if page.embedded.is_list:
        return False
    return _long_text_under_title(page) or (page.embedded.is_article and address_kind(page.document.url) == "article")


def _long_text_under_title(page: Findings) -> bool:
    """Whether the printed title heads a long text, with no other headline between them and no page after it."""
    title, text = page.named_title, page.container
    if text is None or text.worth < LONG_TEXT or title is None or title.line is None or page.next_links:
        return False
    lines = page.page.lines
    if not lines[title.line].level or title.line >= text.end:
        return False
    first = next((n for n in range(title.line + 1, text.end) if n not in page.listed and is_prose(lines[n])), None)
    return first is not None and not any(n in page.listed for n in range(title.line + 1, first))


def _headlines(page: Findings) -> int:
    return sum(len(linked.slots) for linked in main_lists(page.all_lists) if linked.certain)


def _own_links(page: Findings) -> bool:
    return page.profile is not None and page.profile.links("links") is not None


def _text_is_links(page: Findings) -> bool:
    return (
        page.container is not None and _stands_in(main_lists(page.all_lists), page.container, page.page.lines) > MOSTLY
    )


def _no_text(page: Findings) -> bool:
    return page.container is None and _headlines(page) >= FEWEST_LINKS


def _says_list(page: Findings) -> bool:
    return page.embedded.is_list and _headlines(page) >= FEWEST_LINKS


def _paged_section(page: Findings) -> bool:
    further = next_page(page.next_links, page.document.url)
    if further is None or page.embedded.published is not None or _headlines(page) < MANY_LINKS:
        return False
    return address_kind(page.document.url) == "section" or PAGED.search(further.value) is not None


def _text_is_a_teaser(page: Findings) -> bool:
    """Whether all the text there is stands among the headlines of one list."""
    text = page.container
    return text is not None and any(
        linked.first <= text.first and text.end <= linked.last + WIDEST_GAP and text.end - text.first <= LONGEST_BOX
        for linked in main_lists(page.all_lists)
        if len(linked.slots) >= MANY_LINKS
    )


def _outweighs_text(page: Findings) -> bool:
    """Many headlines, or further pages of them, ask for more text before the page is an article."""
    slots = _headlines(page)
    if page.container is None or slots < FEWEST_LINKS:
        return False
    if page.embedded.is_article:
        return page.container.worth < ARTICLE_WORTH / 3
    further = next_page(page.next_links, page.document.url) is not None
    return page.container.worth < ARTICLE_WORTH + HEADLINE_WORTH * slots * (2 if further else 0.5)


def _amid_headlines(page: Findings) -> bool:
    """Whether many headlines stand above the text and below it, and no headline of its own."""
    text, title = page.container, page.named_title
    if text is None or (title and title.line is not None and text.first - WIDEST_HEAD <= title.line < text.end):
        return False
    slots = [slot.first for linked in main_lists(page.all_lists) if linked.certain for slot in linked.slots]
    above, below = sum(first < text.first for first in slots), sum(first >= text.end for first in slots)
    return min(above, below) >= MANY_LINKS


LISTING: tuple[tuple[str, Callable[[Findings], bool]], ...] = (
    ("the site's own rules find its links", _own_links),
    ("most of its text is headlines and teasers", _text_is_links),
    ("its text is a teaser in a list", _text_is_a_teaser),
    ("headlines and no text", _no_text),
    ("its data say that it is a list", _says_list),
    ("many headlines and further pages, as a section has them", _paged_section),
    ("its headlines outweigh its text", _outweighs_text),
    ("its text has no headline and stands amid many", _amid_headlines),
)
"""What makes a page a list."""


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


def listed_links(page: Findings) -> Found[tuple[Link, ...]]:
    """The links of a list page in page order; an address counts once."""
    lists = main_lists(page.all_lists)
    return links_of(lists, page.document, rule="the headlines beside no menu, ranking or advert")


def main_lists(lists: list[LinkList]) -> list[LinkList]:
    """The lists that make the page: rankings and navigation beside them do not, unless there is nothing else."""
    shown = [
        linked
        for linked in lists
        if linked.zone not in NOT_LISTED_ZONES and (linked.certain or (linked.tells and not linked.reads_as_text))
    ]
    main = [linked for linked in shown if label_kind(linked.label) not in ("aside", "ranking")]
    return main or shown
