"""Find articles that are like one."""

from pathlib import Path

import click

from archive.search.similar import Alike, similar
from archive.store import Archive, StoredArticle
from yaowen.options import archive_option, json_option
from yaowen.output import moment, print_json, remark


@click.command("similar")
@click.argument("article", metavar="ID|URL")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many to show.")
@json_option
@archive_option
def command(article: str, limit: int, as_json: bool, archive_path: Path) -> None:
    """List the articles that share most of this one's rare words, and the words.

    Words are rare if few articles of the archive have them. Reprints of the article are left out: `yaowen show` names
    them.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        wanted = archive.article(article)
        found = [(one, archive.article(one.id)) for one in similar(archive.db, wanted.id, limit=limit)]
    if as_json:
        print_json({"id": wanted.id, "title": wanted.title, "similar": [_as_json(*pair) for pair in found]})
        return
    if not found:
        remark("No article shares enough of its rare words")
    for one, other in found:
        click.echo(click.style(other.title, bold=True))
        facts = [f"{one.share:.0%}", moment(other.published_at), other.site, f"id {other.id}", " ".join(one.words)]
        click.echo("   " + " · ".join(fact for fact in facts if fact))


def _as_json(one: Alike, other: StoredArticle) -> dict[str, object]:
    return other.as_listed() | {"share": round(one.share, 4), "words": list(one.words)}
