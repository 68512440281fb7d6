"""Lines that head a section: h1 to h6, and short lines in bold, in brackets or with a number before them."""

import re

from crawler.parsers.lines import Line
from crawler.parsers.text import SENTENCE_END

LONGEST_HEADING = 36.0
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
_STOP = re.compile(r"[^.…][.。;；,，][”’」』\"')）]*$")


def is_headed(line: Line) -> bool:
    """Whether a line stands in h1 to h6 and says no more than a heading does."""
    return line.level > 0 and line.weight <= LONGEST_HEADING and not (line.weight > 8 and _STOP.search(line.text))


def heading_of(line: Line, bold_heads: bool) -> tuple[str, int] | None:
    """The heading that a line is, and its level; ``None`` for a paragraph."""
    bracketed = BRACKETS.match(line.text)
    if bracketed:
        return bracketed[1], line.level or LINE_LEVEL
    if is_headed(line):
        return line.text, line.level
    if (
        line.weight > LONGEST_HEADING
        or line.weight < 1
        or SENTENCE_END.search(line.text)
        or _NO_HEADING.search(line.text)
    ):
        return None
    numbered = NUMBERED.match(line.text) and line.weight <= LONGEST_HEADING * 0.75 and line.marks < 2
    if numbered or (bold_heads and line.bold > 0.95 and line.linked < 0.5):
        return line.text, LINE_LEVEL + line.text.startswith(("（", "("))
    return None
