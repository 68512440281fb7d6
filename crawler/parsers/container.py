"""Which subtree of the page is the article.

Every line is worth something: text with the marks of sentences much, links, menus and frame lines less than nothing.
The article is the element whose lines are worth most together; going up the tree must pay for what it takes in.
"""

from dataclasses import dataclass
from itertools import accumulate

from lxml import html

from crawler.parsers.cleaning import is_frame
from crawler.parsers.cut import Cut
from crawler.parsers.lines import Line
from crawler.parsers.lists import LinkList
from crawler.parsers.text import pairs, share_of_pairs

MOST_WORTH = 300.0
"""A line counts no more, so that one long disclaimer does not outweigh an article of many lines."""
UNPUNCTUATED = 30.0
"""Weight from which a line without marks is still text: 全角空白 in place of commas, verse, lists of names."""
ZONE_WORTH = {
    "comment": -0.5,
    "menu": -1.0,
    "foot": -1.0,
    "side": -0.3,
    "ranking": -0.3,
    "unseen": -0.3,
    "entry": 0.0,
    "share": -0.5,
    "advert": -0.5,
    "caption": 0.0,
    "picture": 0.0,
    "related": -0.3,
}
"""What a line in a zone is worth, as a share of its weight."""
STRUCTURE = (
    ("itemprop", "articlebody", 1.3),
    ("tag", "article", 1.1),
    ("tag", "main", 1.02),
)
"""Markup that says where the article is, and by how much that raises the worth of the element."""
MOST_RAISED = max(factor for *_, factor in STRUCTURE)
LISTED_WORTH = -3.0
"""A line of a link list costs little: lists inside the article are left out later, text after them must not be."""
MOST_COUNTED = 5
"""Lines of one list that cost anything; a long list is no more beside the article than a short one."""
TITLE_BONUS = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """The subtree that is the article."""

    element: html.HtmlElement
    first: int
    end: int
    """The range of its lines, the last one excluded."""
    worth: float


def find_container(page: Cut, lists: list[LinkList], title: str | None, title_line: int | None) -> Container | None:
    """The element whose lines are worth most; ``None`` on a page without text."""
    worth = line_worths(page.lines, lists, title, title_line)
    sums = [0.0, *accumulate(worth)]
    best: tuple[float, int] | None = None
    found: Container | None = None
    for element, (first, end) in page.spans.items():
        plain = sums[end] - sums[first]
        if plain <= 0 or (best is not None and plain * MOST_RAISED < best[0]):
            continue
        value = plain * _structure(element)
        key = (round(value, 3), first - end)
        if best is None or key > best:
            best, found = key, Container(element=element, first=first, end=end, worth=value)
    return found


def line_worths(lines: list[Line], lists: list[LinkList], title: str | None, title_line: int | None) -> list[float]:
    """What each line of the page is worth as a part of the article."""
    listed = {number: place for linked in lists for place, number in enumerate(linked.lines())}
    wanted = pairs(title or "")
    return [
        _listed_worth(listed[number]) if number in listed else _worth(line, wanted) if number != title_line else 0.0
        for number, line in enumerate(lines)
    ]


def _listed_worth(place: int) -> float:
    return LISTED_WORTH if place < MOST_COUNTED else 0.0


def _worth(line: Line, wanted: frozenset[str]) -> float:
    if line.linked > 0.5:
        return -2.0 - min(line.weight, 40) * 0.3
    if line.zone:
        return ZONE_WORTH[line.zone] * min(line.weight, 60)
    if is_frame(line.text):
        return -3.0
    if not line.marks and line.weight < UNPUNCTUATED:
        return -1.5 if line.weight < 8 else 0.5
    agreement = share_of_pairs(wanted, line.text)
    return min(line.weight * (1 - line.linked), MOST_WORTH) * (1 + TITLE_BONUS * agreement)


def _structure(element: html.HtmlElement) -> float:
    for kind, value, factor in STRUCTURE:
        given = element.tag if kind == "tag" else element.get(kind)
        if given and str(given).lower() == value:
            return factor
    return 1.0
