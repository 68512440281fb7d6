"""Read every kept page again with today's parsers."""

import os
import sys
import time
from dataclasses import asdict
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import click

from archive.crawls import held
from archive.grouping import Readable
from archive.plurals import counted
from archive.rereading import judge, readable, refuse_worse, write
from archive.spool import Spool
from archive.store import Archive
from archive.verdict import Example, SiteVerdict, Verdict
from archive.withholding import counting
from crawler.rereading import parser_fingerprint, read_again
from yaowen.options import Site, archive_option, json_option, since_option
from yaowen.output import print_json, remark, through

STOPPED = 7
LONGEST_VALUE = 100
"""Characters of a value that an example shows."""


@click.command("reparse")
@click.option("--site", type=Site(), help="Only the pages of this site, as `yaowen search` prints it.")
@since_option
@click.option("--dry-run", is_flag=True, help="Print the verdict and write nothing into the archive.")
@click.option(
    "--force", is_flag=True, help="Write also what loses a field on more than 5 % of a site's pages, or is withheld."
)
@click.option("--processes", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default="all processors")
@json_option
@archive_option
def command(
    site: str | None,
    since: datetime | None,
    dry_run: bool,
    force: bool,
    processes: int,
    as_json: bool,
    archive_path: Path,
) -> None:
    """Read the kept bytes again, say what that changes, then change it.

    Captures stay as they are, and revisions keep the times of their captures. The readings are collected in a file
    beside the archive, so that an interrupted run, or the one after --dry-run, goes on where it was; it is deleted
    when all is written.
    """
    with Archive.open(archive_path, must_exist=True) as archive, held(archive_path):
        captures = readable(archive, site, since)
        with Spool(archive_path, parser_fingerprint()) as spool:
            started = time.perf_counter()
            try:
                through("reading", read_again(archive, spool, captures, processes), len(captures))
                captures = captures if force else _counting(archive, spool, captures)
                verdict, changed = judge(archive, spool, captures)
                _report(verdict, time.perf_counter() - started, as_json=as_json, dry_run=dry_run)
                if dry_run:
                    return
                if not force:
                    refuse_worse(verdict)
                written = through("writing", write(archive, spool, captures, changed), len(changed))
            except KeyboardInterrupt:
                remark("Stopped; the next run goes on from here.")
                sys.exit(STOPPED)
        spool.remove()
    if not as_json:
        click.echo(f"written: {written:,} articles and lists")


def _counting(archive: Archive, spool: Spool, captures: list[Readable]) -> list[Readable]:
    found = counting(archive, spool, captures)
    if left_out := len(captures) - len(found):
        remark(
            f"{left_out:,} pages are still withheld: they lack what their articles had; --force takes them as they are"
        )
    return found


def _report(verdict: Verdict, seconds: float, *, as_json: bool, dry_run: bool) -> None:
    sites = sorted(verdict.sites.values(), key=lambda site: site.site)
    if as_json:
        print_json(
            {
                "seconds": round(seconds, 3),
                "dry_run": dry_run,
                "sites": [_site_as_json(site) for site in sites],
                "examples": [asdict(example) for example in verdict.examples],
            }
        )
        return
    pages = sum(site.pages for site in sites)
    click.echo(f"read {counted(pages, 'page')} in {seconds:.1f} s ({pages / seconds:.0f} a second)")
    for site in sites:
        click.echo(f"{site.site}: {counted(site.pages, 'page')}, {site.changed_pages:,} read otherwise")
        for field, counts in sorted(site.fields.items()):
            parts = [f"{counts[what]:,} {what}" for what in ("changed", "lost", "won") if counts[what]]
            click.echo(f"   {field}: {', '.join(parts)}")
    for example in verdict.examples:
        _print_example(example)


def _site_as_json(site: SiteVerdict) -> dict[str, Any]:  # Any: JSON values
    return {
        "site": site.site,
        "pages": site.pages,
        "changed_pages": site.changed_pages,
        "fields": {field: dict(counts) for field, counts in sorted(site.fields.items())},
        "worse": site.worse,
    }


def _print_example(example: Example) -> None:
    click.echo(f"{example.field} {example.what} · {example.url}")
    was, now = _apart(_text(example.before), _text(example.after))
    click.echo(click.style(f"   − {was}", fg="red"))
    click.echo(click.style(f"   + {now}", fg="green"))


def _text(value: Any) -> str:  # Any: a JSON value
    match value:
        case None:
            return "none"
        case {"heading": heading, "paragraphs": paragraphs}:
            return " ¶ ".join(_text(line) for line in (heading, *paragraphs) if line is not None)
        case list():
            return " ¶ ".join(map(_text, value)) or "none"
    return str(value)


def _apart(one: str, other: str) -> tuple[str, str]:
    """Two texts from shortly before the place where they part, each at most so long."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    start = max(same - LONGEST_VALUE // 3, 0)
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + LONGEST_VALUE]
    return ("…" if start else "") + shown + ("…" if start + LONGEST_VALUE < len(text) else "")
