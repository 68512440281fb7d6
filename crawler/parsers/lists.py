"""Lists of linked headlines, with or without teaser texts: they recommend, navigate or make a list page.

The article's text never stands in one, so container, related and listing all begin here.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile, zip_longest

from lxml import html

from archive.models import Link
from crawler.parsers.cut import Cut
from crawler.parsers.dates import is_date_line
from crawler.parsers.document import Document
from crawler.parsers.found import Found
from crawler.parsers.labels import label_kind
from crawler.parsers.lines import Line
from crawler.parsers.siblings import is_prose
from crawler.parsers.slots import (
    LONGEST_LABEL,
    SHORTEST_TEASER,
    Slot,
    continues,
    find_slots,
    is_paragraph,
    is_whole,
    link_of,
    names_a_list,
)
from crawler.parsers.text import punctuation
from crawler.parsers.urls import MOST_LINKS

LONGEST_TEASER = 260.0
"""Weight of the longest line below a headline that may still be its teaser."""
MOST_PARAGRAPHS = 2
"""Paragraphs under a headline, on average, that are still a teaser."""
LONGEST_FLAT_TEASER = 60.0
"""Weight of the teasers under a headline, on average, where nothing in the markup holds the two together."""
MOST_TEASED = 180.0
"""The same, from which they are the text of an article wherever they stand."""
LONGEST_BOX = 4
"""Lines of the largest element that holds nothing but one headline, its label and its teaser."""
LONGEST_BYLINE = 8.0
"""Weight of the longest link to another address that may stand in a slot: its author, its column."""


@dataclass(slots=True)
class LinkList:
    """Headlines that share their place in the markup, in page order."""

    slots: list[Slot]
    label: str | None
    """The printed words above it."""
    label_line: int | None
    zone: str | None
    """What the markup calls the part of the page in which it stands."""

    @property
    def certain(self) -> bool:
        """Whether it is a list for sure: three headlines, or a label that says so, and no text of an article."""
        return (len(self.slots) > 2 or label_kind(self.label) == "related") and not self.reads_as_text

    @property
    def reads_as_text(self) -> bool:
        """Whether whole paragraphs stand under the headlines: an article about several things, each linked.

        Where headlines and paragraphs alternate in one element, a little more than teasers is enough.
        """
        prose = [
            line for slot in self.slots for line in slot.teaser if line.weight >= SHORTEST_TEASER and line.linked < 0.5
        ]
        paragraphs, said = len(prose) + sum(slot.below for slot in self.slots), sum(line.weight for line in prose)
        if paragraphs > MOST_PARAGRAPHS * len(self.slots) or said > MOST_TEASED * len(self.slots):
            return True
        homes = {node.getparent() for node in (*(slot.node for slot in self.slots), *(line.node for line in prose))}
        if len(homes) > 1 or label_kind(self.label) is not None or not all(is_whole(line) for line in prose):
            return False
        return said > LONGEST_FLAT_TEASER * len(self.slots)

    @property
    def tells(self) -> bool:
        """Whether a headline is printed as one, or a teaser stands under it."""
        return any(slot.heading or any(line.weight >= SHORTEST_TEASER for line in slot.teaser) for slot in self.slots)

    @property
    def first(self) -> int:
        """The first of its lines, the label's excluded."""
        return self.slots[0].first

    @property
    def last(self) -> int:
        """The last of its lines."""
        return max(slot.last for slot in self.slots)

    def lines(self) -> Iterator[int]:
        """The numbers of all lines that belong to it, the label's included."""
        if self.label_line is not None:
            yield self.label_line
        for slot in self.slots:
            yield from range(slot.first, slot.last + 1)

    def links(self, document: Document) -> tuple[Link, ...]:
        """Its slots in the words of the archive."""
        return tuple(link_of(slot, position, self.label, document) for position, slot in enumerate(self.slots, 1))


def find_lists(page: Cut, document: Document) -> list[LinkList]:
    """All lists of linked headlines of a page, in page order; a single headline makes a list of one."""
    slots = find_slots(page.lines, document)
    starts = sorted(slot.first for slot in slots)
    found = [_finished(run, starts, page, document) for run in _runs(slots, page)]
    return sorted(found, key=lambda linked: linked.first)


def links_of(lists: Iterable[LinkList], document: Document, *, rule: str) -> Found[tuple[Link, ...]]:
    """The links of some lists in page order, the first ``MOST_LINKS``; an address counts once."""
    found: dict[str, Link] = {}
    labels: list[str] = []
    for linked in lists:
        labels.append(linked.label or "")
        for link in linked.links(document):
            found.setdefault(link.url, link)
    links = tuple(islice(found.values(), MOST_LINKS))
    return Found(links, " · ".join(filter(None, labels)), f"{len(labels)} blocks", rule=rule)


def _runs(slots: list[Slot], page: Cut) -> Iterator[list[Slot]]:
    """Neighbouring slots that stand alike in the markup, side by side in one element, with no label between them."""
    running: dict[tuple[str, ...], tuple[list[Slot], list[html.HtmlElement]]] = {}
    for slot in slots:
        place = _place(slot)
        run, around = running.get(place, ([], []))
        shared = _shared(run[-1], slot, page) if run else []
        if run and continues(run[-1], slot.first, page.lines) and (not around or (shared and shared[0] in around)):
            run.append(slot)
            running[place] = (run, around or shared[:3])
            continue
        if run:
            yield run
        running[place] = ([slot], [])
    yield from (run for run, _ in running.values())


def _shared(one: Slot, other: Slot, page: Cut) -> list[html.HtmlElement]:
    """The elements around both, from the inside."""
    chain = (one.node, *one.node.iterancestors())
    return [element for element in chain if page.spans.get(element, (0, 0))[1] > other.first]


def _place(slot: Slot) -> tuple[str, ...]:
    around = [slot.node, *islice(slot.node.iterancestors(), 2)]
    return tuple(str(element.tag) for element in around)


def _finished(run: list[Slot], starts: list[int], page: Cut, document: Document) -> LinkList:
    """The run with each slot's teaser lines, its label and its zone; ``starts`` are the first lines of all slots."""
    label_line = _label_line(run[0].first, page.lines)
    labelled = label_line is not None and label_kind(page.lines[label_line].text) is not None
    flows = not labelled and _text_flows(run, page.lines)
    for slot, following in zip_longest(run, run[1:]):
        end = following.first if following else _last_end(run, page)
        _take(slot, min(end, _next_start(starts, slot, len(page.lines))), page, document, flows)
    return LinkList(
        slots=run,
        label=page.lines[label_line].text.strip(" :：>»·【】") if label_line is not None else None,
        label_line=label_line,
        zone=page.lines[run[0].first].zone,
    )


def _next_start(starts: list[int], slot: Slot, end: int) -> int:
    place = bisect_right(starts, slot.first)
    return starts[place] if place < len(starts) else end


def _text_flows(run: list[Slot], lines: list[Line]) -> bool:
    """Whether the links stand in running text: a teaser is one paragraph, an article goes on for two and more.

    One paragraph is enough where one stands before each link too.
    """
    gaps = (
        [line for line in lines[one.last + 1 : other.first] if _is_beside(line, one) and is_paragraph(line)]
        for one, other in pairwise(run)
    )
    return not any(slot.heading for slot in run) and (any(len(gap) > 1 for gap in gaps) or _is_within_text(run, lines))


def _is_within_text(run: list[Slot], lines: list[Line]) -> bool:
    """Whether each link stands alone between two paragraphs of the element that they all are in: 此前报道 …"""
    return all(
        slot.first > 0
        and slot.last + 1 < len(lines)
        and all(_is_beside(line, slot) and is_prose(line) for line in (lines[slot.first - 1], lines[slot.last + 1]))
        for slot in run
    )


def _is_beside(line: Line, slot: Slot) -> bool:
    return line.node.getparent() is slot.node.getparent()


def _take(slot: Slot, end: int, page: Cut, document: Document, flows: bool) -> None:
    """Give a slot the lines below its headline that are its teaser, its date, its source."""
    for number in range(slot.last + 1, end):
        line = page.lines[number]
        targets = {document.link(anchor.node.get("href")) for anchor in line.anchors}
        elsewhere = line.linked > 0.5 and targets != {slot.url} and line.weight > LONGEST_BYLINE
        goes_on = line.weight > LONGEST_TEASER or (flows and _is_beside(line, slot) and is_prose(line))
        if goes_on:
            slot.below = sum(is_prose(page.lines[other]) for other in range(number, end))
        if goes_on or elsewhere or names_a_list(line):
            return
        slot.teaser.append(line)
        slot.last = number


def _last_end(run: list[Slot], page: Cut) -> int:
    """Where the last slot ends: with its own block among those of the others, else after as many lines as theirs."""
    last, longest = run[-1], max((len(slot.teaser) for slot in run[:-1]), default=2)
    limit = last.last + 1 + longest
    for element in (last.node, *last.node.iterancestors()):
        first, end = page.spans.get(element, (last.first, last.last + 1))
        if first <= run[0].first and len(run) > 1:
            return min(end, limit)
        if end > last.last + 1:
            # A headline alone has only the lines of its own box: 延伸阅读 in a text, with the next paragraph below.
            return min(end, limit) if len(run) > 1 or end - first <= LONGEST_BOX else last.last + 1
    return limit


def _label_line(first: int, lines: list[Line]) -> int | None:
    """The short line just above a list; one whose words name the list before any other."""
    near = takewhile(lambda number: not is_prose(lines[number]), range(first - 1, max(-1, first - 4), -1))
    above = [number for number in near if _may_be_label(lines[number])]
    named = [number for number in above if label_kind(lines[number].text)]
    if named:
        return named[0]
    return first - 1 if first - 1 in above else None


def _may_be_label(line: Line) -> bool:
    return line.weight <= LONGEST_LABEL and punctuation(line.text.rstrip(":：")) == 0 and not is_date_line(line.text)
