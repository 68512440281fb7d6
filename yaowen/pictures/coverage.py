"""What the archive covers: a calendar with a shade for the looks of each day, or of each week of many years."""

import json
from collections.abc import Iterator
from datetime import timedelta

import altair as alt

from archive.coverage import Coverage, Looks
from archive.plurals import counted
from yaowen.calendar import MONTHS, Place, Scale, Sheet, is_missing_many
from yaowen.pictures.picture import Picture, Row, finished, rows

_SHADES = ("#c6dbef", "#6baed6", "#2171b5", "#08306b")
_NO_LOOK, _NONE_WORKED, _MISSED = "no look", "none worked", "one in four or more failed or unread"
_SIGNS = {
    _NO_LOOK: ("circle", "#999999"),
    _NONE_WORKED: ("M-1,-1L1,1M1,-1L-1,1", "#D55E00"),
    _MISSED: ("triangle-up", "#D55E00"),
}
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = dict(zip((0, 4, 8, 12, 17, 21, 25, 30, 34, 39, 43, 47), _NAMES, strict=True))
"""The cells of a year that a month begins in."""
_COUNTS = {
    "worked": "worked",
    "failed": "failed",
    "unread": "unread",
    "forbidden": "refused by robots.txt",
    "refused": "refused otherwise",
}
"""The counts of a cell, and what they are called."""
_STEP = 22
"""Pixels of a cell."""


def picture(found: Coverage) -> Picture | None:
    """The calendar; ``None`` where nobody looked."""
    if not found.days or found.first is None or found.last is None:
        return None
    sheet = Sheet.of(found.days, found.first, found.last)
    scale = Scale.of(sheet.cells.values())
    values = [
        row for number, run in enumerate(sheet.rows) if len(run) == 1 for row in _rows(sheet, scale, number, run[0])
    ]
    title = f"Looks at {found.site}" if found.site else "Looks at pages"
    span = f"{found.first} to {found.last} (UTC): {counted(found.total.all, 'look')}, {found.total.worked:,} worked"
    gaps = f"; {counted(found.gap_days, 'day')} of {found.period_days:,} without one" if found.gaps else ""
    return Picture(
        title=title,
        spec=finished(_chart(sheet, scale, values), title, span + gaps),
        texts=(title,),
        says=f"{counted(found.total.all, 'look')} on {counted(len(found.days), 'day')}",
        counts={"looks": found.total.all, "days": len(found.days)},
    )


def _rows(sheet: Sheet, scale: Scale, number: int, row: int) -> Iterator[Row]:
    for place, looks in sheet.row(row):
        cell = place[1] + 1 if sheet.grid is MONTHS else place[1]
        told = _told(looks, scale) if looks else {"sign": _NO_LOOK, "shade": None, **dict.fromkeys(_COUNTS, 0)}
        yield {"row": number, "cell": cell, "days": _days(sheet, place), **told}


def _told(looks: Looks, scale: Scale) -> Row:
    shade = dict(scale.steps())[scale.shade(looks.worked)] if looks.worked else None
    sign = _NONE_WORKED if not looks.worked else _MISSED if is_missing_many(looks) else None
    by_robots = looks.refused_by_robots
    failed, unread, refused = (looks.outcomes.get(outcome, 0) for outcome in ("failed", "unread", "refused"))
    counts = (looks.worked, failed, unread, by_robots, refused - by_robots)
    return {"sign": sign, "shade": shade, **dict(zip(_COUNTS, counts, strict=True))}


def _days(sheet: Sheet, place: Place) -> str:
    first = sheet.grid.first(place)
    if sheet.grid is MONTHS:
        return f"{first}"
    return f"{first} to {min(first + timedelta(6), first.replace(month=12, day=31))}"


def _chart(sheet: Sheet, scale: Scale, values: list[Row]) -> alt.LayerChart:
    chart = alt.Chart(rows(values), width=alt.Step(_step(sheet)), height=alt.Step(_STEP)).encode(
        x=_x(sheet), y=_y(sheet), tooltip=_tooltip()
    )
    steps = list(scale.steps())
    shades = alt.Scale(domain=[meaning for _, meaning in steps], range=[_SHADES[shade] for shade, _ in steps])
    colours = alt.Scale(domain=list(_SIGNS), range=[colour for _, colour in _SIGNS.values()])
    shapes = alt.Scale(domain=list(_SIGNS), range=[shape for shape, _ in _SIGNS.values()])
    cells = chart.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color("shade", type="ordinal", scale=shades, legend=_legend(f"worked in a {sheet.grid.cell}:"))
    )
    signs = chart.mark_point(size=40, strokeWidth=1.6, filled=False, opacity=1).encode(
        color=alt.Color("sign", type="nominal", scale=colours, legend=_legend(None)),
        shape=alt.Shape("sign", type="nominal", scale=shapes, legend=_legend(None)),
    )
    drawn: alt.LayerChart = alt.layer(
        cells.transform_filter("datum.shade != null"), signs.transform_filter("datum.sign != null")
    ).resolve_scale(color="independent", shape="independent")
    return drawn


def _legend(title: str | None) -> alt.Legend:
    return alt.Legend(title=title, orient="bottom", titleOrient="left", symbolSize=90, symbolStrokeWidth=1.6)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("days", type="nominal", title="UTC"),
        *(alt.Tooltip(name, type="quantitative", title=title, format=",d") for name, title in _COUNTS.items()),
    ]


def _step(sheet: Sheet) -> int:
    return _STEP if sheet.grid is MONTHS else _STEP * 31 // 53


def _x(sheet: Sheet) -> alt.X:
    if sheet.grid is MONTHS:
        title, cells, names = "day of the month (UTC)", range(1, 32), {day: f"{day}" for day in range(1, 32)}
    else:
        title, cells, names = "week of the year (UTC)", range(53), _MONTHS
    axis = alt.Axis(
        orient="top",
        title=title,
        labelAngle=0,
        labelOverlap=False,
        values=list(names),
        labelExpr=f"{json.dumps(names)}[datum.value]",
        domain=False,
        ticks=False,
    )
    return alt.X("cell", type="ordinal", scale=alt.Scale(domain=list(cells)), axis=axis)


def _y(sheet: Sheet) -> alt.Y:
    names = [_row_name(sheet, run) for run in sheet.rows]
    axis = alt.Axis(title=None, domain=False, ticks=False, labelExpr=f"{json.dumps(names)}[datum.value]")
    return alt.Y("row", type="ordinal", scale=alt.Scale(domain=list(range(len(names)))), axis=axis)


def _row_name(sheet: Sheet, run: range) -> str:
    return sheet.grid.label(run[0]) if len(run) == 1 else f"… {counted(len(run), sheet.grid.row)}"
