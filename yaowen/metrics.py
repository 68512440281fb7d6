"""The status as metrics for Prometheus, in a file that its node exporter collects."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from archive.errors import CannotWrite
from archive.health import SiteHealth
from archive.runs import by_outcome
from yaowen.standing import Standing


def write_metrics(standing: Standing, target: Path) -> None:
    """Write the file, whole or not at all; raises ``CannotWrite``."""
    try:
        write_to_textfile(str(target), registry_of(standing))
    except OSError as error:
        raise CannotWrite(target, error.strerror or str(error)) from error


def registry_of(standing: Standing) -> CollectorRegistry:
    """The metrics, each with what it means."""
    registry = CollectorRegistry()
    for name, meaning, value in (
        ("archive_bytes", "Size of the archive's file.", standing.size),
        ("articles", "Articles in the archive.", standing.articles),
        ("archive_held", "1 while a crawl, an import or a reparse holds the archive.", standing.pid is not None),
        ("plan_mistakes", "Mistakes in the plan.", len(standing.mistakes)),
        ("status_timestamp_seconds", "When these figures were taken.", standing.now.timestamp()),
    ):
        Gauge(f"yaowen_{name}", meaning, registry=registry).set(value)
    _add_sites(registry, standing.sites)
    _add_crawls(registry, standing)
    return registry


def _add_sites(registry: CollectorRegistry, sites: Iterable[SiteHealth]) -> None:
    success = _gauge(registry, "site_last_success_timestamp_seconds", "When a page was last read.", "site")
    pages = _gauge(registry, "site_pages_24h", "Pages of the last 24 hours.", "site", "outcome")
    waiting = _gauge(registry, "site_waiting", "Addresses that an unfinished crawl has still to visit.", "site")
    due = _gauge(registry, "site_next_due_timestamp_seconds", "When the first address is due.", "site")
    for one in sites:
        waiting.labels(one.site).set(one.waiting)
        for outcome, count in by_outcome(one.pages):
            pages.labels(one.site, outcome).set(count)
        _set_time(success, one.site, one.last_success_at)
        _set_time(due, one.site, one.next_due_at)


def _add_crawls(registry: CollectorRegistry, standing: Standing) -> None:
    began = _gauge(registry, "crawl_last_began_timestamp_seconds", "When the crawl began last.", "crawl")
    ended = _gauge(registry, "crawl_last_exit_code", "How its last run ended.", "crawl")
    coming = _gauge(registry, "crawl_next_timestamp_seconds", "When the plan runs it next.", "crawl")
    for name, run in standing.last.items():
        _set_time(began, name, run.began_at)
        if run.exit_code is not None:
            ended.labels(name).set(run.exit_code)
    for time, name in standing.agenda:
        _set_time(coming, name, time)


def _gauge(registry: CollectorRegistry, name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(f"yaowen_{name}", meaning, labels, registry=registry)


def _set_time(gauge: Gauge, label: str, time: datetime | None) -> None:
    """A time that is not known has no sample, so that no alert takes it for 1970."""
    if time:
        gauge.labels(label).set(time.timestamp())
