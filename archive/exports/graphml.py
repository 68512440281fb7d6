"""GraphML: who recommended what, with an edge for each stay of a headline in a list; for networkx and igraph."""

from typing import Any, BinaryIO

from archive.markup import Markup
from archive.network import NODE, Kind, draw, edges, nodes
from archive.selection import Selection
from archive.store import Archive

COUNTED = "links"
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_EDGE: dict[str, Kind] = {
    "label": "string",
    "title": "string",
    "best_position": "long",
    "last_position": "long",
    "looks": "long",
    "first_seen": "string",
    "last_seen": "string",
    "gone_at": "string",
}


def write(archive: Archive, selection: Selection, target: BinaryIO) -> dict[str, int]:
    """Write the recommendations as a directed graph, where two nodes have as many edges as there were stays.

    Raises ``QueryError``.
    """
    with selection.chosen(archive), Markup(target) as markup, markup.element("graphml", {"xmlns": _NAMESPACE}):
        draw(archive, selection)
        _declare(markup, "node", NODE)
        _declare(markup, "edge", _EDGE)
        with markup.element("graph", {"id": "recommendations", "edgedefault": "directed"}):
            return {"nodes": _write_nodes(markup, archive, selection), "edges": _write_edges(markup, archive)}


def _declare(markup: Markup, element: str, kinds: dict[str, Kind]) -> None:
    for name, kind in kinds.items():
        key = {"id": f"{element}-{name}", "for": element, "attr.name": name, "attr.type": kind}
        markup.empty("key", key)


def _write_nodes(markup: Markup, archive: Archive, selection: Selection) -> int:
    written = 0
    for node in nodes(archive, selection):
        written += 1
        with markup.element("node", {"id": f"n{node.number}"}):
            _tell(markup, "node", node.told)
    return written


def _write_edges(markup: Markup, archive: Archive) -> int:
    written = 0
    for written, edge in enumerate(edges(archive), start=1):
        ends = {"id": f"e{written}", "source": f"n{edge.source}", "target": f"n{edge.target}"}
        with markup.element("edge", ends):
            _tell(markup, "edge", {name: getattr(edge, name) for name in _EDGE})
    return written


def _tell(markup: Markup, element: str, told: dict[str, Any]) -> None:  # Any: texts, numbers and truths
    for name, value in told.items():
        if value is not None:
            markup.line("data", value, {"key": f"{element}-{name}"})
