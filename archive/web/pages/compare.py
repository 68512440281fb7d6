"""Two revisions of an article side by side or in one text, with the words that changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from archive.errors import UnknownRevision
from archive.history import BlockChange, Diff, FieldChange, diff
from archive.store import Archive, Revision
from archive.web.answers import Answer, Asked, Moved, NotHere, Page, View
from archive.web.formats import printed
from archive.words import Span

_AROUND = 1
"""Unchanged paragraphs that stay in sight on either side of a change."""
_FEWEST_FOLDED = 3
"""Of a run of unchanged paragraphs; two are read sooner than they are unfolded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """Neighbouring paragraphs of one section."""

    heading: BlockChange | None
    """Of the section, where it begins with this passage."""
    is_folded: bool
    blocks: tuple[BlockChange, ...]


def page(archive: Archive, asked: Asked) -> Answer:
    """What changed from one revision to another; the older one is that on the left, however they were named."""
    article = archive.article(int(asked.parts["id"]))
    revisions = archive.revisions(article.id)
    before, after = (int(asked.parts[name]) for name in ("before", "after"))
    for number in (before, after):
        if not 1 <= number <= len(revisions):
            raise UnknownRevision(article.id, number, len(revisions))
    if before > after:
        return Moved(_to(asked, after, before))
    found = diff(revisions[before - 1], revisions[after - 1], revisions[: before - 1])
    return Page(
        "compare.html",
        {
            "article": article,
            "before": before,
            "after": after,
            "revisions": revisions,
            "diff": found,
            "share": max(1, round(found.share * 100)),
            "fields": [(change.field, _words(change, found)) for change in found.fields],
            "passages": list(_passages(found.blocks)),
            "is_inline": asked.values.get("view") == "inline",
            "inline": asked.at(_path(asked, before, after), view="inline"),
            "beside": asked.at(_path(asked, before, after)),
            "previous": _to(asked, before - 1, before) if before > 1 else None,
            "next": _to(asked, after, after + 1) if after < len(revisions) else None,
        },
    )


def chosen(archive: Archive, asked: Asked) -> Answer:
    """The way to the two revisions that the form names, or to the last edit."""
    article = archive.article(int(asked.parts["id"]))
    revisions = archive.revisions(article.id)
    if len(revisions) < 2:
        raise NotHere("compare.only_one", title=article.title)
    newest = len(revisions)
    return Moved(_to(asked, asked.number("from", newest - 1, most=newest), asked.number("to", newest, most=newest)))


def _path(asked: Asked, before: int, after: int) -> str:
    return f"/compare/{int(asked.parts['id'])}/{before}/{after}"


def _to(asked: Asked, before: int, after: int) -> str:
    """The address of another comparison, shown in the same way."""
    return asked.at(_path(asked, before, after), view=asked.values.get("view"))


def _words(change: FieldChange, found: Diff) -> tuple[Span, ...]:
    """A date is told as a whole, as the page printed it; all else word by word."""
    if change.field != "published_at":
        return change.words
    dates = (Span("-", _date(found.before)), Span("+", _date(found.after)))
    return tuple(span for span in dates if span.text)


def _date(revision: Revision) -> str:
    text, precision = (revision.reading.get(name) for name in ("published_at", "published_precision"))
    return str(printed(datetime.fromisoformat(text), str(precision)).striptags()) if text else ""


def _passages(blocks: Iterable[BlockChange]) -> Iterator[Passage]:
    """The text in order, cut where a section begins and where an unchanged run is folded away."""
    for section in _sections(blocks):
        heading = section[0] if section[0].is_heading else None
        for is_folded, run in _folded(section[1:] if heading else section):
            yield Passage(heading=heading, is_folded=is_folded, blocks=run)
            heading = None
        if heading:
            yield Passage(heading=heading, is_folded=False, blocks=())


def _sections(blocks: Iterable[BlockChange]) -> Iterator[tuple[BlockChange, ...]]:
    section: list[BlockChange] = []
    for block in blocks:
        if block.is_heading and section:
            yield tuple(section)
            section = []
        section.append(block)
    if section:
        yield tuple(section)


def _folded(blocks: tuple[BlockChange, ...]) -> Iterator[tuple[bool, tuple[BlockChange, ...]]]:
    """Runs of paragraphs, and whether they are folded: those that are the same and not beside a change."""
    changed = [number for number, block in enumerate(blocks) if block.change != "same"]
    near = {number + step for number in changed for step in range(-_AROUND, _AROUND + 1)}
    for is_near, numbers in groupby(range(len(blocks)), key=near.__contains__):
        run = tuple(blocks[number] for number in numbers)
        yield not is_near and len(run) >= _FEWEST_FOLDED, run


ROUTES: Mapping[str, View] = {
    r"/compare/(?P<id>\d{1,18})$": chosen,
    r"/compare/(?P<id>\d{1,18})/(?P<before>\d{1,9})/(?P<after>\d{1,9})$": page,
}
