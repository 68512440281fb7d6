"""Pictures, read back: what is drawn is what the archive holds, and nothing that a page says is more than text."""

import json
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from lxml import html as lxml_html

from archive.coverage import coverage
from archive.models import Link
from archive.neighbourhood import around, most_tied
from archive.search import asked
from archive.search.trends import trend
from archive.store import Archive
from crawler.browser import NAMES
from tests.conftest import article, observation
from tests.pictured import (
    CHARACTERS,
    NEVER,
    SVG,
    data_of,
    fill,
    made_font,
    marks,
    page_of,
    spec_of,
    svg_of,
    texts,
    url,
)
from yaowen.pictures.output import written
from yaowen.pictures.picture import Picture

PICTURES = ("views", "trend", "graph", "coverage")


@pytest.fixture(scope="module")
def kept() -> Iterator[Archive]:
    with Archive.open(":memory:") as archive:
        fill(archive)
        yield archive


@pytest.fixture(scope="module")
def drawn(kept: Archive) -> dict[str, Picture]:
    from yaowen.pictures import coverage as days
    from yaowen.pictures import graph, views
    from yaowen.pictures import trend as times

    articles = [kept.article(url(name)) for name in ("hostile", "long", "none")]
    trends = {query: trend(kept.db, asked(kept.db, query).parts, "month") for query in ("运河", "图书馆 -运河", "夜间")}
    found = {
        "views": views.picture(kept, articles),
        "trend": times.picture(trends, "month", normalise=False),
        "graph": graph.picture(around(kept, articles[0]), articles[0]),
        "coverage": days.picture(coverage(kept)),
    }
    return {name: picture for name, picture in found.items() if picture}


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A font of ours with all characters of the pictures, each a box of its own width."""
    return made_font(tmp_path_factory.mktemp("font") / "ours.ttf", "Yaowen Test", CHARACTERS)


def test_a_point_is_drawn_for_each_counter(kept: Archive, drawn: dict[str, Picture], font: Path) -> None:
    svg = svg_of(drawn["views"], font)
    points = [dict(part.split(": ", 1) for part in one.get("aria-label").split("; ")) for one in marks(svg, "symbol")]
    counts = [count for name in ("hostile", "long") for count in kept.view_counts(kept.article(url(name)).id)]
    assert [(one["time"], one["views"]) for one in points] == [
        (f"{count.observed_at:%Y-%m-%d %H:%M:%S} UTC", f"{count.value}") for count in counts
    ]
    article_id = kept.article(url("long")).id
    assert {f"一家开在老厂房里的图书馆试行夜间开放一… · {article_id}", "Views as the page showed them"} <= texts(svg)
    assert drawn["views"].remarks[0].startswith("No counter was ever seen on the page of 没有计数器")


def test_a_point_is_drawn_for_each_period_of_each_query(kept: Archive, drawn: dict[str, Picture], font: Path) -> None:
    svg = svg_of(drawn["trend"], font)
    assert len(marks(svg, "symbol")) == 3 * 6  # March, with the hostile title, to August, with the empty page
    values = data_of(page_of(drawn["trend"]))
    for query in ("运河", "夜间"):
        found = trend(kept.db, asked(kept.db, query).parts, "month").periods
        assert {row["period"]: row["articles"] for row in values if row["query"] == query and row["articles"]} == {
            one.start: one.hits for one in found if one.hits
        }
    assert {"运河", "夜间", "图书馆 -运河"} <= texts(svg)


def test_a_dot_is_drawn_for_each_article_and_a_line_for_each_recommendation(
    kept: Archive, drawn: dict[str, Picture], font: Path
) -> None:
    found = around(kept, kept.article(url("hostile")))
    svg = svg_of(drawn["graph"], font)
    lines, dots = marks(svg, "rule"), [mark for mark in marks(svg, "symbol") if "kind: " in mark.get("aria-label")]
    assert (len(lines), len(dots)) == (len(found.edges), len(found.nodes)) == (4, 4)
    hollow = [dot.get("aria-label") for dot in dots if dot.get("fill") == "#ffffff"]
    assert ["never fetched" in one and NEVER in one for one in hollow] == [True]
    assert {"没有计数器", NEVER, "一家开在老厂房里的图书…"} <= texts(svg)
    assert etree.tostring(svg) == etree.tostring(svg_of(drawn["graph"], font))


def test_a_cell_is_drawn_for_each_day_and_a_sign_where_nobody_looked(
    kept: Archive, drawn: dict[str, Picture], font: Path
) -> None:
    found = coverage(kept)
    svg = svg_of(drawn["coverage"], font)
    assert len(marks(svg, "rect")) == len([day for day in found.days if day.looks.worked]) == 3
    signs = [mark.get("aria-label") for mark in marks(svg, "symbol")]
    assert [("none worked" in sign, "no look" in sign) for sign in signs] == [(True, False), (False, True)]
    rows = data_of(page_of(drawn["coverage"]))
    assert {row["days"]: row["worked"] for row in rows if row["worked"]} == {
        f"{day.date}": day.looks.worked for day in found.days if day.looks.worked
    }


@pytest.mark.parametrize("name", PICTURES)
def test_a_png_is_as_large_as_the_svg_twice_over_and_has_its_letters(
    drawn: dict[str, Picture], font: Path, name: str
) -> None:
    png, _ = written(drawn[name], ".png", font)
    svg = svg_of(drawn[name], font)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == tuple(2 * int(float(svg.get(side))) for side in ("width", "height"))


def test_letters_are_drawn_with_the_font_that_is_named(drawn: dict[str, Picture], font: Path, tmp_path: Path) -> None:
    svg = svg_of(drawn["views"], font)
    families = {element.get("font-family").split(",")[0] for element in svg.iter(f"{SVG}text")}
    assert families == {"Yaowen Test"}
    low = made_font(tmp_path / "low.ttf", "Yaowen Low", CHARACTERS, height=200)
    assert written(drawn["views"], ".png", low) != written(drawn["views"], ".png", font)


@pytest.mark.parametrize("name", PICTURES)
def test_a_page_needs_nothing_else_and_no_title_is_more_than_text(drawn: dict[str, Picture], name: str) -> None:
    page = page_of(drawn[name])
    assert page.xpath("//@src | //@href | //img | //link | //iframe") == []
    assert (len(page.xpath("//script")), page.findtext(".//title")) == (3, drawn[name].title)
    assert "default-src 'none'" in page.xpath("//meta/@content")[0]
    assert spec_of(page)["config"]["font"].endswith("sans-serif")
    assert '"url"' not in json.dumps(spec_of(page))


@pytest.mark.parametrize("name", PICTURES)
def test_an_svg_has_no_scripts_whatever_the_titles_say(drawn: dict[str, Picture], font: Path, name: str) -> None:
    svg = svg_of(drawn[name], font)
    assert {one.tag.removeprefix(SVG) for one in svg.iter()} <= {"svg", "g", "path", "text", "tspan", "line", "rect"}
    assert not [name for one in svg.iter() for name in one.attrib if name.startswith("on") or "href" in name]


@pytest.mark.skipif(not any(map(shutil.which, NAMES)), reason="there is no Chromium on the PATH")
@pytest.mark.parametrize("name", ["views", "graph"])
def test_a_browser_draws_the_page_and_runs_nothing_of_a_title(
    drawn: dict[str, Picture], tmp_path: Path, name: str
) -> None:
    (tmp_path / "page.html").write_bytes(written(drawn[name], ".html")[0])
    browser = next(filter(None, map(shutil.which, NAMES)))
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom")
    command = [browser, *options, "--host-resolver-rules=MAP * ~NOTFOUND", (tmp_path / "page.html").as_uri()]
    shown = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    tree: Any = lxml_html.document_fromstring(shown.decode())
    assert any(one.startswith("</script><img src=x one") for one in texts(tree))
    assert (tree.findtext(".//title"), tree.xpath("//img")) == (drawn[name].title, [])
    assert len(tree.xpath("//*[contains(@class, 'mark-symbol role-mark')]/*")) >= 4


@pytest.mark.parametrize(
    ("values", "log"),
    [((0, 5), True), ((-3, 5), True), ((7,), True), ((7,), False), ((0, 0, 0), False), ((2**60,), True)],
)
def test_counters_of_all_kinds_are_drawn(archive: Archive, font: Path, values: tuple[int, ...], log: bool) -> None:
    from yaowen.pictures.views import picture

    archive.record([observation(article(title="运河"))])
    stored = archive.article(url("1"))
    for number, value in enumerate((*values, "many")):
        row = {"article_id": stored.id, "observed_at": f"2026-03-0{number + 1}T08:00:00Z", "value": value}
        archive.db.table("view_counts").insert(row)
    drawn = picture(archive, [stored], log=log)
    assert drawn is not None
    assert len(marks(svg_of(drawn, font), "symbol")) == len(values)


@pytest.mark.long
def test_of_very_many_articles_the_most_tied_are_drawn_and_that_is_said(archive: Archive, font: Path) -> None:
    from yaowen.pictures.graph import picture

    for start in range(8):
        links = tuple(Link(position=n + 1, url=url(f"{start}-{n}"), title=NEVER) for n in range(50))
        page = article(
            url=url(f"{start}"), title=f"运河{start}", related=(*links, Link(position=60, url=url("0"), title="x"))
        )
        archive.record([observation(page, url=url(f"{start}"), final_url=url(f"{start}"))])
    drawn = picture(most_tied(archive))
    assert drawn is not None
    assert (drawn.counts["articles"], drawn.remarks) == (300, ("108 articles with fewer ties left out",))
    svg = svg_of(drawn, font)
    assert len([mark for mark in marks(svg, "symbol") if "kind: " in mark.get("aria-label")]) == 300
    assert "the 300 articles with most ties of 408" in " ".join(texts(svg))
