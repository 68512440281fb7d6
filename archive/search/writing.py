"""The words of the index, made in this program: the same that the triggers make, in a tenth of the time."""

import re

from sqlite_utils import Database

from archive.search.characters import RUN
from archive.search.folding import load_folding

_RUN = re.compile(f"[{RUN}]+")


def words(db: Database, text: str | None) -> str:
    """The text as the index holds it: every character of a run with its successor, the last one alone.

    Equal to the view ``search_words``, which FTS5 compares the index with.
    """
    folded = load_folding(db).fold(text or "")
    return _RUN.sub(lambda run: _pairs(run[0]) + ("" if run.end() == len(folded) else " "), folded)


def _pairs(run: str) -> str:
    return f" {run[0]}" + "".join(f"{character} {character}" for character in run[1:])


def add_words(db: Database, article_id: int, title: str | None, body: str | None) -> None:
    """Index an article whose words are not there yet."""
    db.execute(
        "INSERT INTO articles_fts (rowid, title, body) VALUES (?, ?, ?)",
        [article_id, words(db, title), words(db, body)],
    )


def remove_words(db: Database, article_id: int, title: str | None, body: str | None) -> None:
    """Take out of the index what was put in for these texts."""
    db.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, title, body) VALUES ('delete', ?, ?, ?)",
        [article_id, words(db, title), words(db, body)],
    )
