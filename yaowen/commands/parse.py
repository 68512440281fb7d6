"""Read one page and print what was found, without keeping it."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.models import as_json
from crawler.parsers import Explained, explain_page
from crawler.workers import Readers, failure
from yaowen.fetching import fetch
from yaowen.options import allow_address_option, plan_option
from yaowen.output import print_json
from yaowen.planning import plan_at

WIDTH = 160
"""Columns of the table where the output is no terminal."""


@click.command("parse")
@click.argument("page", metavar="FILE|URL|-")
@click.option("--url", help="The page's address, which its links are resolved against. Needed for a file or -.")
@click.option("--explain", is_flag=True, help="Print for each field its rule, the raw text and where that stood.")
@allow_address_option
@plan_option
def command(page: str, url: str | None, explain: bool, allowed: tuple[str, ...], plan_path: Path) -> None:
    """Read a page from a FILE, from its URL or from standard input (-), and print the reading as JSON.

    A URL is fetched as a crawl fetches it, with the headers and cookies that the plan names for its site.
    """
    if page.startswith(("http://", "https://")):
        fetched = fetch(page, allowed, {"SITES": plan_at(plan_path).sites})
        explained = _explained(fetched.html, url or fetched.url, fetched.content_type, datetime.now(UTC))
    elif url is not None:
        explained = _explained(_read(page), url)
    else:
        raise click.UsageError("--url is needed: it tells where the page came from")
    if explain:
        _print_evidence(explained)
    else:
        print_json(as_json(explained.page))


def _print_evidence(explained: Explained) -> None:
    """A table with a row for each field."""
    values = as_json(explained.page)
    table = Table("field", "value", "rule", "raw text", "place", box=SIMPLE_HEAD, highlight=False)
    for one in explained.evidence:
        cells = (one.field, _shown(values.get(one.field)), one.rule, one.raw, one.place)
        table.add_row(
            *(Text(cell, overflow="ellipsis" if place in (1, 3) else "fold") for place, cell in enumerate(cells))
        )
    Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False).print(table)


def _shown(value: object) -> str:
    """A value in a few words; lists as their length."""
    if isinstance(value, list | tuple):
        texts = [part for part in value if isinstance(part, str)]
        return "、".join(texts) if texts else str(len(value))
    return "" if value is None else str(value)


def _explained(html: bytes, url: str, content_type: str | None = None, fetched_at: datetime | None = None) -> Explained:
    """The reading, within the limits of time and memory that a crawl has too."""
    with Readers(explain_page) as readers:
        try:
            return readers.start(html, url, content_type, fetched_at).result()
        except Exception as error:
            raise failure(error, url) from error


def _read(page: str) -> bytes:
    if page == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(page).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{page} cannot be read: {error.strerror}") from error
