"""Show how everything stands: archive, sites, runs, alarms, and what comes next."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from archive.health import SiteHealth
from archive.plurals import counted
from archive.runs import by_outcome
from archive.times import duration, to_utc
from yaowen.options import archive_option, json_option, plan_option
from yaowen.output import moment, print_json, remark, room
from yaowen.standing import Standing, standing_of
from yaowen.telling import run_as_json, run_line


@click.command("status")
@click.option(
    "--prometheus",
    "metrics_path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the figures to this file, for Prometheus' node exporter, and print nothing.",
)
@plan_option
@json_option
@archive_option
def command(metrics_path: Path | None, plan_path: Path, as_json: bool, archive_path: Path) -> None:
    """Show the archive, each site's last 24 hours, the last runs, recorded alarms, and what the plan runs next."""
    standing = standing_of(archive_path, plan_path, datetime.now(UTC))
    for sentence in standing.mistakes:
        remark(sentence)
    if metrics_path:
        from yaowen.metrics import write_metrics  # takes as long to import as the rest of a status

        write_metrics(standing, metrics_path)
    elif as_json:
        print_json(_as_json(standing, archive_path))
    else:
        _print(standing, archive_path)


def _as_json(standing: Standing, path: Path) -> dict[str, Any]:  # Any: JSON values
    return {
        "archive": str(path),
        "now": to_utc(standing.now),
        "bytes": standing.size,
        "articles": standing.articles,
        "held_by": standing.pid,
        "running": standing.running.id if standing.running else None,
        "sites": [_site_as_json(site) for site in standing.sites],
        "crawls": [run_as_json(run, brought) for run, brought in standing.runs],
        "alarms": [alarm.as_json() for alarm in standing.alarms],
        "next": [{"crawl": name, "at": to_utc(max(time, standing.now))} for time, name in standing.agenda],
        "plan_mistakes": list(standing.mistakes),
    }


def _site_as_json(site: SiteHealth) -> dict[str, Any]:  # Any: JSON values
    return {
        "site": site.site,
        "last_success_at": to_utc(site.last_success_at) if site.last_success_at else None,
        "pages_24h": dict(by_outcome(site.pages)),
        "waiting": site.waiting,
        "next_due_at": to_utc(site.next_due_at),
    }


def _print(standing: Standing, path: Path) -> None:
    held = f"{room(standing.size)}, {counted(standing.articles, 'article')}"
    click.echo(f"{click.style(str(path), bold=True)}: {held}")
    click.echo(_at_work(standing))
    for site in standing.sites:
        click.echo(_site_line(site, standing.now))
    for run, brought in standing.runs:
        click.echo("crawl " + run_line(run, brought, running=run is standing.running, now=standing.now))
    for alarm in standing.alarms:
        click.echo(f"alarm {moment(alarm.raised_at)} {alarm}")
    for time, name in standing.agenda:
        click.echo(f"next  {name} {'now' if time <= standing.now else moment(time)}")


def _at_work(standing: Standing) -> str:
    if standing.pid is None:
        return "no crawl is running"
    what = f"crawl {standing.running.id}" if standing.running else "another command"
    return f"process {standing.pid} holds the archive ({what})"


def _site_line(site: SiteHealth, now: datetime) -> str:
    last, due = site.last_success_at, site.next_due_at
    pages = ", ".join(f"{count:,} {outcome}" for outcome, count in by_outcome(site.pages) if count)
    parts = [
        f"last good page {duration(now - last)} ago" if last else "no good page yet",
        f"24 h: {pages or 'no page'}",
        *([f"{site.waiting:,} waiting"] if site.waiting else []),
        f"next due {'now' if due <= now else moment(due)}",
    ]
    return f"{click.style(site.site, bold=True)}: {' · '.join(parts)}"
