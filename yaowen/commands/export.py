"""Write the archive, or a part of it, in a format of others."""

import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import click

from archive import exports
from archive.files import whole
from archive.selection import Selection
from archive.store import Archive
from yaowen.options import Site, archive_option, json_option, since_option, until_option
from yaowen.output import print_json

FORMATS = sorted(found.name for found in pkgutil.iter_modules(exports.__path__))


@click.command("export")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option("-o", "--output", default="-", metavar="FILE|-", help="Where to; standard output where nothing is named.")
@click.option("--site", type=Site(), help="Only what is of this site, as `yaowen search` prints it.")
@since_option
@until_option
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@json_option
@archive_option
def command(
    format_name: str,
    output: str,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    force: bool,
    as_json: bool,
    archive_path: Path,
) -> None:
    """Write what the archive holds as FORMAT.

    warc: the bytes as fetched as WARC 1.1, a record a look, `revisit` records for bytes that came before. Packed where
    the file's name ends in .gz.
    """
    if output == "-" and (as_json or sys.stdout.isatty()):
        raise click.UsageError("name a file with -o FILE: standard output is taken")
    if output != "-" and archive_path.exists() and Path(output).resolve() == archive_path.resolve():
        raise click.UsageError(f"{output} is the archive itself")
    module, selection = _module(format_name), Selection(site=site, since=since, until=until)
    with Archive.open(archive_path, read_only=True) as archive, _opened(output, force=force) as target:
        written = module.write(archive, selection, target, gzip=output.endswith(".gz"))
    if as_json:
        print_json(asdict(written) | {"file": output})
    else:
        counts = ", ".join(f"{count:,} {name}" for name, count in asdict(written).items() if count) or "nothing"
        click.echo(f"{'standard output' if output == '-' else output}: {counts}", err=output == "-")


def _module(format_name: str) -> ModuleType:
    try:
        return import_module(f"archive.exports.{format_name}")
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"{format_name} needs {error.name}, which is not installed: pip install 'yaowen[{format_name}]'"
        ) from error


@contextmanager
def _opened(output: str, *, force: bool) -> Iterator[BinaryIO]:
    if output == "-":
        yield sys.stdout.buffer
        return
    with whole(Path(output), force=force) as path, path.open("wb") as file:
        yield file
