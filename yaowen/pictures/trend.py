"""How many articles that match were published when: a line a query, a point a period."""

from collections.abc import Mapping
from datetime import timedelta

import altair as alt
from click import ClickException

from archive.plurals import counted
from archive.search.trends import By, Period, Trend, starts
from yaowen.pictures.labels import label
from yaowen.pictures.picture import HEIGHT, WIDTH, Picture, Row, by_series, finished, over_time, points_of, rows

MOST_PERIODS = 2_000
"""A picture of more is a black bar."""
_STEPS = {"year": timedelta(365), "month": timedelta(28), "week": timedelta(7), "day": timedelta(1)}


class TooManyPeriods(ClickException):
    """More points of a line than a picture can show; the message is for the user."""

    def __init__(self, periods: int, by: By) -> None:
        super().__init__(
            f"From the first hit to the last there are {counted(periods, by)}, and a picture shows {MOST_PERIODS:,}:"
            " take a longer --by, or narrow the query, as in date:2020..2026"
        )


def picture(trends: Mapping[str, Trend], by: By, *, normalise: bool) -> Picture | None:
    """The trends of some queries side by side; ``None`` where nothing that was found has a date.

    A line is 0 where its query found nothing. Remarks tell of queries that found nothing, and of hits without a date.
    Raises ``TooManyPeriods``.
    """
    found = [period for one in trends.values() for period in one.periods]
    if not found:
        return None
    every = list(starts(min(one.start for one in found), max(one.start for one in found), by))
    if len(every) > MOST_PERIODS:
        raise TooManyPeriods(len(every), by)
    articles = {period.start: period.articles for period in found}
    names = _names(list(trends))
    values = [
        row for name, one in zip(names, trends.values(), strict=True) for row in _rows(name, one, every, articles)
    ]
    title = names[0] if len(names) == 1 else "Articles that match"
    return Picture(
        title=title,
        spec=finished(_chart(values, names, by, normalise=normalise), title, f"{every[0]} to {every[-1]}, by {by}"),
        texts=(title, *names),
        says=f"{counted(len(names), 'line')} of {counted(len(every), by)}",
        counts={"queries": len(names), "periods": len(every)},
        remarks=tuple(sentence for query, one in trends.items() for sentence in _remarks(query, one)),
    )


def _names(queries: list[str]) -> list[str]:
    """The queries as labels; those that begin alike for long have their numbers too.

    >>> _names(["图书馆", "a" * 50, "a" * 51])[1][-5:]
    '… (2)'
    """
    cut = [label(query) for query in queries]
    return [one if cut.count(one) == 1 else f"{one} ({number})" for number, one in enumerate(cut, start=1)]


def _rows(name: str, found: Trend, every: list[str], articles: Mapping[str, int]) -> list[Row]:
    periods = {period.start: period for period in found.periods}
    return [
        {
            "query": name,
            "period": start,
            "start": f"{start}-01-01"[:10],
            "articles": period.hits,
            "of": period.articles,
            "share": round(period.share, 6),
        }
        for start in every
        for period in [periods.get(start) or Period(start=start, hits=0, articles=articles.get(start, 0))]
    ]


def _remarks(query: str, found: Trend) -> list[str]:
    nothing = [] if found.periods or found.undated else [f"Nothing was found for {query}"]
    undated = [f"{counted(found.undated, 'hit')} for {query} whose date is not known"] if found.undated else []
    return nothing + undated


def _chart(values: list[Row], names: list[str], by: By, *, normalise: bool) -> alt.Chart:
    ticks = min(8, max(int(row["articles"] or 0) for row in values))  # no more than there are whole numbers
    shown = (
        alt.Y("share", type="quantitative", title=f"share of all articles of the {by}", axis=alt.Axis(format="~%"))
        if normalise
        else alt.Y(
            "articles", type="quantitative", title=f"articles a {by}", axis=alt.Axis(format=",d", tickCount=ticks)
        )
    )
    drawn: alt.Chart = (
        alt.Chart(rows(values), width=WIDTH, height=HEIGHT)
        .mark_line(point=points_of(len(values)), strokeWidth=1.8)
        .encode(
            x=over_time("start", "published", least_step=_STEPS[by]),
            y=shown,
            tooltip=[
                alt.Tooltip("query", type="nominal"),
                alt.Tooltip("period", type="nominal", title=by),
                alt.Tooltip("articles", type="quantitative", format=",d"),
                alt.Tooltip("of", type="quantitative", format=",d", title="of all"),
                alt.Tooltip("share", type="quantitative", format=".1%"),
            ],
            **by_series("query", names),
        )
    )
    return drawn
