"""Take in what others fetched: WARC files, folders of pages, other archives."""

import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click

from archive import crawls
from archive.errors import ArchiveUnreadable, ContentDamaged
from archive.intake import Intake, Look, Skipped, to_read, write_in
from archive.merging import Merged, merge, opened_as_it_is
from archive.spool import IMPORT_ENDING, Spool
from archive.store import Archive
from archive.urls import is_web, why_not_web
from crawler import __version__
from crawler.errors import SourceUnreadable
from crawler.joining import join_parts
from crawler.rereading import parser_fingerprint, read_again
from yaowen.options import archive_option, json_option
from yaowen.output import print_json, remark, through

BATCH = 100
"""Looks taken in by one transaction."""
SHOWN_PROBLEMS = 10
STOPPED = 7


@dataclass(kw_only=True, slots=True)
class Result:
    """What came of one source."""

    source: str
    looks: int = 0
    """Looks that are new."""
    known: int = 0
    """Looks that were there already."""
    articles: int = 0
    """Articles that are new."""
    problems: list[Skipped] = field(default_factory=list)
    error: str | None = None
    """Why the source could not be read to its end."""


@click.command("import")
@click.argument("sources", metavar="FILE|DIR...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--url-prefix", metavar="URL", help="The address that the paths of a folder's pages continue.")
@click.option("--processes", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default="all processors")
@json_option
@archive_option
def command(
    sources: tuple[Path, ...], url_prefix: str | None, processes: int, as_json: bool, archive_path: Path
) -> None:
    """Take looks of others into the archive, with their own times, and read them.

    A source is a WARC or ARC file (packed or not), a folder of saved pages, or another archive of this program. What
    is there already is passed over, so that an interrupted import can be made again.

    \b
    Examples:
      yaowen import crawl.warc.gz
      yaowen import saved-pages/ --url-prefix https://news.example/
      yaowen import other/archive.db
    """
    if url_prefix is not None and not is_web(url_prefix):
        raise click.UsageError(f"--url-prefix {url_prefix} is no web address: {why_not_web(url_prefix)}")
    results = [Result(source=str(source)) for source in sources]
    try:
        with crawls.held(archive_path), Archive.open(archive_path) as archive:
            for source, result in zip(sources, results, strict=True):
                _import(archive, source, url_prefix, processes, result)
    except KeyboardInterrupt:
        remark("Stopped; the same command goes on from here.")
        sys.exit(STOPPED)
    if as_json:
        print_json([asdict(result) for result in results])
    for result in results:
        if not as_json and (result.looks or not result.error):
            _report(result)
        if result.error:
            remark(result.error)
    sys.exit(1 if any(result.error for result in results) else 0)


def _import(archive: Archive, source: Path, prefix: str | None, processes: int, result: Result) -> None:
    """Take in one source; a broken one is told in the result, and those after it come in all the same."""
    try:
        _take(archive, source, prefix, processes, result)
    except (SourceUnreadable, ArchiveUnreadable, ContentDamaged) as error:
        result.error = str(error)


def _take(archive: Archive, source: Path, prefix: str | None, processes: int, result: Result) -> None:
    before = archive.counts()["articles"]
    if source.samefile(archive.path):
        raise SourceUnreadable(source, "it is the archive itself")
    if _is_archive(source):
        _merge(archive, source, result)
    else:
        arguments = {"source": str(source), "url_prefix": prefix}
        with archive.writing() as db:
            run = crawls.begin(db, "import", arguments, now=datetime.now(UTC), parser_version=__version__)
        _take_in(archive, _looks(source, prefix), run.id, result)
        _read(archive, run.id, processes)
        result.problems += _unread(archive, run.id)
        _close(archive, run.id, result)
    result.articles = archive.counts()["articles"] - before


def _is_archive(source: Path) -> bool:
    if source.is_dir():
        return False
    with source.open("rb") as file:
        return file.read(16) == b"SQLite format 3\x00"


def _looks(source: Path, prefix: str | None) -> Iterator[Look | Skipped]:
    if source.is_dir():
        from crawler.imports import folder

        return folder.looks(source, prefix)
    try:
        warc = import_module("crawler.imports.warc")
    except ModuleNotFoundError as error:
        raise SourceUnreadable(
            source, f"WARC files need {error.name}, which is not installed: pip install 'yaowen[warc]'"
        ) from error
    found: Iterator[Look | Skipped] = warc.looks(source)
    return found


def _merge(archive: Archive, source: Path, result: Result) -> None:
    merged = Merged()
    with opened_as_it_is(source) as other:
        through("taking in", merge(archive, other, merged), other.counts()["captures"])
    result.looks, result.known = merged.captures, merged.known
    for article_id in merged.forgotten_there:
        reason = "it was taken down in the other archive and stays here; `yaowen forget` takes it down here too"
        result.problems.append(Skipped(name=f"article {article_id}", reason=reason))


def _take_in(archive: Archive, looks: Iterator[Look | Skipped], crawl_id: int, result: Result) -> None:
    intake, is_over = Intake(archive, crawl_id), False
    while not is_over:
        with archive.writing():
            is_over = not _take_batch(intake, looks, result)


def _take_batch(intake: Intake, looks: Iterator[Look | Skipped], result: Result) -> bool:
    """Whether there may be more; what stands before a break in a file is good."""
    try:
        for count, look in enumerate(looks, start=1):
            if isinstance(look, Skipped):
                result.problems.append(look)
            elif intake.take(look):
                result.looks += 1
            else:
                result.known += 1
            if count == BATCH:
                return True
    except SourceUnreadable as error:
        result.error = str(error)
    return False


def _read(archive: Archive, crawl_id: int, processes: int) -> None:
    with Spool(archive.path, parser_fingerprint(), IMPORT_ENDING) as spool:
        looks = to_read(archive, spool, crawl_id)
        through("reading", read_again(archive, spool, looks, processes), len(looks))
        looks = join_parts(archive, spool, looks)
        through("writing", write_in(archive, spool, looks), len(looks))
    spool.remove()


def _close(archive: Archive, crawl_id: int, result: Result) -> None:
    counts = {"looks": result.looks, "known": result.known}
    with archive.writing() as db:
        reason, code = ("the source is broken", 1) if result.error else ("finished", 0)
        crawls.note_stop(db, crawl_id, reason=reason, exit_code=code, stats=counts, finished=datetime.now(UTC))


def _unread(archive: Archive, crawl_id: int) -> list[Skipped]:
    rows = archive.db.execute(
        "SELECT url, reason FROM captures WHERE crawl_id = ? AND outcome IN ('unread', 'refused') ORDER BY id",
        [crawl_id],
    ).fetchall()
    return [Skipped(name=url, reason=reason) for url, reason in rows]


def _report(result: Result) -> None:
    known = f", there already: {result.known:,}" if result.known else ""
    click.echo(f"{result.source}: looks taken in: {result.looks:,}{known}; new articles: {result.articles:,}")
    for problem in result.problems[:SHOWN_PROBLEMS]:
        remark(f"   {problem.name}: {problem.reason}")
    if len(result.problems) > SHOWN_PROBLEMS:
        remark(f"   and {len(result.problems) - SHOWN_PROBLEMS:,} more")
