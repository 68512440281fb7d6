"""The query language.

    query  = all { OR all }
    all    = part { [AND] part }
    part   = [NOT | -] [field:] ( words | "quoted" [~distance] | ( query ) )

Words side by side must all occur, quoted ones in this order with nothing but punctuation between. A field before a
bracket is that of everything inside. What has no letter in it (``！``, an emoji) asks for nothing.
"""

import re
from collections.abc import Callable
from typing import cast, get_args

from archive.errors import QueryError
from archive.search.folding import Folding
from archive.search.lexing import Kind, Token, tokens
from archive.search.query import All, Either, Name, Named, Near, Node, Not, Range, Ranged, Text, Worded, Words
from archive.search.ranges import dates, numbers
from archive.search.terms import Term

LONGEST = 2_000
"""Characters in a query; a paragraph fits, a pasted page does not."""
MOST_WORDS = 64
"""Words in a query: each costs time, and who asks for more has pasted something."""
MOST_CHARACTERS = 8
"""Single characters in a query, also behind a Latin word: one that the index joins costs as much as 50 words."""
MOST_NEAR = 2
"""Single characters that are near each other: of the most common ones, each takes 0.2 s at 200,000 articles."""
DEEPEST = 20
"""Brackets within brackets."""
FARTHEST = 1_000
"""Characters between words that are near each other."""


def parse_query(query: str, folding: Folding) -> Node:
    """The tree of a query. Raises ``QueryError``, which says where and why, if it cannot be understood."""
    if len(query) > LONGEST:
        raise QueryError(query, LONGEST, f"longer than {LONGEST} characters")
    return _Parser(query, folding).parsed()


_SITE = re.compile(r"^(?:https?://)?(?:www\.)?|/.*$")
"""What stands around the host of an address."""


class _Parser:
    def __init__(self, query: str, folding: Folding) -> None:
        self._query, self._fold = query, folding.fold
        self._tokens = list(tokens(query))
        self._next = 0
        self._words = 0
        self._characters = 0

    def parsed(self) -> Node:
        node = self._any(None, 0)
        if self._token.kind == ")":
            raise self._error("there is no opening bracket for this one")
        if node is None:
            raise QueryError(self._query, 0, "nothing to search for")
        return node

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self, *kinds: Kind) -> Token | None:
        """The next token if it is one of these."""
        return self._step() if self._token.kind in kinds else None

    def _step(self) -> Token:
        token = self._token
        self._next += 1
        return token

    def _error(self, reason: str, token: Token | None = None) -> QueryError:
        return QueryError(self._query, (token or self._token).place, reason)

    def _any(self, field: str | None, depth: int) -> Node | None:
        nodes = [self._all(field, depth)]
        while operator := self._take("OR"):
            nodes.append(self._all(field, depth))
            if None in nodes:
                raise self._error(f"{operator.text} needs something to search for on both sides", operator)
        return _joined(nodes, lambda several: Either(nodes=several))

    def _all(self, field: str | None, depth: int) -> Node | None:
        nodes: list[Node | None] = []
        while self._token.kind not in ("OR", ")", "end"):
            operator = self._take("AND")
            if operator and (not nodes or self._token.kind in ("OR", "AND", ")", "end")):
                raise self._error("AND needs something to search for on both sides", operator)
            nodes.append(self._part(field, depth))
        return _joined(nodes, lambda several: All(nodes=several))

    def _part(self, field: str | None, depth: int) -> Node | None:
        if operator := self._take("NOT"):
            if self._token.kind in ("OR", "AND", ")", "end"):
                raise self._error(f"{operator.text} needs something to search for after it", operator)
            node = self._part(field, depth)
            return node.node if isinstance(node, Not) else Not(node=node) if node else None
        if named := self._take("field"):
            if self._token.kind == "NOT":
                raise self._error(f"write -{named.text}: for what it must not have", named)
            if self._token.kind not in ("word", "quoted", "("):
                hint = "; in a shell, > and < stand in single quotes" if named.text in get_args(Ranged) else ""
                raise self._error(f"{named.text}: needs something after it{hint}", named)
            return self._part(named.text, depth)
        if bracket := self._take("("):
            return self._group(bracket, field, depth + 1)
        return self._leaf(self._step(), field)  # a word or a quote: all others are taken where they may stand

    def _group(self, bracket: Token, field: str | None, depth: int) -> Node | None:
        if depth > DEEPEST:
            raise self._error(f"more than {DEEPEST} brackets within each other", bracket)
        node = self._any(field, depth)
        if not self._take(")"):
            raise self._error("the bracket is never closed", bracket)
        return node

    def _leaf(self, token: Token, field: str | None) -> Node | None:
        self._count(token, words=1)
        if field in get_args(Ranged):
            return self._range(token, cast(Ranged, field))
        folded = self._fold(token.text)
        if field in get_args(Named):
            value = _SITE.sub("", folded.strip()) if field == "site" else folded.strip()
            return Name(field=cast(Named, field), value=value) if value else None
        term = Term.of(folded)
        if term is None:
            return None
        self._count(token, characters=term.is_open)
        if field in get_args(Worded):
            return Words(field=cast(Worded, field), term=term)
        near = [one for one in map(Term.of, folded.split()) if one] if token.distance is not None else []
        if token.distance is None or len(near) < 2:
            return Text(term=term, in_title=field == "title")
        characters = sum(one.is_open for one in near)
        if characters > MOST_NEAR:
            raise self._error(f"more than {MOST_NEAR} single characters near each other", token)
        self._count(token, words=len(near) - 1, characters=characters - term.is_open)
        return Near(terms=tuple(near), distance=min(token.distance, FARTHEST), in_title=field == "title")

    def _count(self, token: Token, *, words: int = 0, characters: int = 0) -> None:
        self._words += words
        self._characters += characters
        if self._words > MOST_WORDS:
            raise self._error(f"more than {MOST_WORDS} words", token)
        if self._characters > MOST_CHARACTERS:
            raise self._error(f"more than {MOST_CHARACTERS} single characters", token)

    def _range(self, token: Token, field: Ranged) -> Range:
        try:
            least, most = dates(token.text) if field == "date" else numbers(token.text)
        except OverflowError:
            raise self._error(f"{token.text} is beyond all dates", token) from None
        except ValueError as error:
            raise self._error(str(error), token) from error
        return Range(field=field, least=least, most=most)


def _joined(nodes: list[Node | None], join: Callable[[tuple[Node, ...]], Node]) -> Node | None:
    """One node for several, each once; what asks for nothing counts for nothing."""
    several = tuple(dict.fromkeys(node for node in nodes if node))
    return join(several) if len(several) > 1 else several[0] if several else None
