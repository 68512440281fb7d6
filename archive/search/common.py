"""A common character alone: so many articles have it that the newest are soon found without the index.

FTS5 joins the articles of every pair that begins with the character before it gives the first one: 200 ms for 人 at
200,000 articles, all but a few of which have it.
"""

from collections.abc import Iterator
from itertools import chain

from sqlite_utils import Database

from archive.search.folding import Folding
from archive.search.query import Node, Text
from archive.search.ranking import NEWEST, Found, Sort

FEWEST = 20_000
"""Articles below which the index is quick for every character."""
BLOCKS, BLOCK = 50, 20
"""Articles that are looked at: so many neighbours at so many places."""
SCANNED = 0.1
"""Share of the articles from which on a page of hits is found sooner by looking at the newest."""
GUESSED = 0.5
"""Share from which on they are not counted, but guessed."""


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
    """The share of the articles that have it, told by blocks of neighbours in the order in which they were first read.

    Unlike the ids of articles, those of revisions have no gaps to speak of: each article is as likely to be looked at.
    """
    has_it = f"coalesce({_has(variants, 'title')} OR {_has(variants, 'body')}, 0)"
    statement = f"""
        SELECT revisions.id, {has_it} FROM revisions CROSS JOIN articles ON articles.id = article_id
        WHERE revisions.id > :place ORDER BY revisions.id LIMIT {BLOCK}
    """
    last = db.execute("SELECT max(id) FROM revisions").fetchone()[0] or 0
    having, seen, place = 0, 0, 0
    for number in range(BLOCKS):
        values = {**_values(variants), "place": max(place, last * number // BLOCKS)}
        rows = db.execute(statement, values).fetchall()
        place = rows[-1][0] if rows else last
        having, seen = having + sum(has for _, has in rows), seen + len(rows)
    return having / seen if seen else 0.0


def _rounded(number: float) -> int:
    """Two digits that say something.

    >>> _rounded(176_432.1)
    180000
    """
    return int(float(f"{number:.1e}"))
