"""Results go to stdout, remarks to stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from yaowen.streams import escaped

BARS = "▁▂▃▄▅▆▇█"


def remark(text: str) -> None:
    """A sentence for the user, out of the way of the results."""
    click.echo(text, err=True)


def json_text(value: Any) -> str:  # Any: JSON values
    """One JSON document, readable, Chinese as Chinese."""
    return escaped(json.dumps(value, ensure_ascii=False, indent=2))


def print_json(value: Any) -> None:
    """The same, printed."""
    click.echo(json_text(value))


def room(size: int) -> str:
    """Bytes for a person to read.

    >>> room(1_234_567)
    '1.2 MB'
    """
    for unit, one in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= one:
            return f"{size / one:.1f} {unit}"
    return f"{size} bytes"


def moment(time: datetime | None) -> str:
    """A time for a person to read, with its zone where that is UTC; nothing for no time.

    >>> from datetime import UTC
    >>> moment(datetime(2022, 10, 15, 3, 43, 8, tzinfo=UTC))
    '2022-10-15 03:43:08 UTC'
    """
    return time.strftime("%Y-%m-%d %H:%M:%S") + (" UTC" if not time.utcoffset() else "") if time else ""


NOT_GIVEN_BACK = (
    "The file could not be written anew: another program uses it, or the disk has no room for a second one."
    " What was deleted may still stand on the disk; `yaowen compact` makes up for it"
)


@contextmanager
def bar(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """Tell what is given here of the steps that were done; on a terminal a bar shows them."""
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        yield shown.update


def through(label: str, steps: Iterable[int], length: int) -> int:
    """Go through the steps with a bar on a terminal; returns their sum."""
    done = 0
    with bar(label, length) as step_done:
        for step in steps:
            step_done(step)
            done += step
    return done


def headline(title: str) -> str:
    """A headline on a list; of an article that was taken down only its place is left."""
    return title or "(taken down)"


def sparkline(values: Sequence[float]) -> str:
    """A series as a line of bars, the least the lowest.

    >>> sparkline([1, 2, 8])
    '▁▂█'
    """
    least, most = min(values), max(values)
    return "".join(BARS[round((value - least) / ((most - least) or 1) * (len(BARS) - 1))] for value in values)
