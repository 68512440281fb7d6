"""From where to where the article's text goes: the frame around it stands in the same subtree."""

import re
from collections.abc import Iterator, Set
from dataclasses import replace
from itertools import accumulate, takewhile

from lxml import html

from crawler.parsers.container import Container
from crawler.parsers.cut import Cut
from crawler.parsers.headings import heading_of, is_headed
from crawler.parsers.lines import Line
from crawler.parsers.siblings import SHORTEST_PROSE, is_prose
from crawler.parsers.text import pairs, share_of_pairs

MOST_OF_TEXT = 0.7
"""Share of a subtree's running text in one element from which what follows that element is no text."""
LEAST_SECTION = 0.05
"""The same share of a following element of the same kind from which both are sections of the text."""
NOTES = frozenset(["p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "figure"])
"""Elements that go on with the text in which they stand; what else follows it there is a box."""
_NOTE = re.compile(
    r"更正|勘误|编者[按注]|訂正|정정|correction|clarification|editor'?s note|korrektur|hinweis der redaktion", re.I
)
"""How a note begins that belongs to the text, wherever below it it stands."""
_LAST_WORD = re.compile(r"[-_](?:top|bottom|first|last|upper|lower|start|end|begin|\d+)$", re.I)
SHORTEST_LINK = 8.0
"""Weight from which a link that stands alone below the text says something: more than back, or home."""
SAME_HEADLINE = 0.5
"""Share of the title's pairs of letters from which a heading above the text is the headline in other words."""


def core_end(page: Cut, container: Container, listed: frozenset[int]) -> int:
    """The number of the line after the element that holds nearly all of a container's running text.

    Biographies, testimonials and letters to the reader follow the text in elements of their own; a paragraph
    that follows it directly, such as a correction, still belongs to it.
    """
    spoken = (
        line.weight if number not in listed and not line.zone and is_prose(line) else 0.0
        for number, line in enumerate(page.lines)
    )
    sums = [0.0, *accumulate(spoken)]

    def said(element: html.HtmlElement) -> float:
        first, end = page.spans.get(element, (0, 0))
        return sums[end] - sums[first]

    def goes_on(element: html.HtmlElement) -> bool:
        first, end = page.spans.get(element, (0, 0))
        return element.tag in NOTES or (first < end and _NOTE.match(page.lines[first].text) is not None)

    core, least = container.element, MOST_OF_TEXT * said(container.element)
    while (inner := next((child for child in core if 0 < said(child) >= least), None)) is not None:
        first, end = page.spans[inner]
        alike = (other for other in inner.itersiblings(inner.tag) if _are_alike(inner, other))
        if end - first == 1 or any(said(other) > LEAST_SECTION * least for other in alike):
            break  # a paragraph, or a section, among others
        core = inner
    notes = takewhile(goes_on, core.itersiblings()) if core is not container.element else ()
    return max((page.spans[element][1] for element in (core, *notes) if element in page.spans), default=container.end)


def _are_alike(one: html.HtmlElement, other: html.HtmlElement) -> bool:
    """Whether two neighbours of one tag are called the same, but for the last word: text-first, text-last."""
    ours, theirs = ((element.get("class") or "").strip() for element in (one, other))
    return ours == theirs or _LAST_WORD.sub("", ours) == _LAST_WORD.sub("", theirs)


def from_first_to_last(lines: list[Line], title: str) -> list[Line]:
    """The lines without what stands before the first and after the last running text: names, times, tags, tools."""
    prose = [number for number, line in enumerate(lines) if is_prose(line)]
    if not prose:
        return lines
    homes = {lines[number].node.getparent() for number in prose}
    first, end = prose[0], prose[-1] + 1
    return [*standfirst(lines[:first], title, homes), *lines[first:end], *_tail(lines[end:], homes)]


def standfirst(lines: list[Line], title: str, homes: Set[html.HtmlElement] = frozenset()) -> Iterator[Line]:
    """What stands before the running text and is no by-line or headline: a deck is text, though printed as h2.

    ``homes`` are the elements in which the running text stands; short lines beside it are its own.
    """
    wanted = pairs(title)
    for line in lines:
        if line.level and line.linked > 0.5:
            continue
        if is_headed(line) and share_of_pairs(wanted, line.text) >= SAME_HEADLINE:
            continue
        if line.weight < SHORTEST_PROSE or line.linked > 0.5:
            if line.level or line.node.getparent() in homes:
                yield line
        else:
            yield replace(line, level=0, bold=0.0)


def _tail(lines: list[Line], homes: Set[html.HtmlElement]) -> Iterator[Line]:
    """What follows the running text and still is text: no heading above nothing but links, and links only beside it."""
    waiting: list[Line] = []
    for line in lines:
        if heading_of(line, bold_heads=True):
            waiting = [line]
        elif line.linked < 0.5:
            yield from (*waiting, line)
            waiting = []
        elif line.node.getparent() in homes and line.weight > SHORTEST_LINK:
            waiting.append(line)
    if waiting and not heading_of(waiting[0], bold_heads=True):
        yield from waiting
