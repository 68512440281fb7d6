"""Addresses of pages inside addresses of the room.

In those that the room makes, ``?`` stands as ``%3F``, so that all behind a ``?`` is the room's own. What a reader or a
program puts together by hand is understood too.
"""

import re
from collections.abc import Collection, Iterator
from urllib.parse import quote, unquote

from archive.urls import clean

_TO_HIDE = re.compile(r"%25|%3F|\?", re.IGNORECASE)
_HIDDEN = re.compile("%2525|%253F|%3F", re.IGNORECASE)
_SAFE = "%/:;=&@!$()*+,~'[]"
_SCHEME = re.compile("(https?):/*", re.IGNORECASE)
_OTHER = {"http": "https", "https": "http"}


def in_path(url: str) -> str:
    """An address as the end of a path.

    >>> in_path("https://news.example/a?id=1")
    'https://news.example/a%3Fid=1'
    """
    hidden = _TO_HIDE.sub(lambda found: "%3F" if found[0] == "?" else "%25" + found[0][1:], url)
    return quote(hidden, safe=_SAFE)


def in_header(url: str) -> str:
    """An address between the angle brackets of a header, whatever another program wrote as one.

    >>> in_header("https://news.example/a?id=>\\r\\n")
    'https://news.example/a?id=%3E%0D%0A'
    """
    return quote(url, safe=_SAFE + "?")


def meant(path: str, query_string: str, ours: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The addresses that the end of a path can mean, the likeliest first, and whether the query string is of it.

    ``ours`` are the names in the query string that are the room's own where no page of that very address is known.

    >>> [url for url, _ in meant("https:/news.example/a", "id=1&lang=en", {"lang"})][:2]
    ['https://news.example/a?id=1&lang=en', 'https://news.example/a?id=1']
    """
    theirs = "&".join(pair for pair in query_string.split("&") if pair.partition("=")[0] not in ours)
    queries = dict.fromkeys((query_string, theirs, ""))
    texts = dict.fromkeys((_HIDDEN.sub(_shown, path), path, unquote(path)))
    addresses = [(text + ("?" if query else "") + query, bool(query)) for query in queries for text in texts]
    for spell in (_with_scheme, _with_other_scheme):
        yield from ((clean(spell(address)), has_query) for address, has_query in addresses)


def _shown(found: re.Match[str]) -> str:
    return "?" if found[0].upper() == "%3F" else "%" + found[0][3:]


def _with_scheme(address: str) -> str:
    """With both slashes, of which a proxy may have left one."""
    scheme = _SCHEME.match(address)
    return f"{scheme[1]}://{address[scheme.end() :]}" if scheme else f"https://{address}"


def _with_other_scheme(address: str) -> str:
    address = _with_scheme(address)
    scheme, _, rest = address.partition("://")
    return f"{_OTHER[scheme.lower()]}://{rest}"
