"""Articles that share rare words with one."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from archive.database import Database
from archive.reprints import members
from archive.search.folding import load_folding
from archive.search.index import INDEX
from archive.search.terms import Term, is_run, segments, spans
from archive.search.writing import words

COMMON, COMMON_SHARE, FEWEST = 500, 0.05, 5
"""From so many articles on a word is not rare, or from this share of all on, but not of fewer than these."""
MOST_WORDS = 80
"""Words that are looked for, those that tell most of the article."""
FEWEST_SHARED = 3
LEAST_SHARE = 0.05
SHOWN_WORDS, SHORTEST_SHOWN = 6, 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """An article that is like another one."""

    id: int
    share: float
    """Of the other one's rare words that any article shares, weighed by how rare they are, those that this one has."""
    words: tuple[str, ...]
    """The longest stretches of words that both have, as the other one has them."""


def similar(db: Database, article_id: int, *, limit: int = 10) -> list[Alike]:
    """The articles that share most of this one's rare words, the most alike first; its reprints left out."""
    title, body, cluster = db.execute(
        "SELECT coalesce(title, ''), coalesce(body, ''), cluster_id FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    weights = _rare(db, Counter(segments(f"{words(db, title)} {words(db, body)}")))
    shared: dict[int, set[str]] = {}
    for word in weights:
        for other in _articles(db, word):
            shared.setdefault(other, set()).add(word)
    shared.pop(article_id, None)
    for reprint in members(db, [cluster]):
        shared.pop(reprint, None)
    whole = sum(weights.values())
    shares = {other: sum(weights[word] for word in found) / whole for other, found in shared.items()}
    best = sorted(
        (other for other, found in shared.items() if len(found) >= FEWEST_SHARED and shares[other] >= LEAST_SHARE),
        key=lambda other: (-shares[other], -other),
    )
    text = load_folding(db).fold(f"{title}\n{body}")
    return [Alike(id=other, share=shares[other], words=_stretches(text, shared[other])) for other in best[:limit]]


def _rare(db: Database, counts: Counter[str]) -> dict[str, float]:
    """The words that tell most, each with its weight: how rare it is, and how often it occurs here."""
    articles = db.table("articles").count
    common = min(COMMON, max(FEWEST, round(COMMON_SHARE * articles)))
    weights = {}
    for word, count in counts.items():
        if word.isdecimal() or (is_run(word) and len(word) == 1):
            continue  # dates and the ends of sentences meet by chance
        frequency = _frequency(db, word, common)
        if 1 < frequency < min(common, articles):
            weights[word] = math.log(articles / frequency) * (1 + math.log(count))
    best = sorted(weights, key=lambda word: (-weights[word], word))[:MOST_WORDS]
    return {word: weights[word] for word in best}


def _frequency(db: Database, word: str, most: int) -> int:
    """How many articles have a word; no more than these are counted."""
    found = f"SELECT 1 FROM {INDEX} WHERE {INDEX} MATCH :match LIMIT :limit"
    values = {"match": f'"{word}"', "limit": most}
    count: int = db.execute(f"SELECT count(*) FROM ({found})", values).fetchone()[0]
    return count


def _articles(db: Database, word: str) -> list[int]:
    statement = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ?"
    return [number for (number,) in db.execute(statement, [f'"{word}"']).fetchall()]


def _stretches(text: str, shared: Iterable[str]) -> tuple[str, ...]:
    """The longest stretches of a folded text that are made of the shared words, as a reader knows them.

    A pair of characters alone is often the end of one word and the beginning of another.

    >>> _stretches("在苏州人才市场", ["苏州", "州人", "市场"])
    ('苏州人',)
    """
    covered = bytearray(len(text))
    for word in shared:
        for start, end in spans(Term(segments=(word,)), text):
            covered[start:end] = b"\1" * (end - start)
    edges = [place for place in range(len(text) + 1) if _is_covered(covered, place) != _is_covered(covered, place - 1)]
    found = dict.fromkeys(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    long = (stretch for stretch in found if len(stretch) >= SHORTEST_SHOWN)
    return tuple(sorted(long, key=lambda stretch: -len(stretch))[:SHOWN_WORDS])


def _is_covered(covered: bytearray, place: int) -> bool:
    return 0 <= place < len(covered) and bool(covered[place])
