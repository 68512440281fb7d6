"""What a search gives back."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from archive.search.ranking import Ranked
from archive.times import to_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The section that a hit stands in."""

    position: int
    heading: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One article that matches."""

    id: int
    url: str
    title: str
    published_at: datetime | None = None
    """Aware: in the page's own or assumed offset if that is known, else UTC."""
    category: str | None = None
    source: str | None = None
    site: str = ""
    views: int | None = None
    section: Place | None = None
    """``None`` if only the title matches, or the row came without sections."""
    snippet: str = ""
    """HTML: the hits between ``<mark>`` and ``</mark>``, all else escaped."""
    reprints: int | None = None
    """How many other articles print the text; ``None`` where reprints are hits of their own."""

    def as_json(self) -> dict[str, Any]:  # Any: nested JSON values
        """The hit as plain JSON values, the time in UTC."""
        values = asdict(self)
        values["published_at"] = to_utc(self.published_at) if self.published_at else None
        if self.reprints is None:
            del values["reprints"]
        return values


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """One page of what a query found."""

    query: str
    total: int
    """All matching articles, on this page or not."""
    ranked: Ranked = "all"
    """``newest`` where the best were sought among the newest hits only, since there were too many."""
    hits: tuple[Hit, ...] = ()

    def as_json(self) -> dict[str, Any]:  # Any: nested JSON values
        """The results as ``yaowen search --json`` prints them."""
        return {"query": self.query, "total": self.total, "hits": [hit.as_json() for hit in self.hits]}
