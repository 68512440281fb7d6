"""The words of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Spider = Literal["auto", "feature", "recommendation"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SitePlan:
    """How one site is visited; ``None`` where the plan leaves it to the program."""

    delay: float | None = None
    """Seconds between two requests."""
    min_interval: timedelta | None = None
    max_interval: timedelta | None = None
    """The least and the longest time until a page is visited again."""
    max_pages: int | None = None
    max_bytes: int | None = None
    max_seconds: float | None = None
    """What one crawl may take of the site."""
    max_depth: int | None = None
    cookie: str | None = None
    """The name of the environment variable that holds the Cookie header; never the value."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header names, each with the name of the environment variable that holds its value."""

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that the site needs."""
        return (*([self.cookie] if self.cookie else []), *self.headers.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlPlan:
    """One crawl and when it runs: ``every`` so often or at the times of ``cron``, one of the two."""

    name: str
    every: timedelta | None = None
    cron: str | None = None
    """Five fields, read as crontab(5) says: 0 and 7 are Sunday, and of two days either will do."""
    timezone: str = "UTC"
    """IANA name of the zone in which ``cron`` is read."""
    spider: Spider = "auto"
    urls: tuple[str, ...] = ()
    due: bool = False
    """Visit what is due; without ``urls`` that of all sites."""
    depth: int = 1
    max_pages: int | None = None
    any_site: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What ``yaowen.toml`` says; empty where there is none."""

    on_alarm: str | None = None
    """A command for ``sh``, run when a crawl fails or its drift alarm fires."""
    sites: Mapping[str, SitePlan] = field(default_factory=dict)
    """By host as ``archive.urls.site_of`` gives it."""
    crawls: Mapping[str, CrawlPlan] = field(default_factory=dict)
    """By name, in the order of the file."""
