"""What a search gives back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from archive.search.facets import Facets
from archive.search.ranking import Ranked
from archive.times import to_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A section that hits stand in."""

    position: int
    heading: str | None = None
    count: int = 0
    """Hits in it, its heading included."""
    snippet: str | None = None
    """As that of the hit, where all sections were asked for."""

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        """The place as plain JSON values."""
        return {key: value for key, value in asdict(self).items() if (key, value) != ("snippet", None)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """Which text of an article was found, where it is not the one that stands today."""

    revision: int
    """Its number, as ``yaowen history`` counts."""
    observed_at: datetime
    """When it was first seen."""
    until: datetime
    """When another one was seen in its place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One article that matches."""

    id: int
    url: str
    title: str
    marked_title: str = ""
    """HTML: the hits between ``<mark>`` and ``</mark>``, all else escaped."""
    published_at: datetime | None = None
    """Aware: in the page's own or assumed offset if that is known, else UTC."""
    category: str | None = None
    source: str | None = None
    site: str = ""
    views: int | None = None
    section: Place | None = None
    """The section with the most of the words; ``None`` if only the title matches, or the row came without sections."""
    snippet: str = ""
    """HTML: the hits between ``<mark>`` and ``</mark>``, all else escaped."""
    sections: tuple[Place, ...] | None = None
    """Every section with a hit, where they were asked for."""
    reprints: int | None = None
    """How many other articles print the text; ``None`` where reprints are hits of their own."""
    past: Past | None = None
    """``None`` for the text that stands today."""

    def as_json(self) -> dict[str, Any]:  # Any: nested JSON values
        """The hit as plain JSON values, times in UTC; what was not asked for is not there."""
        values: dict[str, Any] = {
            "id": self.id,
            "url": self.url,
            "title": self.title,
            "published_at": to_utc(self.published_at) if self.published_at else None,
            "category": self.category,
            "source": self.source,
            "site": self.site,
            "views": self.views,
            "section": self.section.as_json() if self.section else None,
            "snippet": self.snippet,
        }
        if self.sections is not None:
            values["sections"] = [place.as_json() for place in self.sections]
        if self.reprints is not None:
            values["reprints"] = self.reprints
        if self.past:
            values["past"] = {
                "revision": self.past.revision,
                "observed_at": to_utc(self.past.observed_at),
                "until": to_utc(self.past.until),
            }
        return values


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """One page of what a query found."""

    query: str
    total: int
    """All matching articles, on this page or not."""
    counted: Literal["exactly", "about"] = "exactly"
    """``about`` for a single character that so many articles have that a part of them was looked at."""
    ranked: Ranked = "all"
    """``newest`` where the first were sought among the newest hits only, since there were too many."""
    hits: tuple[Hit, ...] = ()
    after: int | None = None
    """The id to go on after; ``None`` on the last page."""
    facets: Facets | None = None

    def as_json(self) -> dict[str, Any]:  # Any: nested JSON values
        """The results as ``yaowen search --json`` prints them."""
        values: Mapping[str, Any] = {
            "query": self.query,
            "total": self.total,
            "counted": self.counted,
            "ranked": self.ranked,
            "after": self.after,
            "hits": [hit.as_json() for hit in self.hits],
        }
        return {**values, "facets": self.facets.as_json()} if self.facets else dict(values)
