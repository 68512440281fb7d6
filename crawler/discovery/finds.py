"""What the lists of a site are worth to a crawl."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.models import Listing
from archive.urls import clean, is_front_page
from crawler.parsers import Explained
from crawler.parsers.listing import FEWEST_LINKS, address_kind

FindKind = Literal["front page", "list page", "feed", "news sitemap", "sitemap", "sitemap index"]
_ORDER: tuple[FindKind, ...] = ("front page", "list page", "feed", "news sitemap", "sitemap", "sitemap index")
_PAGE = re.compile(r"/(?!(?:index|default|home|list)\b)[^/]+\.s?html?$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Find:
    """A list of a site."""

    kind: FindKind
    url: str
    title: str | None = None
    links: int = 0
    """What it lists; of an index, its sitemaps."""
    articles: int = 0
    """How many of the links look like articles by their address."""
    newest: datetime | None = None
    """The latest time that a feed or a sitemap tells; aware."""


def judge(explained: Explained, url: str) -> Find | None:
    """What a page is as a list; ``None`` for an article and for a page with hardly a headline."""
    page, syndicated = explained.page, explained.syndicated
    if not isinstance(page, Listing):
        return None
    if syndicated is not None:
        addresses = [entry.url for entry in syndicated.entries]
        return Find(
            kind=syndicated.kind,
            url=url,
            title=page.title,
            links=len(addresses),
            articles=0 if syndicated.kind == "sitemap index" else sum(map(looks_like_article, addresses)),
            newest=syndicated.newest,
        )
    addresses = [link.url for link in page.links]
    if len(addresses) < FEWEST_LINKS:
        return None
    return Find(
        kind="front page" if is_front_page(url) else "list page",
        url=url,
        title=page.title,
        links=len(addresses),
        articles=sum(map(looks_like_article, addresses)),
    )


def in_order(finds: Iterable[Find]) -> tuple[Find, ...]:
    """The finds by their kind, each address once."""
    first: dict[str, Find] = {}
    for find in finds:
        first.setdefault(clean(find.url), find)
    return tuple(sorted(first.values(), key=lambda find: _ORDER.index(find.kind)))


def proposed(finds: Iterable[Find]) -> tuple[Find, ...]:
    """What a crawl should visit again and again: pages, feeds and the news of the last days.

    A plain sitemap lists all that the site ever had. It is proposed where there is nothing else.
    """
    found = [find for find in in_order(finds) if find.links]
    live = [find for find in found if find.kind not in ("sitemap", "sitemap index")]
    indexed = [find for find in found if find.kind == "sitemap index"]
    whole = indexed or [find for find in found if find.kind == "sitemap"]
    return tuple(live if any(find.kind != "front page" for find in live) else [*live, *whole])


def looks_like_article(url: str) -> bool:
    """Whether an address looks like that of an article.

    >>> looks_like_article("https://news.example/a/lamps.html"), looks_like_article("https://news.example/business/")
    (True, False)
    """
    return address_kind(url) == "article" or _PAGE.search(url.partition("?")[0]) is not None
