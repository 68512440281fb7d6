"""Pages fetched as every crawl fetches: politely, guarded, and only where it is allowed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive import captures
from archive.store import Archive
from crawler.errors import CrawlerError

_STOPPED = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """The bytes of a page."""

    html: bytes
    url: str
    """The address that answered, after redirects."""
    content_type: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class NotFetched:
    """An address that gave no page, or none that could be read."""

    url: str
    reason: str


def fetch(url: str, allowed: tuple[str, ...], settings: Mapping[str, object]) -> Fetched:
    """A page by its address; raises ``CrawlerError`` with the reason where nothing came."""
    with _crawled("feature", {"url": url, "depth": 0}, allowed, settings) as archive:
        (came,) = _pages(archive)
    if isinstance(came, NotFetched):
        raise CrawlerError(f"{came.url}: {came.reason}")
    return came


def fetch_site(
    url: str, allowed: tuple[str, ...], settings: Mapping[str, object]
) -> tuple[list[Fetched], list[NotFetched]]:
    """What may be the lists of a site, the page at the URL first, and what did not come of it."""
    with _crawled("discovery", {"url": url, "any_site": True}, allowed, settings) as archive:
        came = list(_pages(archive))
    return [one for one in came if isinstance(one, Fetched)], [one for one in came if isinstance(one, NotFetched)]


@contextmanager
def _crawled(
    spider: str, arguments: Mapping[str, object], allowed: tuple[str, ...], settings: Mapping[str, object]
) -> Iterator[Archive]:
    """The archive of a crawl of its own, which is gone afterwards."""
    from yaowen.crawling import crawl  # Scrapy takes a second to import, and a file needs none of it

    with TemporaryDirectory() as folder:
        path = Path(folder) / "pages.db"
        own = {"ARCHIVE": str(path), "ALLOWED_ADDRESSES": list(allowed), "LOG_ENABLED": False}
        try:
            stats = crawl(spider, arguments, own | dict(settings))
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        if stats.get("crawl/exit_code", _STOPPED) == _STOPPED:
            raise KeyboardInterrupt
        with Archive.open(path, read_only=True) as archive:
            yield archive


def _pages(archive: Archive) -> Iterator[Fetched | NotFetched]:
    """What came of each address, in the order in which they were found."""
    rows = archive.db.query(
        """
        SELECT captures.* FROM captures LEFT JOIN frontier ON frontier.url = captures.url
        WHERE part_of IS NULL ORDER BY frontier.id, captures.id
        """
    )
    for row in rows:
        if row["content_hash"] is None or row["outcome"] == "failed":
            yield NotFetched(url=row["url"], reason=row["reason"])
        else:
            yield Fetched(
                html=archive.contents.get(row["content_hash"]),
                url=row["final_url"],
                content_type=captures.content_type_of(row["headers"]),
            )
