"""The plan on the command line: the file, and the crawls that it names."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from crawler.errors import UnknownCrawl
from crawler.plan import CrawlPlan, Plan, read_plan

_OPTIONS = ("spider", "depth", "max_pages", "any_site", "due")
"""Of ``yaowen crawl`` and of a crawl of the plan."""


def plan_at(path: Path) -> Plan:
    """The plan of ``--plan``; an empty one where none was asked for and none is there. Raises ``BadPlan``."""
    source = click.get_current_context().get_parameter_source("plan_path")
    return Plan() if source is ParameterSource.DEFAULT and not path.exists() else read_plan(path)


def crawl_named(words: Sequence[str], plan: Plan, path: Path) -> CrawlPlan | None:
    """The crawl of the plan that stands in place of addresses; raises ``UnknownCrawl``."""
    names = [word for word in words if not word.lower().startswith(("http://", "https://"))]
    if not names:
        return None
    for name in names:
        if name not in plan.crawls:
            raise UnknownCrawl(name, path, tuple(plan.crawls))
    if len(words) > 1:
        raise click.UsageError(f"Give one crawl of {path} at a time, and no URLs beside it")
    return plan.crawls[names[0]]


def options_of(crawl: CrawlPlan) -> dict[str, Any]:  # Any: values of options
    """The crawl's values for those options that the command line leaves out."""
    source = click.get_current_context().get_parameter_source
    return {name: getattr(crawl, name) for name in _OPTIONS if source(name) is not ParameterSource.COMMANDLINE}
