"""The article's subtree as sections: headings and paragraphs, nothing lost and nothing doubled."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

from archive.models import Section
from crawler.parsers.cleaning import LONGEST_CAPTION, is_caption, is_end, is_frame
from crawler.parsers.dates import first_time
from crawler.parsers.extent import from_first_to_last, standfirst
from crawler.parsers.head import is_head_line
from crawler.parsers.headings import heading_of, is_headed
from crawler.parsers.labels import label_kind
from crawler.parsers.lines import Line
from crawler.parsers.siblings import beside_prose, is_prose, joined_rows
from crawler.parsers.text import SENTENCE_END, letters
from crawler.parsers.zones import ZONE_NAMES

LONGEST_TEXT = 200_000
"""Characters of an article that are read, a book of 300 pages: to write the index of such a text takes half a second,
and of some millions of characters half a minute, in which a crawl does nothing else."""
_MOST_BOLD = 0.5
"""Share of lines in bold from which bold is the page's style and heads nothing."""
SHORTEST_REPEATED = 12.0
"""Weight from which a line that is printed twice is text once: a caption under a picture and its enlargement."""
NEAR = 10
"""Lines before it among which the same is sought."""
FEWEST_BEFORE_END = 3
"""Paragraphs before a line like Comments that says that the article is over."""
LONGEST_DATED = 30.0
"""Weight of the longest line above the text that a date makes one of its by-lines."""
LONGEST_LIST_LABEL = 8.0
"""Weight of the longest heading that is the label of a list left out; a longer one may speak of what is related."""
SKIPPED_ZONES = frozenset({*ZONE_NAMES, "entry"})
"""Kinds of zones whose lines are no text."""


def read_sections(lines: list[Line], title: str, above: Iterable[Line] = ()) -> tuple[Section, ...]:
    """The sections of an article from the lines of its container, those of link lists left out.

    ``above`` are the lines between the title and the container; the standfirst among them is text.
    """
    deck = [line for line in standfirst(list(text_lines(list(above), title)), title) if not line.level]
    own = list(joined_rows(from_first_to_last(beside_prose(list(text_lines(lines, title))), title)))
    return tuple(_sections([*deck, *own], title))


def _is_photo_story(lines: list[Line]) -> bool:
    """Whether most of what is said stands under pictures: then captions are the text."""
    said = [
        line
        for line in lines
        if line.zone in (None, "caption", "picture") and is_prose(line) and not is_frame(line.text)
    ]
    captions = sum(line.weight for line in said if _is_caption(line))
    return 2 * captions > sum(line.weight for line in said)


def text_lines(lines: list[Line], title: str) -> Iterator[Line]:
    """The lines of the article's text alone, without its head and frame."""
    begun, paragraphs = False, 0
    captioned = _is_photo_story(lines)
    said: deque[str] = deque(maxlen=NEAR)
    own = _after_title(lines, title)
    for line, following in zip_longest(own, own[1:]):
        if begun and is_end(line.text, late=paragraphs >= FEWEST_BEFORE_END):
            return
        if line.text in said:
            continue
        if line.weight > SHORTEST_REPEATED:
            said.append(line.text)
        if _is_caption(line):
            if not captioned:
                continue
        elif (
            _is_beside(line)
            or _labels_a_list(line, following)
            or (paragraphs < FEWEST_BEFORE_END and _is_of_the_head(line, begun))
        ):
            continue
        begun = begun or line.weight > 20
        paragraphs += is_prose(line)
        yield line


def _after_title(lines: list[Line], title: str) -> list[Line]:
    """The lines after the printed title, where it stands before the text."""
    own, said = letters(title), 0.0
    for number, line in enumerate(lines):
        if own and letters(line.text) == own:
            return lines[number + 1 :]
        said += line.weight if line.marks and not line.zone else 0
        if said > 120:
            break
    return lines


def _is_beside(line: Line) -> bool:
    """Whether a line is of the frame: in a zone of its own, a row of links, words of the site, nothing but marks."""
    if line.zone in SKIPPED_ZONES:
        return True
    if line.linked > 0.9 and len(line.anchors) > 1 and not line.marks:
        return True
    return is_frame(line.text) or not any(char.isalnum() for char in line.text)


def _is_caption(line: Line) -> bool:
    if line.zone in ("caption", "picture"):
        return True
    return line.zone is None and line.weight <= LONGEST_CAPTION and not line.level and is_caption(line.text)


def _is_of_the_head(line: Line, begun: bool) -> bool:
    """Whether a line above the text, or below its standfirst, says when, by whom and from where."""
    if not begun and is_head_line(line.text):
        return True
    return (
        not line.level
        and line.weight < LONGEST_DATED
        and not SENTENCE_END.search(line.text)
        and first_time(line.text) is not None
    )


def _labels_a_list(line: Line, following: Line | None) -> bool:
    """Whether a line stood over recommendations, which are no text: 延伸阅读, not 相关数据如下："""
    named = line.weight <= LONGEST_LIST_LABEL and (line.level > 0 or line.bold > 0.9 or line.text[-1] in ":：")
    if not named or label_kind(line.text) != "related":
        return False
    return following is None or line.node.getnext() is not following.node or not is_prose(following)


def _sections(lines: list[Line], title: str) -> Iterator[Section]:
    """The lines as sections; a heading with nothing under it, not even a lesser heading, headed a box of the frame."""
    bold_heads = sum(line.bold > 0.95 for line in lines) <= _MOST_BOLD * len(lines)
    own = letters(title)
    parts: list[tuple[str | None, int, list[str]]] = [(None, 0, [])]
    for line, following in zip_longest(lines, lines[1:]):
        heading = heading_of(line, bold_heads)
        if heading is None:
            parts[-1][2].append(line.text)
        elif letters(heading[0]) != own and not _heads_nothing(line, following):
            parts.append((*heading, []))
    for words, level, paragraphs in parts:
        if words is not None or paragraphs:
            yield Section(heading=words, level=level, paragraphs=tuple(paragraphs))


def _heads_nothing(line: Line, following: Line | None) -> bool:
    """Whether no text stands under a heading, nor a lesser heading: that of a box whose list was left out."""
    return following is None or (line.level > 0 and is_headed(following) and following.level <= line.level)


def up_to_longest(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections as far as ``LONGEST_TEXT`` goes; the last paragraph may be cut."""
    kept, left = list[Section](), LONGEST_TEXT
    for section in sections:
        if left <= 0:
            break
        heading = section.heading[:left] if section.heading else section.heading
        left -= len(heading) + 1 if heading else 0
        paragraphs = list[str]()
        for text in section.paragraphs:
            if left <= 0:
                break
            paragraphs.append(text[:left])
            left -= len(text) + 1  # the line break, else a million empty lines would be no text
        kept.append(replace(section, heading=heading, paragraphs=tuple(paragraphs)))
    return tuple(kept)


def texts(sections: Iterable[Section]) -> Iterator[str]:
    """Every paragraph of every section."""
    for section in sections:
        yield from section.paragraphs
