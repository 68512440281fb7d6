"""The tables of a plan, key by key; what is wrong is collected, so that all of it can be told at once."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from crawler.plan.lines import Path

Read = Callable[[object], Any]
"""Takes what TOML gave and returns what it means; raises ``ValueError``."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(kw_only=True, slots=True)
class Mistakes:
    """What is wrong so far, and where."""

    found: list[tuple[Path, str]] = field(default_factory=list)

    def add(self, path: Path, sentence: str) -> None:
        """Note what is wrong with the value at ``path``."""
        self.found.append((path, sentence))


def read_table(value: object, keys: Mapping[str, Read], path: Path, mistakes: Mistakes) -> dict[str, Any]:
    """The values that are right, by key."""
    read = {}
    for key, one in entries(value, path, mistakes):
        if key not in keys:
            mistakes.add((*path, key), f"{label(path)} has no key {key}; {_remedy(path, key, one, keys)}")
            continue
        try:
            read[key] = keys[key](one)
        except ValueError as error:
            mistakes.add((*path, key), f"{f'{label(path)} ' if path else ''}{key} {error}")
    return read


def entries(value: object, path: Path, mistakes: Mistakes) -> Iterator[tuple[str, object]]:
    """The keys and values of a table; none of what is no table."""
    if isinstance(value, dict):
        yield from value.items()
    else:
        mistakes.add(path, f"{label(path)} must be a table: that line in single brackets, its keys below")


def named(value: object, path: Path, check: Callable[[str], None], mistakes: Mistakes) -> Iterator[tuple[str, object]]:
    """The entries of a table whose keys are names of one's own; also below a wrong name there may be mistakes."""
    for name, one in entries(value, path, mistakes):
        try:
            check(name)
        except ValueError as error:
            mistakes.add((*path, name), f"{label(path)} {error}")
        yield name, one


def label(path: Path) -> str:
    """
    >>> label(("sites", "news.example"))
    '[sites."news.example"]'
    """
    words = (key if _BARE.fullmatch(key) else f'"{key}"' for key in path)
    return f"[{'.'.join(words)}]" if path else "the plan"


def _remedy(path: Path, key: str, value: object, keys: Mapping[str, Read]) -> str:
    if len(path) > 1 and isinstance(value, dict):  # [sites.news.example]
        return f"a name with dots stands in quotation marks: {label((*path[:-1], f'{path[-1]}.{key}'))}"
    near = get_close_matches(key.lower(), keys, 1)
    return f"did you mean {near[0]}?" if near else f"its keys are {', '.join(keys)}"
