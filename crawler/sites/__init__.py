"""Sites: one file each, found because it is there; it says only what the general reader cannot know.

A file of this folder holds one ``SITE = Site(...)``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal
from urllib.parse import urlsplit

from bs4 import Tag

Field = Literal[
    "title",
    "published_at",
    "modified_at",
    "category",
    "source",
    "authors",
    "views",
    "summary",
    "language",
    "image",
    "sections",
    "related",
    "links",
    "next",
]
"""What a site's file may read its own way; ``links`` and ``next`` are those of list pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldRule:
    """Where one field stands on the pages of one site."""

    select: str = ":root"
    """CSS selector of its elements."""
    read: Callable[[Tag], object] | None = None
    """What an element says: text, or the field's own value; without it the element's text, links or paragraphs."""
    valid_until: date | None = None
    """Last day on which pages looked so; pages fetched later are read by the next rule."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What is known of a site beforehand."""

    name: str
    """As it calls itself."""
    hosts: tuple[str, ...]
    """Its host names; their subdomains belong to it too."""
    timezone: str
    """IANA name of the zone in which it prints times."""
    title_suffix: str | None = None
    """What it puts behind each headline in ``<title>``."""
    fields: Mapping[Field, tuple[FieldRule, ...]] = field(default_factory=dict)
    """Fields that the general reader would read wrong, each with its rules in the order in which they are tried."""


@cache
def sites() -> tuple[Site, ...]:
    """All sites that have a file here, by the name of the file."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").SITE for name in names)


def site_for(url: str) -> Site | None:
    """The site to which an address belongs, if it has a file here."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    return next((site for site in sites() if any(f".{host}".endswith(f".{own}") for own in site.hosts)), None)
