"""Fetch news pages and keep what they show."""

import logging
import sys
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.logging import RichHandler
from rich.table import Table

from archive.store import Archive
from crawler.extensions.progress import console
from crawler.settings import DOWNLOADER_MIDDLEWARES, EXTENSIONS, JAVASCRIPT_MIDDLEWARES
from yaowen.crawling import crawl
from yaowen.options import archive_option, json_option
from yaowen.output import print_json, remark

OUTCOMES = ("done", "unchanged", "failed", "refused", "unread")
_SHOWN_PROBLEMS = 10
_OWN_SERVER = {"CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0}


@click.command("crawl")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option(
    "--spider",
    type=click.Choice(["auto", "feature", "recommendation"]),
    default="auto",
    show_default=True,
    help="feature: articles, or a front page and its articles; recommendation: lists, page after page, and their "
    "articles; auto: what each page turns out to be.",
)
@click.option(
    "--depth",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="How many steps to follow from the given pages. Further pages of a list are no step.",
)
@click.option("--max-pages", type=click.IntRange(1), help="Stop after this many pages.")
@click.option(
    "--delay",
    type=click.FloatRange(0),
    help="Seconds between two requests to a site (1 unless given). 0 is for your own server: 8 requests at once.",
)
@click.option(
    "--allow-address",
    "allowed",
    metavar="HOST:PORT",
    multiple=True,
    help="Let the crawl connect to this address of your own machine or network.",
)
@click.option("--known", is_flag=True, help="Also visit every page of the site that the archive knows.")
@click.option("--javascript", is_flag=True, help="Run the scripts of each page in a browser that the crawl feeds.")
@click.option("--any-site", is_flag=True, help="Follow links to other sites as well.")
@json_option
@archive_option
def command(
    urls: tuple[str, ...],
    spider: str,
    depth: int,
    max_pages: int | None,
    delay: float | None,
    allowed: tuple[str, ...],
    known: bool,
    javascript: bool,
    any_site: bool,
    as_json: bool,
    archive_path: Path,
) -> None:
    """Fetch the pages at the URLs, follow them, and keep what they show in the archive.

    Every page that is reached is observed again: its counter, what it recommends, and its text if it was edited.
    The same command after an interruption goes on where it stopped.

    \b
    Examples:
      yaowen crawl https://news.example/a/1.html
      yaowen crawl https://news.example/china --spider recommendation --depth 2
    """
    logging.basicConfig(format="%(message)s", handlers=[_log_handler()])
    overrides: dict[str, object] = {
        "ARCHIVE": str(archive_path),
        "ALLOWED_ADDRESSES": list(allowed),
        "EXTENSIONS": {**EXTENSIONS, "crawler.extensions.progress.Progress": 500},
        "LOG_ENABLED": False,
    }
    if javascript:
        if find_spec("playwright") is None:
            raise click.UsageError("--javascript needs an extra: pip install 'yaowen[javascript]'")
        overrides["DOWNLOADER_MIDDLEWARES"] = DOWNLOADER_MIDDLEWARES | JAVASCRIPT_MIDDLEWARES
    if delay is not None:
        overrides |= _OWN_SERVER if delay == 0 else {"DOWNLOAD_DELAY": delay}
    arguments = {"url": " ".join(urls), "depth": depth, "max_pages": max_pages, "known": known, "any_site": any_site}
    try:
        stats = crawl(spider, arguments, overrides)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if "crawl/id" not in stats:
        remark("Stopped at once; the same command goes on from here")
        sys.exit(7)
    with Archive.open(archive_path, read_only=True) as archive:
        result = _summary(archive, stats)
    if as_json:
        print_json(result)
    else:
        _print(result)
    sys.exit(result["exit_code"])


def _log_handler() -> logging.Handler:
    """Errors only: pages that fail are named in the summary."""
    handler = RichHandler(console=console, show_path=False) if console.is_terminal else logging.StreamHandler()
    handler.setLevel(logging.ERROR)
    return handler


def _summary(archive: Archive, stats: dict[str, Any]) -> dict[str, Any]:  # Any: JSON values
    crawl_id = stats["crawl/id"]
    row = next(archive.db.query("SELECT * FROM crawls WHERE id = ?", [crawl_id]))
    problems = archive.db.query(
        """
        SELECT url, outcome, reason FROM captures
        WHERE crawl_id = ? AND outcome IN ('failed', 'refused', 'unread')
        ORDER BY id
        """,
        [crawl_id],
    )
    return {
        "crawl_id": crawl_id,
        "spider": row["spider"],
        "resumed": stats.get("crawl/resumed", False),
        "finish_reason": row["finish_reason"],
        "exit_code": stats["crawl/exit_code"],
        "seconds": round(stats["elapsed_time_seconds"], 1),
        "outcomes": {outcome: stats.get(f"outcome/{outcome}", 0) for outcome in OUTCOMES},
        "articles": {change: stats.get(f"archive/{change}", 0) for change in ("new", "revised", "same")},
        "problems": [dict(problem) for problem in problems],
    }


def _print(result: dict[str, Any]) -> None:  # Any: JSON values
    table = Table(title=f"Crawl {result['crawl_id']}: {result['finish_reason']} after {result['seconds']} s")
    for column in ("Pages", "", "Articles", ""):
        table.add_column(column, justify="left" if column else "right")
    for pages, articles in zip_longest(result["outcomes"].items(), result["articles"].items(), fillvalue=("", "")):
        table.add_row(*map(str, (*pages, *articles)))
    Console().print(table)
    for problem in result["problems"][:_SHOWN_PROBLEMS]:
        remark(f"{problem['outcome']}: {problem['url']}: {problem['reason']}")
    if (more := len(result["problems"]) - _SHOWN_PROBLEMS) > 0:
        remark(f"and {more} more")
    if result["exit_code"] == 4:
        remark("Nothing could be fetched")
    if result["exit_code"] == 7:
        remark("Stopped; the same command goes on from here")
