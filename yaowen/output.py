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
