"""Fetch news pages and keep what they show."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

import click

from archive.store import Archive
from crawler.extensions.progress import console
from crawler.settings import DOWNLOADER_MIDDLEWARES, EXTENSIONS, JAVASCRIPT_MIDDLEWARES
from yaowen.addresses import addresses_in
from yaowen.asking import asking_options, asking_settings
from yaowen.crawling import crawl
from yaowen.logs import log, log_options
from yaowen.options import archive_option, json_option, plan_option
from yaowen.output import print_json, remark
from yaowen.planning import crawl_named, options_of, plan_at
from yaowen.summary import print_summary, summary_of

_NOTHING_DUE = "Nothing was to be visited; `yaowen due --all` tells what will be"
_NOTHING_FAILED = "Nothing failed or was refused last time"
_PROGRESS = {"crawler.extensions.progress.Progress": 500}


@click.command("crawl")
@click.argument("urls", metavar="URL...|CRAWL", nargs=-1)
@click.option("--from", "file", type=click.File("rb"), help="Also the URLs of this file, one a line; - is stdin.")
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
@click.option("--include", multiple=True, metavar="PATTERN", help="Follow only addresses like this: '*/china/*'.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Follow no addresses like this: '*/video/*'.")
@click.option("--known", is_flag=True, help="Also visit every page of the site that the archive knows.")
@click.option("--javascript", is_flag=True, help="Run the scripts of each page in a browser that the crawl feeds.")
@click.option(
    "--due",
    is_flag=True,
    help="Visit only what `yaowen due` names, of these URLs' sites or of all, and URLs that are new.",
)
@click.option(
    "--retry-failed",
    is_flag=True,
    help="Visit only what failed or was refused last time, of these URLs' sites or of all.",
)
@click.option("--any-site", is_flag=True, help="Follow links to other sites as well.")
@asking_options
@log_options
@plan_option
@json_option
@archive_option
def command(
    urls: tuple[str, ...],
    file: BinaryIO | None,
    spider: str,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    plan_path: Path,
    javascript: bool,
    as_json: bool,
    archive_path: Path,
    verbose: int,
    quiet: bool,
    log_file: Path | None,
    **options: Any,  # Any: the values of all other options
) -> None:
    """Fetch the pages at the URLs, follow them, and keep what they show in the archive.

    In place of URLs stands the name of a crawl of yaowen.toml, which says the rest; options given here win.

    Every page that is reached is observed again: its counter, what it recommends, and its text if it was edited.
    The same command after an interruption goes on where it stopped.

    \b
    Examples:
      yaowen crawl https://news.example/a/1.html
      yaowen crawl https://news.example/china --spider recommendation --depth 2
      yaowen crawl --due
      yaowen crawl morning
    """
    plan = plan_at(plan_path)
    named = crawl_named(urls, plan, plan_path)
    asking = {name: options.pop(name) for name in ("delay", "timeout", "contact", "proxy", "allowed")}
    arguments = options | {"include": " ".join(include), "exclude": " ".join(exclude)}
    if named:
        arguments |= {"crawl": named.name, **options_of(named)}
        spider = str(arguments.pop("spider", spider))
    starts = [*(named.urls if named else urls), *(addresses_in(file) if file else [])]
    if not starts and not arguments["due"] and not arguments["retry_failed"]:
        raise click.UsageError("Give a URL to begin with, the name of a crawl of the plan, --due or --retry-failed")
    if not starts and not named:  # what is due, or failed, of an archive: a misspelled one would have nothing of it
        Archive.open(archive_path, read_only=True).close()
    log(verbose, log_file)
    is_silent = quiet or (as_json and not console.is_terminal)  # a program gets the JSON, and only errors beside it
    overrides = asking_settings(**asking) | {
        "ARCHIVE": str(archive_path),
        "SITES": plan.sites,
        "EXTENSIONS": {**EXTENSIONS, **({} if is_silent else _PROGRESS)},
        "LOG_ENABLED": False,
    }
    if javascript:
        if find_spec("playwright") is None:
            raise click.UsageError("--javascript needs an extra: pip install 'yaowen[javascript]'")
        overrides["DOWNLOADER_MIDDLEWARES"] = DOWNLOADER_MIDDLEWARES | JAVASCRIPT_MIDDLEWARES
    try:
        stats = crawl(spider, arguments | {"url": " ".join(starts)}, overrides)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if "crawl/id" not in stats:
        remark("Stopped at once; the same command goes on from here")
        sys.exit(7)
    with Archive.open(archive_path, read_only=True) as archive:
        result = summary_of(archive, stats)
    if as_json:
        print_json(result)
    elif not quiet:
        only_failed = arguments["retry_failed"] and not arguments["due"]
        print_summary(result, nothing=_NOTHING_FAILED if only_failed else _NOTHING_DUE)
    sys.exit(result["exit_code"])
