"""What was found for a field: value, the characters it was read from, where they stood, the rule that took it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from lxml import html

from crawler.parsers.lines import Line

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
S = TypeVar("S")

LONGEST_RAW = 200
"""Characters of the raw text that evidence shows."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """A value with its evidence."""

    value: T_co
    raw: str
    """The characters it was read from."""
    place: Line | str
    """The printed line, or the markup that says it: ``meta og:title``."""
    rule: str = ""


Rules: TypeAlias = Sequence[tuple[str, Callable[[S], Found[T] | None]]]
"""The rules of a field by name, in the order in which they are tried."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Why a field is what it is, in words."""

    field: str
    rule: str
    raw: str
    place: str


def first_of(rules: Rules[S, T], subject: S) -> Found[T] | None:
    """What the first rule that finds something finds."""
    for name, rule in rules:
        found = rule(subject)
        if found is not None:
            return replace(found, rule=name)
    return None


def evidence(found: Iterable[tuple[str, Found[object] | None]]) -> tuple[Evidence, ...]:
    """The evidence of all fields that were found."""
    return tuple(
        Evidence(field=field, rule=one.rule, raw=one.raw[:LONGEST_RAW], place=place_of(one.place))
        for field, one in found
        if one is not None
    )


def place_of(place: Line | str) -> str:
    """Where a line stands, as the two elements around it, or what the markup is called.

    >>> place_of(Line(text="…", node=html.fromstring('<div id="main"><p class="time">…</p></div>')[0]))
    'div#main > p.time'
    """
    return place if isinstance(place, str) else place_of_element(place.node)


def place_of_element(element: html.HtmlElement) -> str:
    """Where an element stands: its parent and itself, with their ids or first classes."""
    around = [one for one in (element.getparent(), element) if one is not None]
    return " > ".join(_named(one) for one in around)


def _named(element: html.HtmlElement) -> str:
    own, names = element.get("id"), (element.get("class") or "").split()
    return f"{element.tag}{f'#{own}' if own else f'.{names[0]}' if names else ''}"
