"""Tell which addresses are visited next, and why."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from archive import frontier
from archive.errors import UnknownSite
from archive.revisits import spoken
from archive.store import Archive
from archive.times import to_utc
from yaowen.options import Site, archive_option, json_option
from yaowen.output import print_json, remark

_KINDS = {"feature": "article", "recommendation": "list", "auto": "page"}
_LAST = datetime.max.replace(tzinfo=UTC)


@click.command("due")
@click.option("--site", "sites", type=Site(), multiple=True, help="Only of this site, as `yaowen search` prints it.")
@click.option("--all", "later", is_flag=True, help="Also what is due later.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@json_option
@archive_option
def command(sites: tuple[str, ...], later: bool, limit: int, as_json: bool, archive_path: Path) -> None:
    """Tell which addresses are visited next, and why then.

    An article is due after as much time as has passed since its publication or its last edit, a list after the mean
    time between its changes. `yaowen crawl --due` visits what is due.
    """
    now = datetime.now(UTC)
    with Archive.open(archive_path, read_only=True) as archive:
        for unknown in set(sites).difference(archive.sites()):
            raise UnknownSite(unknown)
        found = frontier.due(archive.db, now, until=_LAST if later else None, sites=sites, limit=limit)
        total = frontier.count_due(archive.db, now, sites=sites)
    if as_json:
        rows = [
            {
                "url": one.url,
                "kind": _KINDS[one.kind],
                "site": one.site,
                "due_at": to_utc(one.due_at) if one.due_at else None,
                "why": one.why,
            }
            for one in found
        ]
        print_json({"now": to_utc(now), "due": total, "addresses": rows})
        return
    click.echo(f"{total:,} due now")
    for one in found:
        click.echo(f"{_when(one.due_at, now):>16}  {_KINDS[one.kind]:7}  {one.url}  ({one.why})")
    if not found and not later:
        remark("Nothing is due; --all shows what will be")


def _when(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return "now"
    return f"in {spoken(due_at - now)}" if due_at > now else f"{spoken(max(now - due_at, timedelta()))} ago"
