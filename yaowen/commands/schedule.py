"""Run the crawls of the plan at their times, and tell when they come."""

import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from archive.crawls import holder
from archive.plurals import counted
from archive.runs import Run, running_among
from archive.times import duration, to_utc
from crawler.errors import BadPlan
from crawler.plan import CrawlPlan, Plan, read_plan, values
from crawler.plan.timing import coming, due_at
from yaowen.options import allow_address_option, archive_option, json_option, plan_option
from yaowen.output import moment, print_json, remark
from yaowen.schedule.install import crontab, unit
from yaowen.schedule.place import Place


@click.group("schedule")
def command() -> None:
    """Run the crawls of yaowen.toml at their times, one after the other."""


@command.command("run")
@click.option("--once", is_flag=True, help="Run what is due now, and end.")
@click.option(
    "--jitter",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    help="Begin each run up to so many seconds later, so that a site is not always asked on the minute.",
)
@allow_address_option
@plan_option
@archive_option
def run(once: bool, jitter: float, allowed: tuple[str, ...], plan_path: Path, archive_path: Path) -> None:
    """Run each crawl of the plan when it is due, until a signal comes.

    One crawl runs at a time. What came due while nothing could run is made up for once. A crawl that was interrupted is
    gone on with at the start. A changed plan counts at once; a wrong one is told, and the old one stays. SIGTERM and
    Ctrl-C let the crawl end in order (exit code 7); it is gone on with next time.
    """
    from yaowen.schedule.once import run_due  # the other subcommands need no scheduler
    from yaowen.schedule.service import Service

    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S", level=logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    place = Place(plan=plan_path, archive=archive_path, allowed=allowed)
    with place.held():
        if not once:
            Service(place, jitter).run()
        codes = [ended.exit_code for ended in run_due(place)]
    sys.exit(max(codes, default=0))


@command.command("list")
@plan_option
@json_option
@archive_option
def list_(plan_path: Path, as_json: bool, archive_path: Path) -> None:
    """List the crawls of the plan, each with its last and its next run."""
    plan, last, now = _read(plan_path, archive_path)
    running = running_among(last.values(), holder(archive_path))
    if as_json:
        told = [(last.get(name), _as_json(crawl, last.get(name), now)) for name, crawl in plan.crawls.items()]
        print_json([one | {"running": run is not None and run is running} for run, one in told])
        return
    for name, crawl in plan.crawls.items():
        run = last.get(name)
        state = f"running since {moment(run.began_at)}" if run and run is running else _state(crawl, run, now)
        click.echo(f"{click.style(name, bold=True)}: {_times(crawl)} · {state}")
    _remark_on_none(plan, plan_path)


@command.command("next")
@click.option("--count", type=click.IntRange(1), default=10, show_default=True, help="How many runs to list.")
@plan_option
@json_option
@archive_option
def next_(count: int, plan_path: Path, as_json: bool, archive_path: Path) -> None:
    """List the next runs of all crawls in the order of their times."""
    plan, last, now = _read(plan_path, archive_path)
    runs = list(islice(coming(plan, last, now), count))
    if as_json:
        print_json([{"crawl": name, "at": to_utc(time)} for time, name in runs])
        return
    for time, name in runs:
        click.echo(f"{moment(time)} · {name}")
    _remark_on_none(plan, plan_path)


@command.command("check")
@plan_option
@json_option
def check(plan_path: Path, as_json: bool) -> None:
    """Tell whether the plan is right, or all that is wrong with it (exit code 2)."""
    try:
        plan = read_plan(plan_path)
    except BadPlan as error:
        if as_json:
            print_json({"plan": str(plan_path), "mistakes": error.mistakes})
        raise
    flaws = _flaws(plan)
    for name, flaw in flaws.items():
        remark(f"{plan_path} names the environment variable {name}, which {flaw} here")
    if as_json:
        told = {"crawls": list(plan.crawls), "sites": list(plan.sites), "variables_unusable": flaws}
        print_json({"plan": str(plan_path), "mistakes": [], **told})
        return
    click.echo(f"{plan_path} is right: {counted(len(plan.crawls), 'crawl')}, {counted(len(plan.sites), 'site')}")


@command.command("systemd")
@allow_address_option
@plan_option
@archive_option
def systemd(allowed: tuple[str, ...], plan_path: Path, archive_path: Path) -> None:
    """Print a unit that keeps the schedule running, with the paths in use here.

    \b
    To install it:
      yaowen schedule systemd | sudo tee /etc/systemd/system/yaowen.service
      sudo systemctl daemon-reload
      sudo systemctl enable yaowen
      sudo systemctl start yaowen
    """
    read_plan(plan_path)
    click.echo(unit(Place(plan=plan_path, archive=archive_path, allowed=allowed)), nl=False)


@command.command("cron")
@allow_address_option
@plan_option
@archive_option
def cron(allowed: tuple[str, ...], plan_path: Path, archive_path: Path) -> None:
    """Print a line for a crontab that runs what is due, with the paths in use here.

    \b
    To install it beside the lines that are there:
      (crontab -l; yaowen schedule cron) | crontab -
    """
    read_plan(plan_path)
    click.echo(crontab(Place(plan=plan_path, archive=archive_path, allowed=allowed)), nl=False)


def _read(plan_path: Path, archive_path: Path) -> tuple[Plan, Mapping[str, Run], datetime]:
    plan = read_plan(plan_path)
    return plan, Place(plan=plan_path, archive=archive_path).last_runs(plan), datetime.now(UTC)


def _as_json(crawl: CrawlPlan, last: Run | None, now: datetime) -> dict[str, Any]:  # Any: JSON values
    return {
        "name": crawl.name,
        "every_seconds": int(crawl.every.total_seconds()) if crawl.every else None,
        "cron": crawl.cron,
        "timezone": crawl.timezone if crawl.cron else None,
        "last_crawl_id": last.id if last else None,
        "last_began_at": to_utc(last.began_at) if last else None,
        "last_finished_at": to_utc(last.finished_at) if last and last.finished_at else None,
        "last_finish_reason": last.finish_reason if last else None,
        "last_exit_code": last.exit_code if last else None,
        "next_at": to_utc(max(due_at(crawl, last, now), now)),
        "is_due": due_at(crawl, last, now) <= now,
    }


def _times(crawl: CrawlPlan) -> str:
    return f"every {duration(crawl.every)}" if crawl.every else f"{crawl.cron} ({crawl.timezone})"


def _ended(run: Run | None) -> str:
    if run is None:
        return "never ran"
    if run.finished_at is None:
        return f"unfinished since {moment(run.began_at)}"
    return f"last {moment(run.began_at)}, {run.finish_reason} ({run.exit_code})"


def _state(crawl: CrawlPlan, run: Run | None, now: datetime) -> str:
    due = due_at(crawl, run, now)
    return f"{_ended(run)} · " + ("due now" if due <= now else f"next {moment(due)}")


def _flaws(plan: Plan) -> dict[str, str]:
    """The variables of the plan that cannot be used as they stand in the environment, and why."""
    named = (name for site in plan.sites.values() for name in site.variables)
    return {name: flaw for name in named if (flaw := values.flaw(os.environ.get(name)))}


def _remark_on_none(plan: Plan, path: Path) -> None:
    if not plan.crawls:
        remark(f'{path} plans no crawl; a table such as [crawls.morning] with every = "30m" does')
