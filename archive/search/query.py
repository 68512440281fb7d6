"""What was typed -> a small tree -> what FTS5 matches.

Words side by side must all occur; ``"words in quotes"`` must occur in this order with nothing but punctuation between.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.errors import QueryError
from archive.search.characters import RUN
from archive.search.folding import Folding

LONGEST = 2_000
"""Characters in a query; a paragraph fits, a pasted page does not."""

LETTER = rf"[^\W_{RUN}]"
"""One letter or digit of a script with spaces between its words."""

_QUOTE = re.compile('["“”]')
_SEGMENT = re.compile(rf"[{RUN}]+|{LETTER}+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """Text that must occur as it is, folded: ``iPhone15手机`` has the segments ``iphone15`` and ``手机``."""

    segments: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class All:
    """All of the terms must occur, anywhere."""

    terms: tuple[Term, ...]


def parse_query(query: str, folding: Folding) -> All:
    """The tree of a query; ``QueryError`` if a quote stays open, nothing is to be found or it is far too long."""
    if len(query) > LONGEST:
        raise QueryError(query[:40] + "…", LONGEST, f"longer than {LONGEST} characters")
    terms = dict.fromkeys(Term(segments=segments) for text in _texts(query, folding) if (segments := _segments(text)))
    if not terms:
        raise QueryError(query, 0, "nothing to search for")
    return All(terms=tuple(terms))


def as_match(node: All | Term) -> str:
    """The right side of FTS5's ``MATCH``: nothing in it but words, quotes, ``*`` and ``AND``."""
    if isinstance(node, All):
        return " AND ".join(map(as_match, node.terms))
    words = [word for segment in node.segments for word in _words(segment)]
    # What follows the query's last character is open: after 州人, 人 may stand alone or begin the next pair.
    prefix = ""
    if is_run(last := node.segments[-1]):
        prefix = "*" if len(last) == 1 else ""
        words = words if prefix else words[:-1]
    return f'"{" ".join(words)}"{prefix}'


def is_run(segment: str) -> bool:
    """Whether the segment is searched by pairs of characters."""
    return re.match(f"[{RUN}]", segment) is not None


def _texts(query: str, folding: Folding) -> Iterator[str]:
    folded = folding.fold(query)
    parts = _QUOTE.split(folded)
    if len(parts) % 2 == 0:
        raise QueryError(query, len(folded) - len(parts[-1]) - 1, "the quote is never closed")
    for number, part in enumerate(parts):
        yield from (part,) if number % 2 else part.split()


def _segments(text: str) -> tuple[str, ...]:
    return tuple(_SEGMENT.findall(text))


def _words(segment: str) -> list[str]:
    """The words that the index holds of a whole run (``苏州人`` -> ``苏州 州人 人``) or of a Latin word."""
    if not is_run(segment):
        return [segment]
    return [segment[place : place + 2] for place in range(len(segment))]
