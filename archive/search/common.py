"""A common character alone: so many articles have it that the newest are soon found without the index.

FTS5 joins the articles of every pair that begins with the character before it gives the first one: 200 ms for 人 at
200,000 articles, where three in four of the newest articles have it.
"""

from collections.abc import Iterator
from itertools import chain

from sqlite_utils import Database

from archive.search.folding import Folding
from archive.search.query import Node, Text
from archive.search.ranking import EXACT, Found, Sort
from archive.search.terms import is_run

FEWEST = 20_000
"""Articles below which the index is quick for every character."""
SAMPLE = 200
"""Articles that are looked at, spread over the whole time."""
FIRST_SAMPLE = 40
"""Articles that tell of most characters that they are not common."""
SHARE = 0.6
"""Of the sample that has a common character. For a rarer one the index takes 30 ms at most at 200,000 articles."""

_HAS_IT = "(title GLOB :pattern OR body GLOB :pattern)"


class CommonCharacter:
    """One character that many articles have."""

    def __init__(self, db: Database, pattern: str, total: int) -> None:
        self._db, self._values = db, {"pattern": pattern}
        self.total = total
        """About how many articles have it."""

    def ordered(self, sort: Sort) -> Iterator[Found]:
        """All that have it, newest first; by relevance, those of the newest that have it in the title come first."""
        if sort == "newest":
            return (Found((-number,), number) for number in self._ids(_HAS_IT))
        newest = "id IN (SELECT id FROM articles ORDER BY id DESC LIMIT :limit) AND title GLOB :pattern"
        in_title = dict.fromkeys(self._ids(newest))
        rest = (number for number in self._ids(_HAS_IT) if number not in in_title)
        return chain((Found((0, -n), n) for n in in_title), (Found((1, -n), n) for n in rest))

    def _ids(self, where: str) -> Iterator[int]:
        statement = f"SELECT id FROM articles WHERE {where} ORDER BY id DESC"
        values = {**self._values, "limit": EXACT}
        return (number for (number,) in self._db.execute(statement, values))


def common_character(db: Database, node: Node, folding: Folding) -> CommonCharacter | None:
    """The character that a query asks for, if that is all it asks for and many articles have it."""
    match node:
        case Text(term=term, in_title=False) if len(term.segments) == 1 == len(term.segments[0]):
            character = term.segments[0]
        case _:
            return None
    articles = db.table("articles").count
    if articles < FEWEST or not is_run(character):
        return None
    pattern = f"*[{folding.variants(character)}]*"
    if _share(db, pattern, FIRST_SAMPLE) < SHARE / 2 or (share := _share(db, pattern, SAMPLE)) < SHARE:
        return None
    return CommonCharacter(db, pattern, _rounded(share * articles))


def _share(db: Database, pattern: str, size: int) -> float:
    """The share of so many articles that have it, as evenly over the ids as over time."""
    first, last = db.execute("SELECT min(id), max(id) FROM articles").fetchone()
    statement = f"SELECT {_HAS_IT} FROM articles WHERE id >= :id ORDER BY id LIMIT 1"
    places = (first + (last - first) * number // size for number in range(size))
    having_it = sum(db.execute(statement, {"pattern": pattern, "id": place}).fetchone()[0] for place in places)
    return float(having_it) / size


def _rounded(number: float) -> int:
    """Two digits that say something.

    >>> _rounded(176_432.1)
    180000
    """
    return int(float(f"{number:.1e}"))
