"""Write the archive, or a part of it, in a format of others."""

import inspect
import pkgutil
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from archive import exports
from archive.card import card_of
from archive.columns import Extract
from archive.coverage import check_site
from archive.extracts import NAMES, extract_of
from archive.plurals import counted_each
from archive.selection import Selection
from archive.store import Archive
from archive.watches import watch_named
from crawler import __version__
from yaowen.options import (
    QueryCommand,
    Site,
    archive_option,
    check_utf_8,
    json_option,
    optional_query_argument,
    since_option,
    until_option,
)
from yaowen.output import bar, print_json, remark
from yaowen.targets import STANDARD, Target

FORMATS = sorted(found.name for found in pkgutil.iter_modules(exports.__path__))


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    if value is None:
        return ()
    names = tuple(name.strip() for name in re.split("[,，、]", value))
    if not all(names):
        raise click.BadParameter("a name is missing", ctx, param)
    return names


@click.command("export", cls=QueryCommand)
@click.argument("format_name", metavar="FORMAT", type=click.Choice(FORMATS, case_sensitive=False))
@optional_query_argument
@click.option("-o", "--output", default=STANDARD, metavar="FILE|DIR|-", help="Where to; standard output if not named.")
@click.option("--site", type=Site(), help="Only what is of this site, as `yaowen search` prints it.")
@click.option("--category", metavar="WORD", multiple=True, help="Only articles of the category, or of one of several.")
@click.option("--source", metavar="WORD", multiple=True, help="Only articles of the source, or of one of several.")
@click.option("--author", metavar="WORD", multiple=True, help="Only articles of the author, or of one of several.")
@click.option("--tag", metavar="TAG", multiple=True, help="Only articles that were tagged so, or with one of several.")
@click.option("--watch", metavar="NAME", help="Only what the search kept under this name matches.")
@since_option
@until_option
@click.option("--what", metavar="TABLE", help=f"Which rows: {', '.join(NAMES)}; of a feed also changes.")
@click.option("--columns", metavar="NAME,NAME…", callback=_names, help="Only these columns, in this order.")
@click.option("--schema-org", is_flag=True, help="Name things as schema.org's NewsArticle does.")
@click.option("--excel", is_flag=True, help="Mark the file as UTF-8 for Excel.")
@click.option("--raw", is_flag=True, help="Leave cells as they are that a spreadsheet takes for formulas.")
@click.option("--partition", type=click.Choice(["month"]), help="A folder with one part for each month.")
@click.option("--by", type=click.Choice(["month", "category"]), help="What the chapters of a book are.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The newest N entries of a feed, not 100.")
@click.option("--force", is_flag=True, help="Write over what is there.")
@json_option
@archive_option
def command(
    format_name: str,
    query: str,
    output: str,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    watch: str | None,
    force: bool,
    as_json: bool,
    archive_path: Path,
    **options: Any,  # the values of the options of one format or another
) -> None:
    """Write what QUERY matches, or all that the archive holds, as FORMAT.

    \b
      jsonl json csv parquet   rows of a table: --what, --columns
      sqlite                   an archive of its own
      graphml gexf             who recommended what
      markdown epub text tei   texts to read
      warc wacz                the bytes as fetched
      atom jsonfeed            feeds

    Of articles, --since and --until mean when their pages were seen; `date:2022-10..2023` in QUERY is the date of
    publication. The same archive gives the same rows in the same order. A file whose name ends in .gz is packed. A
    folder holds a `datapackage.json`, a file has one beside it, that says what it is and what is missing.

    \b
    Examples:
      yaowen export csv 图书馆 date:2025 -o libraries.csv --excel
      yaowen export parquet -o articles --partition month
      yaowen export jsonl --what views --site news.example | head
      yaowen export atom --watch libraries --what changes -o changes.atom --force
    """
    fields = {name: options.pop(name) for name in ("category", "source", "author", "tag")}
    module = _module(format_name)
    given = {name: value for name, value in options.items() if value}
    _check(module, format_name, given)
    target = _target(module, output, given, force=force)
    target.check(archive_path, format_name)
    if since and until and since > until:
        raise click.UsageError("--since is later than --until: nothing is between them")
    if output == STANDARD and as_json:
        raise click.UsageError("name a file with -o FILE: standard output is taken")
    with Archive.open(archive_path, read_only=True) as archive:
        asked_for = [query, watch_named(archive.db, watch).query if watch else "", *_as_query(fields)]
        if site:
            check_site(archive, site)
        selection = Selection(query=_all_of(asked_for), site=site, since=since, until=until)
        counts = _export(archive, selection, target, module, format_name, given)
    _tell(counts, output, as_json=as_json)
    if (since or until) and not any(counts.values()):
        remark("--since and --until are times of looks; the date of publication is, say, date:2025-06 in QUERY")


def _export(
    archive: Archive,
    selection: Selection,
    target: Target,
    module: ModuleType,
    format_name: str,
    given: Mapping[str, Any],
) -> dict[str, int]:
    what = given.get("what", getattr(module, "COUNTED", "articles"))
    extract = _columns(module, what, given)
    with selection.chosen(archive):
        length = extract_of(what).count(archive, selection) if what in NAMES else 0
        with bar(format_name, length) as progress:
            watched = selection.watched(progress)
            return target.write(
                lambda place: module.write(archive, watched, place, **given),
                lambda counts: card_of(
                    archive, selection, format_name, given, counts, extract=extract, version=__version__
                ),
            )


def _columns(module: ModuleType, what: str, given: Mapping[str, Any]) -> Extract | None:
    """The columns of a table, under the names that stand in this file; raises ``UnknownColumn``."""
    if not hasattr(module, "table") or given.get("schema_org"):
        return None
    extract: Extract = module.table(what, given.get("columns", ()))
    return extract


def _as_query(fields: Mapping[str, Sequence[str]]) -> list[str]:
    """The fields as parts of a query; raises ``UsageError`` for a value that cannot stand in one."""
    for name, values in fields.items():
        for value in values:
            if '"' in value:
                raise click.UsageError(f"--{name} cannot have a quotation mark in it: {value!r}")
            check_utf_8(value)
    return [" OR ".join(f'{name}:"{value}"' for value in values) for name, values in fields.items()]


def _all_of(queries: Sequence[str]) -> str | None:
    """One query that asks for what all of them do; ``None`` where none asks for anything."""
    given = [query for query in queries if query]
    return given[0] if len(given) == 1 else " ".join(f"({query})" for query in given) or None


def _module(format_name: str) -> ModuleType:
    try:
        return import_module(f"archive.exports.{format_name}")
    except ModuleNotFoundError as error:
        extra = "parquet" if format_name == "parquet" else "warc"
        raise click.ClickException(
            f"{format_name} needs {error.name}, which is not installed: pip install 'yaowen[{extra}]'"
        ) from error


def _check(module: ModuleType, format_name: str, given: Mapping[str, Any]) -> None:
    """Raises ``UsageError`` for options that the format does not have, and values that it cannot take."""
    known = inspect.signature(module.write).parameters
    for name in given:
        if name not in known:
            raise click.UsageError(f"--{name.replace('_', '-')} is not for {format_name}")
    tables, what = getattr(module, "WHAT", NAMES), given.get("what", "articles")
    if what not in tables:
        raise click.UsageError(f"--what {what} is not there for {format_name}; there are {', '.join(tables)}")
    if given.get("schema_org") and (what != "articles" or given.get("columns")):
        raise click.UsageError("--schema-org is for whole articles; leave out --what and --columns")


def _target(module: ModuleType, output: str, given: dict[str, Any], *, force: bool) -> Target:
    packs = "gzip" in inspect.signature(module.write).parameters
    if packs:
        given["gzip"] = output.endswith(".gz")
    return Target(
        output=output,
        is_folder=getattr(module, "FOLDER", False) or "partition" in given,
        is_path=getattr(module, "FILE", False),
        seeks=getattr(module, "SEEKS", False),
        is_packed=getattr(module, "PACKED", False),
        packs=packs,
        force=force,
    )


def _tell(counts: Mapping[str, int], output: str, *, as_json: bool) -> None:
    if as_json:
        print_json({**counts, "file": output})
        return
    written = counted_each(counts)
    (remark if output == STANDARD else click.echo)(f"{'standard output' if output == STANDARD else output}: {written}")
