"""JSON Lines: a row a line, nested where the table is."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import orjson

from archive.extracts import extract_of
from archive.schema_org import news_article
from archive.selection import Selection
from archive.store import Archive

table = extract_of


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
    for line in lines(archive, selection, what=what, columns=columns, schema_org=schema_org):
        target.write(line)
        rows += 1
    return {what: rows}


def lines(
    archive: Archive, selection: Selection, *, what: str, columns: Sequence[str], schema_org: bool
) -> Iterator[bytes]:
    """Each selected row as JSON on a line of its own. Raises ``UnknownColumn`` and ``QueryError``."""
    rows = table(what, columns).rows(archive, selection)
    for row in map(news_article, rows) if schema_org else rows:
        yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
