"""Runs of crawls as the commands tell them."""

from datetime import datetime
from typing import Any

from archive.runs import Run, Tally, by_outcome
from archive.times import duration, to_utc
from yaowen.output import moment


def run_as_json(run: Run, brought: Tally) -> dict[str, Any]:  # Any: JSON values
    """One run for programs."""
    return {
        "id": run.id,
        "name": run.name,
        "spider": run.spider,
        "urls": list(run.urls),
        "started_at": to_utc(run.started_at),
        "finished_at": to_utc(run.finished_at) if run.finished_at else None,
        "seconds": int((run.finished_at - run.started_at).total_seconds()) if run.finished_at else None,
        "outcomes": dict(by_outcome(brought.pages)),
        "articles": {"new": brought.new, "revised": brought.revised},
        "finish_reason": run.finish_reason,
        "exit_code": run.exit_code,
    }


def run_line(run: Run, brought: Tally, *, running: bool, now: datetime) -> str:
    """One run in one line; ``running`` says that it goes on at this moment."""
    pages = ", ".join(f"{count:,} {outcome}" for outcome, count in by_outcome(brought.pages) if count)
    return " · ".join(
        (
            f"{run.id}",
            run.name or run.spider,
            moment(run.started_at),
            _end(run, running=running, now=now),
            pages or "no page",
            f"{brought.new:,} new, {brought.revised:,} revised",
        )
    )


def _end(run: Run, *, running: bool, now: datetime) -> str:
    if run.finished_at:
        return f"{duration(run.finished_at - run.started_at)}, {run.finish_reason} ({run.exit_code})"
    if running:
        return f"running for {duration(now - run.began_at)}"
    return f"unfinished, {run.finish_reason or 'killed'}" + ("" if run.exit_code is None else f" ({run.exit_code})")
