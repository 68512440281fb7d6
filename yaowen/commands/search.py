"""Find articles by the words in them."""

from datetime import datetime
from html import unescape
from itertools import islice
from pathlib import Path
from typing import get_args

import click

from archive.plurals import counted
from archive.search import Hit, Place, Results, Sort, search
from archive.search.facets import Facets
from archive.store import Archive
from yaowen.options import ArticleId, QueryCommand, archive_option, as_of_option, json_option, query_argument
from yaowen.output import moment, print_json, remark

SHOWN_VALUES = 10
"""Of each facet, on a terminal; ``--json`` has all."""


@click.command("search", cls=QueryCommand)
@query_argument
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many to show.")
@click.option("--offset", type=click.IntRange(0, 10**9), default=0, help="How many to pass over first.")
@click.option("--after", type=ArticleId(), metavar="ID", help="Go on behind this article, whatever came in since.")
@click.option(
    "--sort", type=click.Choice(get_args(Sort)), default="relevance", show_default=True, help="What comes first."
)
@click.option("--fold", is_flag=True, help="Show one article of all that print the same text.")
@click.option("--all-sections", is_flag=True, help="Show every section with a hit, not only the best.")
@click.option("--facets", is_flag=True, help="Count the hits by site, category, source, author and month.")
@as_of_option
@click.option("--revisions", is_flag=True, help="Find what was edited away too.")
@json_option
@archive_option
def command(
    query: str,
    limit: int,
    offset: int,
    after: int | None,
    sort: Sort,
    fold: bool,
    all_sections: bool,
    facets: bool,
    as_of: datetime | None,
    revisions: bool,
    as_json: bool,
    archive_path: Path,
) -> None:
    """Find the articles that match QUERY, the best first.

    Words side by side must all occur; a word may be a single character. Traditional and simplified, full-width and
    half-width characters and capital and small letters are the same.

    \b
      人才 -苏州                 not those with 苏州 (or NOT 苏州)
      人才 OR 人力               one of them
      '(人才 OR 人力) 苏州'      brackets group
      '"厚植组织优势"'           these words in this order
      '"人才 苏州"~20'           at most 20 characters between them
      title:人才 section:展望 source:日报 category:要闻 author:林 site:news.example tag:核对 note:电话
      date:2022-10..2023  views:1000..  'date:>2022'

    Single quotes keep the shell from taking " ( ) > < | for its own. What a Chinese keyboard types needs none:
    （人才 OR 人力） “厚植组织优势” 标题：人才 日期：2022, and so with 小标题 来源 栏目 分类 作者 网站 标签 备注 浏览.

    \b
    Examples:
      yaowen search 人才 -苏州
      yaowen search '标题：人才 日期：2022..2023' --sort newest
      yaowen search 图书馆 --facets --limit 5
    """
    if as_of and revisions:
        raise click.UsageError("--as-of and --revisions ask for different texts; give one of them")
    with Archive.open(archive_path, read_only=True) as archive:
        results = search(
            archive,
            query,
            limit=limit,
            offset=offset,
            after=after,
            sort=sort,
            fold=fold,
            all_sections=all_sections,
            facets=facets,
            as_of=as_of,
            revisions=revisions,
        )
    if as_json:
        print_json(results.as_json())
        return
    _print_results(results, offset, is_first_page=after is None, as_of=as_of)


def _print_results(results: Results, offset: int, *, is_first_page: bool, as_of: datetime | None) -> None:
    about = "about " if results.counted == "about" else ""
    place = f", {offset + 1} to {offset + len(results.hits)}" if results.hits and is_first_page else ""
    click.echo(f"{about}{results.total:,} found{place}")
    for rank, hit in enumerate(results.hits, start=offset + 1):
        _print_hit(f"{rank}. " if is_first_page else "", hit, as_of)
    if as_of and not results.total:
        remark("No text here had it then; --as-of is the time of a look, date: that of publication")
    if results.facets:
        _print_facets(results.facets, results.total)
    if results.ranked == "newest":
        remark("So many match that the first were sought among the newest of them")
    if results.after is not None:
        remark(f"More with --after {results.after}")


def _print_hit(rank: str, hit: Hit, as_of: datetime | None) -> None:
    facts = [
        hit.published_at.strftime("%Y-%m-%d %H:%M") if hit.published_at else None,
        hit.category,
        hit.source,
        counted(hit.views, "view") if hit.views is not None else None,
        hit.site,
        f"id {hit.id}" + (f"#{hit.section.position}" if hit.section else ""),
        f"{hit.reprints} reprints" if hit.reprints else None,
    ]
    click.echo()
    click.echo(f"{rank}{click.style(hit.title, bold=True)}")
    click.echo("   " + " · ".join(fact for fact in facts if fact))
    if hit.past:
        stood = f"from {moment(hit.past.observed_at)} to {moment(hit.past.until)}"
        shown = f"`yaowen show {hit.id} --revision {hit.past.revision}`"
        click.echo(f"   {'stood' if as_of else 'edited away: stood'} {stood}: {shown}")
    if hit.sections:
        for place in hit.sections:
            _print_place(place)
        return
    if hit.section and hit.section.heading:
        click.echo(f"   【{hit.section.heading}】")
    click.echo("   " + _marked(hit.snippet))


def _print_place(place: Place) -> None:
    heading = f"【{place.heading}】 " if place.heading else ""
    click.echo(f"   #{place.position} {heading}· {place.count} {'hits' if place.count > 1 else 'hit'}")
    click.echo("      " + _marked(place.snippet or ""))


def _print_facets(facets: Facets, total: int) -> None:
    click.echo()
    if facets.of < total:
        remark(f"Counted are the newest {facets.of:,}")
    for name, counts in facets.counts.items():
        shown = [f"{value} {count:,}" for value, count in islice(counts.items(), SHOWN_VALUES)]
        rest = [f"{len(counts) - SHOWN_VALUES:,} more"] if len(counts) > SHOWN_VALUES else []
        if shown:
            click.echo(f"{click.style(name, bold=True)}: {' · '.join(shown + rest)}")


def _marked(snippet: str) -> str:
    """The snippet for a terminal: hits in colour; the escapes are for browsers."""
    parts = snippet.replace("</mark>", "<mark>").split("<mark>")
    return "".join(
        click.style(unescape(part), fg="yellow", bold=True) if index % 2 else unescape(part)
        for index, part in enumerate(parts)
    )
