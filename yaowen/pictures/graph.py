"""Which articles recommend which: a dot an article, an arrow a recommendation."""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import atan2, degrees, hypot, pi, sqrt

import altair as alt

from archive.neighbourhood import Edge, Key, Neighbourhood, Node
from archive.plurals import counted
from archive.store import StoredArticle
from yaowen.pictures.labels import label
from yaowen.pictures.picture import COLOURS, WIDTH, Picture, Row, finished, rows
from yaowen.pictures.places import Box, Dot, labels, positions

HEIGHT = 640
_MARGIN = 40
_ASKED, _FETCHED, _NEVER = "asked for", "fetched", "never fetched"
_KINDS = {_ASKED: (COLOURS[1], "#000000"), _FETCHED: (COLOURS[0], "#ffffff"), _NEVER: ("#ffffff", "#444444")}
"""The fill and the line of a dot; what was never fetched is hollow, in print too."""
_LONGEST = 24
"""Columns of a label."""


def picture(found: Neighbourhood, asked: StoredArticle | None = None) -> Picture | None:
    """The articles with arrows from those that recommend to what they recommend; ``None`` where there are none.

    Labels stand where there is room, those of the most recommended first; a page tells the others where one points.
    """
    if not found.edges:
        return None
    inwards = Counter(edge.target for edge in found.edges)
    nodes = sorted(found.nodes, key=lambda node: (asked is None or node.key != asked.id, -inwards[node.key]))
    spots = positions([node.key for node in found.nodes], found.edges, _area(_MARGIN))
    dots = {node.key: _dot(spots[node.key], inwards[node.key]) for node in nodes}
    names = {node.key: _name(node, _LONGEST) for node in nodes}
    # What is drawn last is on top.
    articles = [_row(node, dots[node.key], inwards[node.key], asked) for node in reversed(nodes)]
    title = label(asked.title, 80) if asked else "Who recommends whom"
    shown: list[Row] = [
        {"x": one.x, "y": one.y, "label": names[key], "align": one.align}
        for key, one in labels(dots, names, _area(0)).items()
    ]
    never, recommended = sum(not node.fetched for node in nodes), counted(len(found.edges), "recommendation")
    return Picture(
        title=title,
        spec=finished(_chart(articles, _arrows(found.edges, dots), shown), title, _subtitle(found)),
        texts=(title, *(str(row["label"]) for row in shown)),
        says=f"{counted(len(nodes), 'article')}, {never:,} of them never fetched, {recommended}",
        counts={"articles": len(nodes), "recommendations": len(found.edges), "never_fetched": never},
        remarks=_remarks(found),
    )


def _subtitle(found: Neighbourhood) -> str:
    articles = counted(len(found.nodes), "article")
    drawn = f"the {articles} with most ties of {found.found:,}" if found.found > len(found.nodes) else articles
    return f"{drawn}, {counted(len(found.edges), 'recommendation')}; the larger a dot, the more of these recommend it"


def _remarks(found: Neighbourhood) -> tuple[str, ...]:
    left = found.found - len(found.nodes)
    return (f"{counted(left, 'article')} with fewer ties left out",) if left else ()


def _area(margin: float) -> Box:
    return Box(margin, margin, WIDTH - margin, HEIGHT - margin)


def _dot(place: tuple[float, float], inwards: int) -> Dot:
    return Dot(x=round(place[0], 1), y=round(place[1], 1), radius=4.5 + min(1.2 * sqrt(inwards), 6))


def _name(node: Node, longest: int) -> str:
    return label(node.title, longest) or str(node.key)[:longest]


def _row(node: Node, dot: Dot, inwards: int, asked: StoredArticle | None) -> Row:
    kind = _ASKED if asked and node.key == asked.id else _FETCHED if node.fetched else _NEVER
    return {
        "x": dot.x,
        "y": dot.y,
        "size": round(pi * dot.radius**2, 1),
        "kind": kind,
        "article": _name(node, 200),
        "id": str(node.key),
        "recommended by": inwards,
    }


def _arrows(edges: tuple[Edge, ...], dots: Mapping[Key, Dot]) -> list[Row]:
    """Lines from dot to dot, with the place of their heads at the border of the second."""
    return [_arrow(dots[edge.source], dots[edge.target]) for edge in edges]


def _arrow(source: Dot, target: Dot) -> Row:
    across, upwards = target.x - source.x, target.y - source.y
    length = hypot(across, upwards) or 1.0
    back = (target.radius + 4) / length
    return {
        "x": source.x,
        "y": source.y,
        "x2": target.x,
        "y2": target.y,
        "head_x": round(target.x - back * across, 1),
        "head_y": round(target.y - back * upwards, 1),
        "angle": round(degrees(atan2(across, upwards)), 1),
    }


def _chart(articles: list[Row], arrows: list[Row], names: list[Row]) -> alt.LayerChart:
    lines = alt.Chart(rows(arrows)).mark_rule(color="#9a9a9a", opacity=0.45, strokeWidth=1)
    heads = alt.Chart(rows(arrows)).mark_point(shape="triangle", size=28, filled=True, color="#6e6e6e", opacity=0.8)
    layers = (
        lines.encode(x=_across("x"), y=_upwards("y"), x2="x2", y2="y2"),
        heads.encode(
            x=_across("head_x"),
            y=_upwards("head_y"),
            angle=alt.Angle("angle", type="quantitative", scale=alt.Scale(domain=[-180, 180], range=[-180, 180])),
        ),
        _dots(articles),
        *_texts(names),
    )
    drawn: alt.LayerChart = alt.LayerChart(layer=layers).properties(width=WIDTH, height=HEIGHT)
    return drawn


def _dots(articles: list[Row]) -> alt.Chart:
    present = [kind for kind in _KINDS if any(row["kind"] == kind for row in articles)]
    fills = alt.Scale(domain=present, range=[_KINDS[kind][0] for kind in present])
    strokes = alt.Scale(domain=present, range=[_KINDS[kind][1] for kind in present])
    legend = alt.Legend(title=None, orient="bottom", symbolSize=120)
    drawn: alt.Chart = (
        alt.Chart(rows(articles))
        .mark_point(opacity=1, strokeWidth=1.4)
        .encode(
            x=_across("x"),
            y=_upwards("y"),
            size=alt.Size("size", type="quantitative", scale=None, legend=None),
            fill=alt.Fill("kind", type="nominal", scale=fills, legend=legend),
            stroke=alt.Stroke("kind", type="nominal", scale=strokes, legend=legend),
            tooltip=[
                alt.Tooltip("article", type="nominal"),
                alt.Tooltip("id", type="nominal", title="id or address"),
                alt.Tooltip("kind", type="nominal"),
                alt.Tooltip("recommended by", type="quantitative", format=",d"),
            ],
        )
    )
    return drawn


def _texts(names: list[Row]) -> Iterator[alt.Chart]:
    """The labels, over a white rim that keeps arrows away from them."""
    for align in ("left", "right", "center"):
        chart = alt.Chart(rows([row for row in names if row["align"] == align])).encode(
            x=_across("x"), y=_upwards("y"), text=alt.Text("label", type="nominal")
        )
        yield chart.mark_text(align=align, baseline="middle", fontSize=12, stroke="white", strokeWidth=4)
        yield chart.mark_text(align=align, baseline="middle", fontSize=12, color="#222222")


def _across(field: str) -> alt.X:
    return alt.X(field, type="quantitative", scale=alt.Scale(domain=[0, WIDTH], nice=False), axis=None)


def _upwards(field: str) -> alt.Y:
    return alt.Y(field, type="quantitative", scale=alt.Scale(domain=[0, HEIGHT], nice=False), axis=None)
