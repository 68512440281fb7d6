"""Search over the archive: every word of one, two or more characters is found, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import dropwhile, islice
from typing import NamedTuple, Protocol

from archive.database import Database
from archive.errors import NotAHit
from archive.search.common import Common, common_characters, scanned
from archive.search.facets import LOOKED_AT, NEWEST, Facets, facets_of
from archive.search.folding import load_folding
from archive.search.hits import hits_of
from archive.search.matching import Matching, matching
from archive.search.parsing import parse_query
from archive.search.query import All, Node, shown_terms
from archive.search.ranking import Found, Sort, count_hits, count_texts, ordered, ranked
from archive.search.results import Hit, Past, Place, Results
from archive.search.snippets import Highlighter
from archive.search.texts import EDITED_AWAY, TODAY, texts_of, views_at

__all__ = ["Hit", "Past", "Place", "Results", "Sort", "asked", "search"]

QUICK = ("relevance", "newest")
"""Orders that need not look at every hit."""
FOLDED = 3_000
"""Hits up to which it is counted how many texts they are: 3 ms."""


class Searchable(Protocol):
    """What can be searched: ``archive.store.Archive`` or anything else with its tables."""

    @property
    def db(self) -> Database:
        """The open file."""


class Asked(NamedTuple):
    """A query that was understood, and how it is looked up."""

    node: Node
    parts: tuple[Matching, ...]
    """One for each kind of text that is searched; no article is found in two of them."""
    common: Common
    """Its common characters; they are not all of it where more than today's texts are searched."""

    def total(self, db: Database) -> int:
        """How many articles match; about how many, where ``common.total`` is given."""
        return self.common.total or count_hits(db, self._counted)

    def ordered(self, db: Database, sort: Sort, total: int) -> Iterator[Found]:
        """All hits in their order; the newest ones without a look at the others, if the order allows it."""
        if self.common.is_all and sort in QUICK:
            return scanned(db, self.node, self.common.variants, sort)
        return ordered(db, self.parts, sort, total)

    def facets(self, db: Database, total: int, sample: int | None) -> Facets:
        """How the hits are spread, or the newest of them; with ``sample``, about so many of all times."""
        if sample:
            return facets_of(db, self._counted, sample, sampled_of=total)
        return facets_of(db, self._counted, LOOKED_AT if self.common.total else NEWEST)

    @property
    def every(self) -> tuple[Matching, ...]:
        """How all hits are found without reading their texts, where only common characters are asked for."""
        return (matching(self.node, TODAY),) if self.common.is_all else self.parts

    @property
    def _counted(self) -> tuple[Matching, ...]:
        """How all hits are found soonest: where many texts do not have a character, the index is."""
        return self.parts if self.common.total else self.every


def asked(
    db: Database, query: str, *, as_of: datetime | None = None, revisions: bool = False, blank_is_all: bool = False
) -> Asked:
    """What a query asks of the texts of today; with ``as_of`` of those that stood then, with ``revisions`` of all.

    With ``blank_is_all`` a blank query asks for nothing, and finds everything. Raises ``QueryError``.
    """
    folding = load_folding(db)
    node = All(nodes=()) if blank_is_all and not query.strip() else parse_query(query, folding)
    common = common_characters(db, node, folding)
    today = matching(node, TODAY, common.variants)
    if not as_of and not revisions:
        return Asked(node, (today,), common)
    if as_of:
        parts = tuple(matching(node, texts, common.variants) for texts in texts_of(as_of))
    else:
        only_past = replace(EDITED_AWAY, where=f"texts.article_id NOT IN ({today.select('texts.id')})")
        parts = (today, matching(node, only_past, common.variants))
    return Asked(node, parts, Common(common.variants))


def search(
    archive: Searchable,
    query: str,
    *,
    limit: int = 20,
    offset: int = 0,
    after: int | None = None,
    sort: Sort = "relevance",
    fold: bool = False,
    all_sections: bool = False,
    facets: bool = False,
    sample: int | None = None,
    as_of: datetime | None = None,
    revisions: bool = False,
    blank_is_all: bool = False,
) -> Results:
    """The articles that match, in their order.

    ``after`` goes on behind the article of this id, whatever was added since; ``fold`` gives one article for all
    reprints of a text, each of which counts above ``FOLDED`` hits; ``facets`` counts the newest hits, or with
    ``sample`` about so many of all times; ``as_of`` searches the texts as they stood then, ``revisions`` also what was
    edited away; with ``blank_is_all`` a blank query finds everything. Raises ``QueryError`` for a query that cannot be
    understood, ``NotAHit`` for an ``after`` that is none.
    """
    db = archive.db
    found_by = asked(db, query, as_of=as_of, revisions=revisions, blank_is_all=blank_is_all)
    node, parts, common = found_by
    total = found_by.total(db)
    found = found_by.ordered(db, sort, total) if total else iter(())
    text_of = partial(_text_of, db) if fold else _itself
    if fold:
        found = _one_of_each(found, text_of)
    if after is not None:
        found = _behind(found, query, after, text_of)
    is_exact = not common.total and not (fold and total > FOLDED)
    page = list(islice(found, offset, offset + limit + 1))
    hits = hits_of(db, page[:limit], Highlighter(shown_terms(node), load_folding(db)), all_sections=all_sections)
    if fold:
        hits = [replace(hit, reprints=_reprints(db, hit.id)) for hit in hits]
    if as_of:
        hits = [replace(hit, views=views_at(db, hit.id, as_of)) for hit in hits]
    return Results(
        query=query,
        total=count_texts(db, parts) if fold and is_exact else total,
        counted="exactly" if is_exact else "about",
        ranked="newest" if common.is_all and sort == "relevance" else ranked(sort, total),
        hits=tuple(hits),
        after=page[limit - 1].article_id if len(page) > limit else None,
        facets=found_by.facets(db, total, sample) if facets else None,
    )


def _behind(found: Iterator[Found], query: str, after: int, text_of: Callable[[int], int]) -> Iterator[Found]:
    """What comes after an article, or after the reprint that stands for it."""
    text = text_of(after)
    rest = dropwhile(lambda one: text_of(one.article_id) != text, found)
    if next(rest, None) is None:
        raise NotAHit(query, after)
    return rest


def _one_of_each(found: Iterator[Found], text_of: Callable[[int], int]) -> Iterator[Found]:
    """The first of each text."""
    seen = set[int]()
    for one in found:
        text = text_of(one.article_id)
        if text not in seen:
            seen.add(text)
            yield one


def _itself(article_id: int) -> int:
    return article_id


def _text_of(db: Database, article_id: int) -> int:
    """A number that is the same for all articles that print one text."""
    row = db.execute("SELECT cluster_id FROM articles WHERE id = ?", [article_id]).fetchone()
    return row[0] if row and isinstance(row[0], int) else article_id


def _reprints(db: Database, article_id: int) -> int:
    """How many other articles print the text."""
    count: int = db.execute(
        """
        SELECT count(*) FROM articles
        WHERE cluster_id = (SELECT cluster_id FROM articles WHERE id = :id) AND id <> :id
        """,
        {"id": article_id},
    ).fetchone()[0]
    return count
