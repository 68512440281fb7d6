"""Write notes on articles."""

from pathlib import Path

import click

from archive import marks
from archive.store import Archive
from archive.times import to_utc
from yaowen.options import archive_option, json_option
from yaowen.output import moment, print_json


@click.command("note")
@click.argument("article", metavar="ID|URL")
@click.argument("text", nargs=-1, metavar="[TEXT]")
@click.option("--remove", type=int, metavar="NOTE", help="Take the note of this number away.")
@json_option
@archive_option
def command(article: str, text: tuple[str, ...], remove: int | None, as_json: bool, archive_path: Path) -> None:
    """Write a note on an article, and list its notes.

    Notes are yours: no page says them, no crawl changes them, and `yaowen search note:WORD` finds them.

    \b
    Examples:
      yaowen note 214088832 打电话问过作者
      yaowen note 214088832
    """
    with Archive.open(archive_path, read_only=not text and remove is None, must_exist=True) as archive:
        found = archive.article(article)
        if remove is not None:
            marks.remove_note(archive, found.id, remove)
        if written := " ".join(text).strip():
            marks.note(archive, found.id, written)
        notes = marks.notes_of(archive.db, found.id)
    if as_json:
        listed = [{"note": one.id, "noted_at": to_utc(one.noted_at), "text": one.text} for one in notes]
        print_json({"id": found.id, "title": found.title, "notes": listed})
        return
    click.echo(f"{click.style(found.title, bold=True)} · id {found.id}")
    for one in notes:
        click.echo(f"  note {one.id}, {moment(one.noted_at)}: {one.text}")
