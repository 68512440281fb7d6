"""Measures of text that hold for Chinese, Japanese, Korean and alphabetic scripts alike."""

import re
import unicodedata
from functools import lru_cache

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"

_CJK = re.compile(f"[{CJK}]")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_WORD = re.compile(f"[^\\W_{CJK}]+")
_SPACELESS = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0edf\u1000-\u109f\u1780-\u17dd]")
"""Thai, Lao, Burmese and Khmer letters and signs: words without spaces between them."""
_ZERO_WIDTH = "\u200b\u200c\u200e\u200f\u2060\ufeff"
_SOFT_HYPHEN = "\u00ad"
"""Where a word may be broken; no part of it."""
_ZERO_WIDTHS = re.compile(f"[{_ZERO_WIDTH}]")
_COMMANDS = "\x80-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
"""Second half of the controls, which some terminals obey, and marks that turn the order of letters around; not the line
break among them."""
_CONTROL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff{_COMMANDS}]")
_CONTROL_BYTES = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\n\r")
_COMMAND_BYTES = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbf[\xbe\xbf]")
_SELDOM = re.compile(f"[{_ZERO_WIDTH}{_COMMANDS}]")
_MARK = re.compile(r"[\W_]+")
_PUNCTUATION = re.compile(
    r"[，。！？；：、…!?;،؛؟।॥։።፣။។།]|[,.](?=\s|$)|[\u4e00-\u9fff],|[\u0e01-\u0edf]\s+(?=[\u0e01-\u0edf])"
)
"""Marks of sentences and clauses; in Thai and Lao that is the space."""
SENTENCE_END = re.compile(r"[。！？!?.…；;：:，,،؛؟।॥։።፣။។།][”’」』\"')）]*$")
LONGEST_COMPARED = 500
"""Letters of a text that are compared with another one's; no title is longer."""
LONGEST_FIELD = 10_000
"""Characters of a title, a summary, a name that are kept: no real one has a tenth of that."""
FULL_STOP = re.compile(r"[。！？!?.…؟।॥።។][”’」』\"')）]*$")
"""How a whole sentence ends."""

_REMEMBERED = 4_096
"""Texts whose measures are kept: a site prints its menus on every page, and lines are compared more than once."""
# An alphabetic word says about as much as 1.7 Han characters.
WORD_WEIGHT = 1.7
# A Thai word has some five letters and signs.
SIGN_WEIGHT = WORD_WEIGHT / 5


def printable(text: str) -> str:
    """The text without what no page prints, no terminal should obey and no database keeps: controls, NUL, marks that
    turn the order of letters around, halves of surrogate pairs."""
    return _CONTROL.sub("", text)


def printable_bytes(text: str) -> bytes:
    """The same as UTF-8, for long texts."""
    data = text.encode("utf-8", "ignore").translate(None, _CONTROL_BYTES)
    return data if data.isascii() else _COMMAND_BYTES.sub(b"", data)


def squeeze(text: str) -> str:
    """The text on one line: each run of white space becomes one space, none at the ends; no controls."""
    if not text.isascii():
        text = text.replace(_SOFT_HYPHEN, "")
        if _SELDOM.search(text):  # from escapes such as &#x202e;
            text = _ZERO_WIDTHS.sub(" ", _CONTROL.sub("", text))
    elif "\x7f" in text:
        text = text.replace("\x7f", "")
    return " ".join(text.split())


@lru_cache(maxsize=_REMEMBERED)
def weight(text: str) -> float:
    """How much is said: a CJK character counts 1, an alphabetic word 1.7."""
    if text.isascii():
        return WORD_WEIGHT * len(_WORD.findall(text))
    said = len(_CJK.findall(text)) + WORD_WEIGHT * len(_WORD.findall(text))
    return said + SIGN_WEIGHT * len(_SPACELESS.findall(text)) if _SPACELESS.search(text) else said


@lru_cache(maxsize=_REMEMBERED)
def punctuation(text: str) -> int:
    """How many marks of sentences and clauses the text has."""
    if text.isascii():  # the same count, in a fifth of the time
        plain = f"{text} "
        return sum(map(plain.count, (". ", ", ", "!", "?", ";")))
    return len(_PUNCTUATION.findall(text))


@lru_cache(maxsize=_REMEMBERED)
def letters(text: str) -> str:
    """Letters and digits only, full width and case folded: what two prints of one title share."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _MARK.sub("", text).casefold()


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters, to see whether two texts speak of the same."""
    plain = letters(text)[:LONGEST_COMPARED]
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def share_of_pairs(wanted: frozenset[str], text: str) -> float:
    """How many of some pairs of letters a text has, 0 to 1."""
    if not wanted:
        return 0.0
    plain = letters(text)
    return sum(pair in plain for pair in wanted) / len(wanted)


def language_of(text: str) -> str | None:
    """The language that the script of a text tells: zh, ja or ko; ``None`` for alphabets."""
    kana, hangul, cjk = len(_KANA.findall(text)), len(_HANGUL.findall(text)), len(_CJK.findall(text))
    if cjk < 0.1 * len(text) or not cjk:
        return None
    return "ko" if hangul > 0.3 * cjk else "ja" if kana > 0.1 * cjk else "zh"
