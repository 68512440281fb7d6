"""Standard output and error: no text that is written there steers a terminal, and what cannot be written is told.

What pages print comes to a terminal through many commands, and all of it through here.

ReaderGone      the reader of the results has gone (``| head``), and has what it wanted
OutputLost      the results cannot be written
"""

import errno
import os
import re
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
    r"|\x1b(?!\[(?:[0-9;]*m|[0-9]*[AK]|\?25[hl]))"
)
"""Controls, C1 among them, which some terminals take for escapes, and what turns the direction of the text after it.
Escapes that a page prints never come as far as this; those that are left are our own, of colours and of progress."""


class ReaderGone(Exception):
    """Nobody reads the results any more. No ``BrokenPipeError``, of which others make an exit of their own."""


class OutputLost(Exception):
    """The results cannot be written, whatever became of the work itself."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"Cannot write to the standard output: {error.strerror}; what was stored is kept")


def fit(text: str) -> str:
    """Text for a terminal, without what would steer it; colours of our own stay.

    >>> fit("news \\u202egpj.exe\\x9b2J")
    'news gpj.exe2J'
    """
    return _STEERING.sub("", text)


def escaped(json: str) -> str:
    """JSON that says the same, with nothing in it that steers a terminal.

    >>> escaped('"\\u202e"')
    '"\\\\u202e"'
    """
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


class _Remarks(FileIO):
    """Standard error: remarks that nobody can read keep nothing from being done."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write, or pass over what cannot be written."""
        try:
            return super().write(data)
        except OSError as error:
            self._give_up()
            return self._without(error, len(memoryview(data)))

    def _give_up(self) -> None:
        """Have what still waits to be written, and what comes, go nowhere."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)

    def _without(self, error: OSError, size: int) -> int:
        return size


class _Results(_Remarks):
    """Standard output: a command whose results nobody can have ends."""

    def _without(self, error: OSError, size: int) -> int:
        if error.errno == errno.EPIPE:
            raise ReaderGone from error
        raise OutputLost(error) from error


class _Fit(TextIOWrapper):
    """Text over one of these; what the terminal cannot show becomes a question mark: one in GBK has no emoji."""

    def __init__(self, stream: TextIOWrapper, file: type[_Remarks]) -> None:
        raw = file(stream.fileno(), "wb", closefd=False)
        super().__init__(
            BufferedWriter(raw), encoding=stream.encoding, errors="replace", line_buffering=stream.line_buffering
        )

    def write(self, text: str, /) -> int:
        """Write what is fit for a terminal."""
        super().write(fit(text))
        return len(text)


def install() -> None:
    """Have all that this process prints go through here."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout = _Fit(sys.stdout, _Results)
    if isinstance(sys.stderr, TextIOWrapper):
        sys.stderr = _Fit(sys.stderr, _Remarks)
