"""Check that the archive holds what it says it holds."""

import os
import sys
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import click

from archive.store import Archive
from archive.verification import Fault, repair_index, verify
from yaowen.options import archive_option, json_option
from yaowen.output import print_json, remark

SHOWN = 10
"""Faults of one kind that are named; --json has all."""


@click.command("verify")
@click.option("--repair-index", "repairs", is_flag=True, help="First make the search index anew from the articles.")
@json_option
@archive_option
def command(repairs: bool, as_json: bool, archive_path: Path) -> None:
    """Check the file, the links between its tables, every kept page against its hash, the readings and the index.

    Exit code 1 where something is wrong; each fault comes with what can be done about it. Nothing is changed unless
    --repair-index is given.
    """
    faults: list[Fault] = []
    read_only = not repairs and archive_path.exists() and not _can_be_written(archive_path)
    with Archive.open(archive_path, read_only=read_only, must_exist=True) as archive:
        if repairs:
            repair_index(archive)
        for part, found in verify(archive, with_index=not read_only):
            faults += found
            if not as_json:
                _print(part, found)
    if as_json:
        print_json({"sound": not faults, "faults": [asdict(fault) for fault in faults]})
    if read_only:
        remark("The search index was not checked, since the archive cannot be written")
    sys.exit(1 if faults else 0)


def _can_be_written(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _print(part: str, found: list[Fault]) -> None:
    click.echo(f"{part}: {f'{len(found):,} wrong' if found else 'sound'}")
    for repair, faults in groupby(found, key=lambda fault: fault.repair):
        same = list(faults)
        for fault in same[:SHOWN]:
            click.echo(f"   {fault.what}")
        if len(same) > SHOWN:
            click.echo(f"   and {len(same) - SHOWN:,} more")
        click.echo(f"      → {repair}")
