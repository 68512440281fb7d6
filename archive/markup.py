"""XML and HTML, written element by element; whatever a page printed stays text."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from typing import BinaryIO
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What has no place in XML 1.0 (2.2), not even escaped: control characters, halves of surrogate pairs."""
_NONE: Mapping[str, str] = {}


def allowed(text: str) -> str:
    r"""The text without the characters that XML forbids.

    >>> allowed("苏\x00州\ud800")
    '苏州'
    """
    return _FORBIDDEN.sub("", text)


class Markup:
    """Markup that goes to a file in UTF-8, or to a text in memory.

    >>> markup = Markup(text := StringIO())
    >>> with markup.element("p", {"lang": "zh"}):
    ...     markup.text("1 < 2")
    >>> text.getvalue()
    '<p lang="zh">1 &lt; 2</p>'
    """

    def __init__(self, target: BinaryIO | StringIO) -> None:
        self._out = XMLGenerator(target, "utf-8")

    def declare(self) -> None:
        """Begin a document of XML."""
        self._out.startDocument()

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str] = _NONE) -> Iterator[None]:
        """An element around what is written inside."""
        self._out.startElement(name, AttributesImpl({key: allowed(value) for key, value in attributes.items()}))
        yield
        self._out.endElement(name)

    def empty(self, name: str, attributes: Mapping[str, str] = _NONE) -> None:
        """An element with nothing in it."""
        with self.element(name, attributes):
            pass

    def leaf(self, name: str, text: str, attributes: Mapping[str, str] = _NONE) -> None:
        """An element with nothing but text in it."""
        with self.element(name, attributes):
            self.text(text)

    def text(self, text: str) -> None:
        """Text, with nothing in it that could be markup."""
        self._out.characters(allowed(text))
