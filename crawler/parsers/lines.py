"""A line: text between two breaks, as a reader sees it. Every other room reads lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html


@dataclass(eq=False, slots=True)
class Zone:
    """An element that its name says is beside the article."""

    kind: str
    node: html.HtmlElement
    outer: "Zone | None"

    def chain(self) -> "Iterator[Zone]":
        """This zone and those around it, from the inside."""
        zone: Zone | None = self
        while zone is not None:
            yield zone
            zone = zone.outer


@dataclass(slots=True)
class Anchor:
    """The part of a line that one link covers."""

    node: html.HtmlElement
    text: str


@dataclass(slots=True)
class Line:
    """Text between two breaks."""

    text: str
    node: html.HtmlElement
    """The innermost block around it."""
    anchors: list[Anchor] = field(default_factory=list)
    bold: float = 0.0
    """Share of its characters that are bold, 0 to 1."""
    level: int = 0
    """1 to 6 within h1 to h6, else 0."""
    inner: Zone | None = None
    """The innermost element around it that its name says is beside the article."""
    zone: str | None = None
    """The kind of the outermost such element."""
    weight: float = 0.0
    linked: float = 0.0
    """Share of its characters that are links, 0 to 1."""
    marks: int = 0
    """How many marks of sentences and clauses it has."""
