"""Read kept pages again: how many a second with one process, reading, comparing and writing apart.

Nothing was read of the pages before, so every one of them is written: the slowest case. The made pages are articles of
the sample site; the labelled ones, where they stand beside the repository, are real and longer.
"""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from pages import LABELLED, Page, made_pages, real_pages

from archive.models import Capture, Observation
from archive.rereading import judge, readable, write
from archive.spool import Spool
from archive.store import Archive
from crawler.rereading import parser_fingerprint, read_again


@click.command()
@click.option("--pages", type=click.IntRange(min=16), default=1_000, help="Pages of the made site.")
@click.option("--processes", type=click.IntRange(min=1), default=1)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=LABELLED, help="Labelled pages.")
def main(pages: int, processes: int, data: Path) -> None:
    """Print a row for each kind of pages."""
    print(f"{'pages':14}{'':>6}{'reading s':>11}{'comparing s':>13}{'writing s':>11}{'pages/s':>9}")
    print(row("made", made_pages(pages), processes))
    print(row("real", [page for _, page in real_pages(data)], processes))


def row(name: str, pages: Iterable[Page], processes: int) -> str:
    """The figures of one kind of pages."""
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "archive.db") as archive:
        archive.record(observation(url, body) for url, body in pages)
        captures = readable(archive)
        with Spool(archive.path, parser_fingerprint()) as spool:
            times = [time.perf_counter()]
            sum(read_again(archive, spool, captures, processes))
            times.append(time.perf_counter())
            _, changed = judge(archive, spool, captures)
            times.append(time.perf_counter())
            sum(write(archive, spool, captures, changed))
            times.append(time.perf_counter())
    reading, comparing, writing = (after - before for before, after in pairwise(times))
    speed = len(captures) / (times[-1] - times[0])
    return f"{name:14}{len(captures):6}{reading:11.2f}{comparing:13.2f}{writing:11.2f}{speed:9.0f}"


def observation(url: str, body: bytes) -> Observation:
    """A page of which nothing was read."""
    moment = datetime(2022, 10, 15, tzinfo=UTC)
    return Observation(
        capture=Capture(url=url, final_url=url, fetched_at=moment, status=200, body=body, outcome="unread")
    )


if __name__ == "__main__":
    main()
