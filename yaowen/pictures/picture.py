"""What the pictures have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import altair as alt

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
"""Told apart by colour-blind readers (Okabe and Ito); the shapes and dashes beside them serve print in grey."""
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (1, 3), (10, 4), (4, 1, 1, 1, 1, 1), (3, 6))
WIDTH, HEIGHT = 760, 380
"""Of the plot itself, in pixels before they are doubled for PNG."""

Chart = alt.Chart | alt.LayerChart
Row = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture that can be written in several formats."""

    title: str
    spec: Mapping[str, Any]  # Any: JSON values
    """Vega-Lite, data included."""
    texts: tuple[str, ...]
    """What it draws of pages and queries, for which a font is needed."""
    says: str
    """What is in it, for a person."""
    counts: Mapping[str, int]
    """The same for programs."""
    remarks: tuple[str, ...] = ()
    """What the reader has to know beside it."""


def rows(values: Sequence[Row]) -> alt.InlineData:
    """The rows as data that stand in the picture itself."""
    return alt.InlineData(values=[dict(row) for row in values])


def finished(chart: Chart, title: str, subtitle: str) -> dict[str, Any]:  # Any: JSON values
    """The chart as Vega-Lite, with its title and the looks that all pictures share."""
    head = alt.TitleParams(text=title, subtitle=subtitle, anchor="start", offset=14)
    spec: dict[str, Any] = (
        chart.properties(title=head, background="white", padding=16)
        .configure_title(fontSize=17, fontWeight="normal", subtitleFontSize=12, subtitleColor="#444444")
        .configure_axis(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", gridColor="#e4e4e4", labelColor="#222222"
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelLimit=WIDTH - 60)
        .configure_view(stroke=None)
        .to_dict()
    )
    return spec


def by_series(field: str, names: Sequence[str]) -> dict[str, Any]:  # Any: altair's encodings
    """Colour, shape and dash of lines by their names, with one legend below the picture."""
    below = alt.Legend(orient="bottom", direction="vertical", columns=1, title=None, symbolStrokeWidth=0)
    legend = below if len(names) > 1 else None  # of one, the title tells
    every = range(len(names))
    colours = [COLOURS[number % len(COLOURS)] for number in every]
    # From the ninth line on, colours go with other shapes.
    shapes = [SHAPES[(number + number // len(COLOURS)) % len(SHAPES)] for number in every]
    dashes = [list(DASHES[(number + number // len(COLOURS)) % len(DASHES)]) for number in every]
    return {
        "color": alt.Color(field, type="nominal", scale=_scale(names, colours), legend=legend),
        "shape": alt.Shape(field, type="nominal", scale=_scale(names, shapes), legend=legend),
        "strokeDash": alt.StrokeDash(field, type="nominal", scale=_scale(names, dashes), legend=legend),
    }


def _scale(names: Sequence[str], values: Sequence[Any]) -> alt.Scale:  # Any: colours, shapes or dashes
    return alt.Scale(domain=list(names), range=list(values))


def points_of(number: int) -> alt.OverlayMarkDef:
    """The points of lines, so small that so many of them hide nothing."""
    return alt.OverlayMarkDef(size=max(4, 60 - number / 10), filled=True)


def over_time(field: str, title: str, *, least_step: timedelta = timedelta(milliseconds=1)) -> alt.X:
    """The axis of time, in UTC, with no more ticks than one a step."""
    step = least_step / timedelta(milliseconds=1)
    axis = alt.Axis(grid=False, tickCount=8, tickMinStep=step, labelOverlap="greedy", labelSeparation=8)
    return alt.X(field, type="temporal", title=title, scale=alt.Scale(type="utc", padding=8), axis=axis)
