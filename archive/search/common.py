"""A common character alone: so many articles have it that the newest are soon found without the index.

FTS5 joins the articles of every pair that begins with the character before it gives the first one: 200 ms for 人 at
200,000 articles, all but a few of which have it.
"""

import json
from collections.abc import Iterator
from itertools import chain

from sqlite_utils import Database

from archive.search.folding import Folding
from archive.search.query import Node, Text
from archive.search.ranking import NEWEST, Found, Sort

FEWEST = 20_000
"""Articles below which the index is quick for every character."""
SAMPLE = 500
"""Articles that are looked at, spread over the whole time."""
SCANNED = 0.1
"""Share of the articles from which on a page of hits is found sooner by looking at the newest."""
GUESSED = 0.5
"""Share from which on they are not counted; the guess is then within 9 %, twice the standard error."""


class CommonCharacter:
    """One character that many articles have."""

    def __init__(self, db: Database, variants: str, total: int | None) -> None:
        self._db, self._variants = db, variants
        self.total = total
        """About how many articles have it; ``None`` where counting them takes no longer than looking at some."""

    def ordered(self, sort: Sort) -> Iterator[Found]:
        """All that have it, newest first; by relevance, those of the newest that have it in the title come first."""
        anywhere = f"{_has(self._variants, 'title')} OR {_has(self._variants, 'body')}"
        if sort == "newest":
            return (Found((-number,), number) for number in self._ids(anywhere))
        newest = f"id IN (SELECT id FROM articles ORDER BY id DESC LIMIT {NEWEST}) AND {_has(self._variants, 'title')}"
        in_title = dict.fromkeys(self._ids(newest))
        rest = (number for number in self._ids(anywhere) if number not in in_title)
        return chain((Found((0, -n), n) for n in in_title), (Found((1, -n), n) for n in rest))

    def _ids(self, where: str) -> Iterator[int]:
        statement = f"SELECT id FROM articles WHERE {where} ORDER BY id DESC"
        return (number for (number,) in self._db.execute(statement, _values(self._variants)))


def common_character(db: Database, node: Node, folding: Folding) -> CommonCharacter | None:
    """The character that a query asks for, if that is all it asks for and many articles have it."""
    match node:
        case Text(term=term, in_title=False) if term.is_character:
            variants = folding.variants(term.segments[0])
        case _:
            return None
    articles = db.table("articles").count
    if articles < FEWEST:
        return None
    share = _share(db, variants)
    if share < SCANNED:
        return None
    return CommonCharacter(db, variants, _rounded(share * articles) if share >= GUESSED else None)


def _has(variants: str, column: str) -> str:
    return "(" + " OR ".join(f"instr({column}, :v{number})" for number in range(len(variants))) + ")"


def _values(variants: str) -> dict[str, str]:
    return {f"v{number}": character for number, character in enumerate(variants)}


def _share(db: Database, variants: str) -> float:
    """The share of the articles that have it, told by some that are as evenly spread over the ids as over time."""
    first, last = db.execute("SELECT (SELECT min(id) FROM articles), (SELECT max(id) FROM articles)").fetchone()
    has_it = f"{_has(variants, 'title')} OR {_has(variants, 'body')}"
    near = f"SELECT coalesce({has_it}, 0) FROM articles WHERE id >= place.value ORDER BY id LIMIT 1"
    places = json.dumps([first + (last - first) * number // SAMPLE for number in range(SAMPLE)])
    statement = f"SELECT avg(({near})) FROM json_each(:places) AS place"
    (share,) = db.execute(statement, {**_values(variants), "places": places}).fetchone()
    return float(share)


def _rounded(number: float) -> int:
    """Two digits that say something.

    >>> _rounded(176_432.1)
    180000
    """
    return int(float(f"{number:.1e}"))
