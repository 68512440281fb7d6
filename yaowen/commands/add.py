"""Look where a site lists its articles, and put it into the plan."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from archive.plurals import counted
from archive.times import to_utc
from archive.urls import clean, is_web, why_not_web
from crawler.plan import values
from crawler.settings import EXTENSIONS
from yaowen import plan_file
from yaowen.looking import Found, look
from yaowen.options import allow_address_option, json_option, plan_option
from yaowen.output import moment, print_json, remark
from yaowen.plan_file import Addition

PROGRESS = {"EXTENSIONS": {**EXTENSIONS, "crawler.extensions.progress.Progress": 500}}
WIDTH = 160
"""Columns of the table where the output is no terminal."""


def _valid(judge: Callable[[str], object]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """The option as it was given, where a plan takes it."""

    def check(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        try:
            if value is not None:
                judge(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error
        return value

    return check


def _address(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not is_web(url := clean(value)):
        raise click.BadParameter(f"{value!r} is no web address: {why_not_web(value)}")
    return url


@click.command("add")
@click.argument("url", metavar="URL", callback=_address)
@click.option("--yes", is_flag=True, help="Write it into the plan without a question.")
@click.option(
    "--every",
    callback=_valid(values.duration),
    metavar="DURATION",
    help="How often: 90s, 30m, 2h, 1d, 4w. 1h unless given.",
)
@click.option("--name", callback=_valid(values.crawl_name), help="The name of the crawl; the site's host unless given.")
@click.option(
    "--delay", type=click.FloatRange(0), help="Seconds between two requests, now and in the plan (1 unless given)."
)
@allow_address_option
@json_option
@plan_option
def command(
    url: str,
    yes: bool,
    every: str | None,
    name: str | None,
    delay: float | None,
    allowed: tuple[str, ...],
    as_json: bool,
    plan_path: Path,
) -> None:
    """Look where the site at the URL lists its articles, and put it into the plan.

    Looked at are the page itself, the feeds that it names, the sitemaps of robots.txt, and the sections in its menu;
    where none is named, the addresses where feeds and sitemaps mostly are. A site that is in the plan already is
    completed; what the plan says of it holds for the look too. Nothing is added to a plan that is wrong.

    \b
    Examples:
      yaowen add https://news.example/
      yaowen add https://news.example/ --every 30m --name morning --yes
    """
    before, plan = plan_file.read(plan_path)
    found = look(url, allowed, PROGRESS | {"SITES": plan.sites} | ({} if delay is None else {"DOWNLOAD_DELAY": delay}))
    urls = [find.url for find in found.proposed]
    addition = plan_file.add(before, found.site, urls, path=plan_path, name=name, every=every, delay=delay)
    if not as_json:
        _print(found)
    for one in found.missed:
        remark(f"not read: {one.url}: {one.reason}")
    is_news = addition.text != before
    written = is_news and (yes or (not as_json and _agreed(addition, plan_path)))
    if written:
        plan_file.write(plan_path, addition.text)
    if as_json:
        print_json(_as_json(url, found, addition, plan_path, written=written))
    _tell(addition, plan_path, is_news=is_news, written=written)
    if delay not in (None, addition.delay):
        remark(f"{plan_path} has a delay of {addition.delay:g} s for {found.site} already, which stays")


def _agreed(addition: Addition, plan_path: Path) -> bool:
    """The user's answer, where there is a terminal to ask at."""
    if not sys.stdin.isatty():
        return False
    verb = "Write" if addition.is_new else "Complete"
    return click.confirm(f"{verb} the crawl {addition.crawl} in {plan_path}?", default=True, err=True)


def _print(found: Found) -> None:
    """What was found, and which of it the crawl would visit."""
    table = Table("kind", "address", "title", "links", "articles", "newest", "", box=SIMPLE_HEAD, highlight=False)
    for find in found.finds:
        counts = (str(find.links), "" if find.kind == "sitemap index" else str(find.articles))
        mark = "visit" if find in found.proposed else ""
        table.add_row(find.kind, find.url, find.title or "", *counts, moment(find.newest), mark)
    Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False).print(table)


def _tell(addition: Addition, plan_path: Path, *, is_news: bool, written: bool) -> None:
    count = counted(len(addition.urls), "address")
    if not is_news:
        remark(f"{plan_path} has all of it already, in the crawl {addition.crawl}")
    elif written:
        remark(f"{plan_path}: {count} added to the crawl {addition.crawl}, {addition.schedule}")
    else:
        remark(f"Nothing was written; --yes puts {count} into {plan_path}")


def _as_json(url: str, found: Found, addition: Addition, plan_path: Path, *, written: bool) -> dict[str, Any]:
    finds = [
        {
            "kind": find.kind,
            "url": find.url,
            "title": find.title,
            "links": find.links,
            "articles": find.articles,
            "newest": to_utc(find.newest) if find.newest else None,
            "proposed": find in found.proposed,
        }
        for find in found.finds
    ]
    return {
        "url": url,
        "site": found.site,
        "found": finds,
        "missed": [{"url": one.url, "reason": one.reason} for one in found.missed],
        "plan": str(plan_path),
        "crawl": addition.crawl,
        "added": list(addition.urls),
        "written": written,
    }
