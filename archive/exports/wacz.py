"""WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/): the bytes as fetched, to be opened and browsed.

A zip with the WARC file, an index of it and a list of its pages: https://replayweb.page and pywb show the pages as they
were.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from io import SEEK_END, BytesIO, StringIO
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO
from zipfile import ZIP64_LIMIT, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import orjson
from cdxj_indexer.main import CDXJIndexer, CompressedWriter

from archive.database import Database
from archive.exports import warc
from archive.models import NOT_MODIFIED
from archive.pages import ReplayPage, pages
from archive.selection import Selection
from archive.store import Archive

COUNTED = "captures"
SEEKS = True
PACKED = True
_WARC = "data.warc.gz"
_INDEX = "index.cdx.gz"


def write(archive: Archive, selection: Selection, target: BinaryIO) -> dict[str, int]:
    """Write the selected captures; the same archive gives the same file. Raises ``ContentDamaged``.

    Until it is done, what is in it stands once more in the folder for temporary files.
    """
    with selection.chosen(archive), ZipFile(target, "w") as zipped:
        package = _Package(zipped)
        with TemporaryFile() as looks:
            counts = warc.write(archive, selection, looks)
            package.add(f"archive/{_WARC}", looks, is_packed=True)
            looks.seek(0)
            _add_index(archive.db, looks, package)
        counts["pages"] = _add_pages(archive, selection, package)
        about = package.add_json("datapackage.json", _about(archive, selection, counts, package.resources))
        package.add_json("datapackage-digest.json", {"path": about["path"], "hash": about["hash"]})
    return counts


class _Package:
    """The files in the zip, each with its size and hash."""

    def __init__(self, zipped: ZipFile) -> None:
        self.resources: list[dict[str, Any]] = []  # Any: JSON values
        self._zip = zipped

    def add(self, path: str, file: IO[bytes], *, is_packed: bool = False) -> None:
        """Take in a file; one that is packed already as it is, so that parts of it can be read."""
        size = file.seek(0, SEEK_END)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # it is a file
        file.seek(0)
        about = ZipInfo(path)  # of 1980: the same archive gives the same file
        about.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
        # ReplayWeb.page expects the fields of large files before a file only where the directory has them too.
        with self._zip.open(about, "w", force_zip64=size > ZIP64_LIMIT) as copy:
            shutil.copyfileobj(file, copy)
        name = path.rpartition("/")[2]
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{digest}", "bytes": size})

    def add_json(self, path: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Take in a file of JSON; returns what is to be said of it."""
        self.add(path, BytesIO(orjson.dumps(values, option=orjson.OPT_INDENT_2)))
        return self.resources[-1]


class _Indexer(CDXJIndexer):  # type: ignore[misc]  # it has no types
    """Passes over looks at which the server sent nothing: viewers would show that, and not the page as it was."""

    def filter_record(self, record: Any) -> bool:  # Any: it has no types
        """Whether there is a line for the record."""
        head = record.http_headers  # none where the address is no web address
        return bool(super().filter_record(record) and head and head.get_statuscode() != str(NOT_MODIFIED))


class _Lines:
    """The lines of the index, which SQLite sorts: there may be more than fit into memory."""

    def __init__(self, db: Database) -> None:
        self._db = db
        db.execute("CREATE TEMP TABLE cdxj (line TEXT)")

    def write(self, line: str) -> None:
        self._db.execute("INSERT INTO temp.cdxj VALUES (?)", [line])

    def __iter__(self) -> Iterator[str]:
        return (line for (line,) in self._db.execute("SELECT line FROM temp.cdxj ORDER BY line"))


def _add_index(db: Database, looks: IO[bytes], package: _Package) -> None:
    """Tell where each record begins, in packed blocks of lines, and where each block does."""
    lines, blocks = _Lines(db), StringIO()
    _Indexer(lines, looks, filename=_WARC, records="response,revisit").process_all()
    with TemporaryFile() as file:
        packed = CompressedWriter(blocks, file, data_out_name=_INDEX, digest_records=True)
        for line in lines:
            packed.write(line)
        if packed.block:  # an empty one would take the place of the last
            packed.flush()
        package.add(f"indexes/{_INDEX}", file, is_packed=True)
    package.add("indexes/index.idx", BytesIO(blocks.getvalue().encode()))


def _add_pages(archive: Archive, selection: Selection, package: _Package) -> int:
    count = 0
    with TemporaryFile() as file:
        head = {"format": "json-pages-1.0", "id": "pages", "title": "All pages", "hasText": True}
        file.write(orjson.dumps(head) + b"\n")
        for page in pages(archive, selection):
            file.write(orjson.dumps(_page(page)) + b"\n")
            count += 1
        package.add("pages/pages.jsonl", file)
    return count


def _page(page: ReplayPage) -> dict[str, Any]:
    """Of the address that answered: the record in the WARC file is called so."""
    values = {
        "id": str(warc.record_id(page.capture)),
        "url": warc.line(page.capture["final_url"]),
        "ts": warc.date(page.capture["fetched_at"]),
        "title": page.title,
        "text": page.text,
    }
    # JSON takes no halves of characters.
    return {name: value.encode(errors="replace").decode() for name, value in values.items() if value is not None}


def _about(
    archive: Archive, selection: Selection, counts: Mapping[str, int], resources: list[dict[str, Any]]
) -> dict[str, Any]:
    (newest,) = archive.db.execute(
        f"SELECT max(fetched_at) FROM captures WHERE content_hash IS NOT NULL AND {selection.of_capture()}",  # noqa: S608
        selection.values,
    ).fetchone()
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": " · ".join(("Yaowen", *selection.words)),
        "description": f"{counts['responses']:,} answers and {counts['revisits']:,} looks that found one of them again",
        "created": warc.date(newest),
        "software": "Yaowen",
        "resources": resources,
    }
