"""List the alarms that crawls raised because a site reads worse."""

from datetime import datetime
from pathlib import Path

import click

from archive.alarms import alarms
from archive.store import Archive
from archive.times import start_of
from yaowen.options import Moment, Site, archive_option, json_option
from yaowen.output import moment, print_json, remark


@click.command("alarms")
@click.option("--site", type=Site(), help="Only those of this site, as `yaowen search` prints it.")
@click.option("--since", type=Moment(start_of), metavar="DATE", help="Only those raised since this date (UTC).")
@json_option
@archive_option
def command(site: str | None, since: datetime | None, as_json: bool, archive_path: Path) -> None:
    """List the drift alarms, the newest first: what a site's pages lacked in a crawl that they had in its last runs.

    The site has changed its pages, and the parser does not find there what it found. `yaowen parse URL --explain` shows
    how the page is read, and a file of the site sets it right (docs/add-a-site.md); then `yaowen reparse --site SITE`
    reads again what was withheld.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = alarms(archive, site=site, since=since)
    if as_json:
        print_json([alarm.as_json() for alarm in found])
        return
    for alarm in found:
        click.echo(f"{moment(alarm.raised_at)} · crawl {alarm.crawl_id} · {alarm}")
    if not found:
        remark("No alarm was raised")
