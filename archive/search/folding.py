"""The fold of the index, for queries and highlights."""

import json
from collections.abc import Callable
from functools import lru_cache
from weakref import WeakKeyDictionary

from archive.database import Database
from archive.search.terms import Term, spans


class Folding:
    """Folds text as the index of one archive did, whatever the character data of today say."""

    def __init__(self, table: dict[str, str]) -> None:
        self._table = str.maketrans(table)
        # A text is folded for its words, for its likeness and for what is shown of it.
        self._folded: Callable[[str], str] = lru_cache(maxsize=8)(lambda text: text.translate(self._table))

    def fold(self, text: str) -> str:
        """The text as it is searched, of the same length.

        >>> Folding({"蘇": "苏"}).fold("蘇州")
        '苏州'
        """
        return self._folded(text)

    def variants(self, character: str) -> str:
        """The characters that are searched as this one, itself included.

        >>> Folding({"蘇": "苏"}).variants("苏")
        '苏蘇'
        """
        return character + "".join(chr(code) for code, folded in self._table.items() if folded == character)


_loaded: WeakKeyDictionary[Database, Folding] = WeakKeyDictionary()


def load_folding(db: Database) -> Folding:
    """The folding kept in the archive; read once for each open database, which then knows it as SQL functions too.

    ``folded(text)`` folds, ``has_term(text, term)`` tells whether a text has a term (a JSON array of its segments).
    """
    if db not in _loaded:
        folding = Folding(dict(db.execute("SELECT character, folded FROM search_folds").fetchall()))

        @lru_cache(maxsize=100_000)
        def has_term(text: object, segments: str) -> bool:
            term = Term(segments=tuple(json.loads(segments)))
            return text is not None and any(spans(term, folding.fold(str(text))))

        db.conn.create_function("folded", 1, lambda text: folding.fold(str(text or "")), deterministic=True)
        db.conn.create_function("has_term", 2, has_term, deterministic=True)
        _loaded[db] = folding
    return _loaded[db]
