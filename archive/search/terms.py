"""Words as they are typed, and where a text has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Self

from archive.search.characters import RUN

LETTER = rf"[^\W_{RUN}]"
"""One letter or digit of a script with spaces between its words."""

_SEGMENT = re.compile(rf"[{RUN}]+|{LETTER}+")
_TWO_LETTERS = re.compile(LETTER + LETTER)


def segments(folded: str) -> list[str]:
    """The runs of characters without spaces and the words of Latin and other scripts, in their order.

    >>> segments("买了iphone15手机。")
    ['买了', 'iphone15', '手机']
    """
    return _SEGMENT.findall(folded)


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """Text that must occur as it is, folded: ``iPhone15手机`` has the segments ``iphone15`` and ``手机``.

    Between two segments there may be anything but letters.
    """

    segments: tuple[str, ...]

    @classmethod
    def of(cls, folded: str) -> Self | None:
        """The term of a folded text; ``None`` if there is no letter in it."""
        found = tuple(segments(folded))
        return cls(segments=found) if found else None

    @property
    def is_character(self) -> bool:
        """Whether it is a single character that is searched as the beginning of a pair."""
        return len(self.segments) == 1 and self.is_open

    @property
    def is_open(self) -> bool:
        """Whether its end is such a character: the 年 of ``2022年``."""
        return len(self.segments[-1]) == 1 and is_run(self.segments[-1])


def is_run(segment: str) -> bool:
    """Whether the segment is searched by pairs of characters."""
    return re.match(f"[{RUN}]", segment) is not None


def spans(term: Term, folded: str) -> Iterator[tuple[int, int]]:
    """Where a folded text has the term, without cutting a Latin word: ``ai`` is not in ``main``.

    >>> list(spans(Term(segments=("人人",)), "人人人"))
    [(0, 2), (1, 3)]
    """
    for found in _pattern(term).finditer(folded):
        start, end = found.span(1)
        if not _cuts_word(folded, start) and not _cuts_word(folded, end):
            yield start, end


@lru_cache(maxsize=1_000)
def _pattern(term: Term) -> re.Pattern[str]:
    """The segments with anything but letters between them; both kinds may also touch, as in ``iPhone15手机``."""
    pattern = term.segments[0]
    for before, segment in pairwise(term.segments):
        pattern += (r"[\W_]+" if is_run(before) == is_run(segment) else r"[\W_]*") + segment
    return re.compile(f"(?=({pattern}))")  # inside a lookahead, so that both hits of 人人 in 人人人 are found


def _cuts_word(folded: str, place: int) -> bool:
    return place > 0 and _TWO_LETTERS.match(folded, place - 1) is not None
