"""Parquet: typed columns, nested sections and lists, packed with zstd."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from archive.columns import Column, Extract, Kind
from archive.extracts import extract_of
from archive.selection import Selection
from archive.store import Archive
from archive.times import moment_of

table = extract_of
PACKED = True
_SECTION = pa.struct(
    [pa.field("heading", pa.string()), pa.field("level", pa.int32()), pa.field("paragraphs", pa.list_(pa.string()))]
)
_TYPES: dict[Kind, pa.DataType] = {
    "integer": pa.int64(),
    "text": pa.string(),
    "moment": pa.timestamp("ms", tz="UTC"),
    "texts": pa.list_(pa.string()),
    "sections": pa.list_(_SECTION),
}
_GROUP = 32_000_000
"""Bytes of a row group, before packing."""
_HELD = 96_000_000
"""Bytes of all months together that wait for more of the same month."""
_UNDATED = "__HIVE_DEFAULT_PARTITION__"
"""What stands for no value in the name of a partition, as Hive, Spark, DuckDB and Arrow have it."""
_MONTH = "month"
_DATA = "data"
"""The folder with the months: those who read all files of a folder must not find the card among them."""


def write(
    archive: Archive,
    selection: Selection,
    target: BinaryIO | Path,
    *,
    what: str = "articles",
    columns: Sequence[str] = (),
    partition: str | None = None,
) -> dict[str, int]:
    """Write the selected rows as one file, or with ``partition="month"`` into a folder, a folder for each month.

    Those are called ``data/month=2026-03``, as DuckDB, Arrow, pandas and Spark expect it.
    """
    extract = table(what, columns)
    if isinstance(target, Path):
        return {what: _write_months(archive, selection, target, extract)}
    rows, held, schema = 0, _Held(), _schema(extract)
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in _batches(archive, selection, extract, schema):
            rows += batch.num_rows
            held.add(batch)
            if held.size > _GROUP:
                writer.write_table(held.taken(schema))
        writer.write_table(held.taken(schema))
    return {what: rows}


class _Held:
    """Rows that are not written yet."""

    def __init__(self) -> None:
        self.size = 0
        self._batches: list[pa.RecordBatch] = []

    def add(self, batch: pa.RecordBatch) -> None:
        self._batches.append(batch)
        self.size += batch.nbytes

    def taken(self, schema: pa.Schema) -> pa.Table:
        """All of them, which are held no more."""
        table = pa.Table.from_batches(self._batches, schema)
        self._batches, self.size = [], 0
        return table


def _write_months(archive: Archive, selection: Selection, folder: Path, extract: Extract) -> int:
    # SQLite takes a number for a time too: `5` is in the year -4713.
    of_moment = f"iif({extract.moment} GLOB '[0-9][0-9][0-9][0-9]-*', strftime('%Y-%m', {extract.moment}), NULL)"
    month = Column(name=_MONTH, kind="text", sql=of_moment, meaning="")
    dated = replace(extract, columns=(*extract.columns, month))
    schema, held, parts, rows = _schema(extract), defaultdict[str, _Held](_Held), Counter[str](), 0
    for batch in _batches(archive, selection, dated, _schema(dated)):
        rows += batch.num_rows
        for name, of_month in _by_month(batch):
            held[name].add(of_month)
        while sum(one.size for one in held.values()) > _HELD:
            largest = max(held, key=lambda name: held[name].size)
            _write_part(folder, largest, parts, held.pop(largest).taken(schema))
    for name in sorted(held):
        _write_part(folder, name, parts, held[name].taken(schema))
    return rows


def _by_month(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    places = defaultdict[str, list[int]](list)
    for place, month in enumerate(batch.column(_MONTH).to_pylist()):
        places[month or _UNDATED].append(place)
    rows = batch.drop_columns([_MONTH])
    for name, of_month in places.items():
        yield name, rows.take(pa.array(of_month))


def _write_part(folder: Path, month: str, parts: Counter[str], table: pa.Table) -> None:
    place = folder / _DATA / f"{_MONTH}={month}"
    place.mkdir(parents=True, exist_ok=True)
    parts[month] += 1
    with (place / f"part-{parts[month]}.parquet").open("wb") as file:
        pq.write_table(table, file, compression="zstd")


def _batches(archive: Archive, selection: Selection, extract: Extract, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for batch in extract.batches(archive, selection):
        arrays = [_array(values, column) for values, column in zip(batch, extract.columns, strict=True)]
        yield pa.record_batch(arrays, schema=schema)


def _schema(extract: Extract) -> pa.Schema:
    fields = [
        pa.field(column.name, _TYPES[column.kind], metadata={"meaning": column.meaning}) for column in extract.columns
    ]
    return pa.schema(fields, metadata={"meaning": extract.meaning})


def _array(values: list[Any], column: Column) -> pa.Array:  # Any: the column's values
    if column.kind != "moment":
        return pa.array(values, _TYPES[column.kind])
    try:
        return pa.array(values, pa.string()).cast(_TYPES["moment"])
    except pa.ArrowInvalid:  # another program wrote the 30th of February
        return pa.array(map(moment_of, values), _TYPES["moment"])
