"""Looks out of a folder of saved pages: by hand, by a browser, by wget.

A saved page seldom says where it is from. Its address is, in this order: ``prefix`` with its path in the folder; what
the browser noted when it saved the page; the canonical address that the page gives; its path, where that begins with a
host as wget's mirrors do. Its time is the one that the browser noted, else that of the file.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from archive.intake import Look, Skipped
from archive.models import Capture
from archive.urls import is_web
from crawler.errors import ParseError, SourceUnreadable
from crawler.parsers.characters import decode
from crawler.parsers.document import parse
from crawler.parsers.embedded import read_embedded
from crawler.settings import DOWNLOAD_MAXSIZE

ENDINGS = (".html", ".htm", ".xhtml", ".shtml")
HEAD = 4_096
"""Bytes at the beginning of a page among which browsers leave their notes."""
_SAVED_FROM = re.compile(rb"<!-- saved from url=\(\d+\)(\S+)")
_SINGLE_FILE = re.compile(rb"Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^(\r\n]+)")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)


def looks(folder: Path, prefix: str | None = None) -> Iterator[Look | Skipped]:
    """Every page in the folder and those below it, in the order of their times.

    Raises ``SourceUnreadable`` where there is none.
    """
    paths = sorted(
        (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file()),
        key=lambda path: (path.stat().st_mtime, path),
    )
    if not paths:
        raise SourceUnreadable(folder, f"there is no page in it ({', '.join(ENDINGS)})")
    for path in paths:
        yield _look(path, path.relative_to(folder), prefix)


def _look(path: Path, place: Path, prefix: str | None) -> Look | Skipped:
    try:
        if path.stat().st_size > DOWNLOAD_MAXSIZE:
            return Skipped(name=str(path), reason="it is larger than a crawl takes")
        body, saved = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        return Skipped(name=str(path), reason=error.strerror or str(error))
    note = _SINGLE_FILE.search(body[:HEAD])
    url = _address(body, place, prefix)
    if url is None:
        return Skipped(name=str(path), reason="nothing tells its address; --url-prefix does")
    capture = Capture(
        url=url, final_url=url, fetched_at=(_noted(note[2]) if note else None) or saved, status=200, body=body
    )
    return Look(name=str(path), capture=capture)


def _address(body: bytes, place: Path, prefix: str | None) -> str | None:
    if prefix:
        return prefix.rstrip("/") + "/" + quote(place.as_posix())
    note = _SAVED_FROM.search(body[:HEAD]) or _SINGLE_FILE.search(body[:HEAD])
    noted = note[1].decode("utf-8", "replace") if note else None
    is_mirror = len(place.parts) > 1 and _HOST.fullmatch(place.parts[0])
    candidates = (noted, _canonical(body), f"https://{quote(place.as_posix())}" if is_mirror else None)
    return next((url for url in candidates if url and is_web(url)), None)


def _canonical(body: bytes) -> str | None:
    """The absolute address that the page gives for itself."""
    try:
        found = read_embedded(parse(decode(body, None).text, "https://nowhere.invalid/")).canonical_url
    except ParseError:
        return None
    return found.value if found and "//nowhere.invalid/" not in found.value else None


def _noted(text: bytes) -> datetime | None:
    """The time as browsers print it: Mon Jun 01 2020 10:00:00 GMT+0200."""
    try:
        return datetime.strptime(text.decode("ascii", "replace").strip(), "%a %b %d %Y %H:%M:%S GMT%z")
    except ValueError:
        return None
