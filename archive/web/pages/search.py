"""The start page: one box, what was found, and how it is spread."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from math import ceil
from typing import get_args

from archive.search import Results, Sort, search
from archive.store import Archive
from archive.web.answers import Answer, Asked, Page, Sent, View
from archive.web.bars import Bar, months
from archive.web.searching import PER_PAGE, Search

_MOST_IN_JSON = 100
_VALUES = 8
"""Of a facet that are shown at once; the others are behind a click."""
_MORE = 24
_SAMPLE = 2_500
"""Hits that are counted at the side: 10 ms; of more, a sample is, and shares are off by two percent at most."""
_SHOWN = ("site", "category", "source", "author")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One value of a facet."""

    value: str
    count: int
    to: str
    """The address of the search that is narrowed to it."""


def _found(archive: Archive, wanted: Search, limit: int) -> Results:
    return search(
        archive,
        wanted.query,
        limit=limit,
        offset=(wanted.page - 1) * limit,
        sort=wanted.order,
        fold=not wanted.each,
        facets=True,
        sample=_SAMPLE,
        as_of=wanted.moment,
        revisions=wanted.edited_away and not wanted.as_of,
        blank_is_all=True,
    )


def page(archive: Archive, asked: Asked) -> Answer:
    """What a search finds; without one, all articles, the newest first."""
    wanted = Search.of(asked)
    results = _found(archive, wanted, PER_PAGE)
    facets = results.facets.counts if results.facets else {}
    pages = ceil(results.total / PER_PAGE)
    return Page(
        "search.html",
        {
            "search": wanted,
            "results": results,
            "first": (wanted.page - 1) * PER_PAGE + 1,
            "pages": pages,
            "sorts": get_args(Sort),
            "chips": [(name, value, _to(asked, without)) for name, value, without in wanted.narrowings()],
            "facets": list(_facets(asked, wanted, results)),
            "bars": _bars(asked, wanted, facets.get("month", {})),
            "previous": _to(asked, replace(wanted, page=wanted.page - 1)) if wanted.page > 1 else None,
            "next": _to(asked, replace(wanted, page=wanted.page + 1)) if results.after is not None else None,
            "json": asked.at("/search.json", **wanted.values()),
            "feed": asked.at("/feed.atom", **replace(wanted, page=1, sort=None).values()),
            "trend": asked.at("/trends", q=wanted.query),
            "watch": f"yaowen watch add NAME {shlex.quote(wanted.query)}" if wanted.query else None,
            "whole": None if wanted.query else archive.db.table("articles").count,
        },
    )


def as_json(archive: Archive, asked: Asked) -> Answer:
    """The same for programs, as ``yaowen search --json`` prints it; ``limit`` hits a page, 20 unless given."""
    wanted = Search.of(asked)
    results = _found(archive, wanted, asked.number("limit", PER_PAGE, most=_MOST_IN_JSON))
    body = json.dumps(results.as_json(), ensure_ascii=False)
    return Sent(body=body.encode(), content_type="application/json; charset=utf-8")


def _to(asked: Asked, wanted: Search) -> str:
    return asked.at("/", **wanted.values())


def _facets(asked: Asked, wanted: Search, results: Results) -> Iterator[tuple[str, list[Choice], list[Choice]]]:
    """Each facet that still tells hits apart: the values with most of them, and some more."""
    for name in _SHOWN if results.facets else ():
        counts = results.facets.counts[name] if results.facets else {}
        choices = [
            Choice(value=value, count=count, to=_to(asked, wanted.narrowed(name, value)))
            for value, count in islice(counts.items(), _VALUES + _MORE)
        ]
        if name not in wanted.filters and choices and choices[0].count < results.total:
            yield name, choices[:_VALUES], choices[_VALUES:]


def _bars(asked: Asked, wanted: Search, counts: Mapping[str, int]) -> list[Bar]:
    """The months of the hits, or their years where there are many; each leads to what was published in it."""
    return [
        replace(bar, to=_to(asked, replace(wanted, since=bar.first, until=bar.last, page=1))) for bar in months(counts)
    ]


ROUTES: Mapping[str, View] = {r"/$": page, r"/search\.json$": as_json}
