"""A query as SQL: what FTS5 looks up in its index, and the conditions on the rows that it finds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from archive.search.query import All, Either, Name, Near, Node, Not, Range, Text, Words
from archive.search.terms import Term, is_run
from archive.search.texts import PRINTED, Texts, Values

NO_TERMS: Mapping[Term, str] = {}

_PRINTED = f"strftime('%Y-%m-%dT%H:%M:%S', {PRINTED})"

# No zone is more than a day off: most rows are out of the range before their time is calculated.
_SINCE = "texts.published_at >= strftime('%Y-%m-%d', {value}, '-1 day') AND {printed} >= {value}"
_UNTIL = "texts.published_at < coalesce(strftime('%Y-%m-%d', {value}, '+2 days'), 'A') AND {printed} <= {value}"

_CONDITIONS = {
    "source": "has_term(texts.source, {value})",
    "category": "has_term(texts.category, {value})",
    "author": """EXISTS (
        SELECT 1 FROM json_each(iif(json_valid(texts.authors), texts.authors, json_array(texts.authors))) AS author
        WHERE has_term(author.value, {value})
    )""",
    "section": "EXISTS (SELECT 1 FROM ({texts.headings}) WHERE has_term(heading, {value}))",
    "note": "{texts.article} IN (SELECT article_id FROM notes WHERE has_term(text, {value}))",
    "site": "(texts.site = {value} OR substr(texts.site, -length({value}) - 1) = '.' || {value})",
    "tag": "{texts.article} IN (SELECT article_id FROM tags WHERE folded(tag) = {value})",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Matching:
    """The rows of one kind of text that a query finds."""

    texts: Texts
    match: str | None
    """The right side of FTS5's MATCH; ``None`` where the query asks for no word that must be there."""
    in_title: str | None
    """The same for what has it all in the title; ``None`` where that cannot be asked for."""
    where: str
    """The conditions on the rows."""
    values: Values

    @property
    def is_plain(self) -> bool:
        """Whether the index alone decides."""
        return self.match is not None and self.where == "1"

    @property
    def recency(self) -> str:
        """The column that grows with time, by which FTS5 gives its hits without sorting them."""
        return f"{self.texts.index}.rowid" if self.match else "texts.id"

    def select(self, columns: str, rest: str = "", *, match: Literal["match", "in_title"] = "match") -> str:
        """The statement for these columns of ``texts``; ``values`` are to be bound."""
        index, rows = self.texts.index, self.texts.rows
        found = f"{index} CROSS JOIN {rows} ON texts.id = {index}.rowid WHERE {index} MATCH :{match}"
        return f"""
            SELECT {columns} FROM {found if self.match else f"{rows} WHERE 1"} AND {self.where} {rest}
        """


def matching(node: Node, texts: Texts, common: Mapping[Term, str] = NO_TERMS) -> Matching:
    """How a query is looked up in one kind of text.

    ``common`` are single characters that are not looked up in the index, with all that are searched as each: the texts
    that the rest finds are looked at.
    """
    return _Compiler(texts, common).compiled(node)


def conditions(nodes: Sequence[Node], texts: Texts, common: Mapping[Term, str]) -> tuple[list[str], Values]:
    """Whether a row of a kind of text has each of these, as SQL, and the values to be bound."""
    compiler = _Compiler(texts, common)
    return list(map(compiler.condition, nodes)), compiler.values


def everything(texts: Texts) -> Matching:
    """All texts of a kind."""
    return Matching(texts=texts, match=None, in_title=None, where=texts.where, values=texts.values)


class _Compiler:
    def __init__(self, texts: Texts, common: Mapping[Term, str]) -> None:
        self._texts, self._common = texts, common
        self.values: Values = dict(texts.values)

    def compiled(self, node: Node) -> Matching:
        found, missing, conditions = list[str](), dict[Not, str](), list[Node]()
        for one in node.nodes if isinstance(node, All) else (node,):
            if expression := self._match(one):
                found.append(expression)
            elif isinstance(one, Not) and (expression := self._match(one.node)):
                missing[one] = expression
            else:
                conditions.append(one)
                if isinstance(one, Words) and one.field == "section" and one.term not in self._common:
                    found.append(_phrase(one.term))  # a heading is a line of the text as it now stands
        if not found:
            conditions += missing
        positive = " AND ".join(found)
        where = " AND ".join([self._texts.where, *map(self.condition, conditions)])
        match = _without(positive, missing.values()) if found else None
        # Within the title alone, NOT would let through what the text has.
        can_be_in_title = found and " NOT " not in positive
        in_title = _without(f"{{title}} : ({positive})", missing.values()) if can_be_in_title else None
        values = self.values | {"match": match, "in_title": in_title}
        return Matching(texts=self._texts, match=match, in_title=in_title, where=where, values=values)

    def condition(self, node: Node) -> str:
        """Whether a row of ``texts`` has it; perhaps NULL where not."""
        if expression := self._match(node):
            index = self._texts.index
            return f"texts.id IN (SELECT rowid FROM {index} WHERE {index} MATCH {self._bound(expression)})"
        match node:
            case Text(term=term, in_title=in_title):
                columns = ("title",) if in_title else ("title", "body")
                variants = [self._bound(variant) for variant in self._common[term]]
                return f"({' OR '.join(f'instr(texts.{name}, {one})' for name in columns for one in variants)})"
            case Words(field=field, term=term):
                value = self._bound(json.dumps(term.segments, ensure_ascii=False))
                condition = _CONDITIONS[field].format(texts=self._texts, value=value)
                return f"({condition} AND {self.condition(Text(term=term))})" if field == "section" else condition
            case Name(field=field, value=name):
                return _CONDITIONS[field].format(texts=self._texts, value=self._bound(name))
            case Range():
                return self._range(node)
            case All(nodes=nodes):
                return "(" + " AND ".join(map(self.condition, nodes)) + ")"
            case Either(nodes=nodes):
                return "(" + " OR ".join(map(self.condition, nodes)) + ")"
            case Not(node=inner):
                return f"NOT coalesce({self.condition(inner)}, 0)"
        raise AssertionError(node)

    def _range(self, node: Range) -> str:
        limits = ((node.least, _SINCE, ">="), (node.most, _UNTIL, "<="))
        given = [(self._bound(value), since, sign) for value, since, sign in limits if value is not None]
        if node.field == "views":
            return " AND ".join(f"{self._texts.views} {sign} {value}" for value, _, sign in given)
        return " AND ".join(limit.format(value=value, printed=_PRINTED) for value, limit, _ in given)

    def _bound(self, value: str | int) -> str:
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _match(self, node: Node) -> str | None:
        """What FTS5 is to find for a node; ``None`` where its index alone cannot decide."""
        match node:
            case Text(term=term, in_title=in_title) if term not in self._common:
                return _column(in_title) + _phrase(term)
            case Near(terms=terms, distance=distance, in_title=in_title):
                # The pairs of 苏州 and 人才 in 苏州人才 have a place between them that no character has.
                is_paired = any(is_run(term.segments[-1]) and len(term.segments[-1]) > 1 for term in terms)
                return f"{_column(in_title)}NEAR({' '.join(map(_phrase, terms))}, {distance + is_paired})"
            case Either(nodes=nodes):
                expressions = list(map(self._match, nodes))
                return None if None in expressions else f"({' OR '.join(filter(None, expressions))})"
            case All(nodes=nodes):
                found = [self._match(one) for one in nodes if not isinstance(one, Not)]
                missing = [self._match(one.node) for one in nodes if isinstance(one, Not)]
                if None in found + missing or not found:
                    return None
                return f"({_without(' AND '.join(filter(None, found)), filter(None, missing))})"
        return None


def _without(expression: str, missing: Iterable[str]) -> str:
    """What is found, but where one of the others is."""
    excluded = " OR ".join(missing)
    return f"({expression}) NOT ({excluded})" if excluded else f"({expression})"


def _column(in_title: bool) -> str:
    return "{title} : " if in_title else ""


def _phrase(term: Term) -> str:
    """A phrase of the words that the index holds: ``苏州人`` -> ``"苏州 州人"``.

    What follows the last character is open: after 州人, 人 may stand alone or begin the next pair. So a word of one
    character is the beginning of a pair.
    """
    words = [word for segment in term.segments for word in _words(segment)]
    last = term.segments[-1]
    if not is_run(last):
        return f'"{" ".join(words)}"'
    return f'"{" ".join(words)}"*' if len(last) == 1 else f'"{" ".join(words[:-1])}"'


def _words(segment: str) -> list[str]:
    if not is_run(segment):
        return [segment]
    return [segment[place : place + 2] for place in range(len(segment))]
