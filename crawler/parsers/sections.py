"""The article's subtree as sections: headings and paragraphs, nothing lost and nothing doubled."""

import re
from collections import deque
from collections.abc import Iterable, Iterator

from archive.models import Section
from crawler.parsers.cleaning import CAPTION, LONGEST_CAPTION, is_end, is_frame
from crawler.parsers.head import is_head_line
from crawler.parsers.lines import Line
from crawler.parsers.siblings import beside_prose, is_prose
from crawler.parsers.text import SENTENCE_END, letters, punctuation

LONGEST_HEADING = 42.0
"""Weight of the longest line that may head a section."""
LINE_LEVEL = 2
"""Level of a heading that is a line of text and no h1 to h6."""
BRACKETS = re.compile(r"^【\s*([^【】]{1,40}?)\s*】$")
NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章节部][\s、：:])\s*\S"
)
_NO_HEADING = re.compile(
    r"记者|通讯员|作者|[/／]文|文[/／]|来源|编辑|摄影?[)）]?$|^[（(].*[)）]$|^[\d\W]+$|^▲|^△|图[:：]|^by\s",
    re.IGNORECASE,
)
_MOST_BOLD = 0.5
"""Share of lines in bold from which bold is the page's style and heads nothing."""
SHORTEST_REPEATED = 12.0
"""Weight from which a line that is printed twice is text once: a caption under a picture and its enlargement."""
NEAR = 10
"""Lines before it among which the same is sought."""
FEWEST_BEFORE_END = 3
"""Paragraphs before a line like Comments that says that the article is over."""
SKIPPED_ZONES = frozenset({"menu", "foot", "side", "share", "advert", "comment", "caption", "related"})


def read_sections(lines: list[Line], title: str) -> tuple[Section, ...]:
    """The sections of an article from the lines of its container, those of link lists left out."""
    return tuple(_sections(beside_prose(list(text_lines(lines, title))), title))


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
    bold_heads = sum(line.bold > 0.95 for line in lines) <= _MOST_BOLD * len(lines)
    heading: str | None = None
    level, paragraphs = 0, list[str]()
    for line in lines:
        found = heading_of(line, bold_heads)
        if found is None or letters(found[0]) == letters(title):
            if found is None:
                paragraphs.append(line.text)
            continue
        if heading is not None or paragraphs:
            yield Section(heading=heading, level=level, paragraphs=tuple(paragraphs))
        (heading, level), paragraphs = found, []
    if heading is not None or paragraphs:
        yield Section(heading=heading, level=level, paragraphs=tuple(paragraphs))


def heading_of(line: Line, bold_heads: bool) -> tuple[str, int] | None:
    """The heading that a line is, and its level; ``None`` for a paragraph."""
    bracketed = BRACKETS.match(line.text)
    if bracketed:
        return bracketed[1], line.level or LINE_LEVEL
    if line.level:
        return line.text, line.level
    if (
        line.weight > LONGEST_HEADING
        or line.weight < 1
        or SENTENCE_END.search(line.text)
        or _NO_HEADING.search(line.text)
    ):
        return None
    numbered = NUMBERED.match(line.text) and line.weight <= LONGEST_HEADING * 0.75 and punctuation(line.text) < 2
    if numbered or (bold_heads and line.bold > 0.95 and line.linked < 0.5):
        return line.text, LINE_LEVEL
    return None


def texts(sections: Iterable[Section]) -> Iterator[str]:
    """Every paragraph of every section."""
    for section in sections:
        yield from section.paragraphs
