"""Who may read: names and the hashes of their passwords, from a file."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from archive.errors import BadReaders

_LINE = re.compile(r"(?P<name>[^:]+):\s*(?P<hash>pbkdf2_sha256\$(?P<times>\d{1,7})\$[^$\s]+\$[A-Za-z0-9+/]{43}=)")
_LEAST_TIMES = 1_000
"""Rounds of a hash; one of fewer is as good as the password itself."""


def readers_of(path: Path) -> Mapping[str, str]:
    """Name -> hash, of lines ``NAME:HASH``; blank ones and those that begin with ``#`` are passed over.

    Raises ``BadReaders``, which names each line that is none, or a file without any.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError:
        raise BadReaders(path, ("it is no UTF-8",)) from None
    except OSError as error:
        raise BadReaders(path, (error.strerror or str(error),)) from error
    readers: dict[str, str] = {}
    mistakes = tuple(_read(lines, readers))
    if mistakes or not readers:
        raise BadReaders(path, mistakes or ("it names nobody",))
    return readers


def _read(lines: list[str], readers: dict[str, str]) -> Iterator[str]:
    """Put the lines among the readers; gives what is wrong with each that cannot be."""
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        name = found["name"].strip() if found else ""
        if not found or not name.isprintable() or not name or int(found["times"]) < _LEAST_TIMES:
            yield f"line {number} is not NAME:HASH with a hash of `datasette hash-password`"  # never the line itself
        elif name in readers:
            yield f"line {number} names {name} again"
        else:
            readers[name] = found["hash"]


def is_open_to_others(path: Path) -> bool:
    """Whether other users of the machine can read the file."""
    return bool(path.stat().st_mode & 0o044)
