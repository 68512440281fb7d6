"""Adding to the plan, yaowen.toml: what stands in it already stays byte for byte."""

import re
import shutil
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.items import AbstractTable, Array, Table

from archive.files import whole
from archive.urls import clean, site_of
from crawler.errors import BadPlan
from crawler.plan import Plan, read_plan

FREQUENCY = "1h"
"""How often a site is visited unless said otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """A plan with a site and a crawl in it that were not there, or not whole."""

    text: str
    crawl: str
    """The name of the crawl that visits the site."""
    urls: tuple[str, ...]
    """Those that were added to it."""
    schedule: str
    """For a person to read: every 30m, or the cron line."""
    is_new: bool
    """Whether the crawl is; else it was completed."""
    delay: float | None
    """What the plan says of the site, which may have stood there before."""


def read(path: Path) -> tuple[str, Plan]:
    """The plan as it stands, and what it says; nothing where there is none. Raises ``BadPlan``: none is added to."""
    if not path.exists():
        return "", Plan()
    plan = read_plan(path)
    return path.read_bytes().decode("utf-8-sig"), plan


def add(
    text: str,
    site: str,
    urls: Iterable[str],
    *,
    path: Path,
    name: str | None = None,
    every: str | None = None,
    delay: float | None = None,
) -> Addition:
    """The plan with the site and a crawl of these addresses.

    The crawl is that of the name, or without one the first that visits the site already, or else a new one named
    after it. ``every`` is left as it is where it is ``None`` and the crawl has a schedule; ``delay`` wherever the site
    has one. Raises ``BadPlan``.
    """
    plan = tomlkit.parse(text)
    crawls = _tables(plan.get("crawls"))
    name = name or next((one for one, crawl in crawls.items() if _visits(crawl, site)), _name(site))
    crawl = crawls.get(name)
    visited = crawls.values() if crawl is not None else ()
    known = {clean(url) for one in visited for url in _urls(one)}
    added = tuple(url for url in dict.fromkeys(urls) if clean(url) not in known)
    new = tomlkit.document()
    visited_how = _tables(plan.get("sites")).get(site)
    if visited_how is None:
        visited_how = tomlkit.table()
        new.append("sites", _around(site, visited_how))
    if delay is not None:
        visited_how.setdefault("delay", int(delay) if delay.is_integer() else delay)
    if crawl is not None:
        _complete(crawl, added, every, path=path, name=name)
    else:
        crawl = _crawl(added, every or FREQUENCY)
        new.append("crawls", _around(name, crawl))
    result = _joined(tomlkit.dumps(plan), tomlkit.dumps(new))
    _check(result, path)
    schedule = f"every {crawl['every']}" if "every" in crawl else str(crawl["cron"])
    return Addition(
        text=result,
        crawl=name,
        urls=added,
        schedule=schedule,
        is_new=name not in crawls,
        delay=visited_how.get("delay"),
    )


def write(path: Path, text: str) -> None:
    """Put the plan in place of the old one, whole or not at all."""
    with whole(path, force=True) as unfinished:
        unfinished.write_bytes(text.encode())
        if path.exists():
            shutil.copymode(path, unfinished)


def _tables(value: object) -> dict[str, AbstractTable]:
    """The tables in a table, by their names."""
    tables = value.items() if isinstance(value, dict) else ()
    return {str(name): table for name, table in tables if isinstance(table, AbstractTable)}


def _urls(crawl: AbstractTable) -> list[str]:
    urls = crawl.get("urls")
    return [str(url) for url in urls] if isinstance(urls, Array) else []


def _name(site: str) -> str:
    """What a crawl of a site is called: its host, without what no name may have.

    >>> _name("127.0.0.1:8765"), _name("[::1]:80")
    ('127.0.0.1-8765', '1-80')
    """
    return re.sub(r"[^\w.-]+", "-", site).strip("-")


def _visits(crawl: AbstractTable, site: str) -> bool:
    return any(site_of(url) == site for url in _urls(crawl))


def _complete(crawl: AbstractTable, added: tuple[str, ...], every: str | None, *, path: Path, name: str) -> None:
    """Put what is missing into a crawl that is there."""
    urls = crawl.setdefault("urls", [])
    if not isinstance(urls, Array):
        raise BadPlan(path, [f'{path}: the urls of the crawl {name} are no list; write urls = ["https://…"]'])
    for url in added:
        urls.append(url)
    if every is not None or ("every" not in crawl and "cron" not in crawl):
        crawl["every"] = every or FREQUENCY
        crawl.pop("cron", None)


def _crawl(urls: tuple[str, ...], every: str) -> Table:
    crawl, listed = tomlkit.table(), tomlkit.array()
    listed.extend(urls)
    return crawl.append("every", every).append("urls", listed.multiline(True)).append("due", True)


def _around(name: str, table: Table) -> Table:
    """A table with nothing in it but another: its own head need not be written."""
    return tomlkit.table(is_super_table=True).append(name, table)


def _joined(before: str, added: str) -> str:
    """The plan and what is new, an empty line between them, in the file's own way to end a line."""
    if not added.strip():
        return before
    gap = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
    end = "\r\n" if "\r\n" in before else "\n"
    return before + f"{gap}{added.rstrip()}\n".replace("\n", end)


def _check(text: str, path: Path) -> None:
    """Raise ``BadPlan`` where the new tables and what was there do not go together."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = "nothing can be added while sites or crawls are written in one line; write [sites.NAME], [crawls.NAME]"
        raise BadPlan(path, [f"{path}: {reason}"]) from error
