"""The fold of the index, for queries and highlights."""

from weakref import WeakKeyDictionary

from sqlite_utils import Database


class Folding:
    """Folds text as the index of one archive did, whatever the character data of today say."""

    def __init__(self, table: dict[str, str]) -> None:
        self._table = str.maketrans(table)

    def fold(self, text: str) -> str:
        """The text as it is searched, of the same length.

        >>> Folding({"蘇": "苏"}).fold("蘇州")
        '苏州'
        """
        return text.translate(self._table)


_loaded: WeakKeyDictionary[Database, Folding] = WeakKeyDictionary()


def load_folding(db: Database) -> Folding:
    """The folding kept in the archive; read once for each open database."""
    if db not in _loaded:
        _loaded[db] = Folding(dict(db.execute("SELECT character, folded FROM search_folds").fetchall()))
    return _loaded[db]
