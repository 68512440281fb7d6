"""The collection card of an export: what it is, where it comes from, how it was made and what is missing.

``datapackage.json`` is a Data Package (https://specs.frictionlessdata.io/data-package/); what that has no words for
stands below ``yaowen``. The same for a person to read is ``CARD.md`` in a folder.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from archive.columns import Extract, Kind
from archive.coverage import Coverage, coverage
from archive.plurals import counted_each
from archive.selection import Selection
from archive.store import Archive
from archive.times import to_utc

CARD = "datapackage.json"
READABLE = "CARD.md"
_NAME = "yaowen-export"
"""What a card of ours begins with: every Data Package has a file of that name."""
_CHUNK = 1 << 20
_FIELD_TYPES: dict[Kind, str] = {
    "integer": "integer",
    "text": "string",
    "moment": "datetime",
    "texts": "array",
    "sections": "array",
}
_MEDIA_TYPES = {
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".db": "application/vnd.sqlite3",
    ".epub": "application/epub+zip",
    ".gexf": "application/gexf+xml",
    ".graphml": "application/graphml+xml",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain",
    ".wacz": "application/wacz+zip",
    ".warc": "application/warc",
    ".xml": "application/xml",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What is told of an export."""

    selection: Selection
    format: str
    options: Mapping[str, Any]
    counts: Mapping[str, int]
    extract: Extract | None
    """The columns, where it is a table."""
    sites: tuple[str, ...]
    """Where it comes from."""
    coverage: Coverage
    """Of those sites that were selected by name, else of the whole archive."""
    published: tuple[str | None, str | None]
    """The first and the last date of publication among the articles."""
    version: str
    """Of this program."""
    made_at: datetime

    def write(self, path: Path, files: Iterable[tuple[str, Path]]) -> None:
        """Write the Data Package of these files, each with the name that it will have and where it is now."""
        with path.open("wb") as file:
            head = orjson.dumps(self._package(), option=orjson.OPT_INDENT_2)
            file.write(head.removesuffix(b"\n}") + b',\n  "resources": [')
            for number, (name, place) in enumerate(files, start=1):
                resource = orjson.dumps(self._resource(number, name, place))
                file.write((b",\n    " if number > 1 else b"\n    ") + resource)
            file.write(b"\n  ]\n}\n")

    def write_into(self, folder: Path) -> None:
        """Write both cards of all files of a folder into it."""
        (folder / READABLE).write_text(self.as_text(), "utf-8")
        self.write(folder / CARD, [(path.relative_to(folder).as_posix(), path) for path in sorted(_files(folder))])

    def _package(self) -> dict[str, Any]:  # Any: JSON values
        first, last = self.published
        return {
            "name": _NAME,
            "title": self.title,
            "created": to_utc(self.made_at),
            "sources": [{"title": site} for site in self.sites],
            "yaowen": {
                "version": self.version,
                "format": self.format,
                "options": dict(self.options),
                "selection": self.selection.as_asked,
                "counts": dict(self.counts),
                "published": {"first": first, "last": last},
                "coverage": self._covered(),
            },
        }

    def _covered(self) -> dict[str, Any]:
        """What the archive covers, without the days one by one."""
        return {name: value for name, value in self.coverage.as_json().items() if name not in ("days", "sites")}

    def _resource(self, number: int, name: str, path: Path) -> dict[str, Any]:
        size, digest = _measured(path)
        found = {
            "name": f"file-{number}",
            "path": os.fsencode(name).decode(errors="replace"),  # JSON takes no name that is no UTF-8
            "mediatype": _MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream"),
            "bytes": size,
            "hash": f"sha256:{digest}",
        }
        return found | {"schema": {"fields": self._fields()}} if self.extract and name != READABLE else found

    def _fields(self) -> list[dict[str, str]]:
        """The columns as a Table Schema; in a CSV file lists are texts."""
        is_flat = self.format == "csv"
        return [
            {
                "name": column.name,
                "type": "string" if is_flat and column.kind in ("texts", "sections") else _FIELD_TYPES[column.kind],
                "description": column.meaning,
            }
            for column in (self.extract.columns if self.extract else ())
        ]

    @property
    def title(self) -> str:
        """What was written, in a line."""
        return f"{counted_each(self.counts)} as {self.format}"

    def as_text(self) -> str:
        """The card in Markdown."""
        return "\n".join(_text(self)) + "\n"


def card_of(
    archive: Archive,
    selection: Selection,
    format_name: str,
    options: Mapping[str, Any],
    counts: Mapping[str, int],
    *,
    extract: Extract | None,
    version: str,
) -> Card:
    """What is to be told of an export that was just written. Raises ``UnknownSite``."""
    with selection.chosen(archive):
        first, last = archive.db.execute(
            """
            SELECT min(published_at), max(published_at)
            FROM temp.chosen JOIN articles INDEXED BY articles_slim USING (id)
            WHERE typeof(published_at) = 'text' AND published_at GLOB '[0-9][0-9][0-9][0-9]-*'
            """
        ).fetchone()
        covered = coverage(archive, site=selection.site, since=selection.since, until=selection.until)
        sites = selection.sites(archive) if selection.narrows else covered.sites
    return Card(
        selection=selection,
        format=format_name,
        options=options,
        counts=counts,
        extract=extract,
        sites=sites,
        coverage=covered,
        published=(first, last),
        version=version,
        made_at=datetime.now(UTC),
    )


def files_of(folder: Path) -> frozenset[str]:
    """The files that an earlier export wrote into a folder, as its card tells; none where no card is there."""
    try:
        package = orjson.loads((folder / CARD).read_bytes())
        written = (resource["path"] for resource in package["resources"])
        return frozenset({CARD, *written} if package["name"] == _NAME else ())
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return frozenset()


def _measured(path: Path) -> tuple[int, str]:
    """The size in bytes and the SHA-256 of a file."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _text(card: Card) -> Iterator[str]:
    """The lines of the card for a person to read."""
    yield f"# {card.title}"
    yield ""
    yield f"Made by Yaowen {card.version} at {to_utc(card.made_at)}."
    for heading, lines in (
        ("What was selected", _selection_lines(card)),
        ("Where it comes from", _source_lines(card)),
        ("What the archive looked at, and what it is missing", _gap_lines(card.coverage)),
        ("Columns", _column_lines(card)),
    ):
        if found := list(lines):
            yield ""
            yield f"## {heading}"
            yield ""
            yield from found


def _selection_lines(card: Card) -> Iterator[str]:
    asked_for = {name: value for name, value in card.selection.as_asked.items() if value is not None}
    if not asked_for:
        yield "* everything that the archive holds"
    for name, value in asked_for.items():
        yield f"* {name}: {_one_line(value)}"
    for name, value in card.options.items():
        yield f"* option {name}: {_one_line(str(value))}"
    first, last = card.published
    if first and last:
        yield f"* published from {first} to {last}"


def _source_lines(card: Card) -> Iterator[str]:
    for site in card.sites:
        yield f"* {_one_line(site)}"
    for version in card.coverage.parser_versions:
        yield f"* read by the parsers of version {_one_line(version)}"


def _gap_lines(covered: Coverage) -> Iterator[str]:
    looks = covered.total
    if covered.first_look_at and covered.last_look_at:
        yield f"* looked from {to_utc(covered.first_look_at)} to {to_utc(covered.last_look_at)}"
    yield f"* of {looks.all:,} looks {looks.worked:,} found what they came for"
    told = {
        "were refused by robots.txt": looks.refused_by_robots,
        "were refused otherwise": looks.outcomes.get("refused", 0) - looks.refused_by_robots,
        "failed": looks.outcomes.get("failed", 0),
        "brought a page that could not be read": looks.outcomes.get("unread", 0),
    }
    yield from (f"* {count:,} {what}" for what, count in told.items() if count)
    yield f"* days without a look: {covered.gap_days:,}"
    yield from (f"  * {gap.first} to {gap.last}" for gap in covered.gaps)


def _column_lines(card: Card) -> Iterator[str]:
    if card.extract is None:
        return
    yield "| column | kind | meaning |"
    yield "| --- | --- | --- |"
    for column in card.extract.columns:
        yield f"| {column.name} | {column.kind} | {column.meaning} |"


def _one_line(text: str) -> str:
    """Text of pages and of users as text of the card, with no mark of Markdown in it."""
    return "".join(f"\\{mark}" if mark in _MARKS else mark for mark in " ".join(text.split()))


_MARKS = frozenset("\\`*_[]<>#|")
