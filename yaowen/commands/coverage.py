"""Show what the archive covers: which days were looked at, and how the looks ended."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from archive.coverage import Coverage, Gap, Looks, coverage
from archive.plurals import counted
from archive.runs import by_outcome
from archive.store import Archive
from yaowen.calendar import calendar
from yaowen.options import Site, archive_option, json_option, since_option, until_option
from yaowen.output import moment, print_json, remark

_NAMED = 5
"""Sites and gaps that are named."""


@click.command("coverage")
@click.option("--site", type=Site(), help="Only what is of this site, as `yaowen search` prints it.")
@since_option
@until_option
@json_option
@archive_option
def command(
    site: str | None, since: datetime | None, until: datetime | None, as_json: bool, archive_path: Path
) -> None:
    """Draw a calendar of the looks at pages, and count how they ended and on which days nobody looked.

    Days are those of UTC. A look that worked was read, or found unchanged; the further pages of one article are no
    looks of their own. --since and --until also say from when to when there should have been looks.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = coverage(archive, site=site, since=since, until=until)
    if as_json:
        print_json(found.as_json())
        return
    console = Console(highlight=False)
    for line in calendar(found):
        console.print(line, soft_wrap=True)
    for sentence in _sentences(found):
        click.echo(sentence)
    if not found.days:
        remark("No page was looked at" + (" in this time" if since or until else " yet"))


def _sentences(found: Coverage) -> Iterator[str]:
    if found.days:
        looks = counted(found.total.all, "look")
        yield f"{looks} from {moment(found.first_look_at)} to {moment(found.last_look_at)}: {_outcomes(found.total)}"
    if found.gaps:
        named = _some([_in_words(gap) for gap in sorted(found.gaps, key=lambda gap: (-gap.days, gap.first))])
        yield f"{counted(found.gap_days, 'day')} without a look, of {found.period_days:,}: {named}"
    if found.undated:
        yield f"{counted(found.undated, 'look')} more without a time"
    if found.sites and not found.site:
        yield f"{counted(len(found.sites), 'site')}: {_some(found.sites)}"
    if found.parser_versions:
        yield f"crawled by version {', '.join(found.parser_versions)}"


def _outcomes(looks: Looks) -> str:
    robots = f" ({looks.refused_by_robots:,} by robots.txt)" if looks.refused_by_robots else ""
    return ", ".join(
        f"{count:,} {outcome}{robots if outcome == 'refused' else ''}"
        for outcome, count in by_outcome(looks.outcomes)
        if count
    )


def _in_words(gap: Gap) -> str:
    return f"{gap.first}" if gap.days == 1 else f"{gap.first} to {gap.last}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
