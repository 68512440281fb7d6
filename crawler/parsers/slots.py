"""The slots of lists: one linked headline each, with the teaser, date and source that stand below it."""

import re
from dataclasses import dataclass, field
from itertools import islice

from lxml import html

from archive.models import Link
from crawler.parsers.dates import is_date_line
from crawler.parsers.document import Document
from crawler.parsers.labels import label_kind
from crawler.parsers.lines import Anchor, Line
from crawler.parsers.names import printed_source
from crawler.parsers.text import LONGEST_FIELD, SENTENCE_END, letters, squeeze, weight
from crawler.parsers.urls import same_page

SHORTEST_HEADLINE = 5.5
"""Weight of the shortest linked text that is a headline and no menu entry; 4 Han characters are a column's name."""
SHORTEST_HEADING = 4.0
"""The same where the link is printed as h2 to h6."""
MOST_OF_HEADLINE = 0.7
"""Share of a long line that a headline's link covers; shorter lines print a date or a source beside it."""
WIDEST_GAP = 5
"""Lines that may stand between two headlines of one list: teaser, source, date, counters."""
SHORTEST_TEASER = 12.0
"""Weight of the shortest line below a headline that sums its article up."""
LONGEST_LABEL = 22.0
"""Weight of the longest line that may stand over a list as its label."""
LONGEST_LOOSE = 40.0
"""Weight of the longest teaser that stands beside its headline in one element with others."""

_CUT_OFF = re.compile(r"(?:…|\.{2,}|⋯)$")
_AGO = re.compile(r"^(?:\d+\s*(?:秒|分钟|小时|天)前|昨天|今天)\s+")
"""A time printed before a headline in the same link."""
_NOT_A_TITLE = re.compile(
    r"^(?:(?:https?://|www\.)\S+|read more|continue reading|more|mehr|weiterlesen"
    r"|阅读全文|查看(?:全文|详情|更多)|详细|\[?详情\]?|全文|更多.{0,4})\W*$",
    re.I,
)


@dataclass(slots=True)
class Slot:
    """One headline of a list: the lines from it to the next one."""

    url: str
    first: int
    last: int
    """The range of its lines, the last one included."""
    title: str
    heading: bool
    anchor: html.HtmlElement
    node: html.HtmlElement
    """The block in which the headline stands."""
    teaser: list[Line] = field(default_factory=list)
    below: int = 0
    """Paragraphs of running text between the slot and the next one, not counting its teaser."""


def is_headline(line: Line, anchor: Anchor) -> bool:
    """Whether a link in a line is a headline: long enough, and most of the line or of one row of links."""
    if line.linked < MOST_OF_HEADLINE and line.weight > LONGEST_LOOSE and is_whole(line):
        return False  # a sentence of the text that links much of itself
    shortest = SHORTEST_HEADING if line.level > 1 else SHORTEST_HEADLINE
    return weight(anchor.text) >= shortest and line.linked >= 0.4 and not _NOT_A_TITLE.match(anchor.text)


def find_slots(lines: list[Line], document: Document) -> list[Slot]:
    """Every linked headline of a page, in page order; links to the same address side by side are one."""
    slots: list[Slot] = []
    for number, line in enumerate(lines):
        for anchor in line.anchors:
            url = document.link(anchor.node.get("href"))
            if not url or same_page(url, document.url):
                continue
            before = slots[-1] if slots else None
            if before and before.url == url and continues(before, number, lines):
                _join(before, line, anchor, number)
            elif is_headline(line, anchor) and not _is_label(line):
                title = anchor.text
                slots.append(
                    Slot(
                        url=url,
                        first=number,
                        last=number,
                        title=title,
                        heading=line.level > 0,
                        anchor=anchor.node,
                        node=line.node,
                    )
                )
    return slots


def _join(slot: Slot, line: Line, anchor: Anchor, number: int) -> None:
    """One link around picture, headline and teaser, or several to the same address, are one slot."""
    if line.level and not slot.heading and weight(anchor.text) >= 4:
        slot.title, slot.heading, slot.node = anchor.text, True, line.node
    elif number > slot.last:
        slot.teaser.append(line)
    slot.last = number


def _is_label(line: Line) -> bool:
    return line.weight <= LONGEST_LABEL / 2 and line.level > 0 and label_kind(line.text) is not None


def continues(last: Slot, number: int, lines: list[Line]) -> bool:
    """Whether a line is near enough to a slot to be its own or the next one's, with no label between."""
    between = lines[last.last + 1 : number]
    return len(between) <= WIDEST_GAP and not any(names_a_list(line) for line in between)


def names_a_list(line: Line) -> bool:
    """Whether a line between two headlines stands over the second: 热点排行, or anything short and bold."""
    if line.linked > 0.9 or line.weight > LONGEST_LABEL / 2 or is_date_line(line.text):
        return False
    if line.level > 0 or (line.bold > 0.9 and weight(line.text) > 2):
        return True
    return label_kind(line.text) not in (None, "aside")  # 3 comments, Sponsored: marks of the headline above


def is_paragraph(line: Line) -> bool:
    """Whether a line is too long and too whole to be a teaser that stands loose below its headline."""
    return line.weight > LONGEST_LOOSE and line.linked < 0.5 and is_whole(line)


def is_whole(line: Line) -> bool:
    """Whether a line ends with a sentence, as a paragraph does; a teaser is cut where its room ends."""
    return SENTENCE_END.search(line.text) is not None and not _CUT_OFF.search(line.text)


def link_of(slot: Slot, position: int, label: str | None, document: Document) -> Link:
    """A slot in the words of the archive; the label is that of its list."""
    title = _AGO.sub("", slot.title) or slot.title
    whole = squeeze(slot.anchor.get("title") or "")
    if _CUT_OFF.search(title) and letters(whole).startswith(letters(_CUT_OFF.sub("", title))):
        title = whole
    told = [line.text for line in slot.teaser if line.weight >= SHORTEST_TEASER and not is_date_line(line.text)]
    summary = next((text for text in told if letters(text) != letters(title)), None)
    sources = (printed_source(line.text) for line in slot.teaser if line.weight < 20)
    return Link(
        position=position,
        block=label,
        url=slot.url,
        title=title[:LONGEST_FIELD],
        summary=summary[:LONGEST_FIELD] if summary else None,
        source=next((source for source in sources if source), None),
        image=_image(slot, document),
    )


def _image(slot: Slot, document: Document) -> str | None:
    """The picture in the slot's own link or in the smallest block around it that holds no second address."""
    for element in (slot.anchor, *islice(slot.anchor.iterancestors(), 4)):
        targets = {document.link(anchor.get("href")) for anchor in islice(element.iter("a"), 4)}
        if len(targets - {slot.url, None}) > 0:
            return None
        for image in element.iter("img"):
            printed = image.get("data-src") or image.get("data-original") or image.get("src")
            return document.link(printed)
    return None
