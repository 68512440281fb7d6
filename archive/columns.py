"""Rows of a table as plain values, read in batches, so that memory stays flat."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
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
BATCH = 100
"""Rows that are in memory at a time: of 1,000 the first are out of the processor's cache when they are written, which
takes a third longer."""

_LEVELS = 2**31
"""What a level is below, for formats whose numbers have 32 bits."""
_BODY, _SECTIONS = "body", "sections"


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
    sections_of: str | None = None
    """Where sections are rows of a table: what gives article, heading, level and text of each, in the order of the rows
    here. The column of the sections itself gives the article then."""

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
        merges = self.sections_of is not None and _SECTIONS in self.names
        given = {column.name: column.sql for column in self.columns}
        read = {_BODY: _BODY, **given} if merges else given
        kinds = READ | {"sections": list} if merges else READ
        with selection.chosen(archive):
            cursor = archive.db.execute(
                f"SELECT {', '.join(read.values())} FROM {self.rows_of(selection)} ORDER BY {self.order}",  # noqa: S608
                selection.values,
            )
            sections = _Merged(archive.db.execute(self.sections_of) if merges and self.sections_of else ())
            while rows := cursor.fetchmany(BATCH):
                columns = dict(zip(read, zip(*rows, strict=True), strict=True))
                if merges:
                    columns[_SECTIONS] = tuple(map(sections.of, columns[_SECTIONS], columns[_BODY]))
                yield [list(map(kinds[column.kind], columns[column.name])) for column in self.columns]
                selection.progress(len(rows))

    def rows(self, archive: Archive, selection: Selection) -> Iterator[dict[str, Any]]:
        """Row by row, each as its columns' values by name; raises ``QueryError``."""
        names = self.names
        for columns in self.batches(archive, selection):
            for values in zip(*columns, strict=True):
                yield dict(zip(names, values))  # noqa: B905 - as many: a check at each row takes as long as the row

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
    if value is None or (value.__class__ is str and _AS_KEPT(value)):
        return value
    moment = moment_of(_text(value))
    return to_utc(moment) if moment else None


_AS_KEPT = re.compile(r"\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ").fullmatch
"""A moment as the tables have it: to take each apart and put it together again would take ten times as long."""


def _texts(value: Any) -> list[str]:
    text = _text(value)
    return list(authors_of(text)) if text and text != "[]" else []


class _Merged:
    """Sections that are read beside their articles, in the same order."""

    def __init__(self, rows: Iterable[tuple[int, str | None, int, str]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, article_id: int, body: str | bytes | None) -> list[dict[str, Any]]:
        """Those of the next article; where another program wrote its text since, that text as one section."""
        found: list[dict[str, Any]] = []
        lines: list[str] = []
        if self._next and self._next[0] == article_id:
            for _, heading, level, text in self._next[1]:
                section = _section(_text(heading), level, _text(text) or "")
                lines += [section["heading"], *section["paragraphs"]] if heading is not None else section["paragraphs"]
                found.append(section)
            self._next = next(self._groups, None)
        whole = _text(body) or ""
        return found if "\n".join(lines) == whole else [_section(None, 0, whole)]


def _section(heading: str | None, level: Any, text: str) -> dict[str, Any]:  # Any: whatever another program wrote
    number = level if isinstance(level, int) and abs(level) < _LEVELS else 0
    return {"heading": heading, "level": number, "paragraphs": text.split("\n") if text else []}


def _sections(value: str) -> list[dict[str, Any]]:
    return [_section(one["heading"], one["level"], one["paragraphs"] or "") for one in orjson.loads(value)]


READ: dict[Kind, Callable[[Any], Any]] = {
    "integer": _integer,
    "text": _text,
    "moment": _moment,
    "texts": _texts,
    "sections": _sections,
}
"""What a value of the tables is taken for, whoever wrote it."""
