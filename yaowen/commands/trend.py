"""Show when the articles that match were published."""

from pathlib import Path
from typing import get_args

import click
from rich.bar import Bar
from rich.console import Console
from rich.table import Table

from archive.search import asked
from archive.search.trends import By, Period, Trend, trend
from archive.store import Archive
from yaowen.options import QueryCommand, archive_option, json_option
from yaowen.output import print_json, remark

WIDTH = 40
"""Characters of the longest bar."""


@click.command("trend", cls=QueryCommand)
@click.argument("words", nargs=-1, required=True, metavar="QUERY")
@click.option("--by", type=click.Choice(get_args(By)), default="month", show_default=True, help="What a bar is.")
@click.option("--normalise", is_flag=True, help="Bars show the share of all articles of their time.")
@json_option
@archive_option
def command(words: tuple[str, ...], by: By, normalise: bool, as_json: bool, archive_path: Path) -> None:
    """Count the articles that match QUERY over time, by the date that they print.

    An archive that grew has more of everything lately; --normalise draws the share of all articles instead.

    \b
    Examples:
      yaowen trend 人才
      yaowen trend 人才 source:日报 --by year --normalise
    """
    query = " ".join(word.strip() for word in words)
    with Archive.open(archive_path, read_only=True) as archive:
        found = trend(archive.db, asked(archive.db, query).parts, by)
    if as_json:
        print_json({"query": query, "by": by, **_as_json(found)})
        return
    _draw(found.periods, normalise=normalise)
    if found.undated:
        remark(f"{found.undated:,} more whose date is not known")


def _draw(periods: tuple[Period, ...], *, normalise: bool) -> None:
    if not periods:
        remark("Nothing with a date was found")
        return
    values = [period.share if normalise else period.hits for period in periods]
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "right", "right", "left"):
        table.add_column(justify=justify)
    for period, value in zip(periods, values, strict=True):
        bar = Bar(size=max(values), begin=0, end=value, width=WIDTH)
        table.add_row(period.start, f"{period.hits:,}", f"{period.share:.1%}", bar)
    Console(highlight=False).print(table)


def _as_json(found: Trend) -> dict[str, object]:
    periods = [
        {"start": one.start, "hits": one.hits, "articles": one.articles, "share": round(one.share, 6)}
        for one in found.periods
    ]
    return {"undated": found.undated, "periods": periods}
