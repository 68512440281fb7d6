"""From a file to a plan, or to all that is wrong with it."""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from crawler.errors import BadPlan
from crawler.plan import values
from crawler.plan.lines import Lines, statements
from crawler.plan.parts import CrawlPlan, Plan, SitePlan
from crawler.plan.tables import Mistakes, Read, label, named, read_table

SITE_KEYS: dict[str, Read] = {
    "delay": values.seconds,
    "min_interval": values.duration,
    "max_interval": values.duration,
    "max_pages": values.number_from(1),
    "max_bytes": values.size,
    "max_seconds": values.duration_in_seconds,
    "max_depth": values.number_from(0),
    "cookie": values.variable,
    "headers": lambda value: value,  # a table of its own
}
CRAWL_KEYS: dict[str, Read] = {
    "every": values.duration,
    "cron": values.cron,
    "timezone": values.timezone,
    "spider": values.one_of("auto", "feature", "recommendation"),
    "urls": values.addresses,
    "due": values.flag,
    "depth": values.number_from(0),
    "max_pages": values.number_from(1),
    "any_site": values.flag,
}
PLAN_KEYS: dict[str, Read] = {"on_alarm": values.text, "sites": lambda value: value, "crawls": lambda value: value}
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read_plan(path: Path) -> Plan:
    """The plan in the file; raises ``BadPlan`` with a sentence for each mistake in it."""
    return plan_of(plan_text(path), path)


def plan_text(path: Path) -> str:
    """What the file says; raises ``BadPlan`` where it cannot be read."""
    try:
        return path.read_text("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise BadPlan(path, [f"{path}: cannot be read ({error.strerror}); --plan names another file"]) from error
    except UnicodeDecodeError as error:
        raise BadPlan(path, [f"{path}: is no UTF-8; save it in that encoding"]) from error


def plan_of(text: str, path: Path) -> Plan:
    """The plan that the text of this file says; raises ``BadPlan`` with a sentence for each mistake in it."""
    mistakes = Mistakes()
    try:
        plan = _plan(_tables(text, path), mistakes)
        lines = Lines(text if mistakes.found else "")
    except RecursionError as error:
        raise BadPlan(path, [f"{path}: more brackets or dotted keys stand in one another than can be read"]) from error
    if mistakes.found:
        found = sorted((lines.of(place), sentence) for place, sentence in mistakes.found)
        raise BadPlan(path, [f"{path}, line {line}: {sentence}" for line, sentence in found])
    return plan


def _tables(text: str, path: Path) -> dict[str, Any]:  # Any: values of TOML
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = (place and place[1]) or text.count("\n") + 1
        reason = _PLACE.sub("", str(error))
        remedy = 'a line is [table] or key = value, and texts stand in quotation marks: every = "30m"'
        raise BadPlan(path, [f"{path}, line {line}: this is no TOML ({reason}); {remedy}"]) from error
    except ValueError as error:  # 4,300 digits are the most that Python reads
        line = next((line for line, statement in statements(text) if not _is_read(statement)), 1)
        reason = f"a number of more than {sys.get_int_max_str_digits():,} digits cannot be read"
        raise BadPlan(path, [f"{path}, line {line}: {reason}"]) from error


def _is_read(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except ValueError:
        return False
    return True


def _plan(tables: dict[str, Any], mistakes: Mistakes) -> Plan:  # Any: values of TOML
    read = read_table(tables, PLAN_KEYS, (), mistakes)
    sites = named(read.get("sites", {}), ("sites",), values.host, mistakes)
    crawls = named(read.get("crawls", {}), ("crawls",), values.crawl_name, mistakes)
    return Plan(
        on_alarm=read.get("on_alarm"),
        sites={name: _site(name, value, mistakes) for name, value in sites},
        crawls={name: _crawl(name, value, mistakes) for name, value in crawls},
    )


def _site(name: str, value: object, mistakes: Mistakes) -> SitePlan:
    path = ("sites", name)
    read = read_table(value, SITE_KEYS, path, mistakes)
    headers = dict(named(read.pop("headers", {}), (*path, "headers"), values.header, mistakes))
    read["headers"] = read_table(headers, dict.fromkeys(headers, values.variable), (*path, "headers"), mistakes)
    site = SitePlan(**read)
    if site.min_interval and site.max_interval and site.min_interval > site.max_interval:
        mistakes.add((*path, "max_interval"), f"{label(path)} max_interval is shorter than min_interval; lengthen it")
    return site


def _crawl(name: str, value: object, mistakes: Mistakes) -> CrawlPlan:
    path = ("crawls", name)
    crawl = CrawlPlan(name=name, **read_table(value, CRAWL_KEYS, path, mistakes))
    given = set(value) if isinstance(value, dict) else {"every", "urls"}
    if {"every", "cron"} <= given:
        mistakes.add((*path, "cron"), f"{label(path)} has both every and cron; keep one")
    if not {"every", "cron"} & given:
        mistakes.add(path, f'{label(path)} has no schedule; add every = "30m" or cron = "0 6 * * *"')
    if "urls" not in given and not crawl.due:
        mistakes.add(path, f'{label(path)} has nothing to visit; add urls = ["https://…"] or due = true')
    return crawl
