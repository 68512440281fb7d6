"""Who recommends whom: the articles around one, or those with most ties, as a picture and as a table."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from archive.neighbourhood import Neighbourhood, Node, around, most_tied
from archive.store import Archive, StoredArticle
from archive.web.answers import Answer, Asked, Page, View

_SHOWN = 150
_MOST = 500
"""Articles that a browser still lays out while one waits."""
_DEEPEST = 2
_NEWEST = 20_000
"""Lists in which the most recommended are looked for: 0.2 s."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Knot:
    """One article of the picture."""

    number: int
    node: Node
    is_middle: bool
    recommends: int
    """How many of the others."""
    recommended_by: int
    tie: str
    """How it stands to the one asked for: ``both``, ``out`` (it is recommended there), ``in``, or nothing."""

    @property
    def ties(self) -> int:
        """Recommendations in both directions."""
        return self.recommends + self.recommended_by

    @property
    def group(self) -> int:
        """0 for the one asked for, 1 for an article of the archive, 2 for one that was never fetched."""
        return 0 if self.is_middle else 1 if self.node.fetched else 2


def page(archive: Archive, asked: Asked) -> Answer:
    """The articles around one that are one or two recommendations away; without one, those with most ties."""
    depth, most = asked.number("depth", 1, most=_DEEPEST), asked.number("most", _SHOWN, least=2, most=_MOST)
    article = archive.article(int(asked.parts["id"])) if "id" in asked.parts else None
    found = (
        around(archive, article, depth=depth, most=most) if article else most_tied(archive, most=most, newest=_NEWEST)
    )
    knots = _knots(found, article)
    return Page(
        "graph.html",
        {
            "article": article,
            "found": found,
            "knots": knots,
            "newest": None if article else _NEWEST,
            "depth": depth,
            "most": most,
            "steps": range(1, _DEEPEST + 1),
            "counts": sorted({50, _SHOWN, 300, _MOST, most}),
            "chart_data": _chart(asked, found, knots) if found.edges else None,
        },
    )


def _knots(found: Neighbourhood, article: StoredArticle | None) -> list[Knot]:
    """The one asked for, then those that are tied to it, then the others; of equals, those with most ties first."""
    outwards = Counter(edge.source for edge in found.edges)
    inwards = Counter(edge.target for edge in found.edges)
    middle = article.id if article else None
    into = {edge.source for edge in found.edges if edge.target == middle}
    out_of = {edge.target for edge in found.edges if edge.source == middle}
    ordered = sorted(
        found.nodes,
        key=lambda node: (
            node.key != middle,
            node.key not in into | out_of,
            -outwards[node.key] - inwards[node.key],  # type: ignore[index]  # an address recommends nothing: 0
        ),
    )
    ties = {(True, True): "both", (True, False): "in", (False, True): "out", (False, False): ""}
    return [
        Knot(
            number=number,
            node=node,
            is_middle=node.key == middle,
            recommends=outwards[node.key],  # type: ignore[index]
            recommended_by=inwards[node.key],
            tie=ties[node.key in into, node.key in out_of],
        )
        for number, node in enumerate(ordered)
    ]


def _chart(asked: Asked, found: Neighbourhood, knots: list[Knot]) -> dict[str, object]:
    """Nodes and arrows by number; a click on a node leads to the article, or to where the table has it."""
    numbers = {knot.node.key: knot.number for knot in knots}
    untitled = asked.wording("room.untitled")
    return {
        "kind": "graph",
        "groups": [asked.wording("graph." + name) for name in ("middle", "fetched", "never")],
        "says": asked.wording("graph.ties"),
        "nodes": [
            {
                "id": knot.number,
                "name": knot.node.title or untitled,
                "group": knot.group,
                "ties": knot.ties,
                "to": asked.at(f"/article/{knot.node.key}") if knot.node.fetched else f"#n{knot.number}",
            }
            for knot in knots
        ],
        "links": [[numbers[edge.source], numbers[edge.target]] for edge in found.edges],
    }


ROUTES: Mapping[str, View] = {r"/graph(?:/(?P<id>\d{1,18}))?$": page}
