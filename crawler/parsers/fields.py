"""The fields of an article beside title and text: the rules of each, in the order in which they are tried."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.parsers.counts import Count, find_count
from crawler.parsers.dates import PrintedTime
from crawler.parsers.findings import Findings
from crawler.parsers.found import Found, Rules
from crawler.parsers.names import find_authors, opening_authors, printed_original_title, printed_source, signed_authors
from crawler.parsers.summary import find_summary
from crawler.parsers.text import weight

LONGEST_BYLINE = 60.0
"""Weight of the longest paragraph in which authors are looked for; by-lines in running text name others."""
LINES_BELOW = 4
LONGEST_COUNTED = 20.0
"""Weight of the longest line whose counter is the page's."""
NEVER_COUNTED = frozenset({"comment", "related", "side", "ranking", "foot", "menu"})
_ICON = re.compile(r"icon|logo|avatar|spacer|blank|pixel|\.gif(?:$|\?)", re.IGNORECASE)


def _end_authors(page: Findings) -> Found[tuple[str, ...]] | None:
    """The authors on a short paragraph with which the text begins or ends."""
    paragraphs = page.paragraphs
    ends = [text for text in (*paragraphs[:2], *reversed(paragraphs[-3:])) if weight(text) < LONGEST_BYLINE]
    found = find_authors(ends)
    return Found(found[0], ends[found[1]], "the text's first or last paragraphs") if found else None


def _bracketed_authors(page: Findings) -> Found[tuple[str, ...]] | None:
    for text in (*page.paragraphs[:2], *page.paragraphs[-1:]):
        names = opening_authors(text)
        if names:
            return Found(names, text, "the text's first or last paragraphs")
    return None


def _signed_authors(page: Findings) -> Found[tuple[str, ...]] | None:
    names = signed_authors(page.paragraphs[-1])
    return Found(names, page.paragraphs[-1], "the text's last paragraph") if names else None


def _count_near_text(page: Findings) -> Found[Count] | None:
    """The counter on a short line near the text."""
    for line in page.near(LINES_BELOW):
        count = find_count(line.text) if line.weight <= LONGEST_COUNTED and line.zone not in NEVER_COUNTED else None
        if count:
            return Found(count, line.text, line)
    return None


def _opening_source(page: Findings) -> Found[str] | None:
    """The source that the text itself begins with: 【来源:…】."""
    opening = page.paragraphs[0]
    source = printed_source(opening[:60]) if opening.startswith("【") else None
    return Found(source, opening, "the text's first paragraph") if source else None


def _original_title(page: Findings) -> Found[str] | None:
    for line in page.near(LINES_BELOW):
        title = printed_original_title(line.text)
        if title:
            return Found(title, line.text, line)
    return None


def _summary(page: Findings) -> Found[str] | None:
    said = page.embedded.description
    text = find_summary(said.value, page.title.text if page.title else "") if said else None
    return Found(text, said.raw, said.place) if said and text else None


def _script(page: Findings) -> Found[str] | None:
    return Found(page.script, page.paragraphs[0], "the text") if page.script else None


def _lead_image(page: Findings) -> Found[str] | None:
    """The first picture of the text, or between the title and it, that is no icon."""
    for image in (*page.text.element.iter("img"), *_images_above(page)):
        printed = image.get("data-src") or image.get("data-original") or image.get("src")
        url = page.document.link(printed)
        if url and printed and not _ICON.search(url):
            return Found(url, printed, "the first picture")
    return None


def _images_above(page: Findings) -> Iterator[HtmlElement]:
    title = page.title_line
    begun = False
    for element in page.document.root.iter():
        if element is page.text.element:
            return
        if begun and element.tag == "img":
            yield element
        begun = begun or (title is not None and element is title.node)


MODIFIED: Rules[Findings, PrintedTime] = (("the page's own data", lambda page: page.embedded.modified),)
CATEGORY: Rules[Findings, str] = (
    ("on the line of the date", lambda page: page.head.category),
    ("the page's own data", lambda page: page.embedded.category),
    ("the last step of the trail above the title", lambda page: page.head.trail),
)
SOURCE: Rules[Findings, str] = (
    ("beside the title", lambda page: page.head.source),
    ("in brackets before the text", _opening_source),
    ("the page's own data", lambda page: page.embedded.source),
)
ORIGINAL_TITLE: Rules[Findings, str] = (("on a line of its own near the text", _original_title),)
AUTHORS: Rules[Findings, tuple[str, ...]] = (
    ("the page's own data", lambda page: page.embedded.authors),
    ("beside the title", lambda page: page.head.authors),
    ("a by-line at the text's ends", _end_authors),
    ("in brackets at the text's ends", _bracketed_authors),
    ("names alone in brackets at the end", _signed_authors),
)
VIEWS: Rules[Findings, Count] = (
    ("beside the title", lambda page: page.head.views),
    ("on a short line near the text", _count_near_text),
)
SUMMARY: Rules[Findings, str] = (("a description that is sentences", _summary),)
LANGUAGE: Rules[Findings, str] = (
    ("the page's own data", lambda page: page.embedded.language),
    ("the script of the text", _script),
)
IMAGE: Rules[Findings, str] = (
    ("the page's own data", lambda page: page.embedded.image),
    ("in the text or above it", _lead_image),
)
CANONICAL_URL: Rules[Findings, str] = (("the page's own data", lambda page: page.embedded.canonical_url),)
