"""In which line of a TOML file something stands, which ``tomllib`` does not tell."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = Sequence[str]
"""The keys that lead to a value, from the outermost table on."""
_DEEPEST = 5
"""More keys than lead to any value of a plan."""
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[{]|[\]}]|\n', re.DOTALL
)
"""Whatever decides where a statement ends: a text or remark, in which nothing does, a bracket, the end of a line."""


class Lines:
    """The statements of a TOML file that is right, read once for all that is asked of it.

    >>> lines = Lines("a = 1\\n[b]\\nc = [\\n  2,\\n]\\n")
    >>> lines.of(("b", "c")), lines.of(("b",)), lines.of(("b", "nowhere"))
    (3, 2, 2)
    """

    def __init__(self, text: str) -> None:
        self._first: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        self._last = 1
        for line, statement in statements(text):
            self._last = line
            says = tomllib.loads(statement)
            if statement.lstrip().startswith("["):
                table = _note(self._first, (), says, line)
            else:
                _note(self._first, table, says, line)

    def of(self, path: Path) -> int:
        """The line, from 1 on, of the statement that first gives a value to ``path``, or else to its table."""
        known = (self._first.get(tuple(path[:length])) for length in range(len(path), 0, -1))
        return next((line for line in known if line), self._last)


def statements(text: str) -> Iterator[tuple[int, str]]:
    """The statements of a TOML file, each with its first line; a head in brackets is one, and so is an empty line."""
    text = text.replace("\r\n", "\n") + "\n"
    begin, depth, line = 0, 0, 1
    for token in _TOKEN.finditer(text):
        what = token[0]
        if what in "[{":
            depth += 1
        elif what in "]}":
            depth -= 1
        elif what == "\n" and depth <= 0:
            statement = text[begin : token.start()]
            yield line, statement
            line += statement.count("\n") + 1
            begin, depth = token.end(), 0


def _note(
    first: dict[tuple[str, ...], int], table: tuple[str, ...], says: Mapping[str, Any], line: int
) -> tuple[str, ...]:
    """Note the line for all that a statement gives a value to first; returns the last table that it names."""
    waiting: list[tuple[tuple[str, ...], object]] = [(table, says)]
    while waiting:
        table, value = waiting.pop()
        first.setdefault(table, line)
        if isinstance(value, list) and value and len(table) < _DEEPEST:  # [[table]]
            value = value[-1]
        if isinstance(value, dict) and len(table) < _DEEPEST:
            waiting.extend(((*table, key), one) for key, one in value.items())
    return table
