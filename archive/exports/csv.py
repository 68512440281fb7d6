"""CSV (RFC 4180) in UTF-8; lists stand in one cell with semicolons between."""

import csv
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import Any, BinaryIO

import orjson

from archive.columns import Extract, Kind
from archive.extracts import extract_of
from archive.selection import Selection
from archive.store import Archive

_BOM = b"\xef\xbb\xbf"
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula, full-width in an East Asian one
(https://owasp.org/www-community/attacks/CSV_Injection)."""


def write(
    archive: Archive,
    selection: Selection,
    target: BinaryIO,
    *,
    what: str = "articles",
    columns: Sequence[str] = (),
    excel: bool = False,
    raw: bool = False,
) -> dict[str, int]:
    """Write the selected rows below a line with the columns' names; the sections only where they are asked for.

    ``excel`` marks the file as UTF-8 for Excel. A cell that a spreadsheet would take for a formula begins with ``'``,
    unless ``raw``.
    """
    return {what: write_table(table(what, columns), archive, selection, target, excel=excel, raw=raw)}


def write_table(
    extract: Extract,
    archive: Archive,
    selection: Selection,
    target: BinaryIO,
    *,
    excel: bool = False,
    raw: bool = False,
) -> int:
    """The same for columns of one's own; returns how many rows were written."""
    cells = [_RAW[column.kind] if raw else _SAFE[column.kind] for column in extract.columns]
    if excel:
        target.write(_BOM)
    file = TextIOWrapper(target, "utf-8", newline="", write_through=True)
    writer, rows = csv.writer(file), 0
    writer.writerow(extract.names)
    for batch in extract.batches(archive, selection):
        written = [list(map(cell, values)) for cell, values in zip(cells, batch, strict=True)]
        writer.writerows(zip(*written, strict=True))
        rows += len(batch[0])
    file.detach()
    return rows


def table(what: str, columns: Sequence[str] = ()) -> Extract:
    """The columns that are written: what does not fit into a cell only where it is asked for."""
    extract = extract_of(what, columns)
    return extract if columns else extract.without_wide()


def _itself(value: Any) -> Any:  # Any: a cell's value
    return value


def _harmless(text: str | None) -> str | None:
    return f"'{text}" if text and text.startswith(_FORMULA) else text


def _joined(values: list[str]) -> str:
    return "; ".join(values)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


_RAW: dict[Kind, Callable[[Any], Any]] = {
    "integer": _itself,
    "text": _itself,
    "moment": _itself,
    "texts": _joined,
    "sections": _json,
}
_SAFE = _RAW | {"text": _harmless, "texts": lambda values: _harmless(_joined(values))}
