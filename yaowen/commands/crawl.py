"""Fetch news pages and keep what they show."""

import logging
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.logging import RichHandler
from rich.table import Table

from archive.store import Archive
from crawler.extensions.progress import console
from crawler.settings import EXTENSIONS
from yaowen.crawling import crawl
from yaowen.options import archive_option, json_option
from yaowen.output import print_json, remark
from yaowen.planning import crawl_named, options_of, plan_at, plan_option

OUTCOMES = ("done", "unchanged", "failed", "refused", "unread")
_SHOWN_PROBLEMS = 10
_PROGRESS = {"crawler.extensions.progress.Progress": 500}
_OWN_SERVER = {"CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0}


@click.command("crawl")
@click.argument("urls", metavar="URL...|CRAWL", nargs=-1, required=True)
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
@click.option("--any-site", is_flag=True, help="Follow links to other sites as well.")
@plan_option
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
    any_site: bool,
    plan_path: Path,
    as_json: bool,
    archive_path: Path,
) -> None:
    """Fetch the pages at the URLs, follow them, and keep what they show in the archive.

    In place of URLs stands the name of a crawl of yaowen.toml, which says the rest; options given here win.

    Every page that is reached is observed again: its counter, what it recommends, and its text if it was edited.
    The same command after an interruption goes on where it stopped.

    \b
    Examples:
      yaowen crawl https://news.example/a/1.html
      yaowen crawl https://news.example/china --spider recommendation --depth 2
      yaowen crawl morning
    """
    plan = plan_at(plan_path)
    named = crawl_named(urls, plan, plan_path)
    logging.basicConfig(format="%(message)s", handlers=[_log_handler()])
    overrides: dict[str, object] = {
        "ARCHIVE": str(archive_path),
        "ALLOWED_ADDRESSES": list(allowed),
        "SITES": plan.sites,
        "EXTENSIONS": {**EXTENSIONS, **({} if _is_for_programs(as_json) else _PROGRESS)},
        "LOG_ENABLED": False,
    }
    if delay is not None:
        overrides |= _OWN_SERVER if delay == 0 else {"DOWNLOAD_DELAY": delay}
    arguments = {"url": " ".join(urls), "depth": depth, "max_pages": max_pages, "known": known, "any_site": any_site}
    if named:
        arguments |= {"url": " ".join(named.urls), "crawl": named.name, **options_of(named)}
        spider = str(arguments.pop("spider", spider))
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


def _is_for_programs(as_json: bool) -> bool:
    """Whether nobody watches: a program gets the JSON, and only errors beside it."""
    return as_json and not console.is_terminal


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
