"""From bytes to text: what the page declares is a hint, what the decoded text looks like decides."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

# Wide supersets in place of the labels that pages print: "gb2312" pages hold GBK characters, "shift_jis" ones cp932.
WIDER = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
}
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
"""Byte order marks."""
DOUBLE_BYTES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
GUESSES = ("cp1252", *DOUBLE_BYTES)
"""Tried in this order where nothing, or something wrong, is declared; of equals the first wins."""
SAMPLE = 100_000
"""Characters beyond ASCII that judge a charset; every replaced one in the whole page counts nevertheless."""
TOLERATED = 0.02
"""Share of characters beyond ASCII that may be broken in a page whose charset is nevertheless right."""
MOSTLY_VALID = 3
"""Characters beyond ASCII that UTF-8 makes of some bytes for each that it does not, where they are UTF-8."""
PLAUSIBLE = 0.12
"""Least share of frequent characters in a text that was decoded right; wrong charsets stay under .06."""

FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
    "這個們來為國說時會對於著過發後裡種經學現當沒動進樣開從實軍長機將兩間問業關點應戰頭見產給門兒東聲員義氣題爾別變總電數報結計場務認論處條幾"
    "이다는에의을가를은고하지로한도어사기리그니대자시아인나있서해일으라게들과부정것수보제장상전주국여년원성유"
    "äöüßéèàçñáíóúâêîôûåæøÄÖÜÉ©\xa0“”‘’–—…€«»·，。：；、！？（）《》【】「」\u3000"
)
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_TWICE = re.compile(rb"\xc3[\x82-\xb4]\xc2[\x80-\x9f]")
"""A letter and a control character that no page prints, where UTF-8 was encoded again."""
_RUN = re.compile("[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """Text made from bytes."""

    text: str
    charset: str
    reason: str
    """Why this charset: ``byte order mark``, ``valid UTF-8``, ``declared by HTTP``, ``declared by the page`` ..."""
    replaced: int = 0
    """How many replacement characters stand for bytes that the charset does not know."""


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page, whatever its charset; never fails, and counts what it had to replace."""
    for mark, charset in MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], charset, "byte order mark")
    wide = _utf16(body)
    if wide:
        return _decoded(body, wide, "every other byte is zero")
    if b"\x1b$" in body[:20_000]:
        return _decoded(body, "iso2022_jp", "escape sequences")
    try:
        text = body.decode("utf-8")
        if _TWICE.search(body):
            return Decoded(text=_RUN.sub(_once, text), charset="utf-8", reason="valid UTF-8, parts of it encoded twice")
        return Decoded(text=text, charset="utf-8", reason="valid UTF-8")
    except UnicodeDecodeError:
        return _nearly_utf8(body) or _declared(body, content_type) or _guessed(body)


def _once(run: re.Match[str]) -> str:
    """The character of which UTF-8 bytes were taken for Latin-1 and encoded again: â\x80\x99 is ’."""
    try:
        return run[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return run[0]


def _nearly_utf8(body: bytes) -> Decoded | None:
    """Bytes that make characters of UTF-8 but for a few; those of no other charset do."""
    decoded = _decoded(body, "utf-8", "nearly valid UTF-8")
    beyond = sum(map(len, _BEYOND_ASCII.findall(decoded.text)))
    return decoded if beyond - decoded.replaced >= MOSTLY_VALID * decoded.replaced else None


def _declared(body: bytes, content_type: str | None) -> Decoded | None:
    for label, reason in _labels(body, content_type):
        decoded = _decoded(body, label, reason)
        beyond = sum(map(len, _BEYOND_ASCII.findall(decoded.text)))
        if decoded.replaced <= 1 + TOLERATED * beyond and _plausibility(decoded) >= PLAUSIBLE:
            return decoded
    return None


def _labels(body: bytes, content_type: str | None) -> Iterator[tuple[str, str]]:
    found = [(_HEADER.search(content_type or ""), "declared by HTTP")]
    labels = [(match[1], reason) for match, reason in found if match]
    for pattern in (_META, _XML):
        match = pattern.search(body[:20_000])
        if match:
            labels.append((match[1].decode("ascii", "replace"), "declared by the page"))
    for label, reason in labels:
        charset = WIDER.get(label.lower(), label.lower())
        # "iso-8859-1" is what servers say that do not know; any bytes decode as it, so it is only guessed.
        if charset != "cp1252" and _is_text_codec(charset):
            yield charset, reason


_NO_CHARSETS = ("utf-7", "utf_7", "idna", "punycode", "undefined")
"""Python's codecs that no page is written in; the last one refuses everything, and some servers do declare it."""


def _is_text_codec(charset: str) -> bool:
    try:
        return codecs.lookup(charset)._is_text_encoding and not charset.startswith(_NO_CHARSETS)
    except (LookupError, ValueError):
        return False


def _guessed(body: bytes) -> Decoded:
    guesses = [_decoded(body, charset, "most plausible text") for charset in GUESSES]
    return max(guesses, key=_plausibility)


def _plausibility(decoded: Decoded) -> float:
    """Share of frequent characters among those beyond ASCII; a replacement character counts thrice against it.

    A charset of double bytes makes one Han character of an apostrophe and the letter behind it: such stand alone.
    """
    runs = _BEYOND_ASCII.findall(decoded.text)
    beyond = Counter("".join(runs)[:SAMPLE])
    if not beyond:
        return 0.0 if decoded.replaced else 1.0
    if decoded.charset in DOUBLE_BYTES and 2 * sum(len(run) == 1 for run in runs) > sum(map(len, runs)):
        return 0.0
    frequent = sum(count for char, count in beyond.items() if char in FREQUENT or "\u3041" <= char <= "\u30fc")
    return (frequent - 3 * beyond["\ufffd"]) / beyond.total()


def _decoded(body: bytes, charset: str, reason: str) -> Decoded:
    text = body.decode(charset, "replace")
    return Decoded(text=text, charset=charset, reason=reason, replaced=text.count("\ufffd"))


def _utf16(body: bytes) -> str | None:
    """The UTF-16 order of bytes without a mark: markup has a zero in every other byte."""
    start = body[:400]
    even, odd = start[::2].count(0), start[1::2].count(0)
    enough = len(start) // 4
    if max(even, odd) <= enough or min(even, odd) > enough // 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"
