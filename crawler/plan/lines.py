"""In which line of a TOML file something stands, which ``tomllib`` does not tell."""

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

Path = Sequence[str]
"""The keys that lead to a value, from the outermost table on."""


def line_of(text: str, path: Path) -> int:
    """The line, from 1 on, with which the statement begins that first gives a value to ``path``.

    TOML is read from the top, so the statement ends where the first lines alone are right and have the value.

    >>> line_of("a = 1\\n[b]\\nc = [\\n  2,\\n]\\n", ("b", "c"))
    3
    """
    lines = text.split("\n")
    end = bisect_left(range(len(lines)), True, key=lambda number: _has(_read(lines, number)[0], path))
    return min(_read(lines, end - 1)[1] + 1, len(lines))


def _read(lines: Sequence[str], number: int) -> tuple[dict[str, Any], int]:  # Any: values of TOML
    """What the first lines say, and how many of them: no more than ``number``, and no statement cut short."""
    for count in range(number, 0, -1):
        try:
            return tomllib.loads("\n".join(lines[:count])), count
        except tomllib.TOMLDecodeError:
            continue
    return {}, 0


def _has(table: object, path: Path) -> bool:
    for key in path:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True
