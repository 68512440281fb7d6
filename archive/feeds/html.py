"""Texts and their changes as HTML for feed readers: a few plain elements, and all that a page printed escaped."""

from collections.abc import Iterable
from io import StringIO

from archive.history import BlockChange, Diff
from archive.markup import Markup
from archive.models import Section
from archive.times import to_utc
from archive.words import Operation, Span

_ELEMENTS: dict[Operation, str] = {"+": "ins", "-": "del"}


def text_as_html(sections: Iterable[Section]) -> str:
    """The headings and paragraphs of an article."""
    markup = Markup(html := StringIO())
    for section in sections:
        if section.heading:
            markup.leaf(f"h{min(max(section.level, 1), 6)}", section.heading)
        for paragraph in section.paragraphs:
            markup.leaf("p", paragraph)
    return html.getvalue()


def sentence_as_html(sentence: str) -> str:
    """A sentence as a paragraph."""
    markup = Markup(html := StringIO())
    markup.leaf("p", sentence)
    return html.getvalue()


def diff_as_html(number: int, found: Diff) -> str:
    """The words that the revision of this number changed, each field and each paragraph with a change in it."""
    markup = Markup(html := StringIO())
    before, after = to_utc(found.before.observed_at), to_utc(found.after.observed_at)
    markup.leaf("p", f"Revision {number}, first seen at {after}. The one before it was first seen at {before}.")
    for field in found.fields:
        with markup.element("p"):
            markup.leaf("b", f"{field.field}:")
            markup.text(" ")
            _write_words(markup, field.words)
    _write_blocks(markup, [block for block in found.blocks if block.change != "same"])
    return html.getvalue()


def _write_blocks(markup: Markup, blocks: Iterable[BlockChange]) -> None:
    """The changed headings and paragraphs, each below the heading of its section."""
    shown: str | None = None
    for block in blocks:
        if block.section != shown and block.section and not block.is_heading:
            markup.leaf("h3", block.section)
        shown = block.section
        with markup.element("h3" if block.is_heading else "p"):
            _write_words(markup, block.words)


def _write_words(markup: Markup, words: Iterable[Span]) -> None:
    for span in words:
        if span.operation == "=":
            markup.text(span.text)
        else:
            markup.leaf(_ELEMENTS[span.operation], span.text)
