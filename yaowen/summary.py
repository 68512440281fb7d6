"""How a crawl ended, for a person and for programs."""

from itertools import zip_longest
from typing import Any

from rich.console import Console
from rich.table import Table

from archive.alarms import alarms_of
from archive.store import Archive
from crawler.extensions.budgets import BUDGET
from spiders.base import INCLUDED, SCOPED
from yaowen.output import remark

OUTCOMES = ("done", "unchanged", "failed", "refused", "unread")
_SHOWN_PROBLEMS = 10
Summary = dict[str, Any]  # Any: JSON values


def summary_of(archive: Archive, stats: dict[str, Any]) -> Summary:  # Any: Scrapy's stats
    """What the stats and the archive say of a crawl, as JSON values."""
    crawl_id = stats["crawl/id"]
    row = next(archive.db.query("SELECT * FROM crawls WHERE id = ?", [crawl_id]))
    problems = archive.db.query(
        """
        SELECT url, outcome, reason FROM captures
        WHERE crawl_id = ? AND outcome IN ('failed', 'refused', 'unread')
        ORDER BY id
        """,
        [crawl_id],
    )
    return {
        "crawl_id": crawl_id,
        "spider": row["spider"],
        "resumed": stats.get("crawl/resumed", False),
        "finish_reason": row["finish_reason"],
        "exit_code": stats["crawl/exit_code"],
        "seconds": round(stats["elapsed_time_seconds"], 1),
        "outcomes": {outcome: stats.get(f"outcome/{outcome}", 0) for outcome in OUTCOMES},
        "articles": {change: stats.get(f"archive/{change}", 0) for change in ("new", "revised", "same")},
        "budgets": {key.removeprefix(BUDGET): value for key, value in stats.items() if key.startswith(BUDGET)},
        "links": stats.get(SCOPED, 0),
        "included": {key.removeprefix(INCLUDED): count for key, count in stats.items() if key.startswith(INCLUDED)},
        "problems": [dict(problem) for problem in problems],
        "alarms": [alarm.as_json() for alarm in alarms_of(archive, crawl_id)],
    }


def print_summary(result: Summary, *, nothing: str) -> None:
    """The counts as a table, then what went wrong; ``nothing`` says why there was nothing to visit."""
    table = Table(title=f"Crawl {result['crawl_id']}: {result['finish_reason']} after {result['seconds']} s")
    for column in ("Pages", "", "Articles", ""):
        table.add_column(column, justify="left" if column else "right")
    for pages, articles in zip_longest(result["outcomes"].items(), result["articles"].items(), fillvalue=("", "")):
        table.add_row(*map(str, (*pages, *articles)))
    Console().print(table)
    for problem in result["problems"][:_SHOWN_PROBLEMS]:
        remark(f"{problem['outcome']}: {problem['url']}: {problem['reason']}")
    if (more := len(result["problems"]) - _SHOWN_PROBLEMS) > 0:
        remark(f"and {more} more")
    for site, budget in result["budgets"].items():
        remark(f"{site}: its budget of {budget} is spent; a later crawl goes on")
    for pattern, count in result["included"].items():
        if not count:
            remark(f"{result['links']:,} links, none like {pattern!r}; a pattern is compared with the whole address")
    for alarm in result["alarms"]:
        remark(f"drift: {alarm['says']}")
    if not any(result["outcomes"].values()) and not result["exit_code"]:
        remark(nothing)
    if result["exit_code"] == 4:
        remark("Nothing could be fetched")
    if result["exit_code"] == 7:
        remark("Stopped; the same command goes on from here")
