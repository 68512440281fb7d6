"""What a query asks for, as a tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archive.search.terms import Term

Worded = Literal["section", "source", "category", "author", "note"]
Named = Literal["site", "tag"]
Ranged = Literal["date", "views"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """The term occurs in the title or the text."""

    term: Term
    in_title: bool = False
    """Only in the title."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """All terms occur close to each other, in any order."""

    terms: tuple[Term, ...]
    distance: int
    """Characters, or words of Latin scripts, that may stand between the first and the last."""
    in_title: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A field has the term: ``source:日报``. A section's field is its heading."""

    field: Worded
    term: Term


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A field is this, folded: a site (or one that belongs to it) or a tag."""

    field: Named
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """A field is within these, both included; ``None`` is no limit."""

    field: Ranged
    least: str | int | None
    """A date as ``2022-10-15T00:00:00`` in the page's own time."""
    most: str | int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class All:
    """Everything holds."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Either:
    """One of these holds at least."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Not:
    """It does not hold."""

    node: "Node"


Node = Text | Near | Words | Name | Range | All | Either | Not


def leaves(node: Node) -> Iterator[Node]:
    """What has nothing inside: all but ``All``, ``Either`` and ``Not``."""
    match node:
        case All(nodes=nodes) | Either(nodes=nodes):
            for one in nodes:
                yield from leaves(one)
        case Not(node=inner):
            yield from leaves(inner)
        case _:
            yield node


def shown_terms(node: Node) -> tuple[Term, ...]:
    """What a reader wants to see of a hit: the terms that it may have in its text, each once."""
    return tuple(dict.fromkeys(_terms(node)))


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Text(term=term) | Words(field="section", term=term):
            yield term
        case Near(terms=terms):
            yield from terms
        case All(nodes=nodes) | Either(nodes=nodes):
            for one in nodes:
                yield from _terms(one)
