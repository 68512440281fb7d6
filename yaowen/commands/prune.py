"""Take the bytes of old pages out, and keep what was read of them."""

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from archive.compaction import give_back
from archive.pruning import prune
from archive.store import Archive
from archive.times import months_before, start_of
from yaowen.options import archive_option, json_option
from yaowen.output import NOT_GIVEN_BACK, print_json, remark, room

_AGE = re.compile(r"(?P<count>[1-9]\d{0,3})(?P<unit>[dwmy])")


class Age(click.ParamType[datetime]):
    """An age as 5y, 18m, 6w or 90d, or a date; the moment that it means."""

    name = "age"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment; wrong use where it is none."""
        age, now = _AGE.fullmatch(str(value)), datetime.now(UTC)
        try:
            if age is None:
                return _past(start_of(str(value)), now)
            count = int(age["count"])
            if age["unit"] in "my":
                return months_before(now, count * (12 if age["unit"] == "y" else 1))
            return now - timedelta(days=count * (7 if age["unit"] == "w" else 1))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no age; write 5y, 18m, 6w, 90d, or a date in the past as 2021-06-01", param, ctx)


def _past(moment: datetime, now: datetime) -> datetime:
    if moment > now:
        raise ValueError(moment)
    return moment


@click.command("prune")
@click.option(
    "--captures-older-than", "before", type=Age(), required=True, metavar="AGE", help="5y, 18m, 6w, 90d, or a date."
)
@click.option("--all", "every", is_flag=True, help="Also the pages that the texts as they stand were read from.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and take nothing out.")
@json_option
@archive_option
def command(before: datetime, every: bool, dry_run: bool, as_json: bool, archive_path: Path) -> None:
    """Take out the bytes of pages that no look since then has shown.

    Articles, revisions, counters, recommendations and the record of every look stay, hashes and sizes too; only reading
    them again is over. The page that an article's text as it stands was read from is kept, unless --all is given.
    """
    with Archive.open(archive_path, must_exist=True) as archive:
        gone = prune(archive, before, every=every, dry_run=dry_run)
        if gone.contents and not dry_run and not give_back(archive):
            remark(NOT_GIVEN_BACK)
    if as_json:
        print_json(asdict(gone) | {"dry_run": dry_run})
        return
    would = "would go" if dry_run else "went"
    click.echo(f"{gone.contents:,} pages of {gone.captures:,} looks {would}: {room(gone.room)}")
