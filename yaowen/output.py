"""Results go to stdout, remarks to stderr."""

import json
from typing import Any

import click


def remark(text: str) -> None:
    """A sentence for the user, out of the way of the results."""
    click.echo(text, err=True)


def print_json(value: Any) -> None:  # Any: JSON values
    """One JSON document, readable, Chinese as Chinese."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def room(size: int) -> str:
    """Bytes for a person to read.

    >>> room(1_234_567)
    '1.2 MB'
    """
    for unit, one in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= one:
            return f"{size / one:.1f} {unit}"
    return f"{size} bytes"
