"""What feeds and sitemaps have in common: entries with addresses, and perhaps a time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Literal

from crawler.parsers.text import LONGEST_FIELD, printable, squeeze

SyndicatedKind = Literal["feed", "news sitemap", "sitemap", "sitemap index"]
LONGEST_SUMMARY = 1_000
"""Characters of a teaser that are kept: some feeds print whole articles there, which are read where they stand."""
_BREAK = re.compile(r"</?(?:p|br|div|li|h[1-6]|t[dr])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[!/a-zA-Z][^<>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One address of a feed or a sitemap."""

    url: str
    """Absolute."""
    title: str | None = None
    summary: str | None = None
    source: str | None = None
    image: str | None = None
    moment: datetime | None = None
    """When it was published or last changed; in UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Syndicated:
    """A feed or a sitemap, as it stands."""

    kind: SyndicatedKind
    format: str
    """By name: rss20, atom10, urlset."""
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    """A feed's in its own order, a sitemap's the newest first; of an index, its sitemaps."""
    next: str | None = None

    @property
    def newest(self) -> datetime | None:
        """The latest time that it tells of its entries."""
        return max((entry.moment for entry in self.entries if entry.moment), default=None)


def newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries by their times; those without one come after, in their own order."""
    return tuple(sorted(entries, key=lambda entry: entry.moment or datetime.min.replace(tzinfo=UTC), reverse=True))


def moment_of(printed: str | None) -> datetime | None:
    """The time of a text in the W3C's form of ISO 8601: 2026, 2026-03, 2026-03-01T08:00+08:00; UTC where none is named.

    >>> str(moment_of("2026-03-01T08:00+08:00")), str(moment_of("2026-03")), moment_of("yesterday")
    ('2026-03-01 00:00:00+00:00', '2026-03-01 00:00:00+00:00', None)
    """
    text = (printed or "").strip()
    whole = text + "-01-01"[len(text) - len("2026") :] if len(text) in (len("2026"), len("2026-03")) else text
    try:
        read = datetime.fromisoformat(whole)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def words_of(printed: object) -> str | None:
    """The words of a text that may be markup, on one line.

    >>> words_of("<p>Fish &amp; chips</p><p>for <b>two</b></p>")
    'Fish & chips for two'
    """
    if not isinstance(printed, str):
        return None
    text = unescape(_TAG.sub("", _BREAK.sub(" ", printed))) if "<" in printed or "&" in printed else printed
    return squeeze(printable(text))[:LONGEST_FIELD] or None


def teaser_of(printed: object, title: str | None) -> str | None:
    """The words of a teaser, if it says something else than the title."""
    words = words_of(printed)
    return None if words is None or words == title else words[:LONGEST_SUMMARY]
