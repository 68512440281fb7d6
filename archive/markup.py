"""XML, written as it goes: well-formed whatever texts and attributes hold."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Self
from xml.sax.saxutils import escape, quoteattr

Attributes = Mapping[str, str | None]
"""Those that are ``None`` are left out."""
_NONE: Attributes = {}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+")
"""No XML document can have these, not even escaped (https://www.w3.org/TR/xml/#charsets)."""
_HELD = 2_000
"""Pieces that are written at a time."""


class Markup:
    """A document that is written to a file, element by element; each ends a line.

    >>> from io import BytesIO
    >>> file = BytesIO()
    >>> with Markup(file) as x, x.element("p", {"n": "1"}):
    ...     x.text("<script>")
    >>> file.getvalue().decode()
    '<?xml version="1.0" encoding="UTF-8"?>\\n<p n="1">&lt;script&gt;</p>\\n'
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n']

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self._flush()

    @contextmanager
    def element(self, name: str, attributes: Attributes = _NONE) -> Iterator[None]:
        """An element around what is written meanwhile."""
        self._write(f"<{name}{_printed(attributes)}>")
        yield
        self._write(f"</{name}>\n")

    def empty(self, name: str, attributes: Attributes = _NONE) -> None:
        """An element without content."""
        self._write(f"<{name}{_printed(attributes)}/>\n")

    def line(self, name: str, text: str, attributes: Attributes = _NONE) -> None:
        """An element with this text in it."""
        self._write(f"<{name}{_printed(attributes)}>{_escaped(text)}</{name}>\n")

    def text(self, text: str) -> None:
        """Characters, none of which is markup."""
        self._write(_escaped(text))

    def _write(self, piece: str) -> None:
        self._pieces.append(piece)
        if len(self._pieces) >= _HELD:
            self._flush()

    def _flush(self) -> None:
        self._file.write("".join(self._pieces).encode())
        self._pieces.clear()


def _escaped(text: str) -> str:
    # A reader takes a bare carriage return for a line feed.
    return escape(_FORBIDDEN.sub("", text), {"\r": "&#13;"})


def _printed(attributes: Attributes) -> str:
    return "".join(
        f" {name}={quoteattr(_FORBIDDEN.sub('', value))}" for name, value in attributes.items() if value is not None
    )
