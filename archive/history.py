"""What changed between two revisions of an article: field by field, and paragraph by paragraph of its sections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from archive.store import Revision
from archive.words import Operation, Span, size_of, steps, word_diff

Kind = Literal[
    "headline",
    "date moved",
    "source changed",
    "category changed",
    "authors changed",
    "text added",
    "text removed",
    "correction",
    "rewritten",
    "back again",
]
FIELD_KINDS: dict[str, Kind] = {
    "title": "headline",
    "published_at": "date moved",
    "source": "source changed",
    "category": "category changed",
    "authors": "authors changed",
}
"""The fields beside the text, and what a change of each is called."""
ALIKE = 0.3
"""Share of pairs of characters from which a paragraph is another in new words, not a new one."""
MOST_LIKENED = 10_000_000
"""Characters, each counted for each paragraph that its own is compared with, up to which that is done: a second."""
MOST_REWORDED = 60_000
"""Characters of paragraphs in new words of which it is told which words; those after them are new as a whole."""
MOSTLY_NEW = 0.5
"""Share of the text that changed from which the article is another one."""


class Block(NamedTuple):
    """A heading or a paragraph, in its section."""

    section: str | None
    is_heading: bool
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """A field beside the text that says something else."""

    field: str
    before: str | None
    after: str | None
    words: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockChange:
    """A heading or a paragraph, and what became of it."""

    change: Literal["same", "changed", "added", "removed"]
    section: str | None
    """The heading under which it stands; the older one's where it was removed."""
    is_heading: bool
    words: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Diff:
    """What changed between two revisions."""

    before: Revision
    after: Revision
    fields: tuple[FieldChange, ...]
    blocks: tuple[BlockChange, ...]
    """The whole text in order, the unchanged parts too."""
    added: int
    """Characters of text that came in, white space apart."""
    removed: int
    share: float
    """How much of the text changed, 0 to 1: characters in and out, of all in both."""
    kinds: tuple[Kind, ...]


def diff(before: Revision, after: Revision, earlier: Sequence[Revision] = ()) -> Diff:
    """What changed from one revision to another; ``earlier`` are those of before, for texts that come back."""
    fields = tuple(_field_changes(before.reading, after.reading))
    blocks = tuple(_block_changes(_blocks(before.reading), _blocks(after.reading)))
    added = sum(size_of(block.words, "+") for block in blocks)
    removed = sum(size_of(block.words, "-") for block in blocks)
    same = sum(size_of(block.words, "=") for block in blocks)
    share = (added + removed) / ((added + removed + 2 * same) or 1)
    kinds: list[Kind] = [FIELD_KINDS[change.field] for change in fields]
    kinds += _text_kinds(blocks, share)
    if any(one.fingerprint == after.fingerprint for one in earlier):
        kinds.append("back again")
    return Diff(
        before=before,
        after=after,
        fields=fields,
        blocks=blocks,
        added=added,
        removed=removed,
        share=share,
        kinds=tuple(kinds),
    )


def history(revisions: Sequence[Revision]) -> tuple[Diff, ...]:
    """What each revision after the first changed, oldest first."""
    return tuple(diff(before, after, revisions[:number]) for number, (before, after) in enumerate(pairwise(revisions)))


def _field_changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[FieldChange]:
    for field in FIELD_KINDS:
        was, now = _printed(before.get(field)), _printed(after.get(field))
        if was != now:
            yield FieldChange(field=field, before=was, after=now, words=word_diff(was or "", now or ""))


def _printed(value: Any) -> str | None:  # Any: JSON values
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if value is None else str(value)


def _blocks(reading: dict[str, Any]) -> list[Block]:
    found: list[Block] = []
    for section in reading["sections"]:
        heading = section["heading"]
        found += [Block(heading, True, heading)] if heading is not None else []
        found += [Block(heading, False, paragraph) for paragraph in section["paragraphs"]]
    return found


def _block_changes(before: list[Block], after: list[Block]) -> Iterator[BlockChange]:
    ours, theirs = [(b.is_heading, b.text) for b in before], [(b.is_heading, b.text) for b in after]
    left = MOST_REWORDED
    for step, a, b, c, d in steps(ours, theirs):
        if step == "equal":
            yield from (_changed(one, one.text, one.text) for one in after[c:d])
            continue
        for was, now in _replaced(before[a:b], after[c:d]):
            if was and now and left > 0:
                left -= len(was.text) + len(now.text)
                yield _changed(now, was.text, now.text)
            else:
                yield from (_changed(one, one.text, None) for one in (was,) if one)
                yield from (_changed(one, None, one.text) for one in (now,) if one)


def _replaced(before: list[Block], after: list[Block]) -> Iterator[tuple[Block | None, Block | None]]:
    """Blocks in the place of others: each new one that is much like an old one is that one in new words.

    Of very many nothing is taken for another.
    """
    sizes = sum(len(block.text) for block in before), sum(len(block.text) for block in after)
    if sizes[0] * len(after) + sizes[1] * len(before) > MOST_LIKENED:
        yield from ((one, None) for one in before)
        yield from ((None, one) for one in after)
        return
    start, old = 0, [_pairs(block.text) for block in before]
    for block in after:
        pairs = _pairs(block.text)
        likeness = [_alike(before[number], old[number], block, pairs) for number in range(start, len(before))]
        if max(likeness, default=0.0) < ALIKE:
            yield None, block
            continue
        alike = start + likeness.index(max(likeness))
        yield from ((one, None) for one in before[start:alike])
        yield before[alike], block
        start = alike + 1
    yield from ((one, None) for one in before[start:])


def _alike(one: Block, ours: set[str], other: Block, theirs: set[str]) -> float:
    if one.is_heading != other.is_heading:
        return 0.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else float(one.text == other.text)


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def _changed(block: Block, was: str | None, now: str | None) -> BlockChange:
    """What became of a block that had one text and has another; ``None`` where it was not there."""
    words = word_diff(was or "", now or "")
    change: Literal["same", "changed", "added", "removed"] = "same" if was == now else "changed"
    if was is None:
        change = "added"
    elif now is None:
        change = "removed"
    return BlockChange(change=change, section=block.section, is_heading=block.is_heading, words=words)


def _text_kinds(blocks: Sequence[BlockChange], share: float) -> list[Kind]:
    if share >= MOSTLY_NEW:
        return ["rewritten"]
    changes = {frozenset(span.operation for span in block.words) - {"="} for block in blocks}
    return [kind for operations, kind in _TEXT_KINDS if operations in changes]


_TEXT_KINDS: tuple[tuple[frozenset[Operation], Kind], ...] = (
    (frozenset({"+"}), "text added"),
    (frozenset({"-"}), "text removed"),
    (frozenset({"+", "-"}), "correction"),
)
"""What a paragraph gained and lost, and what that is called."""
