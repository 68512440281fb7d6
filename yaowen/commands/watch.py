"""Keep searches, and list what is new in them."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from archive import watches
from archive.plurals import counted
from archive.store import Archive, StoredArticle
from archive.times import to_utc
from yaowen.options import QueryCommand, archive_option, json_option, query_argument, since_option
from yaowen.output import moment, print_json, remark


@click.group("watch")
def command() -> None:
    """Keep searches under a name, and list what is new in them since last time."""


@command.command("add", cls=QueryCommand)
@click.argument("name")
@query_argument
@json_option
@archive_option
def add(name: str, query: str, as_json: bool, archive_path: Path) -> None:
    """Keep QUERY as NAME. What it finds now is not new.

    \b
    Examples:
      yaowen watch add libraries 图书馆 -招聘
    """
    with Archive.open(archive_path, must_exist=True) as archive:
        watch = watches.add_watch(archive, name, query, now=datetime.now(UTC))
    if as_json:
        print_json(_as_json(watch))
        return
    verb = "matches" if watch.found == 1 else "match"
    click.echo(f"{watch.name}: {counted(watch.found, 'article')} {verb} {watch.query} now")


@command.command("run")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--dry-run", is_flag=True, help="List the same again next time.")
@click.option("--quiet", is_flag=True, help="Say nothing of searches without news.")
@json_option
@archive_option
def run(names: tuple[str, ...], dry_run: bool, quiet: bool, as_json: bool, archive_path: Path) -> None:
    """List what is new since the last run.

    New are articles that match for the first time, also old ones that were edited so. All searches are run unless
    names are given. What was listed is remembered once it has been printed.
    """
    with Archive.open(archive_path, read_only=dry_run, must_exist=True) as archive:
        wanted = [watches.watch_named(archive.db, name) for name in names] or watches.watches(archive.db)
        found = [(watch, list(map(archive.article, watches.new_in(archive, watch)))) for watch in wanted]
        if as_json:
            print_json([_as_json(watch) | {"new": [one.as_listed() for one in articles]} for watch, articles in found])
        else:
            _print_news([(watch, articles) for watch, articles in found if articles or not quiet])
        if not wanted:
            remark("The archive keeps no search; `yaowen watch add NAME QUERY` adds one")
        sys.stdout.flush()
        for watch, articles in () if dry_run else found:
            watches.told(archive, watch, [one.id for one in articles], now=datetime.now(UTC))


def _print_news(found: Sequence[tuple[watches.Watch, Sequence[StoredArticle]]]) -> None:
    for watch, articles in found:
        click.echo(f"{click.style(watch.name, bold=True)}: {len(articles):,} new for {watch.query}")
        for one in articles:
            click.echo(f"  {moment(one.published_at)} · {one.site} · {one.title} · id {one.id}")


@command.command("found")
@click.argument("name")
@since_option
@json_option
@archive_option
def found(name: str, since: datetime | None, as_json: bool, archive_path: Path) -> None:
    """List what the search NAME has told of, the latest first."""
    with Archive.open(archive_path, read_only=True) as archive:
        watch = watches.watch_named(archive.db, name)
        told = watches.told_by(archive, watch, since=since)
        articles = [(archive.article(number), found_at) for number, found_at in told]
    if as_json:
        print_json(_as_json(watch) | {"told": [one.as_listed() | {"found_at": to_utc(at)} for one, at in articles]})
        return
    for one, at in articles:
        click.echo(f"{moment(at)} · {one.site} · {one.title} · id {one.id}")


@command.command("list")
@json_option
@archive_option
def list_(as_json: bool, archive_path: Path) -> None:
    """List the searches that are kept."""
    with Archive.open(archive_path, read_only=True) as archive:
        kept = watches.watches(archive.db)
    if as_json:
        print_json([_as_json(watch) for watch in kept])
        return
    for watch in kept:
        last = f"last run {moment(watch.run_at)}"
        click.echo(f"{click.style(watch.name, bold=True)}: {watch.query} · {watch.found:,} known, {last}")


@command.command("remove")
@click.argument("name")
@archive_option
def remove(name: str, archive_path: Path) -> None:
    """Keep the search NAME no longer."""
    with Archive.open(archive_path, must_exist=True) as archive:
        watches.remove_watch(archive, name)
    click.echo(f"{name} is not kept any more")


def _as_json(watch: watches.Watch) -> dict[str, object]:
    return {
        "name": watch.name,
        "query": watch.query,
        "added_at": to_utc(watch.added_at),
        "run_at": to_utc(watch.run_at) if watch.run_at else None,
        "found": watch.found,
    }
