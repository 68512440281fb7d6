"""GEXF 1.3 (https://gexf.net): who recommended what, as a graph that changes in time, for Gephi.

An edge is there in spells: from the look that first showed a headline up to the second before the look that no longer
did; the spell of what the newest look showed has no end. Gephi takes no spells that overlap, and would make one edge of
parallel ones without their times.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, BinaryIO, NamedTuple

from archive.markup import Attributes, Markup
from archive.network import NODE, Edge, Kind, draw, edges, nodes
from archive.selection import Selection
from archive.store import Archive
from archive.times import from_utc, to_utc

COUNTED = "links"
_GRAPH = {"mode": "dynamic", "defaultedgetype": "directed", "timeformat": "dateTime", "timerepresentation": "interval"}
_EDGE: dict[str, Kind] = {
    "title": "string",
    "stays": "long",
    "best_position": "long",
    "last_position": "long",
    "looks": "long",
    "first_seen": "string",
    "last_seen": "string",
    "gone_at": "string",
}
_SECOND = timedelta(seconds=1)


class Spell(NamedTuple):
    """A time in which something was there."""

    start: str
    gone_at: str | None
    """When it no longer was; null while it is there."""

    @property
    def end(self) -> str | None:
        """The last second of it; null while it is there."""
        return max(self.start, to_utc(from_utc(self.gone_at) - _SECOND)) if self.gone_at else None


def write(archive: Archive, selection: Selection, target: BinaryIO) -> dict[str, int]:
    """Write the recommendations as a directed graph, where two nodes have one edge, with a spell for each stay.

    Raises ``QueryError``.
    """
    root = {"xmlns": "http://gexf.net/1.3", "version": "1.3"}
    with selection.chosen(archive), Markup(target) as markup, markup.element("gexf", root):
        draw(archive, selection)
        with markup.element("meta"):
            markup.line("creator", "Yaowen")
        with markup.element("graph", _GRAPH):
            _declare(markup, "node", NODE)
            _declare(markup, "edge", _EDGE)
            return {"nodes": _write_nodes(markup, archive, selection), "edges": _write_edges(markup, archive)}


def spells_of(stays: Iterable[Edge]) -> list[Spell]:
    """When one or another of these stays, in the order of their times, went on.

    A headline that moves from one block to another, or stands in two, is there without a break.
    """
    spells = list[Spell]()
    for stay in stays:
        before = spells[-1] if spells else None
        if before and (before.gone_at is None or stay.first_seen <= before.gone_at):
            spells[-1] = Spell(before.start, _later(before.gone_at, stay.gone_at))
        else:
            spells.append(Spell(stay.first_seen, stay.gone_at))
    return spells


def _later(one: str | None, other: str | None) -> str | None:
    return max(one, other) if one and other else None


def _declare(markup: Markup, element: str, kinds: dict[str, Kind]) -> None:
    with markup.element("attributes", {"class": element}):
        for name, kind in kinds.items():
            markup.empty("attribute", {"id": name, "title": name, "type": kind})


def _write_nodes(markup: Markup, archive: Archive, selection: Selection) -> int:
    written = 0
    with markup.element("nodes"):
        for node in nodes(archive, selection):
            written += 1
            spells = [Spell(node.first_seen, node.gone_at)] if node.first_seen else []
            _write(markup, "node", {"id": f"n{node.number}", "label": node.label}, node.told, spells)
    return written


def _write_edges(markup: Markup, archive: Archive) -> int:
    written = 0
    by_ends = groupby(edges(archive), key=attrgetter("source", "target"))
    with markup.element("edges"):
        for written, ((source, target), together) in enumerate(by_ends, start=1):
            stays = list(together)
            attributes = {
                "id": f"e{written}",
                "source": f"n{source}",
                "target": f"n{target}",
                "label": "; ".join(dict.fromkeys(stay.label for stay in stays if stay.label)) or None,
                "weight": sum(stay.looks for stay in stays),
            }
            spells = spells_of(stays)
            _write(markup, "edge", attributes, _told(stays, spells), spells)
    return written


def _told(stays: Sequence[Edge], spells: Sequence[Spell]) -> dict[str, Any]:  # Any: texts and numbers
    """What is told of all stays of one thing on one page."""
    last = max(stays, key=attrgetter("last_seen"))
    return {
        "title": last.title,
        "stays": len(stays),
        "best_position": min(stay.best_position for stay in stays),
        "last_position": last.last_position,
        "looks": sum(stay.looks for stay in stays),
        "first_seen": stays[0].first_seen,
        "last_seen": last.last_seen,
        "gone_at": spells[-1].gone_at,
    }


def _write(markup: Markup, name: str, attributes: Attributes, told: dict[str, Any], spells: Sequence[Spell]) -> None:
    with markup.element(name, attributes):
        with markup.element("attvalues"):
            for key, value in told.items():
                if value is not None:
                    markup.empty("attvalue", {"for": key, "value": value})
        if spells:
            with markup.element("spells"):
                for spell in spells:
                    markup.empty("spell", {"start": spell.start, "end": spell.end})
