"""What was asked of a page, and what it can answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from archive.store import Archive
from archive.web.language import Wording


class BadValue(Exception):
    """A value of the address is none that the page can have."""

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value
        super().__init__(f"{value!r} is no {name}")


class NotHere(Exception):
    """The archive has nothing of that; ``key`` is that of the sentence in the catalogue."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(key)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One request, as a page takes it."""

    path: str
    """Below the room's own prefix, still percent-encoded."""
    parts: Mapping[str, str]
    """The named groups of the path's pattern, still percent-encoded."""
    values: Mapping[str, str]
    """Of the query string, the first of each name; blank ones are not there."""
    query_string: str
    headers: Mapping[str, str]
    """By their names in small letters."""
    wording: Wording
    now: datetime
    prefix: str
    """What stands before every path: ``/``, or that of a reverse proxy."""
    origin: str
    """Scheme and host by which the room was reached."""
    tables: str
    """The path of Datasette's own pages of this archive."""

    def at(self, path: str, **values: object) -> str:
        """The address of a page of the room; what is ``None`` or empty is left out."""
        given = urlencode({name.rstrip("_"): value for name, value in values.items() if value not in (None, "")})
        return f"{self.prefix}{path.lstrip('/')}{'?' if given else ''}{given}"

    def number(self, name: str, default: int, *, least: int = 1, most: int = 10_000) -> int:
        """A whole number. Raises ``BadValue``."""
        value = self.values.get(name, str(default))
        if not value.isascii() or not value.isdigit() or len(value) > 19 or not least <= int(value) <= most:
            raise BadValue(name, value)
        return int(value)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a template makes of facts."""

    template: str
    facts: Mapping[str, Any]  # Any: what templates show
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes as they are."""

    body: bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """The address at which it is."""

    to: str
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Page | Sent | Moved
View = Callable[[Archive, Asked], Answer]
"""Makes a page of an archive that is open to be read, for one thread alone."""
