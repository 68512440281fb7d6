"""How often a page was read, as it prints it."""

import re
from dataclasses import dataclass

UNITS = {"万": 10_000, "萬": 10_000, "w": 10_000, "千": 1_000, "k": 1_000, "亿": 100_000_000, "m": 1_000_000}
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3}){1,4}|\d{1,9}(?:\.\d+)?)(?!,?\d)\s*(?P<unit>[万萬千亿wkm](?![a-z]))?\+?"
_WORDS = (
    r"(?:阅读(?:数|量|次数)?|閱讀|浏览(?:数|量|次数)?|瀏覽|点击(?:数|量|率|次数)?|點擊|人气|播放(?:量)?|观看|查看"
    r"|view(?:s|ed)?|reads?|hits?)"
)
LABELLED = (
    re.compile(rf"{_WORDS}\s*[:：(（]?\s*{_NUMBER}\s*次?[)）]?", re.IGNORECASE),
    re.compile(rf"{_NUMBER}\s*(?:次|人|人次)?\s*{_WORDS}", re.IGNORECASE),
)
"""Counters that name themselves: 阅读 1.3万, 1,361次浏览."""
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
BARE = re.compile(rf"^{_NUMBER}$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A counter."""

    value: int
    raw: str
    """The characters printed."""


def parse_count(printed: str) -> Count | None:
    """The counter that a short text is, with or without its label; ``None`` if it is something else."""
    return find_count(printed) or _count(BARE.match(_folded(printed.strip())), printed.strip())


def find_count(line: str) -> Count | None:
    """The labelled counter somewhere in a line."""
    folded = _folded(line)
    for pattern in LABELLED:
        count = _count(pattern.search(folded), line)
        if count:
            return count
    return None


def without_counts(line: str) -> str:
    """The line with its labelled counters taken out."""
    for pattern in LABELLED:
        line = pattern.sub(" ", line)
    return line


def _count(match: re.Match[str] | None, line: str) -> Count | None:
    if not match:
        return None
    number = float(match["number"].replace(",", "")) * UNITS.get((match["unit"] or "").lower(), 1)
    return Count(value=round(number), raw=line[match.start() : match.end()].strip())


def _folded(line: str) -> str:
    """The line in half-width characters, of the same length."""
    return line if line.isascii() else line.translate(_HALF_WIDTH)
