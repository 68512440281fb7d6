"""JSON: all rows as one list."""

from collections.abc import Sequence
from typing import BinaryIO

from archive.exports.jsonl import lines, table
from archive.selection import Selection
from archive.store import Archive

__all__ = ["table", "write"]


def write(
    archive: Archive,
    selection: Selection,
    target: BinaryIO,
    *,
    what: str = "articles",
    columns: Sequence[str] = (),
    schema_org: bool = False,
) -> dict[str, int]:
    """Write the selected rows; with ``schema_org`` articles under the names of schema.org's NewsArticle."""
    rows = 0
    target.write(b"[\n")
    for line in lines(archive, selection, what=what, columns=columns, schema_org=schema_org):
        target.write(b"," + line if rows else line)
        rows += 1
    target.write(b"]\n")
    return {what: rows}
