"""How often articles were read, over time: a line an article, a point an observed counter."""

from collections.abc import Sequence

import altair as alt

from archive.plurals import counted
from archive.store import Archive, StoredArticle, ViewCount
from archive.times import to_utc
from yaowen.pictures.labels import label
from yaowen.pictures.picture import HEIGHT, WIDTH, Picture, Row, by_series, finished, over_time, points_of, rows


def picture(archive: Archive, articles: Sequence[StoredArticle], *, log: bool = False) -> Picture | None:
    """The counters of some articles; ``None`` where none was ever seen. A remark names articles without one."""
    series = [(article, _counts(archive, article)) for article in articles]
    seen = [(article, counts) for article, counts in series if counts]
    if not seen:
        return None
    names = [_name(article) for article, _ in seen]
    values = [row for article, counts in seen for row in _rows(article, counts)]
    title = "Views as the page showed them" if len(seen) > 1 else label(seen[0][0].title, 80)
    return Picture(
        title=title,
        spec=finished(_chart(values, names, log=log), title, _span(seen)),
        texts=(title, *names),
        says=f"{counted(len(seen), 'article')}, {counted(len(values), 'counter')}",
        counts={"articles": len(seen), "counters": len(values)},
        remarks=tuple(f"No counter was ever seen on the page of {_name(one)}" for one, counts in series if not counts),
    )


def _counts(archive: Archive, article: StoredArticle) -> list[ViewCount]:
    """Without those that another program wrote as something else than a number."""
    return [count for count in archive.view_counts(article.id) if isinstance(count.value, int)]


def _name(article: StoredArticle) -> str:
    """Two articles may have one title."""
    return f"{label(article.title)} · {article.id}" if article.title else f"id {article.id}"


def _rows(article: StoredArticle, counts: Sequence[ViewCount]) -> list[Row]:
    return [
        {
            "article": _name(article),
            "at": to_utc(count.observed_at),
            "time": f"{count.observed_at:%Y-%m-%d %H:%M:%S} UTC",
            "views": count.value,
            "printed": label(count.raw or f"{count.value}"),
        }
        for count in counts
    ]


def _span(seen: Sequence[tuple[StoredArticle, Sequence[ViewCount]]]) -> str:
    moments = sorted(count.observed_at for _, counts in seen for count in counts)
    return f"{moments[0]:%Y-%m-%d %H:%M} to {moments[-1]:%Y-%m-%d %H:%M} UTC"


def _chart(values: list[Row], names: list[str], *, log: bool) -> alt.Chart:
    least = min(int(row["views"] or 0) for row in values)
    scale = alt.Scale(type=("log" if least > 0 else "symlog") if log else "linear", zero=False, nice=not log)
    drawn: alt.Chart = (
        alt.Chart(rows(values), width=WIDTH, height=HEIGHT)
        .mark_line(point=points_of(len(values)), strokeWidth=1.8)
        .encode(
            x=over_time("at", "time (UTC)"),
            y=alt.Y("views", type="quantitative", title="views", scale=scale, axis=alt.Axis(format=",d", tickCount=8)),
            tooltip=[
                alt.Tooltip("article", type="nominal"),
                alt.Tooltip("time", type="nominal"),
                alt.Tooltip("views", type="quantitative", format=",d"),
                alt.Tooltip("printed", type="nominal"),
            ],
            **by_series("article", names),
        )
    )
    return drawn
