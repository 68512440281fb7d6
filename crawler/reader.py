"""What a reading process does with one page of a crawl. It knows nothing of Scrapy, which takes long to load."""

import sqlite3
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from archive.captures import Contents
from archive.errors import ArchiveError
from archive.models import Page
from archive.prepared import Prepared
from archive.preparing import prepare
from archive.store import Archive
from archive.urls import site_of
from crawler.parsers import read_page


class Read(NamedTuple):
    """A page, and what of writing it is done already."""

    page: Page
    prepared: Prepared | None


def read_for(archive: Path, html: bytes, url: str, *, content_type: str | None, fetched_at: datetime | None) -> Read:
    """Read a page and make it ready for an archive; raises ``ParseError`` as ``read_page`` does."""
    page = read_page(html, url, content_type=content_type, fetched_at=fetched_at)
    try:
        return Read(page, prepare(_contents(archive), html, site_of(url), page))
    except (ArchiveError, sqlite3.Error):
        return Read(page, None)  # the process that writes makes it, or tells what is wrong with the archive


@cache
def _contents(archive: Path) -> Contents:
    return Archive.open(archive, read_only=True).contents
