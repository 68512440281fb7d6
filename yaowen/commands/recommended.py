"""Show what an article recommended, and who recommended it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive.graph import Stay, recommended, recommended_by
from archive.store import Archive
from archive.times import to_utc
from yaowen.options import archive_option, as_of_option, json_option
from yaowen.output import headline, moment, print_json


@click.command("recommended")
@click.argument("article", metavar="ID|URL")
@as_of_option
@json_option
@archive_option
def command(article: str, as_of: datetime | None, as_json: bool, archive_path: Path) -> None:
    """List what an article recommended and which pages recommended it, with how long each stayed and where.

    With `--as-of`, only what stood there then.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = archive.article(article)
        outgoing, incoming = recommended(archive, found, as_of), recommended_by(archive, found, as_of)
        if as_json:
            print_json(
                {
                    "id": found.id,
                    "url": found.url,
                    "title": found.title,
                    "recommended": [as_json_of(stay) for stay in outgoing],
                    "recommended_by": [as_json_of(stay) for stay in incoming],
                }
            )
            return
        click.echo(f"{click.style(found.title, bold=True)} · id {found.id}")
        click.echo(f"\nIt recommended ({len(outgoing)}):")
        _print((stay, headline(stay.title), _known(stay.article_id, "never fetched")) for stay in outgoing)
        click.echo(f"\nIt was recommended by ({len(incoming)}):")
        _print((stay, stay.source_url, _known(stay.source_article_id, "a list page")) for stay in incoming)


def _known(article_id: int | None, otherwise: str) -> str:
    return f"id {article_id}" if article_id else otherwise


def _print(stays: Iterable[tuple[Stay, str, str]]) -> None:
    for stay, name, known in stays:
        label = f" · {stay.label}" if stay.label else ""
        click.echo(f"  {name}{label}")
        click.echo(f"     {stayed(stay)} · {known}")


def stayed(stay: Stay) -> str:
    """From when to when and from which position to which, in words."""
    first, last = stay.seen[0], stay.seen[-1]
    place = f"at {first.position}" if first.position == last.position else f"from {first.position} to {last.position}"
    until = f"gone by {moment(stay.gone_at)}" if stay.gone_at else f"still there {moment(last.observed_at)}"
    return f"{place} · since {moment(first.observed_at)} · {until}"


def as_json_of(stay: Stay) -> dict[str, Any]:  # Any: JSON values
    """A stay with every look that showed it."""
    return {
        "source": {"url": stay.source_url, "article_id": stay.source_article_id, "label": stay.label},
        "url": stay.url,
        "article_id": stay.article_id,
        "title": stay.title,
        "first_seen": to_utc(stay.seen[0].observed_at),
        "last_seen": to_utc(stay.seen[-1].observed_at),
        "gone_at": to_utc(stay.gone_at) if stay.gone_at else None,
        "positions": [{"observed_at": to_utc(look.observed_at), "position": look.position} for look in stay.seen],
        "titles": [{"observed_at": to_utc(look.observed_at), "title": look.title} for look in stay.titles],
    }
