"""Where in an article the hits stand."""

from collections.abc import Sequence
from dataclasses import replace

from archive.search.results import Place
from archive.search.snippets import Highlighter

Part = tuple[str | None, str]
"""The heading of a section and its text."""


def best_place(
    parts: Sequence[Part], title: str, body: str, highlighter: Highlighter, *, with_all: bool
) -> tuple[Place | None, str, tuple[Place, ...]]:
    """The first section with the most terms, its snippet, and all sections with a hit, in their order.

    Where no section has one, the snippet is of the body, or of a title that alone has it. Only ``with_all`` do all
    places have a snippet.
    """
    counts = [highlighter.count(_whole(heading, text)) for heading, text in parts]
    places = tuple(
        Place(position=number, heading=heading, count=count)
        for number, ((heading, _), (_, count)) in enumerate(zip(parts, counts, strict=True), start=1)
    )
    hit = tuple(place for place in places if place.count)
    if not hit:
        in_title_only = highlighter.count(title)[1] and not highlighter.count(body)[1]
        return None, highlighter.snippet(title if in_title_only else body), ()
    best = max(range(len(parts)), key=lambda number: (counts[number][0], -number))
    if with_all:
        hit = tuple(replace(place, snippet=_snippet(parts[place.position - 1], highlighter)) for place in hit)
    return places[best], _snippet(parts[best], highlighter), hit


def _snippet(part: Part, highlighter: Highlighter) -> str:
    """Of the text, since the heading is shown beside it; with the heading if that alone has a hit."""
    heading, text = part
    return highlighter.snippet(text if highlighter.count(text)[1] else _whole(heading, text))


def _whole(heading: str | None, text: str) -> str:
    return f"{heading or ''}\n{text}".strip()
