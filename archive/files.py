"""Files that are there whole, or not at all."""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from archive.errors import ArchiveFull, CannotWrite

BESIDE = ("-journal", "-wal", "-shm")
"""What the files that SQLite keeps beside one of its own end in."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SQLITE = b"SQLite format 3\0"


@contextmanager
def whole(target: Path, *, force: bool = False) -> Iterator[Path]:
    """A path to write to, which becomes ``target`` when all is written; after an error nothing is left of it.

    Raises ``CannotWrite`` for a file that is there already, unless ``force``, for one that cannot be written, and while
    another process writes it; ``ArchiveFull`` where the disk takes no more.
    """
    real = real_path(target)  # a link stays one
    with _told(target), _alone(target, real):
        if target.exists() and not target.is_file():
            raise CannotWrite(target, "it is a folder" if target.is_dir() else "it is no file")
        if target.exists() and not force:
            raise CannotWrite(target, "it is there already")
        unfinished = real.with_name(f".{real.name}.part")
        try:
            _remove(unfinished, "", *BESIDE)
            yield unfinished
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
                if file.read(len(_SQLITE)) == _SQLITE:
                    _remove(real, *BESIDE)  # of the file that stood there: SQLite would mix them into this one
            unfinished.replace(real)
        finally:
            _remove(unfinished, "", *BESIDE)


@contextmanager
def whole_folder(target: Path, *, is_ours: Callable[[Path], bool], force: bool = False) -> Iterator[Path]:
    """A folder to write to, which becomes ``target`` when all is written; after an error nothing is left of it.

    ``is_ours`` tells whether a folder is one that this program wrote: only such a one is replaced, and only with
    ``force``.
    Raises ``CannotWrite`` and ``ArchiveFull`` as ``whole`` does.
    """
    real = real_path(target)
    unfinished, old = real.with_name(f".{real.name}.part"), real.with_name(f".{real.name}.old")
    with _told(target), _alone(target, real):
        _check_replaceable(target, is_ours=is_ours, force=force)
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


def real_path(target: Path) -> Path:
    """Where links lead to. Raises ``CannotWrite`` for those in a circle, and for a name that no file can have."""
    with _told(target):
        with suppress(FileNotFoundError):
            target.stat()
        return target.resolve()


@contextmanager
def _alone(target: Path, real: Path) -> Iterator[None]:
    """Two that write to one place would put each other's half of it there."""
    name = real.with_name(f".{real.name}.lock")
    with name.open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotWrite(target, "another process writes it now") from None
        if not os.fstat(lock.fileno()).st_nlink:  # another that held it was done just now
            raise CannotWrite(target, "another process wrote it just now")
        try:
            yield
        finally:
            name.unlink(missing_ok=True)


def _remove(path: Path, *ends: str) -> None:
    for end in ends:
        path.with_name(path.name + end).unlink(missing_ok=True)


def _check_replaceable(target: Path, *, is_ours: Callable[[Path], bool], force: bool) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise CannotWrite(target, "it is a file, and a folder is to be written")
    if not any(target.iterdir()):
        return
    if not is_ours(target):
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
