"""Show when the articles that match were published."""

from itertools import groupby
from pathlib import Path
from typing import get_args

import click
from rich.bar import Bar
from rich.console import Console
from rich.table import Table

from archive.search import asked
from archive.search.trends import By, Period, Trend, trend
from archive.store import Archive
from yaowen.options import QueryCommand, archive_option, json_option, query_argument
from yaowen.output import print_json, remark

WIDTH = 40
"""Characters of the longest bar."""
LONGEST_GAP = 3
"""Empty periods that are drawn one by one."""


@click.command("trend", cls=QueryCommand)
@query_argument
@click.option("--by", type=click.Choice(get_args(By)), default="month", show_default=True, help="What a bar is.")
@click.option("--normalise", is_flag=True, help="Bars show the share of all articles of their time.")
@json_option
@archive_option
def command(query: str, by: By, normalise: bool, as_json: bool, archive_path: Path) -> None:
    """Count the articles that match QUERY over time, by the date that they print.

    An archive that grew has more of everything lately; --normalise draws the share of all articles instead.

    \b
    Examples:
      yaowen trend 人才
      yaowen trend 人才 category:本地 --by year --normalise
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = trend(archive.db, asked(archive.db, query).every, by)
    if as_json:
        print_json({"query": query, "by": by, **_as_json(found)})
        return
    _draw(found, by, normalise=normalise)
    if found.undated:
        remark(f"{found.undated:,} more whose date is not known")


def _draw(found: Trend, by: By, *, normalise: bool) -> None:
    if not found.periods:
        remark("Nothing that was found has a date" if found.undated else "Nothing was found")
        return
    most = max(map(_share if normalise else _hits, found.periods))
    table = Table(by, "hits", "of all", "", box=None, show_edge=False, pad_edge=False, header_style="bold")
    for column in table.columns[1:3]:
        column.justify = "right"
    for is_empty, group in groupby(found.periods, key=lambda period: not period.hits):
        periods = list(group)
        if is_empty and len(periods) > LONGEST_GAP:
            table.add_row("…", f"0 in {len(periods):,}", "", "")
            continue
        for period in periods:
            value = _share(period) if normalise else _hits(period)
            table.add_row(
                period.start, f"{period.hits:,}", f"{period.share:.1%}", Bar(size=most, begin=0, end=value, width=WIDTH)
            )
    Console(highlight=False).print(table)


def _hits(period: Period) -> float:
    return period.hits


def _share(period: Period) -> float:
    return period.share


def _as_json(found: Trend) -> dict[str, object]:
    periods = [
        {"start": one.start, "hits": one.hits, "articles": one.articles, "share": round(one.share, 6)}
        for one in found.periods
    ]
    return {"undated": found.undated, "periods": periods}
