"""XML, written as it goes: well-formed whatever texts and attributes hold."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from types import TracebackType
from typing import IO, Self

Value = str | int | bool
Attributes = Mapping[str, Value | None]
"""Those that are ``None`` are left out."""

_NONE: Attributes = {}
_ABOVE_SURROGATES = "\ue000-\ufffd\U00010000-\U0010ffff"
_NOT_IN_TEXT = re.compile(f"[^\t\n\x20-%'-;=?-\ud7ff{_ABOVE_SURROGATES}]")
"""What has to be written as a reference, and what no document can have (https://www.w3.org/TR/xml/#charsets)."""
_NOT_IN_ATTRIBUTES = re.compile(f"[^\x20!#-%'-;=?-\ud7ff{_ABOVE_SURROGATES}]")
_REFERENCES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    # A reader takes a bare carriage return for a line feed, and in an attribute each of these for a blank.
    "\r": "&#13;",
    "\n": "&#10;",
    "\t": "&#9;",
}
_FORBIDDEN = re.compile(f"[^\t\n\r\x20-\ud7ff{_ABOVE_SURROGATES}]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_HELD = 2_000
"""Pieces that are written at a time."""


def allowed(text: str) -> str:
    r"""The text without the characters that no document can have.

    >>> allowed("苏\x00州\ud800")
    '苏州'
    """
    return _FORBIDDEN.sub("", text)


class Markup:
    """A document that is written to a file, element by element; each ends a line.

    >>> from io import BytesIO
    >>> file = BytesIO()
    >>> with Markup(file) as x, x.element("p", {"n": 1, "hidden": False, "id": None}):
    ...     x.text("<script>")
    >>> file.getvalue().decode()
    '<?xml version="1.0" encoding="UTF-8"?>\\n<p n="1" hidden="false">&lt;script&gt;</p>\\n'
    """

    def __init__(self, file: IO[bytes], *, declaration: str = _DECLARATION, line_end: str = "\n") -> None:
        self._file, self._line_end = file, line_end
        self._pieces = [declaration]

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
        self._write(f"</{name}>{self._line_end}")

    def empty(self, name: str, attributes: Attributes = _NONE) -> None:
        """An element without content."""
        self._write(f"<{name}{_printed(attributes)}/>{self._line_end}")

    def line(self, name: str, text: Value, attributes: Attributes = _NONE) -> None:
        """An element with this text in it."""
        self._write(f"<{name}{_printed(attributes)}>{_escaped(text)}</{name}>{self._line_end}")

    def text(self, text: Value) -> None:
        """Characters, none of which is markup."""
        self._write(_escaped(text))

    def _write(self, piece: str) -> None:
        self._pieces.append(piece)
        if len(self._pieces) >= _HELD:
            self._flush()

    def _flush(self) -> None:
        self._file.write("".join(self._pieces).encode())
        self._pieces.clear()


class Fragment(Markup):
    """Markup that becomes text of another document, such as HTML in a feed; white space is only what is written.

    >>> fragment = Fragment()
    >>> with fragment.element("p"):
    ...     fragment.line("ins", "1 < 2")
    >>> str(fragment)
    '<p><ins>1 &lt; 2</ins></p>'
    """

    def __init__(self) -> None:
        self._content = BytesIO()
        super().__init__(self._content, declaration="", line_end="")

    def __str__(self) -> str:
        self._flush()
        return self._content.getvalue().decode()


def _escaped(text: Value) -> str:
    return _NOT_IN_TEXT.sub(_reference, _as_text(text))


def _printed(attributes: Attributes) -> str:
    return "".join(
        f' {name}="{_NOT_IN_ATTRIBUTES.sub(_reference, _as_text(value))}"'
        for name, value in attributes.items()
        if value is not None
    )


def _reference(found: re.Match[str]) -> str:
    return _REFERENCES.get(found[0], "")


def _as_text(value: Value) -> str:
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
