"""Rows of a table as plain values, read in batches, so that memory stays flat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson

from archive.errors import UnknownColumn
from archive.models import authors_of
from archive.selection import Selection
from archive.store import Archive
from archive.times import moment_of, to_utc

Kind = Literal["integer", "text", "moment", "texts", "sections"]
"""``moment`` is UTC as ISO 8601 with ``Z``, ``texts`` a list of texts, ``sections`` one of ``heading``, ``level`` and
``paragraphs``."""
BATCH = 1_000
"""Rows that are in memory at a time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of an extract."""

    name: str
    kind: Kind
    sql: str
    """The expression that gives it."""
    meaning: str
    """For the reader of the exported file."""
    is_wide: bool = False
    """Whether a table for a spreadsheet leaves it out unless it is asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extract:
    """The rows of one table that belong to a selection, always in the same order."""

    meaning: str
    columns: tuple[Column, ...]
    moment: str
    """The SQL expression for the time of a row, on the clock of those who read it; may be null."""
    rows_of: Callable[[Selection], str]
    """What stands after FROM: the tables and the rows of them that are selected, without an order."""
    order: str = "1"
    """The columns that the rows are sorted by."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    def only(self, names: Sequence[str]) -> "Extract":
        """The same with these columns alone, in this order. Raises ``UnknownColumn``."""
        known = {column.name: column for column in self.columns}
        for name in names:
            if name not in known:
                raise UnknownColumn(name, self.names)
        return replace(self, columns=tuple(known[name] for name in dict.fromkeys(names)))

    def without_wide(self) -> "Extract":
        """The same without what does not fit into a cell."""
        return replace(self, columns=tuple(column for column in self.columns if not column.is_wide))

    def batches(self, archive: Archive, selection: Selection) -> Iterator[list[list[Any]]]:  # Any: the columns' values
        """Up to ``BATCH`` rows at a time, column by column; raises ``QueryError``."""
        expressions = ", ".join(column.sql for column in self.columns)
        with selection.chosen(archive):
            cursor = archive.db.execute(
                f"SELECT {expressions} FROM {self.rows_of(selection)} ORDER BY {self.order}",  # noqa: S608 - our own
                selection.values,
            )
            while rows := cursor.fetchmany(BATCH):
                yield [
                    [READ[column.kind](value) for value in values]
                    for column, values in zip(self.columns, zip(*rows, strict=True), strict=True)
                ]
                selection.progress(len(rows))

    def rows(self, archive: Archive, selection: Selection) -> Iterator[dict[str, Any]]:
        """Row by row, each as its columns' values by name; raises ``QueryError``."""
        names = self.names
        for columns in self.batches(archive, selection):
            for values in zip(*columns, strict=True):
                yield dict(zip(names, values, strict=True))

    def count(self, archive: Archive, selection: Selection) -> int:
        """How many rows there are; raises ``QueryError``."""
        with selection.chosen(archive):
            statement = f"SELECT count(*) FROM {self.rows_of(selection)}"  # noqa: S608 - our own
            (rows,) = archive.db.execute(statement, selection.values).fetchone()
        return int(rows)


def _integer(value: Any) -> int | None:  # Any: whatever SQLite or another program put there
    return value if isinstance(value, int) else None


def _text(value: Any) -> str | None:
    if value is None or value.__class__ is str:
        return value
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _moment(value: Any) -> str | None:
    if value is None or (value.__class__ is str and len(value) == len("2026-03-01T08:00:00Z") and value[-1] == "Z"):
        return value
    moment = moment_of(_text(value))
    return to_utc(moment) if moment else None


def _texts(value: Any) -> list[str]:
    if value in (None, "", "[]"):
        return []
    return list(authors_of(_text(value) or ""))


def _sections(value: str) -> list[dict[str, Any]]:
    return [
        {**section, "paragraphs": section["paragraphs"].split("\n") if section["paragraphs"] else []}
        for section in orjson.loads(value)
    ]


READ: dict[Kind, Callable[[Any], Any]] = {
    "integer": _integer,
    "text": _text,
    "moment": _moment,
    "texts": _texts,
    "sections": _sections,
}
"""What a value of the tables is taken for, whoever wrote it."""
