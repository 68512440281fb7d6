"""Show the headlines of a list page over time."""

from datetime import datetime
from pathlib import Path

import click

from archive.graph import Stay, same_headline, slots
from archive.store import Archive
from yaowen.commands.recommended import as_json_of, stayed
from yaowen.options import archive_option, as_of_option, json_option
from yaowen.output import headline, moment, print_json


@click.command("slots")
@click.argument("url")
@as_of_option
@json_option
@archive_option
def command(url: str, as_of: datetime | None, as_json: bool, archive_path: Path) -> None:
    """List every headline that the list page at URL showed: from when to when, and at which position.

    Marked are headlines whose words changed while they stood there, and those that say something else than the
    article itself.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = slots(archive, url, as_of)
        titles = {stay.url: archive.article(stay.article_id).title for stay in found if stay.article_id}
        if as_json:
            print_json({"url": url, "headlines": [_as_json(stay, titles.get(stay.url)) for stay in found]})
            return
        for stay in found:
            click.echo(click.style(headline(stay.title), bold=True))
            known = f"id {stay.article_id}" if stay.article_id else "never fetched"
            click.echo(f"   {stayed(stay)} · {known if stay.title else 'see `yaowen forgotten`'}")
            for change in stay.titles[1:]:
                click.echo(f"   reworded {moment(change.observed_at)}: {headline(change.title)}")
            title = titles.get(stay.url)
            if title and not same_headline(stay.title, title):
                click.echo(f"   the article says: {title}")


def _as_json(stay: Stay, title: str | None) -> dict[str, object]:
    differs = title is not None and not same_headline(stay.title, title)
    return as_json_of(stay) | {"article_title": title, "differs": differs, "reworded": len(stay.titles) > 1}
