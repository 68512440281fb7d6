"""Looking at a site to see where it lists its articles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.urls import site_of
from crawler.discovery import Find, guesses, in_order, judge, proposed
from crawler.errors import NothingFetched, ParseError
from crawler.parsers import explain_page
from crawler.workers import Readers, failure
from yaowen.fetching import Fetched, NotFetched, fetch_site


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The lists of a site."""

    site: str
    finds: tuple[Find, ...]
    proposed: tuple[Find, ...]
    """Those that a crawl should visit."""
    missed: tuple[NotFetched, ...]
    """What the site names and does not give, or what could not be read."""


def look(url: str, allowed: tuple[str, ...], settings: Mapping[str, object]) -> Found:
    """What lists the site at the address has; raises ``NothingFetched``, or ``ParseError`` where there are none."""
    pages, missed = fetch_site(url, allowed, settings)
    if not pages:
        raise NothingFetched(url, next((one.reason for one in missed), "no answer"))
    guessed = set(guesses(pages[0].url))
    judged = list(_judged(pages))
    # A site that answers every address with a page has no feed at the addresses where others have one.
    finds = in_order(
        one for one in judged if isinstance(one, Find) and not (one.kind == "list page" and one.url in guessed)
    )
    chosen = proposed(finds)
    if not chosen:
        raise ParseError("no list of articles, no feed and no sitemap found", url=url)
    unread = [one for one in judged if isinstance(one, NotFetched)]
    return Found(
        site=site_of(pages[0].url),
        finds=finds,
        proposed=chosen,
        missed=tuple(one for one in (*missed, *unread) if one.url not in guessed),
    )


def _judged(pages: list[Fetched]) -> Iterator[Find | NotFetched]:
    """What each page is as a list; read within the limits of time and memory that a crawl has too."""
    with Readers(explain_page) as readers:
        for page in pages:
            reading = readers.start(page.html, page.url, page.content_type, datetime.now(UTC))
            try:
                find = judge(reading.result(), page.url)
            except Exception as error:
                yield NotFetched(url=page.url, reason=failure(error, page.url).reason)
                continue
            if find is not None:
                yield find
