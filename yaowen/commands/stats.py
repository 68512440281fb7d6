"""Show how much the archive holds, and what takes the room."""

from dataclasses import asdict
from pathlib import Path

import click

from archive.plurals import counted
from archive.statistics import by_site, by_table
from archive.store import Archive
from yaowen.options import archive_option, json_option
from yaowen.output import print_json, room


@click.command("stats")
@json_option
@archive_option
def command(as_json: bool, archive_path: Path) -> None:
    """Count what is there, and tell the room that each site's pages and each table take.

    The same bytes are counted once. "Packed" is what the pages of a site take in the file; `yaowen compact` may find a
    better way.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        counts, sites, tables = archive.counts(), by_site(archive), by_table(archive)
    size = archive_path.stat().st_size
    if as_json:
        found = {"bytes": size, "counts": counts}
        print_json(found | {"sites": [asdict(one) for one in sites], "tables": [asdict(one) for one in tables]})
        return
    click.echo(f"{archive_path}: {room(size)}")
    click.echo(" · ".join(counted(count, table.replace("_", " ").removesuffix("s")) for table, count in counts.items()))
    for site in sites:
        pages = f"{counted(site.captures, 'page')} fetched, {room(site.size)} packed into {room(site.packed)}"
        click.echo(f"{site.site}: {counted(site.articles, 'article')}, {pages}")
    for table in tables:
        click.echo(f"   {table.table:24}{room(table.size):>12}{table.size / size:7.1%}")
