"""Find articles by the words in them."""

from html import unescape
from pathlib import Path

import click

from archive.search import Hit, search
from archive.store import Archive
from yaowen.options import archive_option, json_option
from yaowen.output import print_json


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many to show.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over first.")
@click.option("--fold", is_flag=True, help="Show one article of all that print the same text.")
@json_option
@archive_option
def command(words: tuple[str, ...], limit: int, offset: int, fold: bool, as_json: bool, archive_path: Path) -> None:
    """Find the articles that contain all the WORDS, best first.

    A word may be a single character. Traditional and simplified, full-width and half-width characters and capital
    and small letters are the same. Quotation marks keep words together.

    \b
    Examples:
      yaowen search 苏州
      yaowen search 人才 发展
      yaowen search '"厚植组织优势"'
    """
    with Archive.open(archive_path, read_only=True) as archive:
        results = search(archive, " ".join(words), limit=limit, offset=offset, fold=fold)
    if as_json:
        print_json(results.as_json())
        return
    click.echo(f"{results.total} found" + (f", {offset + 1} to {offset + len(results.hits)}" if results.hits else ""))
    for rank, hit in enumerate(results.hits, start=offset + 1):
        _print(rank, hit)


def _print(rank: int, hit: Hit) -> None:
    facts = [
        hit.published_at.strftime("%Y-%m-%d %H:%M") if hit.published_at else None,
        hit.category,
        hit.source,
        f"{hit.views:,} views" if hit.views is not None else None,
        hit.site,
        f"id {hit.id}",
        f"{hit.reprints} reprints" if hit.reprints else None,
    ]
    click.echo()
    click.echo(f"{rank}. {click.style(hit.title, bold=True)}")
    click.echo("   " + " · ".join(fact for fact in facts if fact))
    if hit.section and hit.section.heading:
        click.echo(f"   【{hit.section.heading}】")
    click.echo("   " + _marked(hit.snippet))


def _marked(snippet: str) -> str:
    """The snippet for a terminal: hits in colour; the escapes are for browsers."""
    parts = snippet.replace("</mark>", "<mark>").split("<mark>")
    return "".join(
        click.style(unescape(part), fg="yellow", bold=True) if index % 2 else unescape(part)
        for index, part in enumerate(parts)
    )
