"""Short lines of the article told from those of boxes inside it: the article's stand beside its running text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, islice

from lxml import html

from crawler.parsers.headings import is_headed
from crawler.parsers.lines import Line

SHORTEST_PROSE = 12.0
"""Weight from which a line with marks of sentences is running text, wherever it stands."""
PARTS = frozenset(["li", "ul", "ol", "td", "th", "tr", "tbody", "thead", "table", "blockquote"])
"""Elements that are parts of a list, table or quotation; the whole stands where its parent says."""
LONGEST_CELL = 20.0
"""Weight of the longest cell that is one of a table of facts; in longer ones stands the text of the page."""
WRAPPERS = 3
"""Elements that an editor puts around every paragraph, at most."""
MOST_LINKED_ITEM = 0.3
"""Share of links from which an entry of a list is a teaser, not a point that the article makes."""

Place = tuple[html.HtmlElement, str]


def beside_prose(lines: list[Line]) -> list[Line]:
    """The lines without the short ones that stand apart from all running text: teasers, by-lines, tools in boxes."""
    prose = [line for line in lines if is_prose(line)]
    if not prose:
        return lines
    nodes = {line.node for line in prose}
    parents = {_parent(node) for node in nodes}
    above = Counter(_parent(parent) for parent in parents)
    around = {element for element, count in above.items() if count > 1}
    places = Counter(place for line in prose for place in _places(line.node))
    usual = {place for place, count in places.items() if count > 1}
    kept: list[Line] = []
    follows = False
    for line in reversed(lines):
        whole = _whole(line.node)
        at_home = (
            line.node in nodes
            or _parent(whole) in parents
            or _parent(_parent(whole)) in around
            or not usual.isdisjoint(_places(line.node))
        )
        item = line.linked < MOST_LINKED_ITEM and (line.node.tag in PARTS or _is_quoted(line.node))
        follows = at_home or item or is_prose(line) or (line.level > 0 and follows)
        if follows:
            kept.append(line)
    return kept[::-1]


def _places(node: html.HtmlElement) -> Iterator[Place]:
    """The elements above a line, as far as its wrappers may go, each with the tags in between."""
    tags = str(node.tag)
    for element in islice(node.iterancestors(), WRAPPERS + 1):
        yield element, tags
        tags = f"{tags} {element.tag}"


def _whole(element: html.HtmlElement) -> html.HtmlElement:
    """The list, table or quotation of which an element is a part, with the wrapper that holds nothing else."""
    parent = element.getparent()
    while parent is not None and (element.tag in PARTS or _is_alone(element)):
        element, parent = parent, parent.getparent()
    return element


def _is_quoted(node: html.HtmlElement) -> bool:
    """Whether an element is a part of a quotation, or names who said it."""
    parent = node.getparent()
    return parent is not None and parent.tag == "blockquote"


def _is_alone(element: html.HtmlElement) -> bool:
    """Whether its parent has no other child; asked so because lxml counts children one by one."""
    return element.getprevious() is None and element.getnext() is None


def is_prose(line: Line) -> bool:
    """Whether a line is running text; some sites print paragraphs as h3."""
    return line.weight >= SHORTEST_PROSE and line.linked < 0.5 and not is_headed(line) and line.marks > 0


def _parent(element: html.HtmlElement | None) -> html.HtmlElement | None:
    return element.getparent() if element is not None else None


def joined_rows(lines: list[Line]) -> Iterator[Line]:
    """The lines with the short cells of a table's row as one line."""
    for row, cells in groupby(lines, key=lambda line: _parent(line.node) if line.node.tag in ("td", "th") else None):
        together = list(cells)
        if row is None or any(cell.weight > LONGEST_CELL for cell in together) or len(together) < 2:
            yield from together
        else:
            yield replace(
                together[0],
                text=" ".join(cell.text for cell in together),
                weight=sum(cell.weight for cell in together),
                bold=min(cell.bold for cell in together),
            )
