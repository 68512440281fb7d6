"""Files that are there whole, or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from archive.errors import ArchiveFull, CannotWrite

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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
    with _told(target):
        try:
            unfinished.unlink(missing_ok=True)
            yield unfinished
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            unfinished.replace(real)
        finally:
            for beside in ("", "-journal", "-wal", "-shm"):
                unfinished.with_name(unfinished.name + beside).unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path, *, mark: str, force: bool = False) -> Iterator[Path]:
    """A folder to write to, which becomes ``target`` when all is written; after an error nothing is left of it.

    ``mark`` is the file by which a folder of ours is known: only such a one is replaced, and only with ``force``.
    Raises ``CannotWrite`` and ``ArchiveFull`` as ``whole`` does.
    """
    real = target.resolve()
    _check_replaceable(target, mark=mark, force=force)
    unfinished, old = real.with_name(f".{real.name}.part"), real.with_name(f".{real.name}.old")
    with _told(target):
        try:
            for left in (unfinished, old):
                rmtree(left, ignore_errors=True)
            unfinished.mkdir()
            yield unfinished
            if real.exists():
                real.replace(old)
            unfinished.replace(real)
        finally:
            rmtree(unfinished, ignore_errors=True)
            rmtree(old, ignore_errors=True)


def _check_replaceable(target: Path, *, mark: str, force: bool) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise CannotWrite(target, "it is a file, and a folder is to be written")
    if not any(target.iterdir()):
        return
    if not (target / mark).is_file():
        raise CannotWrite(target, "it is a folder that holds something else")
    if not force:
        raise CannotWrite(target, "it is there already")


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """What the system says, as an error of ours."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise ArchiveFull(target) from error
        raise CannotWrite(target, error.strerror or str(error)) from error
