"""A foreign page as text for the frame in which it is shown.

A policy keeps a page from running and from loading. But browsers open a connection to the place of a frame, and of a
link that is followed in one, before they ask the policy (Chromium 156 does), and to what `<link rel=preconnect>` names;
that tells another machine that somebody reads. So in what is shown there are no frames and no links of the head, which
would stay blank anyway, and every link asks for a window of its own, which the sandbox does not grant. In the bytes all
this might hide behind an encoding, so the page is decoded first.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import suppress

CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE)
_HEAD = 2_048
"""Bytes among which a page names its charset."""
_BOMS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"))
_KNOWN = re.compile(
    r"utf-?(?:8|16)|gb|big5|euc|iso|shift|sjis|windows|cp\d|latin|us-ascii|ascii|koi8|ks_c", re.IGNORECASE
)
"""What pages are written in; Python has codecs beside these that take their time."""
_CHINESE = re.compile("gb_?2312|gbk|x-gbk", re.IGNORECASE)
_CONNECTING = re.compile("<(/?)(link|iframe|frame(?!set))", re.IGNORECASE)
_HARMLESS = {"link": "meta", "frame": "meta", "iframe": "template"}
"""What stands in a page at the same places, with an end or without, and shows nothing."""


_TARGET = re.compile(r"""(?<=[\s/"'])target(?=\s*=)""", re.IGNORECASE)
_FRONT = re.compile(r"(?:\s|\ufeff|<!--.*?-->)*(?:<!doctype[^>]*>)?", re.IGNORECASE | re.DOTALL)
"""What may stand before the elements of a page; without its doctype it would be drawn otherwise."""
_WINDOWS = '<base target="_blank">'


def framed(body: bytes, content_type: str | None) -> bytes:
    """The page in UTF-8, with elements that no browser acts upon in place of those for which one opens connections.

    >>> framed(b"<!DOCTYPE html><LINK rel=preconnect href=//news.example><a target=_top>A</a>", "text/html").decode()
    '<!DOCTYPE html><base target="_blank"><meta rel=preconnect href=//news.example><a x-target=_top>A</a>'
    """
    text = _TARGET.sub("x-target", _CONNECTING.sub(_harmless, _text(body, content_type or "")))
    front = _FRONT.match(text)
    place = front.end() if front else 0
    return (text[:place] + _WINDOWS + text[place:]).encode(errors="replace")


def _harmless(found: re.Match[str]) -> str:
    return f"<{found[1]}{_HARMLESS[found[2].lower()]}"


def _text(body: bytes, content_type: str) -> str:
    for charset in _charsets(body, content_type):
        with suppress(LookupError):
            return body.decode("gb18030" if _CHINESE.fullmatch(charset) else charset, errors="replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("gb18030", errors="replace")


def _charsets(body: bytes, content_type: str) -> Iterator[str]:
    """As browsers seek them: the mark at the beginning, what the server says, what the page says."""
    yield from (charset for mark, charset in _BOMS if body.startswith(mark))
    for text in (content_type, body[:_HEAD].decode("latin-1")):
        yield from (found[1] for found in CHARSET.finditer(text) if _KNOWN.match(found[1]))
