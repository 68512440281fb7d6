"""One entry of a feed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from archive.store import StoredArticle
from archive.urls import is_web

_TAG = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""What can be a language tag (BCP 47)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What a feed says of one article, or of one change of it."""

    id: str
    """The same in every export, and of nothing else: readers know by it what they have shown."""
    article: StoredArticle
    title: str
    published: datetime | None
    updated: datetime
    summary: str
    html: str
    """Everything, for a feed reader to show."""

    @property
    def url(self) -> str | None:
        """The article's own address; ``None`` where it is none that a reader may open."""
        return self.article.url if is_web(self.article.url) else None

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it; where the page does not say so, whose page it is."""
        return self.article.authors or (self.article.source or self.article.site or self.article.url,)

    @property
    def language(self) -> str | None:
        """The language of the page as its tag; ``None`` where it is none, whatever the page declares."""
        return self.article.language if _TAG.fullmatch(self.article.language or "") else None


class Newest(NamedTuple):
    """The newest entries, each made when its turn comes."""

    updated: datetime
    entries: Iterator[Entry]


def permanent_id(*parts: str) -> str:
    """An id that is always the same for the same parts.

    >>> permanent_id("https://news.example/a/1")
    'urn:uuid:2dbe88a6-9dea-558b-8545-6fe15d8ed2bd'
    """
    return uuid5(NAMESPACE_URL, " ".join(parts)).urn
