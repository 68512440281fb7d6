"""Where an export goes: a file or a folder, there whole or not at all and with its card, or standard output."""

import gzip
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import click

from archive.card import CARD, Card, files_of
from archive.files import BESIDE, real_path, whole, whole_folder

STANDARD = "-"
_BUFFER = 1 << 20
"""Bytes that are written at a time: an article is more than the 8 kB of Python's own."""
Write = Callable[[BinaryIO | Path], dict[str, int]]
Describe = Callable[[dict[str, int]], Card]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """The place that was named with ``-o``."""

    output: str
    is_folder: bool = False
    is_path: bool = False
    """The format makes the file itself."""
    seeks: bool = False
    """The format goes back in the file."""
    is_packed: bool = False
    """The format is packed in itself, or cannot be packed."""
    packs: bool = False
    """The format has a packing of its own for names that end in .gz."""
    force: bool = False

    def check(self, archive_path: Path, format_name: str) -> None:
        """Raises ``UsageError`` for what cannot be a place for this."""
        if self.output == STANDARD:
            if sys.stdout is None:
                raise click.UsageError("name a file with -o FILE: standard output is closed")
            if sys.stdout.isatty():
                raise click.UsageError("name a file with -o FILE: standard output is taken")
            if self.is_folder or self.is_path:
                kind = "a folder" if self.is_folder else "a file"
                raise click.UsageError(f"{format_name} is {kind}; name it with -o")
        elif not self.output:
            raise click.UsageError("name a file with -o FILE")
        elif self.is_packed and self.output.endswith(".gz"):
            raise click.UsageError(f"{format_name} is not packed again; name a file that does not end in .gz")
        elif archive_path.exists() and real_path(Path(self.output)) in _files_of(archive_path):
            raise click.UsageError(f"{self.output} is the archive itself")
        elif self.is_folder and real_path(Path(self.output)) in archive_path.resolve().parents and self.force:
            raise click.UsageError(f"{self.output} holds the archive, and --force would remove all that is in it")

    def write(self, write: Write, describe: Describe) -> dict[str, int]:
        """Have it written, with the card that describes it; returns how many of what were."""
        if self.output == STANDARD:
            return self._to_standard(write)
        return (self._to_folder if self.is_folder else self._to_file)(Path(self.output), write, describe)

    def _to_standard(self, write: Write) -> dict[str, int]:
        if not self.seeks:
            return write(sys.stdout.buffer)
        with TemporaryFile() as file:
            counts = write(file)
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout.buffer)
        return counts

    def _to_file(self, path: Path, write: Write, describe: Describe) -> dict[str, int]:
        card = Path(f"{path}.{CARD}")
        with whole(path, force=self.force) as unfinished, whole(card, force=self.force) as described:
            if self.is_path:
                counts = write(unfinished)
            else:
                with self._opened(unfinished) as file:
                    counts = write(file)
            describe(counts).write(described, [(path.name, unfinished)])
        return counts

    def _to_folder(self, path: Path, write: Write, describe: Describe) -> dict[str, int]:
        with whole_folder(path, ours=files_of, force=self.force) as folder:
            counts = write(folder)
            describe(counts).write_into(folder)
        return counts

    @contextmanager
    def _opened(self, path: Path) -> Iterator[BinaryIO]:
        with path.open("wb", _BUFFER) as file:
            if self.packs or not self.output.endswith(".gz"):
                yield file
                return
            # Neither the time nor the name: the same archive gives the same file.
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                yield packed  # type: ignore[misc]  # it is a binary file to all who write


def _files_of(archive_path: Path) -> list[Path]:
    """The archive's own, also where none is there at the moment."""
    return [Path(f"{archive_path.resolve()}{end}") for end in ("", *BESIDE)]
