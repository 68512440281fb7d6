"""The feed of a search: what came into the archive, or what changed in it."""

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO

from archive.exports import atom
from archive.selection import Selection
from archive.store import Archive
from archive.web.answers import Answer, Asked, BadValue, Sent, View
from archive.web.searching import Search

_ENTRIES = 50
_FRESH = 300
"""Seconds for which a feed reader need not ask again."""


def feed(archive: Archive, asked: Asked) -> Answer:
    """The newest that a search finds, by the values that the search has on the start page.

    ``what=changes`` has edits and absences instead of new articles. A reader that has the same already gets 304.
    """
    what = asked.values.get("what", "articles")
    if what not in atom.WHAT:
        raise BadValue("what", what)
    selection = Selection(query=Search.of(asked).query or None)
    target = BytesIO()
    address = f"{asked.origin}{asked.at('/feed.atom')}{'?' if asked.query_string else ''}{asked.query_string}"
    atom.write(archive, selection, target, what=what, limit=_ENTRIES, address=address)
    body = target.getvalue()
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": f"max-age={_FRESH}"}
    is_known = _has(asked.headers.get("if-none-match", ""), tag)
    return Sent(b"" if is_known else body, "application/atom+xml; charset=utf-8", 304 if is_known else 200, headers)


def _has(given: str, tag: str) -> bool:
    """Whether ``If-None-Match`` names the tag (RFC 9110 13.1.2); those are compared weakly.

    >>> _has('"a", W/"b"', '"b"'), _has("*", '"b"'), _has("", '"b"')
    (True, True, False)
    """
    return given.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in given.split(","))


ROUTES: Mapping[str, View] = {r"/feed\.atom$": feed}
