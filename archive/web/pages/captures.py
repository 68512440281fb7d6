"""A page as it was fetched: what is known of that look, and the bytes, which can do nothing here but be seen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from archive.captures import content_type_of, headers
from archive.errors import ContentDamaged, ContentPruned
from archive.mementos import Memento, look, nearest, neighbours, period_of
from archive.store import Archive
from archive.times import NEVER
from archive.web.addresses import in_path
from archive.web.answers import Answer, Asked, BadValue, Moved, NotHere, Page, Sent, View
from archive.web.formats import memento
from archive.web.framed import CHARSET, framed
from archive.web.memento import address_asked, memento_headers, nothing_of, place

POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self'"
)
"""Of foreign bytes: an origin of their own, no scripts, and nothing loaded that does not stand in them."""
_FENCE = {
    "content-security-policy": POLICY,
    # With that of our own pages, browsers show nothing of what is in a sandbox by its own policy.
    "cross-origin-opener-policy": "unsafe-none",
    "x-dns-prefetch-control": "off",
}
_MOST_CAPTURES = 2**62
_HTML = ("text/html", "application/xhtml+xml")
_TEXTS = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|application/javascript\b")
_ENDINGS = {"html": ".html", "text": ".txt", "download": ""}
_ERRORS = frozenset(range(400, 600)) - {401, 407}
"""Answers that a memento is given with, as it was (RFC 7089 4.5); browsers ask for passwords at the others."""

Kind = Literal["html", "text", "download"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What a capture's own page tells of it, beside what the list of captures does."""

    final_url: str
    headers: Mapping[str, str]
    content_type: str | None
    reason: str | None
    tries: int
    size: int | None
    """Bytes after content-decoding."""
    spider: str | None
    parser_version: str | None
    article_id: int | None
    title: str | None


def page(archive: Archive, asked: Asked) -> Answer:
    """The look at an address that is nearest to a time; where it is of another time, the way to it."""
    found = _found(archive, asked)
    if isinstance(found, Moved):
        return found
    url, one = found
    details, around = _details(archive, one), neighbours(archive.db, url, one)
    body, flaw = _bytes_or_flaw(archive, url, one)
    kind = _kind(details.content_type, body or b"")
    return Page(
        "capture.html",
        {
            "url": url,
            "look": one,
            "details": details,
            "is_html": kind == "html",
            "is_shown": body is not None and kind != "download",
            "flaw": flaw,
            "frame": place(asked, url, one, "if_"),
            "download": place(asked, url, one, "id_") if body is not None else None,
            "around": {
                name: (other, place(asked, url, other))
                for name in ("first", "previous", "next", "last")
                if (other := getattr(around, name)) and other != one
            },
            "all": asked.at(f"/web/*/{in_path(url)}"),
        },
        headers=_relations(archive, asked, url, one),
    )


def as_fetched(archive: Archive, asked: Asked) -> Answer:
    """The bytes of a capture, for programs and to be saved; a browser does not open them."""
    found = _found(archive, asked, "id_")
    if isinstance(found, Moved):
        return found
    url, one = found
    body, details = _bytes(archive, url, one), _details(archive, one)
    kind = _kind(details.content_type, body)
    disposition = {"content-disposition": f'attachment; filename="capture-{one.id}{_ENDINGS[kind]}"'}
    return Sent(
        body=body,
        content_type=_served_as(kind, details.content_type),
        status=one.status if one.status in _ERRORS else 200,
        headers={**_FENCE, **disposition, **_relations(archive, asked, url, one, "id_")},
    )


def in_frame(archive: Archive, asked: Asked) -> Answer:
    """The page of a capture in a box of its own, for the frame of the page that tells of it; alone it is not shown."""
    found = _found(archive, asked, "if_")
    if isinstance(found, Moved):
        return found
    url, one = found
    if asked.headers.get("sec-fetch-dest") == "document":  # a link in it would lead out of a window of its own
        return Moved(place(asked, url, one))
    body, details = _bytes(archive, url, one), _details(archive, one)
    kind = _kind(details.content_type, body)
    if kind == "download":
        raise NotHere("capture.not_shown")
    return Sent(
        body=framed(body, details.content_type) if kind == "html" else body,
        content_type="text/html; charset=utf-8" if kind == "html" else _served_as(kind, details.content_type),
        headers={**_FENCE, **_relations(archive, asked, url, one, "if_")},
    )


def _relations(archive: Archive, asked: Asked, url: str, one: Memento, form: str = "") -> Mapping[str, str]:
    """The headers of a memento; none where it is none."""
    return memento_headers(asked, url, one, neighbours(archive.db, url, one), form) if one.has_bytes else {}


def _found(archive: Archive, asked: Asked, form: str = "") -> Moved | tuple[str, Memento]:
    """The address and the look at it that the path names; or where that is, if the path names it otherwise."""
    url, has_query = address_asked(archive, asked)
    try:
        start, end = period_of(asked.parts["time"])
    except (ValueError, OverflowError):
        raise BadValue("time", asked.parts["time"]) from None
    if "capture" in asked.values and not has_query:
        one = look(archive.db, url, asked.number("capture", 0, most=_MOST_CAPTURES))
    else:
        one = nearest(archive.db, url, start, end)
    if one is None:
        raise nothing_of(archive, url)
    is_exact = memento(one.fetched_at or NEVER) == asked.parts["time"]
    return (url, one) if is_exact and not has_query else Moved(place(asked, url, one, form))


def _details(archive: Archive, one: Memento) -> Details:
    (row,) = archive.db.query(
        """
        SELECT CAST(final_url AS TEXT) AS final_url, headers, CAST(reason AS TEXT) AS reason, tries,
            iif(typeof(size) = 'integer', size, NULL) AS size, CAST(spider AS TEXT) AS spider,
            CAST(parser_version AS TEXT) AS parser_version, articles.id AS article_id,
            CAST(articles.title AS TEXT) AS title
        FROM captures LEFT JOIN contents ON sha256 = content_hash LEFT JOIN crawls ON crawls.id = crawl_id
            LEFT JOIN articles ON articles.id = article_id
        WHERE captures.id = :id
        """,
        {"id": one.id},
    )
    return Details(**{**row, "headers": headers(row["headers"])}, content_type=content_type_of(row["headers"]))


def _bytes(archive: Archive, url: str, one: Memento) -> bytes:
    """Raises ``NotHere`` where nothing came, ``ContentPruned``, and ``ContentDamaged`` also where they are missing."""
    if one.content_hash is None:
        raise NotHere("capture.nothing_came", url=url)
    try:
        return archive.contents.get(one.content_hash)
    except KeyError:  # another program left their row out
        raise ContentDamaged(one.content_hash, "they are not there") from None


def _bytes_or_flaw(archive: Archive, url: str, one: Memento) -> tuple[bytes | None, str]:
    """The bytes, or the key of the sentence why there are none."""
    try:
        return _bytes(archive, url, one), ""
    except NotHere as error:
        return None, error.key
    except (ContentPruned, ContentDamaged) as error:
        return None, f"sorry.{type(error).__name__}"


def _kind(content_type: str | None, body: bytes) -> Kind:
    """How a browser is given the bytes; a page without a type is told by its first sign."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type in _HTML or (not media_type and body.lstrip().startswith(b"<")):
        return "html"
    return "text" if _TEXTS.match(media_type) else "download"


def _served_as(kind: Kind, content_type: str | None) -> str:
    charset = CHARSET.search(content_type or "")
    if kind == "download":
        return "application/octet-stream"
    return f"text/{'html' if kind == 'html' else 'plain'}" + (f"; charset={charset[1]}" if charset else "")


ROUTES: Mapping[str, View] = {
    r"/web/(?P<time>\d{4,14})/(?P<url>.+)$": page,
    r"/web/(?P<time>\d{4,14})id_/(?P<url>.+)$": as_fetched,
    r"/web/(?P<time>\d{4,14})if_/(?P<url>.+)$": in_frame,
}
