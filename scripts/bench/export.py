"""Exports of made articles: how many a second on one core, and how much memory they take, beside `sqlite-utils rows`.

Each command runs as its user types it, in a process of its own that is bound to one core. What it prints is thrown
away; "to a file" is the rate with the file on the disk, its hash and its card. The smaller archive shows whether memory
grows with what goes out.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
from corpus import Corpus
from search import observation

from archive.store import Archive

BATCH = 100
"""Articles recorded in one transaction."""
RIVAL = "sqlite-utils rows --nl"
AIMS = {"jsonl": 20_000, "parquet": 15_000}
BIN = Path(sys.executable).parent


class Run(NamedTuple):
    """What a command took."""

    seconds: float
    memory: int
    """Kibibytes resident at most."""


@click.command()
@click.option("--articles", type=click.IntRange(min=1_000), default=100_000, show_default=True)
@click.option("--formats", default="jsonl,parquet,csv", show_default=True, help="Which to measure.")
@click.option("--turns", type=click.IntRange(min=1), default=3, show_default=True, help="Of which the median counts.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Keep the archives here.")
def main(articles: int, formats: str, turns: int, folder: Path | None) -> None:
    """Print articles a second, the ratio to sqlite-utils, and the memory at a quarter of the articles and at all."""
    with TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        small, large = (archive_of(place, count) for count in (articles // 4, articles))
        print(f"{articles:,} articles, {large.stat().st_size / articles:,.0f} bytes each in the file\n")
        print(f"{'':24}{'articles/s':>12}{'ratio':>8}{'aim':>9}{'to a file':>12}{'MB at 1/4':>12}{'MB at all':>12}")
        rival = report(RIVAL, rows_of, small, large, articles, turns, None)
        for name in formats.split(","):
            report(name, partial(export_of, name), small, large, articles, turns, rival)


def archive_of(place: Path, articles: int) -> Path:
    """An archive of so many made articles; one that is there already is taken."""
    path = place / f"{articles}.db"
    if path.exists():
        return path
    made = Corpus().articles(articles)
    with Archive.open(path) as archive:
        while batch := list(islice(made, BATCH)):
            archive.record(map(observation, batch))
    return path


def rows_of(path: Path) -> list[str]:
    return [str(BIN / "sqlite-utils"), "rows", str(path), "articles", "--nl"]


def export_of(name: str, path: Path) -> list[str]:
    return [str(BIN / "yaowen"), "export", name, "--archive", str(path)]


def report(
    name: str,
    command: Callable[[Path], list[str]],
    small: Path,
    large: Path,
    articles: int,
    turns: int,
    rival: float | None,
) -> float:
    """Print what the command takes; returns articles a second."""
    runs = sorted(measured(command(large)) for _ in range(turns))
    rate = articles / runs[len(runs) // 2].seconds
    ratio, filed = "", ""
    if rival:
        to_file = ["-o", str(large.with_name(f"export.{name}")), "--force"]
        filed = f"{articles / measured(command(large) + to_file).seconds:,.0f}"
        ratio = f"{rate / rival:.2f}"
    memory = [run.memory / 1_000 for run in (measured(command(small)), runs[-1])]
    aim = f"{AIMS[name]:,}" if name in AIMS else ""
    print(f"{name:24}{rate:12,.0f}{ratio:>8}{aim:>9}{filed:>12}{memory[0]:12,.0f}{memory[1]:12,.0f}", flush=True)
    return rate


def measured(command: list[str]) -> Run:
    """Run a command on one core; what it prints is thrown away."""
    start, memory = time.perf_counter(), 0
    with subprocess.Popen(
        ["taskset", "-c", "0", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        # The kernel's own figure of a finished process begins with the memory of the one that started it.
        while process.poll() is None:
            memory = max(memory, resident(process.pid))
            time.sleep(0.02)
    if process.returncode:
        raise click.ClickException(f"{' '.join(command)} failed")
    return Run(time.perf_counter() - start, memory)


def resident(pid: int) -> int:
    """Kibibytes that a process has had at most; 0 where it is none any more."""
    with suppress(OSError):
        found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        return int(found[1]) if found else 0
    return 0


if __name__ == "__main__":
    main()
