"""A site's own rules, applied: the elements that its selectors name, and what they say."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TypeVar

from bs4 import BeautifulSoup, Tag
from lxml import html

from archive.models import Link, Section
from crawler.parsers.counts import Count, parse_count
from crawler.parsers.cut import cut_page
from crawler.parsers.dates import PrintedTime, embedded_time, first_time
from crawler.parsers.document import Document
from crawler.parsers.found import Found
from crawler.parsers.names import split_names
from crawler.parsers.sections import read_sections
from crawler.parsers.text import squeeze
from crawler.parsers.urls import MOST_LINKS
from crawler.sites import Field, FieldRule, Site

T = TypeVar("T")


@dataclass(frozen=True)
class Profile:
    """The rules of one site for one page."""

    site: Site
    document: Document
    fetched_at: datetime | None

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page for the site's functions; made only where the site has rules."""
        return BeautifulSoup(self.document.text, "lxml")

    def text(self, field: Field) -> Found[str] | None:
        """A field that is text."""
        return self._found(field, lambda values: next(filter(None, map(_text, values)), None))

    def time(self, field: Field) -> Found[PrintedTime] | None:
        """A field that is a time."""
        return self._found(
            field, lambda values: next((time for value in values if (time := _time(value, self.fetched_at))), None)
        )

    def address(self, field: Field) -> Found[str] | None:
        """A field that is an address, absolute."""
        return self._found(
            field, lambda values: next(filter(None, (self.document.link(_address(value)) for value in values)), None)
        )

    def count(self, field: Field) -> Found[Count] | None:
        """A field that is a counter."""
        return self._found(
            field, lambda values: next(filter(None, (parse_count(_text(value)) for value in values)), None)
        )

    def names(self, field: Field) -> Found[tuple[str, ...]] | None:
        """A field that is a list of people: every element that matches may name some."""
        return self._found(
            field, lambda values: tuple(dict.fromkeys(name for value in values for name in split_names(_text(value))))
        )

    def sections(self, title: str) -> Found[tuple[Section, ...]] | None:
        """The text: sections that a function made, or the general rules on the elements that match."""
        return self._found("sections", lambda values: tuple(part for value in values for part in _parts(value, title)))

    def links(self, field: Field) -> Found[tuple[Link, ...]] | None:
        """The links in, or that are, the elements that match."""
        return self._found(field, lambda values: tuple(_links(values, self.document)))

    def _found(self, field: Field, means: Callable[[list[object]], T | None]) -> Found[T] | None:
        """What the first rule of a field gives that is still valid and whose elements are there."""
        for rule in self.site.fields.get(field, ()):
            elements = self.soup.select(rule.select) if self._is_valid(rule) else []
            value = means([rule.read(element) if rule.read else element for element in elements])
            if value:
                raw = squeeze(" ".join(element.get_text(" ") for element in elements))
                return Found(value, raw, rule.select, rule=f"the rules of {self.site.name}")
        return None

    def _is_valid(self, rule: FieldRule) -> bool:
        return rule.valid_until is None or (self.fetched_at is not None and self.fetched_at.date() <= rule.valid_until)


def _text(value: object) -> str:
    if isinstance(value, Tag):
        return squeeze(str(value.get("content") or "") if value.name == "meta" else value.get_text(" "))
    return squeeze(value) if isinstance(value, str) else ""


def _time(value: object, fetched_at: datetime | None) -> PrintedTime | None:
    if isinstance(value, datetime):
        return PrintedTime(raw=value.isoformat(), time=value, precision="second")
    marked = str(value.get("datetime") or "") if isinstance(value, Tag) else ""
    text = marked or _text(value)
    return (embedded_time(text) or first_time(text, fetched_at)) if text else None


def _address(value: object) -> str | None:
    if isinstance(value, Tag):
        return next((str(value[name]) for name in ("href", "data-src", "src", "content") if value.get(name)), None)
    return value if isinstance(value, str) else None


def _parts(value: object, title: str) -> Iterator[Section]:
    if isinstance(value, Section):
        yield value
    elif isinstance(value, Tag):
        yield from read_sections(cut_page(html.fragment_fromstring(str(value), create_parent="div")).lines, title)
    elif isinstance(value, str):
        yield Section(paragraphs=(squeeze(value),))
    elif isinstance(value, Iterable):
        for part in value:
            yield from _parts(part, title)


def _links(values: Iterable[object], document: Document) -> Iterator[Link]:
    """A link for each address, in page order, the first ``MOST_LINKS``; positions from 1."""
    found: dict[str, str] = {}
    for value in values:
        for anchor in ([value] if value.name == "a" else value.select("a[href]")) if isinstance(value, Tag) else []:
            url, title = document.link(_address(anchor)), _text(anchor)
            if url and title:
                found.setdefault(url, title)
    for position, (url, title) in enumerate(islice(found.items(), MOST_LINKS), 1):
        yield Link(position=position, url=url, title=title)
