"""List the runs of crawls, the newest first."""

from datetime import UTC, datetime
from pathlib import Path

import click

from archive.crawls import holder
from archive.runs import running_among, runs, tally
from archive.store import Archive
from yaowen.options import archive_option, json_option
from yaowen.output import print_json, remark
from yaowen.telling import run_as_json, run_line


@click.command("crawls")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many to list.")
@json_option
@archive_option
def command(limit: int, as_json: bool, archive_path: Path) -> None:
    """List the runs of crawls, the newest first: how long, how it ended, what it brought.

    A run is named by its crawl of the plan, or by its spider. One that was interrupted and gone on with is one run.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = [(run, tally(archive.db, run)) for run in runs(archive.db, limit=limit)]
    going_on = running_among((run for run, _ in found), holder(archive_path))
    if as_json:
        print_json([run_as_json(run, brought) | {"running": run is going_on} for run, brought in found])
        return
    for run, brought in found:
        click.echo(run_line(run, brought, running=run is going_on, now=datetime.now(UTC)))
    if not found:
        remark("No crawl has run yet; `yaowen crawl URL` runs one")
