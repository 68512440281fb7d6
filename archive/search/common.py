"""Common characters: so many articles have one that looking at the texts is quicker than the index.

FTS5 joins the articles of every pair that begins with the character before it gives the first one: 174 ms for 人 at
200,000 articles, all but a few of which have it. To look for it in the texts that the rest of the query finds takes
2 µs each, and the newest that have it are soon found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from archive.database import Database
from archive.search.folding import Folding
from archive.search.matching import conditions, matching
from archive.search.query import All, Either, Node, Text, leaves
from archive.search.ranking import NEWEST, Found, Sort, newest
from archive.search.terms import Term
from archive.search.texts import TODAY

FEWEST = 20_000
"""Articles below which the index is quick for every character."""
BLOCKS, BLOCK = 50, 20
"""Articles that are looked at: so many neighbours at so many places."""
COMMON = 0.1
"""Share of the articles from which on a character is common, and a page of hits soon found among the newest."""
GUESSED = 0.5
"""Share from which on the hits of one character are not counted, but guessed; those of several are from ``COMMON``."""


class Common(NamedTuple):
    """The common characters of a query."""

    variants: Mapping[Term, str] = {}
    """Those to be looked for in the texts, with all characters that are searched as each."""
    is_all: bool = False
    """Whether they are all that it asks for, and found together in many articles."""
    total: int | None = None
    """About how many, then; ``None`` where they are to be counted."""


def common_characters(db: Database, node: Node, folding: Folding) -> Common:
    """What of a query is better looked for in the texts."""
    asked_for = list(leaves(node))
    characters = [leaf for leaf in asked_for if isinstance(leaf, Text) and leaf.term.is_character]
    articles = db.table("articles").count if characters else 0
    if articles < FEWEST:
        return Common()
    variants = {leaf.term: folding.variants(leaf.term.segments[0]) for leaf in characters}
    anywhere = [Text(term=term) for term in variants]
    is_all = len(characters) == len(asked_for)
    *each, together = _shares(db, [*anywhere, node if is_all else anywhere[0]], variants)
    shares = {term: share for term, share in zip(variants, each, strict=True) if share >= COMMON}
    is_all = is_all and len(shares) == len(variants)
    if is_all and together < COMMON:
        del shares[min(shares, key=shares.__getitem__)]  # the index leaves the fewest texts to look at
        is_all = False
    guessed = is_all and together >= (COMMON if len(characters) > 1 else GUESSED)
    return Common({term: variants[term] for term in shares}, is_all, _rounded(together * articles) if guessed else None)


def scanned(db: Database, node: Node, variants: Mapping[Term, str], sort: Sort) -> Iterator[Found]:
    """All hits, newest first; by relevance, those of the newest that have everything in the title come first."""
    part = matching(node, TODAY, variants)
    if sort == "newest":
        return newest(db, part)
    last = f"{TODAY.where} AND texts.id IN (SELECT id FROM articles ORDER BY id DESC LIMIT {NEWEST})"
    in_title = list(newest(db, matching(_in_title(node), replace(TODAY, where=last), variants)))
    first = {found.article_id for found in in_title}
    rest = (found for found in newest(db, part) if found.article_id not in first)
    return chain(
        (found._replace(key=(0, *found.key)) for found in in_title),
        (found._replace(key=(1, *found.key)) for found in rest),
    )


def _in_title(node: Node) -> Node:
    """The same, asked of the title; what must not be there must not be anywhere."""
    match node:
        case Text():
            return replace(node, in_title=True)
        case All(nodes=nodes) | Either(nodes=nodes):
            return replace(node, nodes=tuple(map(_in_title, nodes)))
    return node


def _shares(db: Database, nodes: Sequence[Node], variants: Mapping[Term, str]) -> list[float]:
    """The share of the articles that has each, told by blocks of neighbours in the order in which they were first read.

    Unlike the ids of articles, those of revisions have no gaps to speak of: each article is as likely to be looked at.
    """
    has_each, values = conditions(nodes, TODAY, variants)
    columns = ", ".join(f"coalesce({has_it}, 0)" for has_it in has_each)
    statement = f"""
        SELECT revisions.id, {columns} FROM revisions CROSS JOIN articles AS texts ON texts.id = article_id
        WHERE revisions.id > :place ORDER BY revisions.id LIMIT {BLOCK}
    """
    last = db.execute("SELECT max(id) FROM revisions").fetchone()[0] or 0
    seen, place = list[Sequence[int]](), 0
    for number in range(BLOCKS):
        rows = db.execute(statement, {**values, "place": max(place, last * number // BLOCKS)}).fetchall()
        place = rows[-1][0] if rows else last
        seen += [row[1:] for row in rows]
    return [sum(having) / len(seen) for having in zip(*seen, strict=True)] if seen else [0.0] * len(nodes)


def _rounded(number: float) -> int:
    """Two digits that say something.

    >>> _rounded(176_432.1)
    180000
    """
    return int(float(f"{number:.1e}"))
