"""Pack the kept bytes anew, so that they take less room."""

from dataclasses import asdict
from pathlib import Path

import click

from archive.compaction import compact, give_back
from archive.plurals import counted
from archive.store import Archive
from yaowen.options import Site, archive_option, json_option
from yaowen.output import NOT_GIVEN_BACK, print_json, remark, room


@click.command("compact")
@click.option("--site", type=Site(), help="Only the pages of this site, as `yaowen search` prints it.")
@json_option
@archive_option
def command(site: str | None, as_json: bool, archive_path: Path) -> None:
    """Find for each site what its pages have in common, and keep them by what is their own.

    The bytes stay what they were; each is checked against its hash before it is written again. An interrupted run
    loses nothing, and the next one goes on.
    """
    with Archive.open(archive_path, must_exist=True) as archive:
        compacted = []
        for done in compact(archive, site):
            compacted.append(done)
            if not as_json:
                click.echo(f"{done.site}: {counted(done.pages, 'page')}, {room(done.before)} -> {room(done.after)}")
        if not give_back(archive):
            remark(NOT_GIVEN_BACK)
        if as_json:
            print_json([asdict(done) for done in compacted])
