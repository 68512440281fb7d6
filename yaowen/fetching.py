"""One page fetched as every crawl fetches: politely, guarded, and only where it is allowed."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive import captures
from archive.store import Archive
from crawler.errors import CrawlerError


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """The bytes of a page."""

    html: bytes
    url: str
    """The address that answered, after redirects."""
    content_type: str | None


def fetch(url: str, allowed: tuple[str, ...]) -> Fetched:
    """A page by its address; raises ``CrawlerError`` with the reason where nothing came."""
    from yaowen.crawling import crawl  # Scrapy takes a second to import, and a file needs none of it

    with TemporaryDirectory() as folder:
        path = Path(folder) / "one-page.db"
        try:
            crawl(
                "feature",
                {"url": url, "depth": 0},
                {"ARCHIVE": str(path), "ALLOWED_ADDRESSES": list(allowed), "LOG_ENABLED": False},
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        with Archive.open(path, read_only=True) as archive:
            row = next(archive.db.query("SELECT * FROM captures"))
            if row["content_hash"] is None or row["outcome"] == "failed":
                raise CrawlerError(f"{url}: {row['reason']}")
            return Fetched(
                html=archive.contents.get(row["content_hash"]),
                url=row["final_url"],
                content_type=captures.content_type_of(row["headers"]),
            )
