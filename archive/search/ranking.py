"""The order of what was found."""

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import chain
from math import inf
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from archive.database import Database
from archive.search.index import index_is_stale
from archive.search.matching import Matching

Sort = Literal["relevance", "newest", "oldest", "views", "rising"]
Ranked = Literal["all", "newest"]

EXACT = 20_000
"""Hits that are all ranked. bm25 reads every hit: of a word as common as 中国, 71 ms at 200,000 articles."""
NEWEST = 1_000
"""Of more hits, those that are ranked: so many in titles, and so many anywhere."""
RISING = 20_000
"""Hits whose counters are compared, the newest ones."""
TITLE_WEIGHT = 5.0
"""How much more a word in the title counts than one in the text."""

_GROWTH = """
    (
        SELECT CASE WHEN julianday(max(observed_at)) - julianday(min(observed_at)) >= 1.0 / 1440 THEN
            sum(max(0, value - before)) / (julianday(max(observed_at)) - julianday(min(observed_at)))
        END
        FROM (
            SELECT value, observed_at, lag(value) OVER (ORDER BY observed_at, id) AS before
            FROM view_counts WHERE article_id = {texts.article} AND {texts.counted}
        )
    )
"""
"""Views a day, as ``counters.growth_per_day`` has them."""


class Found(NamedTuple):
    """One hit; the smaller its key, the earlier it comes."""

    key: tuple[float, ...]
    article_id: int
    revision_id: int | None = None
    """Of a text that was edited away."""


def ranked(sort: Sort, total: int) -> Ranked:
    """Whether all hits compete for the first places."""
    return "newest" if total > {"relevance": EXACT, "rising": RISING}.get(sort, total) else "all"


def count_hits(db: Database, parts: tuple[Matching, ...]) -> int:
    """How many articles match."""
    return sum(_count(db, part) for part in parts)


def count_texts(db: Database, parts: tuple[Matching, ...]) -> int:
    """How many texts match, reprints of one counted once."""
    each = " UNION ALL ".join(
        part.select(f"coalesce(texts.cluster_id, {part.texts.article}) AS text") for part in parts
    )
    values = {name: value for part in parts for name, value in part.values.items()}  # equal for all parts of a query
    total: int = db.execute(f"SELECT count(DISTINCT text) FROM ({each})", values).fetchone()[0]
    return total


def _count(db: Database, part: Matching) -> int:
    is_past = part.texts.kind == "revisions"
    statement = part.select(f"count(DISTINCT {part.texts.article})" if is_past else "count(*)")
    # 20,000 hits take 1 ms without and 38 ms with the look at each article, which only a stale index needs.
    if not is_past and part.is_plain and not index_is_stale(db):
        statement = f"SELECT count(*) FROM {part.texts.index} WHERE {part.texts.index} MATCH :match"
    total: int = db.execute(statement, part.values).fetchone()[0]
    return total


def ordered(db: Database, parts: tuple[Matching, ...], sort: Sort, total: int) -> Iterator[Found]:
    """All hits, the first first, each article once.

    Above ``EXACT`` hits only the newest ones in titles and in texts are ranked by relevance, above ``RISING`` only the
    growth of the newest is compared; all others follow, newest first. Of an article's texts that were edited away the
    last one is given.
    """
    # Not by the revision: one that another program added may be of an article that stands there as it is today too.
    return merge(*(_once(_SORTS[sort](db, part, total), part) for part in parts), key=itemgetter(0, 1))


def _once(found: Iterator[Found], part: Matching) -> Iterator[Found]:
    if part.texts.kind == "articles":
        return found
    last: dict[int, Found] = {}
    for one in found:
        known = last.get(one.article_id)
        if known is None or (known.revision_id or 0) < (one.revision_id or 0):
            last[one.article_id] = one
    return iter(sorted(last.values()))


def _rows(
    db: Database, part: Matching, value: str, rest: str = "", *, match: Literal["match", "in_title"] = "match"
) -> Iterator[tuple[Found, Any]]:
    """Each hit with an SQL value, still without a key."""
    is_past = part.texts.kind == "revisions"
    statement = part.select(f"{part.texts.article}, texts.id, {value}", rest, match=match)
    for article_id, text_id, given in db.execute(statement, part.values):
        yield Found((), article_id, text_id if is_past else None), given


def _by(key: Callable[[int, Any], tuple[float, ...]], rows: Iterable[tuple[Found, Any]]) -> Iterator[Found]:
    return (found._replace(key=key(found.article_id, value)) for found, value in rows)


def newest(db: Database, part: Matching, total: int = 0) -> Iterator[Found]:
    """All hits of one kind of text, the newest first."""
    return _by(lambda number, _: (-number,), _rows(db, part, "NULL", f"ORDER BY {part.recency} DESC"))


def _oldest(db: Database, part: Matching, total: int) -> Iterator[Found]:
    return _by(lambda number, _: (number,), _rows(db, part, "NULL", f"ORDER BY {part.recency}"))


def _most(number: int, value: float | None) -> tuple[float, ...]:
    return (-value if isinstance(value, int | float) else inf, -number)


def _views(db: Database, part: Matching, total: int) -> Iterator[Found]:
    return iter(sorted(_by(_most, _rows(db, part, part.texts.views))))


def _rising(db: Database, part: Matching, total: int) -> Iterator[Found]:
    last = _rows(db, part, _GROWTH.format(texts=part.texts), f"ORDER BY {part.recency} DESC LIMIT {RISING}")
    compared = sorted(_by(_most, last))
    return chain(compared, _others(db, part, compared)) if total > RISING else iter(compared)


def _relevance(db: Database, part: Matching, total: int) -> Iterator[Found]:
    if part.match is None:
        return _by(lambda number, _: (0, 0, -number), _rows(db, part, "NULL", f"ORDER BY {part.recency} DESC"))
    if total <= EXACT:
        # bm25 is the better the smaller it is.
        best = _rows(db, part, _score(part), f"ORDER BY 3, {part.recency} DESC")
        return _by(lambda number, score: (0, score, -number), best)
    best_of_newest = _best_of_newest(db, part)
    return chain(best_of_newest, _others(db, part, best_of_newest))


def _score(part: Matching) -> str:
    return f"bm25({part.texts.index}, {TITLE_WEIGHT}, 1.0)"


def _best_of_newest(db: Database, part: Matching) -> list[Found]:
    """The newest hits in titles and the newest anywhere, the best first."""
    best: dict[Found, float] = {}
    matches: tuple[Literal["match", "in_title"], ...] = ("match", "in_title") if part.in_title else ("match",)
    for match in matches:
        rest = f"ORDER BY {part.recency} DESC LIMIT {NEWEST}"
        for found, score in _rows(db, part, _score(part), rest, match=match):
            best[found] = min(score, best.get(found, 0.0))
    return sorted(_by(lambda number, score: (0, score, -number), best.items()))


def _others(db: Database, part: Matching, compared: Iterable[Found]) -> Iterator[Found]:
    """What was not compared, newest first, behind all that was."""
    first = {found.article_id for found in compared}
    rows = _rows(db, part, "NULL", f"ORDER BY {part.recency} DESC")
    return _by(lambda number, _: (inf, inf, -number), (row for row in rows if row[0].article_id not in first))


_SORTS = {"relevance": _relevance, "newest": newest, "oldest": _oldest, "views": _views, "rising": _rising}
