"""List what was taken down, when and why."""

from pathlib import Path
from typing import Any

import click

from archive.errors import UnknownArticle
from archive.store import Archive
from archive.times import to_utc
from archive.tombstones import Tombstone, remove_tombstone, tombstone_of, tombstones
from yaowen.options import archive_option, json_option
from yaowen.output import moment, print_json


@click.command("forgotten")
@click.option("--lift", type=int, metavar="ID", help="Let later crawls keep this article again.")
@json_option
@archive_option
def command(lift: int | None, as_json: bool, archive_path: Path) -> None:
    """List the articles that were taken down by `yaowen forget`.

    With --lift, one of them may be kept again when a crawl finds it; what was taken down does not come back.
    """
    if lift is None:
        with Archive.open(archive_path, read_only=True) as archive:
            found = tombstones(archive.db)
    else:
        found = (_lifted(archive_path, lift),)
    if as_json:
        print_json([_as_json(stone) for stone in found])
        return
    if not found:
        click.echo("Nothing was taken down")
    for stone in found:
        click.echo(f"{stone.article_id} · {moment(stone.forgotten_at)}{' · lifted' if lift else ''}: {stone.reason}")
        for address in stone.addresses:
            click.echo(f"   {address}")


def _lifted(archive_path: Path, article_id: int) -> Tombstone:
    with Archive.open(archive_path, must_exist=True) as archive, archive.writing() as db:
        stone = tombstone_of(db, article_id)
        if stone is None:
            raise UnknownArticle(f"{article_id} among those that were taken down")
        remove_tombstone(db, article_id)
    return stone


def _as_json(stone: Tombstone) -> dict[str, Any]:  # Any: JSON values
    return {
        "id": stone.article_id,
        "addresses": list(stone.addresses),
        "forgotten_at": to_utc(stone.forgotten_at),
        "reason": stone.reason,
    }
