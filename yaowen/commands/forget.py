"""Take articles down on request: text, edits and bytes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from archive.compaction import give_back
from archive.forgetting import Forgotten, forget
from archive.store import Archive
from archive.times import to_utc
from yaowen.options import archive_option, json_option
from yaowen.output import NOT_GIVEN_BACK, print_json, remark


@click.command("forget")
@click.argument("articles", metavar="ID|URL...", nargs=-1, required=True)
@click.option("--why", required=True, metavar="TEXT", help="The reason, which stays on record.")
@json_option
@archive_option
def command(articles: tuple[str, ...], why: str, as_json: bool, archive_path: Path) -> None:
    """Take articles out of the archive for good.

    Text, revisions, counters and kept bytes go, and so does what lists say of them; a tombstone with date and reason
    stays, and later crawls, imports and readings respect it. Backups and exports made before are not touched, nor are
    other articles that print the same text: they are named.
    """
    if not why.strip():
        raise click.UsageError("--why is empty: the reason stays on record")
    with Archive.open(archive_path, must_exist=True) as archive:
        ids = [archive.article(article).id for article in articles]  # all of them are there, or nothing is changed
        gone = [forget(archive, number, why.strip(), now=datetime.now(UTC)) for number in dict.fromkeys(ids)]
        is_cleared = give_back(archive)
    if as_json:
        print_json({"forgotten": [_as_json(one) for one in gone], "cleared": is_cleared})
    else:
        for one in gone:
            _print(one)
    if not is_cleared:
        remark(NOT_GIVEN_BACK)


def _print(gone: Forgotten) -> None:
    pages = f"{gone.captures:,} looks, {gone.contents:,} pages of bytes, {gone.teasers:,} headlines on lists"
    click.echo(f"{gone.stone.addresses[0]} is forgotten: {pages}")
    if gone.reprints:
        click.echo(f"   other articles print the same text and stay: {', '.join(map(str, gone.reprints))}")


def _as_json(gone: Forgotten) -> dict[str, Any]:  # Any: JSON values
    return {
        "id": gone.stone.article_id,
        "addresses": list(gone.stone.addresses),
        "forgotten_at": to_utc(gone.stone.forgotten_at),
        "reason": gone.stone.reason,
        "captures": gone.captures,
        "contents": gone.contents,
        "teasers": gone.teasers,
        "reprints": list(gone.reprints),
    }
