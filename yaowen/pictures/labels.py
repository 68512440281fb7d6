"""Texts of pages as labels of a picture."""

import unicodedata

LONGEST = 40
"""Columns of a title: a Chinese character takes two."""
_NO_GLYPH = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, what turns the direction of the text, and what is no character: nothing to draw, and no XML."""


def label(text: str, longest: int = LONGEST) -> str:
    """The text in one line, cut where it is too long.

    >>> label("运河边的\\n图书馆\\u202e <b>", 20), label("运河边的图书馆", 10)
    ('运河边的 图书馆 <b>', '运河边的…')
    """
    plain = unicodedata.normalize("NFC", " ".join(text[: 4 * longest].split()))
    line, left = "", longest
    for character in plain:
        if unicodedata.category(character) in _NO_GLYPH:
            continue
        left -= width(character)
        if left < 0:
            return _cut(line, longest)
        line += character
    return line


def _cut(line: str, longest: int) -> str:
    while width(line) >= longest:
        line = line[:-1]
    return f"{line.rstrip()}…"


def width(text: str) -> int:
    """Columns that a text takes.

    >>> width("图书馆 a")
    8
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
