"""A search as the address of its page holds it: what was typed, what narrows it, and how it is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, get_args

from archive.search import Sort
from archive.times import end_of, start_of
from archive.web.answers import Asked, BadValue

FILTERS = ("site", "category", "source", "author", "tag")
"""The fields that a click narrows a search by."""
PER_PAGE = 20
_DEEPEST = 5_000
"""Pages; what stands behind 100,000 hits is found by narrowing the search, not by turning pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What is searched, and how it is shown."""

    typed: str = ""
    filters: Mapping[str, str]
    since: str = ""
    """A date of publication: 2026, 2026-03 or 2026-03-01."""
    until: str = ""
    sort: Sort | None = None
    """``None`` for the best first, or the newest where no words are searched."""
    as_of: str = ""
    """The date whose texts are searched; today's where it is blank."""
    edited_away: bool = False
    """Whether what no text has any more is searched too."""
    each: bool = False
    """Whether reprints are hits of their own."""
    page: int = 1

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """The search of an address. Raises ``BadValue``."""
        values = asked.values
        for name in ("since", "until", "as_of"):
            _check_date(name, values.get(name, ""))
        sort = values.get("sort")
        if sort and sort not in get_args(Sort):
            raise BadValue("sort", sort)
        return cls(
            typed=values.get("q", ""),
            filters={name: values[name] for name in FILTERS if name in values},
            since=values.get("since", ""),
            until=values.get("until", ""),
            sort=sort,  # type: ignore[arg-type]  # one of them, as was just looked up
            as_of=values.get("as_of", ""),
            edited_away="edited_away" in values,
            each="each" in values,
            page=asked.number("page", 1, most=_DEEPEST),
        )

    @property
    def query(self) -> str:
        """All of it that decides what is found, in the language of the search."""
        terms = list(self._terms())
        typed = f"({self.typed})" if self.typed and terms else self.typed
        return " ".join((*filter(None, [typed]), *terms))

    def _terms(self) -> Iterator[str]:
        for name, value in self.filters.items():
            yield f'{name}:"{_unquoted(value)}"'
        if self.since or self.until:
            yield f"date:{self.since}..{self.until}"

    @property
    def order(self) -> Sort:
        """The order in which hits are shown."""
        return self.sort or ("relevance" if self.typed else "newest")

    @property
    def moment(self) -> datetime | None:
        """The moment whose texts are searched."""
        return end_of(self.as_of) if self.as_of else None

    @property
    def narrows(self) -> bool:
        """Whether anything but words narrows it."""
        return any(self._terms())

    def values(self) -> dict[str, object]:
        """The values of its address; those that are as a new search has them are not there."""
        return {
            "q": self.typed,
            **self.filters,
            "since": self.since,
            "until": self.until,
            "sort": self.sort,
            "as_of": self.as_of,
            "edited_away": "1" if self.edited_away else None,
            "each": "1" if self.each else None,
            "page": self.page if self.page > 1 else None,
        }

    def narrowed(self, name: str, value: str) -> Self:
        """The search among those with this value of a field, from its first page on."""
        return replace(self, filters={**self.filters, name: value}, page=1)

    def narrowings(self) -> Iterator[tuple[str, str, Self]]:
        """What narrows it beside the words: the field, its value, and the search without it."""
        first = replace(self, page=1)
        for name, value in self.filters.items():
            others = {other: given for other, given in self.filters.items() if other != name}
            yield name, value, replace(first, filters=others)
        if self.since or self.until:
            dates = self.since if self.since == self.until else f"{self.since} – {self.until}"
            yield "published", dates, replace(first, since="", until="")
        if self.as_of:
            yield "as_of", self.as_of, replace(first, as_of="")


def _check_date(name: str, value: str) -> None:
    try:
        if value:
            start_of(value)
    except (ValueError, OverflowError):
        raise BadValue(name, value) from None


def _unquoted(value: str) -> str:
    """A value that can stand in quotation marks; the words around a mark are found all the same."""
    return value.translate(dict.fromkeys(map(ord, '"“”„'), " "))
