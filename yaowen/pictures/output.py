"""A picture as the bytes of a file: SVG, PNG, or a page that needs nothing else."""

import html
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import vl_convert

from yaowen.pictures.fonts import CHINESE, Font, font_for
from yaowen.pictures.picture import Picture

_SCALE = 2
"""Pixels of a PNG for one of the picture: sharp in print too."""
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; \
style-src 'unsafe-inline'; img-src data: blob:">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
</head>
<body>
<div id="picture"></div>
<script>{program}</script>
<script type="application/json" id="spec">{spec}</script>
<script>
vegaEmbed("#picture", JSON.parse(document.getElementById("spec").textContent), {{
  mode: "vega-lite", renderer: "svg", actions: {{export: true, source: false, compiled: false, editor: false}}
}});
</script>
</body>
</html>
"""
"""Vega makes functions of its own expressions, hence ``unsafe-eval``; nothing of them comes from pages."""


def written(picture: Picture, ending: str, font: Path | None = None) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the file, and remarks.

    ``font`` is a file or folder to draw SVG and PNG with. Raises ``NoFont``.
    """
    if ending == ".html":
        return _page(picture).encode(), ()
    found = font_for((*picture.texts, picture.title), font)
    spec = _with_font(_without(picture.spec, found.lacking), found.families)
    remarks = (
        (f"Left out, since the font does not have it: {' '.join(sorted(found.lacking))}",) if found.lacking else ()
    )
    with _registered(found):
        if ending == ".png":
            return vl_convert.vegalite_to_png(spec, scale=_SCALE, allowed_base_urls=[]), remarks
        return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]).encode(), remarks


def _page(picture: Picture) -> str:
    spec = _with_font(picture.spec, CHINESE)
    return _PAGE.format(title=html.escape(picture.title), program=_program(), spec=_within_a_script(spec))


@cache
def _program() -> str:
    """What draws the picture in a browser, put together from what vl-convert brings."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


def _within_a_script(value: Mapping[str, Any]) -> str:  # Any: JSON values
    """JSON in which nothing ends the script that it stands in, whatever the titles say.

    >>> _within_a_script({"title": "</script><!--"})
    '{"title": "\\\\u003c/script\\\\u003e\\\\u003c!--"}'
    """
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def _with_font(spec: Mapping[str, Any], families: str) -> dict[str, Any]:  # Any: JSON values
    return {**spec, "config": {**spec.get("config", {}), "font": families}}


def _without(spec: Mapping[str, Any], lacking: frozenset[str]) -> dict[str, Any]:  # Any: JSON values
    text = json.dumps(spec, ensure_ascii=False)
    plain: dict[str, Any] = json.loads(text.translate({ord(character): None for character in lacking}))
    return plain


@contextmanager
def _registered(font: Font) -> Iterator[None]:
    """Let the font be found, and nothing else of the folder that it stands in."""
    if font.file is None:
        yield
        return
    with TemporaryDirectory(prefix="yaowen-font-") as folder:
        shutil.copy(font.file, folder)
        vl_convert.register_font_directory(folder)
        yield
