"""Articles as the formats for reading lay them out: plain lines of text, whatever stood on the page."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unicodedata import category

from archive.extracts import extract_of
from archive.models import Section, body_of
from archive.selection import Selection
from archive.store import Archive
from archive.times import moment_of

UNDATED = "undated"
_COLUMNS = (
    "id",
    "url",
    "site",
    "title",
    "published_at",
    "published_precision",
    "published_raw",
    "utc_offset",
    "category",
    "source",
    "authors",
    "tags",
    "language",
    "views",
    "state",
    "gone_at",
    "first_seen_at",
    "last_seen_at",
    "sections",
)
_BREAK = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]+")
"""Control characters, halves of characters and what is none: no text format takes them all."""
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[a-z]{3}){0,3}(-[a-z]{4})?(-(?:[a-z]{2}|\d{3}))?(?![a-z\d])", re.IGNORECASE)
_LARGEST_OFFSET = timedelta(hours=14)
"""What XML Schema takes for an offset of a clock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedArticle:
    """An article for a reader; every text in it is one line without control characters."""

    id: int
    url: str
    site: str
    title: str
    """Something that can be seen, also where the page had none."""
    published: datetime | None
    """By the page's own clock."""
    published_on: str | None
    """The same in ISO 8601, a date alone where the time is not known."""
    date: str | None
    """For a person to read: to the day, minute or second that the page printed; else the characters that it printed."""
    category: str | None
    source: str | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    language: str | None
    views: int | None
    state: str
    gone_at: str | None
    first_seen_at: str | None
    last_seen_at: str | None
    sections: tuple[Section, ...]
    """Without empty headings, paragraphs and sections."""

    @property
    def body(self) -> str:
        """The text: a heading or a paragraph a line."""
        return body_of(self.sections)

    @property
    def month(self) -> str:
        """The month of publication as ``2025-06``, or ``UNDATED``."""
        return self.published.isoformat()[:7] if self.published else UNDATED


def printed_articles(archive: Archive, selection: Selection) -> Iterator[PrintedArticle]:
    """The selected articles, always in the same order; raises ``QueryError``."""
    return map(_printed, extract_of("articles", _COLUMNS).rows(archive, selection))


def one_line(text: str | None) -> str:
    """The text as one line, without control characters and what is no character.

    >>> one_line("运河边的\\r\\n图书馆\\x00")
    '运河边的 图书馆'
    """
    return _NO_TEXT.sub("", _BREAK.sub(" ", text)) if text else ""


def title_of(row: Mapping[str, Any]) -> str:  # Any: a column's value
    """The headline, or the address or the id of an article whose headline cannot be seen.

    >>> title_of({"title": "\\u200b", "url": "https://news.example/a/1", "id": 1})
    'https://news.example/a/1'
    """
    lines = (one_line(text).strip() for text in (row["title"], row["url"]))
    return next((line for line in lines if any(category(mark)[0] in "LNPS" for mark in line)), str(row["id"]))


def language_tag(text: str | None) -> str | None:
    """Language, script and region of a language tag (BCP 47); ``None`` for what is none.

    >>> language_tag("zh-cmn-hans-CN"), language_tag("en_us"), language_tag("Chinese")
    ('zh-Hans-CN', 'en-US', None)
    """
    found = _LANGUAGE.match((text or "").strip().replace("_", "-"))
    if found is None:
        return None
    language, script, region = found.groups(default="")
    return f"{language.lower()}{script.title()}{region.upper()}"


def _printed(row: Mapping[str, Any]) -> PrintedArticle:
    published = _by_its_own_clock(row)
    return PrintedArticle(
        id=row["id"],
        url=one_line(row["url"]),
        site=one_line(row["site"]),
        title=title_of(row),
        published=published,
        published_on=_in_iso_8601(published, row["published_precision"]),
        date=_date(published, row["published_precision"]) or one_line(row["published_raw"]).strip() or None,
        category=one_line(row["category"]).strip() or None,
        source=one_line(row["source"]).strip() or None,
        authors=_lines(row["authors"]),
        tags=_lines(row["tags"]),
        language=language_tag(row["language"]),
        views=row["views"],
        state=one_line(row["state"]),
        gone_at=row["gone_at"],
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        sections=tuple(_sections(row["sections"])),
    )


def _by_its_own_clock(row: Mapping[str, Any]) -> datetime | None:
    moment = moment_of(row["published_at"], row["utc_offset"]) or moment_of(row["published_at"])
    if moment and abs(moment.utcoffset() or timedelta()) > _LARGEST_OFFSET:
        return moment.astimezone(UTC)
    return moment


def _in_iso_8601(moment: datetime | None, precision: str | None) -> str | None:
    if moment is None:
        return None
    return moment.date().isoformat() if precision == "day" else moment.isoformat()


def _date(moment: datetime | None, precision: str | None) -> str | None:
    if moment is None:
        return None
    if precision == "day":
        return moment.date().isoformat()
    return moment.replace(tzinfo=None).isoformat(" ", "seconds" if precision == "second" else "minutes")


def _lines(texts: list[str]) -> tuple[str, ...]:
    return tuple(line for line in (one_line(text).strip() for text in texts) if line)


def _sections(sections: list[dict[str, Any]]) -> Iterator[Section]:
    for section in sections:
        heading = one_line(section["heading"]).strip() or None
        paragraphs = tuple(line for line in map(one_line, section["paragraphs"]) if line.strip())
        if heading or paragraphs:
            yield Section(heading=heading, level=_level(section["level"], heading), paragraphs=paragraphs)


def _level(level: int | None, heading: str | None) -> int:
    """The level below the headline, which has the first; 0 without a heading."""
    return min(6, max(2, level or 0)) if heading else 0
