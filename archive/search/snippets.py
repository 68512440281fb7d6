"""The lines around a hit, cut from the original text."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice
from typing import NamedTuple

from archive.search.folding import Folding
from archive.search.terms import Term, spans

WIDTH = 68
"""Characters in a snippet, give or take ``_SLACK``."""
_LEAD = 20  # before the first highlight, at most
_SLACK = 12  # an end moves so far to stand at a pause
_MOST = 1_000  # places of one term: more make no better snippet, and a text of 500,000 characters may have as many

_SENTENCE_END = re.compile(r"[。！？!?；;\n]+|\.\s")
_PAUSE = re.compile(r"[，、：。！？!?；;,\s]")


class _Hit(NamedTuple):
    start: int
    end: int
    term: int


class Highlighter:
    """Finds the terms of one query in original texts."""

    def __init__(self, terms: Sequence[Term], folding: Folding) -> None:
        self._terms = tuple(terms)
        self._folding = folding

    def count(self, text: str) -> tuple[int, int]:
        """How many of the terms the text holds, and how many hits of them."""
        hits = self._hits(text)
        return len({hit.term for hit in hits}), len(hits)

    def snippet(self, text: str) -> str:
        """The best ``WIDTH`` characters as HTML: every hit in ``<mark>``, all else escaped; the start if none hits."""
        hits = self._hits(text)
        start, end = _window(text, hits)
        marked = "".join(_marked(text, start, end, hits))
        return f"{'…' if start else ''}{' '.join(marked.split())}{'…' if end < len(text) else ''}"

    def marked(self, text: str) -> str:
        """All of it as HTML: every hit in ``<mark>``, all else escaped."""
        return "".join(_marked(text, 0, len(text), self._hits(text)))

    def _hits(self, text: str) -> list[_Hit]:
        folded = self._folding.fold(text)
        return sorted(
            _Hit(start, end, number)
            for number, term in enumerate(self._terms)
            for start, end in islice(spans(term, folded), _MOST)
        )


def _window(text: str, hits: Sequence[_Hit]) -> tuple[int, int]:
    if len(text) <= WIDTH + _SLACK:
        return 0, len(text)
    start = _opening(text, _best(hits).start) if hits else 0
    return start, _closing(text, start)


def _best(hits: Sequence[_Hit]) -> _Hit:
    """The first of the hits that have the most terms close behind them."""

    def terms_behind(hit: _Hit) -> int:
        last = bisect_left(hits, (hit.start + WIDTH - _LEAD,))
        return len({near.term for near in hits[bisect_left(hits, hit) : last]})

    return max(hits, key=terms_behind)


def _opening(text: str, hit: int) -> int:
    earliest = max(0, hit - _LEAD)
    if sentences := [found.end() for found in _SENTENCE_END.finditer(text, earliest, hit)]:
        return sentences[-1]
    pause = _PAUSE.search(text, earliest, hit) if earliest else None
    return pause.end() if pause else earliest


def _closing(text: str, start: int) -> int:
    end = start + WIDTH
    if end + _SLACK >= len(text):
        return len(text)
    pauses = [found.end() for found in _PAUSE.finditer(text, end - _SLACK, end + _SLACK)]
    return pauses[-1] if pauses else end


def _marked(text: str, start: int, end: int, hits: Iterable[_Hit]) -> Iterator[str]:
    done = start
    for first, last in _merged(hits, start, end):
        yield f"{escape(text[done:first])}<mark>{escape(text[first:last])}</mark>"
        done = last
    yield escape(text[done:end])


def _merged(hits: Iterable[_Hit], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between ``start`` and ``end`` that hits cover; those that touch or overlap become one."""
    first = last = start
    for hit in hits:
        if hit.end <= start or hit.start >= end:
            continue
        if hit.start > last:
            if last > first:
                yield first, last
            first = hit.start
        first, last = max(first, start), min(max(last, hit.end), end)
    if last > first:
        yield first, last
