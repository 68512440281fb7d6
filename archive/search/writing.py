"""The words of the index, made in this program: the same that the triggers make, in a tenth of the time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from operator import add
from weakref import WeakKeyDictionary

from archive.database import Database
from archive.search.characters import RUN
from archive.search.folding import load_folding
from archive.search.index import words_in

_RUN = re.compile(f"([{RUN}]+)")

_Write = tuple[str, tuple[int, str, str]]
_waiting: WeakKeyDictionary[Database, list[_Write]] = WeakKeyDictionary()


@contextmanager
def by_hand(db: Database) -> Iterator[None]:
    """The triggers rest, and whoever writes articles or revisions writes the indexes too; inside a transaction.

    The words are written when the outermost use ends: FTS5 writes what it has collected to the file before the next
    statement of another table, and a batch in one piece takes a third less time than one in a hundred. Other programs
    never see the triggers at rest: the mark is gone before the transaction ends, or goes with it.
    """
    if db in _waiting:
        yield
        return
    _waiting[db] = []
    try:
        db.execute("UPDATE search_state SET is_by_hand = 1")
        yield
        db.execute("UPDATE search_state SET is_by_hand = 0")
        # FTS5 also writes out what it has collected where a rowid is smaller than the one before.
        for statement, values in sorted(_waiting[db], key=lambda write: write[1][0]):
            db.execute(statement, values)
    finally:
        del _waiting[db]


def words(db: Database, text: str | bytes | None) -> str:
    """The text as the index holds it: every character of a run with its successor, the last one alone.

    Equal to the view ``search_words``, which FTS5 compares the index with: also for texts with NUL and for BLOBs, which
    other programs may write and SQLite reads in its own way.
    """
    if isinstance(text, bytes) or "\0" in (text or ""):
        made: str | None = db.execute(f"SELECT {words_in(':text')}", {"text": text}).fetchone()[0]
        return made or ""
    pieces = _RUN.split(load_folding(db).fold(text or ""))
    pieces[1::2] = [f" {' '.join([*map(add, run, run[1:]), run[-1]])} " for run in pieces[1::2]]
    joined = "".join(pieces)
    return joined[:-1] if len(pieces) > 1 and not pieces[-1] else joined


def add_words(db: Database, index: str, rowid: int, title: str, body: str) -> None:
    """Index a text by its words, which are not there yet; inside ``by_hand``."""
    statement = f"INSERT INTO {index} (rowid, title, body) VALUES (?, ?, ?)"
    _waiting[db].append((statement, (rowid, title, body)))


def remove_words(db: Database, index: str, rowid: int, title: str | bytes | None, body: str | bytes | None) -> None:
    """Take out of an index what was put in for these texts; inside ``by_hand``."""
    statement = f"INSERT INTO {index} ({index}, rowid, title, body) VALUES ('delete', ?, ?, ?)"
    _waiting[db].append((statement, (rowid, words(db, title), words(db, body))))
