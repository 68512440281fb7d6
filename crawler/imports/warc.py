"""Looks out of WARC and ARC files, packed or not."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import zstandard
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader
from warcio.exceptions import ArchiveLoadFailed

from archive.exports.warc import ASKED, ORIGINAL, PART_OF
from archive.intake import Look, Skipped
from archive.models import Capture
from archive.times import start_of, to_utc
from archive.urls import clean, is_web
from crawler.errors import SourceUnreadable
from crawler.settings import DOWNLOAD_MAXSIZE

ENDINGS = (".warc", ".warc.gz", ".arc", ".arc.gz")
PAGES = ("text/html", "application/xhtml+xml")
REDIRECTS = (301, 302, 303, 307, 308)
_GZIP, _PIECE = b"\x1f\x8b", 1 << 16
MOST_STEPS = 10
"""Redirects that one page may have behind it."""


def looks(path: Path) -> Iterator[Look | Skipped]:
    """Every page that the file holds, in its order; what is no page, too large or damaged is skipped.

    Raises ``SourceUnreadable`` where the file is none of its kind, or broken; what came before is good.
    """
    reader = _Reader()
    try:
        if not _opening(path).startswith((b"WARC/", b"filedesc:")):
            raise SourceUnreadable(path, "it is no WARC or ARC file, no archive and no folder of pages")
        with path.open("rb") as file:
            records = ArchiveIterator(file, arc2warc=True, check_digests=True)
            last = 0
            for record in records:
                yield from reader.read(record)
                last = records.get_record_offset()  # which reads the rest of the record
        if not _is_whole(path, last):
            raise SourceUnreadable(path, "it breaks off; what stands before that is taken in")
    except (ArchiveLoadFailed, zlib.error) as error:
        reason = f"it is damaged, what stands before that is taken in ({' '.join(str(error).split())[:80]})"
        raise SourceUnreadable(path, reason) from error
    except (EOFError, OSError) as error:
        raise SourceUnreadable(path, str(error)) from error


def _opening(path: Path) -> bytes:
    with path.open("rb") as file:
        is_packed = file.read(2) == _GZIP
    with gzip.open(path) if is_packed else path.open("rb") as opened:
        return opened.read(9)


def _is_whole(path: Path, start: int) -> bool:
    """Whether a packed file ends with the end of a part; ``start`` is where one begins, the last that was read."""
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(_PIECE)
        if not data.startswith(_GZIP):
            return True
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while data:
            member.decompress(data)
            data = file.read(_PIECE)
            if member.eof:
                data = member.unused_data + data
                member = zlib.decompressobj(zlib.MAX_WBITS | 16) if data else member
    return member.eof


class _Reader:
    """What earlier records of one file say about later ones."""

    def __init__(self) -> None:
        self._asked: dict[str, str] = {}
        """The address that leads to another one."""
        self._by_digest: dict[str, tuple[str, str]] = {}
        """Address and moment of the record that has these bytes."""

    def read(self, record: Any) -> Iterator[Look | Skipped]:  # Any: warcio has no types
        fields, uri = record.rec_headers, record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type not in ("response", "resource", "revisit") or not is_web(uri):
            return
        moment = _moment(fields.get_header("WARC-Date"))
        if moment is None:
            yield Skipped(name=uri, reason=f"its date {fields.get_header('WARC-Date')!r} is none")
            return
        status, headers = _status(record), _headers(record)
        if status in REDIRECTS:
            self._note_step(uri, headers)
            return
        if status is None or (record.rec_type != "revisit" and not _is_page(record, headers)):
            return
        capture = Capture(
            url=self._asked_for(uri, fields),
            final_url=uri,
            fetched_at=moment,
            status=status,
            headers=headers,
        )
        yield self._look(record, capture)

    def _look(self, record: Any, capture: Capture) -> Look | Skipped:
        fields = record.rec_headers
        name = fields.get_header("WARC-Record-ID") or f"{capture.final_url} {capture.fetched_at}"
        digest = fields.get_header("WARC-Payload-Digest")
        first = fields.get_header(PART_OF)
        if record.rec_type == "revisit":
            url, date = (fields.get_header(f"WARC-Refers-To-{what}") for what in ("Target-URI", "Date"))
            earlier = _moment(date)
            same_as = (url, to_utc(earlier)) if url and earlier else self._by_digest.get(digest or "")
            if same_as is None:
                return Skipped(name=capture.final_url, reason="the record that has its bytes is not named")
            return Look(name=name, capture=capture, first=first, same_as=same_as)
        body = _body(record)
        if isinstance(body, str):
            return Skipped(name=capture.final_url, reason=body)
        if digest:
            self._by_digest[digest] = (capture.final_url, to_utc(capture.fetched_at))
        return Look(name=name, capture=replace(capture, body=body), first=first)

    def _note_step(self, uri: str, headers: Mapping[str, str]) -> None:
        target = next((value for name, value in headers.items() if name.lower() == "location"), None)
        if target:
            self._asked[clean(urljoin(uri, target))] = clean(uri)

    def _asked_for(self, uri: str, fields: Any) -> str:
        """The address at which the way to this one began."""
        asked = clean(fields.get_header(ASKED) or uri)
        for _ in range(MOST_STEPS):
            asked = self._asked.pop(asked, asked)
        return asked


def _moment(text: str | None) -> datetime | None:
    try:
        return start_of(text) if text else None
    except ValueError:
        return None


def _status(record: Any) -> int | None:
    if record.rec_type == "resource":
        return 200
    code = record.http_headers.get_statuscode() if record.http_headers else ""
    return int(code) if code.isdecimal() else None


def _headers(record: Any) -> dict[str, str]:
    """The answer's headers, those of one name together; what was true on the wire takes its old name again."""
    found: dict[str, str] = {}
    for name, value in record.http_headers.headers if record.http_headers else ():
        found[name] = f"{found[name]}, {value}" if name in found else value
    original = {name[len(ORIGINAL) :]: found.pop(name) for name in list(found) if name.startswith(ORIGINAL)}
    return found | original


def _is_page(record: Any, headers: Mapping[str, str]) -> bool:
    served = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if record.rec_type == "resource":
        served = record.rec_headers.get_header("Content-Type") or ""
    return served.partition(";")[0].strip().lower() in ("", *PAGES)


def _body(record: Any) -> bytes | str:
    """The bytes without their packing; or why they cannot be had."""
    coding = (record.http_headers.get_header("content-encoding") or "").strip().lower() if record.http_headers else ""
    if coding not in ("", "identity", "zstd", *BufferedReader.get_supported_decompressors()):
        return f"it is packed as {coding}"
    body, stream = bytearray(), record.content_stream()
    while piece := stream.read(65_536):
        body += piece
        if len(body) > DOWNLOAD_MAXSIZE:
            return "it is larger than a crawl takes"
    if record.raw_stream.limit > 0:
        raise EOFError("it breaks off; what stands before that is taken in")
    if record.digest_checker.passed is False:
        return "its bytes are not those of its digest"
    if coding == "zstd":
        return _unpacked(bytes(body))
    return bytes(body)


def _unpacked(body: bytes) -> bytes | str:
    try:
        with zstandard.ZstdDecompressor().stream_reader(body) as stream:
            plain = stream.read(DOWNLOAD_MAXSIZE + 1)
    except zstandard.ZstdError as error:
        return f"it cannot be unpacked: {error}"
    return plain if len(plain) <= DOWNLOAD_MAXSIZE else "it is larger than a crawl takes"
