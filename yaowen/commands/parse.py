"""Read one page and print what was found, without keeping it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive import captures
from archive.models import as_json
from archive.store import Archive
from crawler.errors import CrawlerError
from crawler.parsers import read_page
from yaowen.output import print_json


@click.command("parse")
@click.argument("page", metavar="FILE|URL|-")
@click.option("--url", help="The page's address, which its links are resolved against. Needed for a file or -.")
@click.option("--allow-address", "allowed", metavar="HOST:PORT", multiple=True, help="As in `yaowen crawl`.")
def command(page: str, url: str | None, allowed: tuple[str, ...]) -> None:
    """Read a page from a FILE, from its URL or from standard input (-), and print the reading as JSON."""
    if page.startswith(("http://", "https://")):
        html, final_url, content_type = _fetch(page, allowed)
        reading = read_page(html, url or final_url, content_type=content_type, fetched_at=datetime.now(UTC))
    elif url is not None:
        reading = read_page(_read(page), url)
    else:
        raise click.UsageError("--url is needed: it tells where the page came from")
    print_json(as_json(reading))


def _read(page: str) -> bytes:
    if page == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(page).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{page} cannot be read: {error.strerror}") from error


def _fetch(page: str, allowed: tuple[str, ...]) -> tuple[bytes, str, str | None]:
    """The page's bytes, final address and content type, fetched as every crawl fetches."""
    from yaowen.crawling import crawl  # Scrapy takes a second to import, and a file needs none of it

    with TemporaryDirectory() as folder:
        path = Path(folder) / "one-page.db"
        try:
            crawl(
                "feature",
                {"url": page, "depth": 0},
                {"ARCHIVE": str(path), "ALLOWED_ADDRESSES": list(allowed), "LOG_ENABLED": False},
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        with Archive.open(path, read_only=True) as archive:
            row = next(archive.db.query("SELECT * FROM captures"))
            if row["content_hash"] is None or row["outcome"] == "failed":
                raise CrawlerError(f"{page}: {row['reason']}")
            headers = {name.lower(): value for name, value in captures.headers(row["headers"]).items()}
            return captures.content(archive.db, row["content_hash"]), row["final_url"], headers.get("content-type")
