"""Write notes on articles."""

from pathlib import Path

import click

from archive import marks
from archive.store import Archive, StoredArticle
from archive.times import to_utc
from yaowen.options import archive_option, json_option
from yaowen.output import moment, print_json


@click.command("note")
@click.argument("article", metavar="[ID|URL]", required=False)
@click.argument("text", nargs=-1, metavar="[TEXT]")
@click.option("--remove", type=click.IntRange(1, 2**63 - 1), metavar="NOTE", help="Take the note of this number away.")
@json_option
@archive_option
def command(article: str | None, text: tuple[str, ...], remove: int | None, as_json: bool, archive_path: Path) -> None:
    """Write a note on an article, and list its notes; without an article, list all notes.

    Notes are yours: no page says them, no crawl changes them, and `yaowen search note:WORD` finds them.

    \b
    Examples:
      yaowen note 214088832 打电话问过作者
      yaowen note 214088832
      yaowen note
    """
    with Archive.open(archive_path, read_only=not text and remove is None, must_exist=True) as archive:
        wanted = archive.article(article).id if article else None
        if wanted and remove is not None:
            marks.remove_note(archive, wanted, remove)
        if wanted and (written := " ".join(text).strip()):
            marks.note(archive, wanted, written)
        notes = [(one, archive.article(one.article_id)) for one in marks.notes_of(archive.db, wanted)]
    if as_json:
        print_json({"notes": [_as_json(*pair) for pair in notes]})
        return
    for one, found in notes:
        click.echo(f"{click.style(found.title, bold=True)} · id {found.id}")
        click.echo(f"  note {one.id}, {moment(one.noted_at)}: " + one.text.replace("\n", "\n  "))


def _as_json(note: marks.Note, article: StoredArticle) -> dict[str, object]:
    noted_at = to_utc(note.noted_at)
    return {"note": note.id, "article_id": article.id, "title": article.title, "noted_at": noted_at, "text": note.text}
