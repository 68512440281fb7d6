"""What changed between two texts, word by word; in Chinese, where no spaces divide words, by runs of characters."""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Operation = Literal["=", "-", "+"]

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_TOKEN = re.compile(rf"[^\W_{_CJK}]+(?:['’.,-][^\W_{_CJK}]+)*|\s+|.", re.DOTALL)
"""A word of an alphabet, a number with its marks, a Chinese character, a mark, white space."""
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*|[。！？!?\n]+")
_WORD = re.compile(r"\w")
LONGEST = 3_000
"""Tokens of a text up to which it is compared by words; longer ones are compared by sentences."""
_MOST_SENTENCES = 10_000
"""Of a text that is compared with another; one of more is another text as a whole."""
_MOST_MATCHES = 1_000_000
"""Pairs of equal parts that are looked at; of texts with more, the parts that repeat most match nothing."""
SHORTEST_KEPT = 2
"""Characters that two texts must share between two changes for the changes to be two: 三千本 and 五千册 are one."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of two texts: the same in both, only in the one before, or only in the one after."""

    operation: Operation
    text: str


def word_diff(before: str, after: str) -> tuple[Span, ...]:
    """The spans of which both texts are made, in order; what was taken out stands before what came in its place.

    Texts may be of any length: whatever is in them, this takes no more than a second or so.

    >>> [(span.operation, span.text) for span in word_diff("书店有三千本书。", "书店有五千册书。")]
    [('=', '书店有'), ('-', '三千本'), ('+', '五千册'), ('=', '书。')]
    """
    if before == after:
        return (Span("=", before),) if before else ()
    ours, theirs = _tokens(before), _tokens(after)
    if max(len(ours), len(theirs)) > LONGEST:
        ours, theirs = _SENTENCE.findall(before), _SENTENCE.findall(after)
    if max(len(ours), len(theirs)) > _MOST_SENTENCES:
        ours, theirs = [before], [after]
    changes = [("".join(ours[a:b]), "".join(theirs[c:d]), step == "equal") for step, a, b, c, d in steps(ours, theirs)]
    return tuple(_spans(_regrouped(changes)))


def steps(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> Iterator[tuple[str, int, int, int, int]]:
    """How one sequence becomes the other: ``equal``, ``replace``, ``delete`` or ``insert``, and the parts of both.

    >>> list(steps("abxc", "abyc"))
    [('equal', 0, 2, 0, 2), ('replace', 2, 3, 2, 3), ('equal', 3, 4, 3, 4)]
    """
    shorter = min(len(ours), len(theirs))
    front = next((place for place in range(shorter) if ours[place] != theirs[place]), shorter)
    rest = shorter - front
    back = next((place for place in range(rest) if ours[-1 - place] != theirs[-1 - place]), rest)
    inner, other = ours[front : len(ours) - back], theirs[front : len(theirs) - back]
    if front:
        yield "equal", 0, front, 0, front
    for step, a, b, c, d in SequenceMatcher(None, inner, other, autojunk=_repeats(inner, other)).get_opcodes():
        yield step, front + a, front + b, front + c, front + d
    if back:
        yield "equal", len(ours) - back, len(ours), len(theirs) - back, len(theirs)


def _repeats(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> bool:
    """Whether so much stands in both so often that comparing all of it would take minutes."""
    counts = Counter(theirs)
    return sum(counts[one] for one in ours) > _MOST_MATCHES


def size_of(spans: tuple[Span, ...], operation: Operation) -> int:
    """How many characters the spans of one kind have, white space apart."""
    return sum(len("".join(span.text.split())) for span in spans if span.operation == operation)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _regrouped(changes: list[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """The changes with short islands between two of them taken in."""
    last = len(changes) - 1
    return [
        (before, after, same and (number in (0, last) or not _is_island(before)))
        for number, (before, after, same) in enumerate(changes)
    ]


def _is_island(text: str) -> bool:
    return len(text.strip()) < SHORTEST_KEPT or not _WORD.search(text)


def _spans(changes: list[tuple[str, str, bool]]) -> list[Span]:
    spans: list[Span] = []
    for same, run in groupby(changes, key=lambda change: change[2]):
        together = list(run)
        before, after = "".join(one for one, _, _ in together), "".join(other for _, other, _ in together)
        found: list[tuple[Operation, str]] = [("=", before)] if same else [("-", before), ("+", after)]
        spans += [Span(operation, text) for operation, text in found if text]
    return spans
