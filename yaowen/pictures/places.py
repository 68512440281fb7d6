"""Where the dots of a graph stand, and for which of their labels there is room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import networkx

from archive.neighbourhood import Edge, Key
from yaowen.pictures.labels import width

SEED = 20
"""Of the layout, so that the same archive gives the same picture."""
_ROUNDS, _APART = 300, 30.0
_COLUMN, _LINE, _GAP = 6.5, 15.0, 4.0
"""Pixels of a label's column and line, and of the gap between it and its dot."""

Align = Literal["left", "right", "center"]


class Box(NamedTuple):
    """A rectangle; y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two have room in common.

        >>> Box(0, 0, 2, 2).overlaps(Box(1, 1, 3, 3)), Box(0, 0, 2, 2).overlaps(Box(2, 0, 3, 2))
        (True, False)
        """
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def holds(self, other: "Box") -> bool:
        """Whether all of the other is in this one."""
        beyond = (
            other.left < self.left or other.right > self.right or other.bottom < self.bottom or other.top > self.top
        )
        return not beyond


@dataclass(frozen=True, kw_only=True, slots=True)
class Dot:
    """A dot in its place."""

    x: float
    y: float
    radius: float

    @property
    def box(self) -> Box:
        """What it covers."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A label in its place beside a dot."""

    x: float
    y: float
    align: Align
    box: Box


def positions(keys: Sequence[Key], edges: Iterable[Edge], area: Box) -> dict[Key, tuple[float, float]]:
    """Where each of them stands in the area: nearer to those that it has ties to."""
    graph = networkx.Graph()
    graph.add_nodes_from(keys)
    graph.add_edges_from(edges)
    # Gravity that grows with the distance keeps together what has no ties, and does not press the rest into a clump.
    found = networkx.forceatlas2_layout(graph, max_iter=_ROUNDS, scaling_ratio=_APART, strong_gravity=True, seed=SEED)
    across = _stretched([float(found[key][0]) for key in keys], area.left, area.right)
    upwards = _stretched([float(found[key][1]) for key in keys], area.bottom, area.top)
    return dict(zip(keys, zip(across, upwards, strict=True), strict=True))


def _stretched(values: Sequence[float], low: float, high: float) -> list[float]:
    """
    >>> _stretched([-1, 0, 1], 10, 20), _stretched([3], 10, 20)
    ([10.0, 15.0, 20.0], [15.0])
    """
    least, most = min(values), max(values)
    if least == most:
        return [(low + high) / 2] * len(values)
    return [low + (value - least) / (most - least) * (high - low) for value in values]


def labels(dots: Mapping[Key, Dot], texts: Mapping[Key, str], area: Box) -> dict[Key, Label]:
    """The labels that cover no dot and no other label, those of the first dots before others."""
    taken = [dot.box for dot in dots.values()]
    placed = dict[Key, Label]()
    for key, dot in dots.items():
        for place in _beside(dot, texts[key]):
            if area.holds(place.box) and not any(place.box.overlaps(other) for other in taken):
                placed[key] = place
                taken.append(place.box)
                break
    return placed


def _beside(dot: Dot, text: str) -> tuple[Label, ...]:
    length, away = _COLUMN * width(text), dot.radius + _GAP
    return (
        _label(dot.x + away, dot.y, "left", dot.x + away, length),
        _label(dot.x - away, dot.y, "right", dot.x - away - length, length),
        _label(dot.x, dot.y + away + _LINE / 2, "center", dot.x - length / 2, length),
        _label(dot.x, dot.y - away - _LINE / 2, "center", dot.x - length / 2, length),
    )


def _label(x: float, y: float, align: Align, left: float, length: float) -> Label:
    return Label(x=x, y=y, align=align, box=Box(left, y - _LINE / 2, left + length, y + _LINE / 2))
