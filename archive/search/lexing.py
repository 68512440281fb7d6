"""What was typed, cut into words, quoted text, brackets, operators and names of fields."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Literal, NamedTuple

from archive.errors import QueryError

Kind = Literal["word", "quoted", "field", "(", ")", "OR", "AND", "NOT", "end"]

FIELDS = {
    "title": ("标题", "標題"),
    "section": ("小标题", "小標題"),
    "source": ("来源", "來源"),
    "category": ("栏目", "欄目", "分类", "分類"),
    "site": ("网站", "網站"),
    "author": ("作者",),
    "date": ("日期",),
    "views": ("浏览", "瀏覽"),
    "tag": ("标签", "標籤"),
    "note": ("备注", "備註"),
}
"""The names of fields, and what they are called on a Chinese keyboard: ``标题：人才``."""

ALIKE = 0.78
"""How like a field's name what stands before a colon must be to be taken for a slip: titel, tags, categories."""

_NAMES = {name: field for field, names in FIELDS.items() for name in (field, *names)}

# A keyboard set to full width types ＯＲ, （ and －; some type a dash for a hyphen. One character stays one, and so
# every place is that of the query.
_HALF_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}
_HALF_WIDTH |= dict.fromkeys((0x2012, 0x2013, 0x2014, 0x2212), 0x2D)

_TOKEN = re.compile(
    rf"""
    [\s;、]+ | ,
    | (?P<bracket>[()])
    | (?:["“”„](?P<quoted>[^"“”„]*)["“”„] | 「(?P<corner>[^」]*)」 | 『(?P<double>[^』]*)』) (?:\s*~(?P<distance>\d*))?
    | (?P<open>["“”„「『])
    | (?P<operator>(?:OR|AND|NOT)(?=[\s()|"“”„「『]|$) | \|)
    | (?P<minus>-)(?=[^\s)\-])
    | (?P<field>(?i:{"|".join(_NAMES)})):\s*
    | (?P<word>(?:[^\s()|"“”„「『;、,] | (?<=\d),(?=\d))+)
    """,
    re.VERBOSE,
)
_OPERATORS: dict[str, Kind] = {"OR": "OR", "|": "OR", "AND": "AND", "NOT": "NOT", "(": "(", ")": ")"}


class Token(NamedTuple):
    """A piece of the query."""

    kind: Kind
    place: int
    """The 0-based character where it begins."""
    text: str = ""
    """As typed, in half width; without its quotation marks, and the name of a field in English."""
    distance: int | None = None
    """Of quoted words that need only be near each other."""


def tokens(query: str) -> Iterator[Token]:
    """The pieces in order, and the end; list punctuation between words is passed over.

    Raises ``QueryError`` for a quote that stays open, nearness without a number and a field's name with a slip in it.

    >>> [(token.kind, token.text) for token in tokens("标题：人才 －“苏州”")]
    [('field', 'title'), ('word', '人才'), ('NOT', '-'), ('quoted', '苏州'), ('end', '')]
    """
    for found in _TOKEN.finditer(query.translate(_HALF_WIDTH)):
        place, kind = found.start(), found.lastgroup
        match kind:
            case "bracket" | "operator":
                yield Token(_OPERATORS[found[0]], place, found[0])
            case "minus":
                yield Token("NOT", place, "-")
            case "field":
                yield Token("field", place, _NAMES[found["field"].lower()])
            case "word":
                name, colon, _ = found[0].partition(":")
                if colon and name.isalpha() and (meant := get_close_matches(name.lower(), FIELDS, 1, ALIKE)):
                    reason = f"{name}: is no field; did you mean {meant[0]}:? In quotes it is text"
                    raise QueryError(query, place, reason)
                yield Token("word", place, found[0])
            case "open":
                raise QueryError(query, place, "the quote is never closed")
            case None:
                pass
            case _:
                text = found["quoted"] or found["corner"] or found["double"] or ""
                if found["distance"] == "":
                    raise QueryError(query, found.end() - 1, "~ needs a number behind it, the characters between")
                yield Token("quoted", place, text, int(found["distance"]) if found["distance"] else None)
    yield Token("end", len(query))
