"""The article's subtree as sections: headings and paragraphs, nothing lost and nothing doubled."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from archive.models import Section
from crawler.parsers.cleaning import CAPTION, LONGEST_CAPTION, is_end, is_frame
from crawler.parsers.extent import from_first_to_last, standfirst
from crawler.parsers.head import is_head_line
from crawler.parsers.headings import heading_of, is_headed
from crawler.parsers.lines import ZONE_NAMES, Line
from crawler.parsers.siblings import beside_prose, is_prose
from crawler.parsers.text import letters, punctuation

_MOST_BOLD = 0.5
"""Share of lines in bold from which bold is the page's style and heads nothing."""
SHORTEST_REPEATED = 12.0
"""Weight from which a line that is printed twice is text once: a caption under a picture and its enlargement."""
NEAR = 10
"""Lines before it among which the same is sought."""
FEWEST_BEFORE_END = 3
"""Paragraphs before a line like Comments that says that the article is over."""
SKIPPED_ZONES = frozenset({*ZONE_NAMES, "entry"})


def read_sections(lines: list[Line], title: str, above: Iterable[Line] = ()) -> tuple[Section, ...]:
    """The sections of an article from the lines of its container, those of link lists left out.

    ``above`` are the lines between the title and the container; the standfirst among them is text.
    """
    deck = [line for line in standfirst(list(text_lines(list(above), title)), title) if not line.level]
    own = from_first_to_last(beside_prose(list(text_lines(lines, title))), title)
    return tuple(_sections([*deck, *own], title))


def text_lines(lines: list[Line], title: str) -> Iterator[Line]:
    """The lines of the article's text alone, without its head and frame."""
    begun, paragraphs = False, 0
    said: deque[str] = deque(maxlen=NEAR)
    for line in _after_title(lines, title):
        if begun and is_end(line.text, late=paragraphs >= FEWEST_BEFORE_END):
            return
        if line.text in said:
            continue
        if line.weight > SHORTEST_REPEATED:
            said.append(line.text)
        if _is_beside(line) or (not begun and is_head_line(line.text)):
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
        said += line.weight if punctuation(line.text) and not line.zone else 0
        if said > 120:
            break
    return lines


def _is_beside(line: Line) -> bool:
    if line.zone in SKIPPED_ZONES:
        return True
    if line.linked > 0.9 and len(line.anchors) > 1 and not punctuation(line.text):
        return True
    if is_frame(line.text) or not any(char.isalnum() for char in line.text):
        return True
    return (
        line.weight <= LONGEST_CAPTION
        and not line.level
        and bool(CAPTION.search(line.text))
        and not line.text.startswith(("(", "（"))
    )


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


def texts(sections: Iterable[Section]) -> Iterator[str]:
    """Every paragraph of every section."""
    for section in sections:
        yield from section.paragraphs
