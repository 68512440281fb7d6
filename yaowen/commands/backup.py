"""Copy the archive into a new file, also while a crawl writes to it."""

from pathlib import Path

import click

from archive.backup import back_up
from archive.plurals import counted
from archive.store import Archive
from yaowen.options import archive_option, json_option
from yaowen.output import print_json, room


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@archive_option
def command(file: Path, as_json: bool, archive_path: Path) -> None:
    """Write the archive as it is now into FILE, which must not be there yet.

    The copy is of one moment: a crawl may go on meanwhile, and what it writes after that moment is not in it.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        articles = archive.counts()["articles"]  # of a damaged archive nothing is written
        size = back_up(archive, file)
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        click.echo(f"{file}: {room(size)}, {counted(articles, 'article')}")
