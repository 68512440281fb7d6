"""The words of the whole project: what a page showed, as frozen values.

The attributes are also the keys of the JSON that ``yaowen parse`` prints and that ``scrapy crawl -O`` writes.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

import orjson

from archive.prepared import Prepared

Precision = Literal["day", "minute", "second"]
Outcome = Literal["done", "unchanged", "failed", "refused", "unread"]
"""How one request of one crawl ended; every URL asked for ends in exactly one."""


FORBIDDEN_BY_ROBOTS = "Forbidden by robots.txt"
"""The reason of a page that is refused for that, which tells it from other refusals."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of an article's text, from one heading to the next."""

    heading: str | None = None
    """``None`` for the text before the first heading."""
    level: int = 0
    """1 to 6 as in h1 to h6; 2 where a line of text serves as heading; 0 without one."""
    paragraphs: tuple[str, ...] = ()


def body_of(sections: Iterable[Section]) -> str:
    """The text of the sections as one string: a heading or a paragraph a line."""
    return "\n".join(
        line for section in sections for line in (section.heading, *section.paragraphs) if line is not None
    )


def authors_of(text: str) -> tuple[str, ...]:
    """The names of a JSON array, as the tables keep them; any other text, as other programs may write it, is one name.

    >>> authors_of('["林知远", "沈平"]')
    ('林知远', '沈平')
    """
    try:
        names = orjson.loads(text)
    except orjson.JSONDecodeError:
        names = _with_halves(text)
    return tuple(map(str, names)) if isinstance(names, list) else (text,)


def _with_halves(text: str) -> Any:  # Any: a JSON value
    """What JSON can spell and no text can hold, halves of characters, as texts that can be written."""
    try:
        names = json.loads(text)
    except ValueError:
        return None
    return [str(name).encode(errors="replace").decode() for name in names] if isinstance(names, list) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One slot of one observed list."""

    position: int
    """1 is the first slot of its block."""
    block: str | None = None
    """The printed label of the block that the link stood in."""
    url: str
    """Absolute."""
    title: str
    summary: str | None = None
    source: str | None = None
    image: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """What one feature page said."""

    kind: Literal["article"] = field(default="article", init=False)
    url: str
    canonical_url: str | None = None
    """The page's own ``rel=canonical``, absolute, as printed."""
    title: str
    original_title: str | None = None
    """The headline of the text that this one was taken from, as printed: 原标题：…."""
    published_at: datetime | None = None
    """Aware: with the page's own offset, or that of the zone assumed for it."""
    published_precision: Precision | None = None
    published_raw: str | None = None
    """The characters that the page printed."""
    timezone_assumed: str | None = None
    """IANA name of the zone assumed, where the page printed none."""
    modified_at: datetime | None = None
    category: str | None = None
    """The site's own section."""
    source: str | None = None
    """Whom the site names as origin: 【来源：…】."""
    authors: tuple[str, ...] = ()
    views: int | None = None
    """The counter as shown. It moves on every visit, so it is no part of the content."""
    views_raw: str | None = None
    summary: str | None = None
    language: str | None = None
    """BCP 47, as declared or as the script tells."""
    image: str | None = None
    sections: tuple[Section, ...] = ()
    """All printed text of the article, the standfirst included."""
    related: tuple[Link, ...] = ()
    next: str | None = None
    """Absolute address of the page on which the text goes on; ``None`` where it is all there."""

    @property
    def body(self) -> str:
        """The text as one string."""
        return body_of(self.sections)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What one list page showed: its links in the page's order."""

    kind: Literal["listing"] = field(default="listing", init=False)
    url: str
    title: str | None = None
    links: tuple[Link, ...] = ()
    next: str | None = None
    """Absolute address of the list's next page."""
    lists: tuple[str, ...] = ()
    """Absolute addresses of the lists that it consists of: the sitemaps of a sitemap index, the newest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """What a page said of the article that once stood at its address: that it is no more."""

    kind: Literal["absence"] = field(default="absence", init=False)
    url: str
    reason: str
    """For a person to read."""


Page = Article | Listing

NOT_MODIFIED = 304
"""The status with which a server says that its page is the one that is kept (RFC 9110, 15.4.5)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """One fetch of one URL, with its bytes."""

    url: str
    """The address asked for."""
    final_url: str
    """The address that answered, after redirects."""
    fetched_at: datetime
    """Aware; kept in UTC."""
    status: int | None = None
    """``None`` when no answer came."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """After content-decoding; ``None`` when nothing came."""
    outcome: Outcome = "done"
    reason: str | None = None
    """Why it is not ``done``, for a person to read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """One fetch, and what was read of it."""

    capture: Capture
    page: Page | Absence | None = None
    """``None`` when nothing came or nothing could be read; the capture says why."""
    tries: int = 1
    """How often the address was asked for until this answer."""
    parts: tuple["Observation", ...] = ()
    """The fetches of the article's further pages, whose text stands in this one's ``page``."""
    not_before: datetime | None = None
    """The time before which the server asked not to come again."""
    prepared: Prepared | None = None
    """What of the writing is done already."""


def as_json(page: Page | Absence) -> dict[str, Any]:  # Any: nested JSON values
    """The page as plain JSON values, times in ISO 8601, as ``yaowen parse`` prints it."""
    values = _fields(page)
    for key in ("published_at", "modified_at"):
        if values.get(key) is not None:
            values[key] = values[key].isoformat()
    for key in ("sections", "related", "links"):
        if key in values:
            values[key] = [_fields(part) for part in values[key]]
    return values


def _fields(value: Page | Absence | Section | Link) -> dict[str, Any]:  # Any: the fields' values
    """The fields of one of our values; ``dataclasses.asdict`` would copy what cannot change, in ten times the time."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def page_from_json(values: Mapping[str, Any]) -> Page | Absence:  # Any: nested JSON values
    """The page that ``as_json`` made plain; what is not there is as the page's own default."""
    given = dict(values)
    for key in ("published_at", "modified_at"):
        if given.get(key) is not None:
            given[key] = datetime.fromisoformat(given[key])
    kind = given.pop("kind", "article")
    for key in ("links", "related"):
        if key in given:
            given[key] = tuple(Link(**link) for link in given[key])
    if kind == "absence":
        return Absence(**given)
    if kind == "listing":
        return Listing(**given | {"lists": tuple(given.get("lists", ()))})
    given["authors"] = tuple(given.get("authors", ()))
    given["sections"] = tuple(
        Section(**(section | {"paragraphs": tuple(section["paragraphs"])})) for section in given.get("sections", ())
    )
    return Article(**given)
