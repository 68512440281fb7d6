"""WARC 1.1 (ISO 28500:2017): the bytes as fetched, for web archives and the tools of others.

A look at a page is a ``response`` record; one that brought the bytes of an earlier record a ``revisit``. Where another
address led to the one that answered, the field ``Yaowen-Asked-URI`` has it; on the further pages of an article
``WARC-Concurrent-To`` names the first.
"""

import hashlib
import re
from base64 import b32encode
from collections import Counter
from http import HTTPStatus
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.captures import PRUNED, headers
from archive.markup import allowed
from archive.models import NOT_MODIFIED
from archive.selection import Selection
from archive.store import Archive
from archive.times import NEVER, moment_of, to_utc

COUNTED = "captures"
ASKED = "Yaowen-Asked-URI"
PART_OF = "WARC-Concurrent-To"
ORIGINAL = "X-Archive-Orig-"
"""Before the names of headers that are no longer true of the bytes, as other archives write it."""
_LINE_BREAK = re.compile(r"[\r\n]+")
_OF_THE_WIRE = ("content-encoding", "transfer-encoding", "content-length")

_Row = dict[str, Any]  # Any: a row's values


class _Seen(NamedTuple):
    """Bytes that a record has, in the table that remembers them; a million would not fit into memory."""

    content_hash: str
    uri: str
    date: str
    digest: str
    length: int


_SEEN = """
    CREATE TEMP TABLE seen (content_hash TEXT PRIMARY KEY, uri TEXT, date TEXT, digest TEXT, length INTEGER)
    WITHOUT ROWID
"""


def write(archive: Archive, selection: Selection, target: BinaryIO, *, gzip: bool = True) -> dict[str, int]:
    """Write the selected captures as a WARC file, each record packed on its own with ``gzip``.

    The same archive gives the same file. Of what was pruned nothing is written, and how many those are is told. Raises
    ``ContentDamaged``.
    """
    writer = WARCWriter(target, gzip=gzip, warc_version="1.1")
    written = Counter(responses=0, revisits=0, pruned=0)
    with selection.chosen(archive):
        archive.db.execute("DROP TABLE IF EXISTS temp.seen")
        archive.db.execute(_SEEN)
        writer.write_record(_about(writer, archive, selection))
        for row in selection.captures(archive):
            written[_write_look(writer, archive, row)] += 1
    return dict(written)


def _write_look(writer: WARCWriter, archive: Archive, row: _Row) -> str:
    """Write a look; returns what it was written as."""
    if row["codec"] == PRUNED:
        return "pruned"
    before = archive.db.execute("SELECT * FROM temp.seen WHERE content_hash = ?", [row["content_hash"]]).fetchone()
    if before is not None:
        writer.write_record(_revisit(writer, archive, row, _Seen(*before)))
        return "revisits"
    body = archive.contents.checked(row["content_hash"])
    digest = f"sha1:{b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()}"
    seen = _Seen(row["content_hash"], line(row["final_url"]), date(row["fetched_at"]), digest, len(body))
    archive.db.execute("INSERT INTO temp.seen VALUES (?, ?, ?, ?, ?)", seen)
    writer.write_record(_response(writer, archive, row, body, digest))
    return "responses"


def _about(writer: WARCWriter, archive: Archive, selection: Selection) -> Any:  # Any: warcio has no types
    record = writer.create_warcinfo_record(
        None,
        {
            "software": "Yaowen",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "description": f"captures of {selection.site or 'all sites'}",
        },
    )
    (newest,) = archive.db.execute("SELECT max(fetched_at) FROM captures").fetchone()
    record.rec_headers.replace_header("WARC-Date", date(newest))
    record.rec_headers.replace_header("WARC-Record-ID", f"<{uuid5(NAMESPACE_URL, f'{selection} {newest}').urn}>")
    return record


def _response(writer: WARCWriter, archive: Archive, row: _Row, body: bytes, digest: str) -> Any:
    return writer.create_warc_record(
        line(row["final_url"]),
        "response",
        payload=BytesIO(body),
        length=len(body),
        # Where the server sent no bytes, the file has not those of the earlier look either: this is what stood there.
        http_headers=_http(row, 200 if row["status"] == NOT_MODIFIED else _status(row), len(body)),
        warc_headers_dict=_fields(archive, row) | {"WARC-Payload-Digest": digest},
    )


_NOT_SENT = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def _revisit(writer: WARCWriter, archive: Archive, row: _Row, before: _Seen) -> Any:
    record = writer.create_revisit_record(
        line(row["final_url"]),
        before.digest,
        before.uri,
        before.date,
        http_headers=_http(row, _status(row), before.length),
        warc_headers_dict=_fields(archive, row),
    )
    if row["status"] == NOT_MODIFIED:
        record.rec_headers.replace_header("WARC-Profile", _NOT_SENT)
    return record


def _fields(archive: Archive, row: _Row) -> dict[str, str]:
    fields = {"WARC-Date": date(row["fetched_at"]), "WARC-Record-ID": f"<{record_id(row).urn}>"}
    if row["url"] != row["final_url"]:
        fields[ASKED] = line(row["url"])
    if row["part_of"] is not None:
        for first in archive.db.query("SELECT * FROM captures WHERE id = ?", [row["part_of"]]):
            fields[PART_OF] = f"<{record_id(first).urn}>"
    return fields


def record_id(row: _Row) -> UUID:
    """What the record of a look is called, the same in every export."""
    return uuid5(NAMESPACE_URL, " ".join((line(row["url"]), line(row["fetched_at"]), str(row["id"]))))


def _status(row: _Row) -> int:
    """The server's answer; 200 where none is noted, since bytes came."""
    return row["status"] if isinstance(row["status"], int) else 200


def _http(row: _Row, status: int, length: int) -> StatusAndHeaders:
    """The answer's head, with the length that the bytes have here."""
    fields = []
    for name, value in headers(row["headers"]).items():
        is_true = name.lower() not in _OF_THE_WIRE or (name.lower() == "content-length" and value == str(length))
        fields.append((line(name if is_true else f"{ORIGINAL}{name}"), line(value)))
    if not any(name.lower() == "content-length" for name, _ in fields):
        fields.append(("Content-Length", str(length)))
    return StatusAndHeaders(f"{status} {_phrase(status)}".strip(), fields, protocol="HTTP/1.1")


def line(value: Any) -> str:  # Any: whatever another program put there
    """A text that can stand in the head of a record."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return allowed(_LINE_BREAK.sub(" ", text))


def date(moment: str | bytes | None) -> str:
    """What the column says, where that is a moment."""
    return to_utc(moment_of(line(moment)) or NEVER)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # servers answer 999 too
        return ""
