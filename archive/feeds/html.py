"""Texts and their changes as HTML for feed readers: a few plain elements, and all that a page printed escaped."""

from collections.abc import Iterable

from archive.history import BlockChange, Diff
from archive.markup import Fragment
from archive.models import Section
from archive.times import to_utc
from archive.words import Operation, Span

_ELEMENTS: dict[Operation, str] = {"+": "ins", "-": "del"}


def text_as_html(sections: Iterable[Section]) -> str:
    """The headings and paragraphs of an article."""
    html = Fragment()
    for section in sections:
        if section.heading:
            html.line(f"h{min(max(section.level, 1), 6)}", section.heading)
        for paragraph in section.paragraphs:
            html.line("p", paragraph)
    return str(html)


def sentence_as_html(sentence: str) -> str:
    """A sentence as a paragraph."""
    html = Fragment()
    html.line("p", sentence)
    return str(html)


def diff_as_html(number: int, found: Diff) -> str:
    """The words that the revision of this number changed, each field and each paragraph with a change in it."""
    html = Fragment()
    before, after = to_utc(found.before.observed_at), to_utc(found.after.observed_at)
    html.line("p", f"Revision {number}, first seen at {after}. The one before it was first seen at {before}.")
    for field in found.fields:
        with html.element("p"):
            html.line("b", f"{field.field}:")
            html.text(" ")
            _write_words(html, field.words)
    _write_blocks(html, [block for block in found.blocks if block.change != "same"])
    return str(html)


def _write_blocks(html: Fragment, blocks: Iterable[BlockChange]) -> None:
    """The changed headings and paragraphs, each below the heading of its section."""
    shown: str | None = None
    for block in blocks:
        if block.section != shown and block.section and not block.is_heading:
            html.line("h3", block.section)
        shown = block.section
        with html.element("h3" if block.is_heading else "p"):
            _write_words(html, block.words)


def _write_words(html: Fragment, words: Iterable[Span]) -> None:
    for span in words:
        if span.operation == "=":
            html.text(span.text)
        else:
            html.line(_ELEMENTS[span.operation], span.text)
