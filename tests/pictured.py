"""An archive to draw pictures of, a font to draw them with, and how pictures are read back."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from lxml import html as lxml_html

from archive.models import Link
from archive.store import Archive
from tests.conftest import article, observation

pytest.importorskip("altair", reason="the extra plot is not installed")

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from yaowen.pictures.output import written
from yaowen.pictures.picture import Picture

DAY = 24 * 60
HOSTILE = "</script><img src=x onerror=\"document.title='gone'\">运河\u202e边&<b>"
LONG = "一家开在老厂房里的图书馆试行夜间开放" * 5
NEVER = "从没去过的文章"
SVG = "{http://www.w3.org/2000/svg}"
CHARACTERS = HOSTILE + LONG + NEVER + "没有计数器"


def url(name: str) -> str:
    return f"https://news.example/a/{name}"


def fill(archive: Archive) -> None:
    """Three articles: one seen on three days whose title is an attack, one with a long title, one without a counter."""
    links = tuple(
        Link(position=n, url=url(name), title=NEVER) for n, name in enumerate(("long", "none", "never"), start=1)
    )
    looks = [
        *((day, "hostile", HOSTILE, views, links) for day, views in ((0, 10), (1, 12), (4, 300))),
        (0, "long", LONG, 7, links[1:2]),
        (1, "none", "没有计数器", None, ()),
    ]
    for number, (day, name, title, views, related) in enumerate(looks):
        published = datetime(2025, 4 + number, 1, tzinfo=UTC) if name != "hostile" else datetime(2025, 3, 1, tzinfo=UTC)
        page = article(url=url(name), title=title, views=views, related=related, published_at=published)
        archive.record([observation(page, minutes=day * DAY, url=url(name), final_url=url(name), body=bytes([number]))])
    failed = {"url": url("x"), "final_url": url("x"), "outcome": "failed", "body": None}
    archive.record([observation(minutes=2 * DAY, **failed)])  # type: ignore[arg-type]  # by keyword


def made_font(path: Path, family: str, characters: str, *, height: int = 700) -> Path:
    """A font with these characters, each a box of its own width."""
    every = sorted({*characters, *map(chr, range(32, 127))})
    glyphs = [".notdef", *(f"u{ord(character):X}" for character in every)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(character): f"u{ord(character):X}" for character in every})
    builder.setupGlyf({glyph: box(200 + ord(glyph[-1]) * 7, height) for glyph in glyphs})
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def box(width: int, height: int) -> Any:  # Any: fontTools has no types
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, height), (width, height), (width, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def svg_of(picture: Picture, font: Path) -> Any:  # Any: lxml's elements have no useful types
    return etree.fromstring(written(picture, ".svg", font)[0])


def page_of(picture: Picture) -> Any:
    return lxml_html.document_fromstring(written(picture, ".html")[0].decode())


def marks(svg: Any, kind: str) -> list[Any]:
    """The shapes that stand for rows, by the class of their kind."""
    groups = svg.iterfind(f".//{SVG}g[@class]")
    return [shape for group in groups if group.get("class").startswith(f"mark-{kind} role-mark") for shape in group]


def texts(tree: Any) -> set[str]:
    return {"".join(element.itertext()) for element in tree.iter(f"{SVG}text", "text")}


def spec_of(page: Any) -> dict[str, Any]:
    (script,) = page.xpath("//script[@id='spec']")
    spec: dict[str, Any] = json.loads(script.text)
    return spec


def data_of(page: Any) -> list[dict[str, Any]]:
    """The rows of a page with one chart, or with several that share them."""
    (data,) = spec_of(page)["datasets"].values()
    return list(data)
