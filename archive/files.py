"""Files that are there whole, or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ArchiveFull, CannotWrite


@contextmanager
def whole(target: Path, *, force: bool = False) -> Iterator[Path]:
    """A path to write to, which becomes ``target`` when all is written; after an error nothing is left of it.

    Raises ``CannotWrite`` for a file that is there already, unless ``force``, and for one that cannot be written;
    ``ArchiveFull`` where the disk takes no more.
    """
    real = target.resolve()  # a link stays one
    if target.exists() and not target.is_file():
        raise CannotWrite(target, "it is a folder" if target.is_dir() else "it is no file")
    if target.exists() and not force:
        raise CannotWrite(target, "it is there already")
    unfinished = real.with_name(f".{real.name}.part")
    try:
        unfinished.unlink(missing_ok=True)
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(real)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ArchiveFull(target) from error
        raise CannotWrite(target, error.strerror or str(error)) from error
    finally:
        for left in (unfinished, unfinished.with_name(f"{unfinished.name}-journal")):
            left.unlink(missing_ok=True)
