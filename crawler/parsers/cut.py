"""The whole page cut into lines, once: the lines, and which of them stand in which element."""

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree, html

from crawler.parsers.lines import Anchor, Line, Zone
from crawler.parsers.text import punctuation, squeeze, weight
from crawler.parsers.zones import named_zone, settle_zones

MOST_LINES = 50_000
"""Lines of a page that are read; preformatted text makes many without a tag, and no page of news has a tenth."""
_BLOCKS = (
    "html body main article section header footer nav aside div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption"
    " thead tbody tfoot tr td th form fieldset blockquote pre center figure figcaption address hr details summary"
    " hgroup dir menu option legend frameset video audio"
)
BLOCKS = frozenset(_BLOCKS.split())
"""Elements that begin and end a line; all others, known or not, run within one."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BOLD = frozenset({"b", "strong", *HEADINGS})
TELLING = BLOCKS | BOLD | {"a", "br"}
"""Elements that say something about the text in them; most others, like span, only stand around it."""
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|clip\s*:\s*rect\(0", re.IGNORECASE)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)


@dataclass(slots=True)
class Cut:
    """A page as lines."""

    lines: list[Line] = field(default_factory=list)
    spans: dict[html.HtmlElement, tuple[int, int]] = field(default_factory=dict)
    """For each block the range of its lines: the first, and the one after the last."""

    def within(self, element: html.HtmlElement) -> list[Line]:
        """The lines of one block, with their zones as if there were nothing around it."""
        first, end = self.spans[element]
        inside = self.lines[first:end]
        if all(line.inner is None for line in inside):
            return inside
        zones = settle_zones(inside, {element, *element.iterancestors()})
        return [
            line if line.zone == zone else replace(line, zone=zone) for line, zone in zip(inside, zones, strict=True)
        ]


class _Look(NamedTuple):
    """What an element hands down to the text in it."""

    zone: Zone | None = None
    bold: bool = False
    level: int = 0
    hidden: bool = False


class _Cutter:
    """Takes the starts, texts and ends of a tree in page order and makes lines of them."""

    __slots__ = ("anchors", "blocks", "bold", "cut", "found", "innermost", "look", "open", "parts", "pre")

    def __init__(self, root: html.HtmlElement) -> None:
        self.cut = Cut()
        self.open: list[tuple[html.HtmlElement, bool, int, _Look]] = []
        self.innermost: html.HtmlElement | None = None
        """The innermost open element that was announced by ``start``."""
        self.look = _Look()
        self.blocks = [root]
        self.anchors: list[html.HtmlElement] = []
        self.parts: list[str] = []
        self.bold = 0
        self.found: list[Anchor] = []
        self.pre = 0

    def start(self, node: html.HtmlElement, tag: str, style: str | None) -> None:
        block = tag in BLOCKS or bool(style and _BLOCK_STYLE.search(style))
        if self.parts and (block or tag == "br"):
            self.flush()
        self.open.append((node, block, len(self.cut.lines), self.look))
        self.innermost = node
        kind = None
        if block:
            self.blocks.append(node)
            self.pre += tag == "pre"
            kind = named_zone(node, tag)
        elif tag == "a":
            self.anchors.append(node)
        if kind or style or tag in BOLD:
            self.look = self.looking(node, tag, kind, style or "")

    def looking(self, node: html.HtmlElement, tag: str, kind: str | None, style: str) -> _Look:
        """The look of the text in an element that changes it."""
        look = self.look
        return _Look(
            zone=Zone(kind, node, look.zone) if kind else look.zone,
            bold=look.bold or tag in BOLD or bool(_BOLD_STYLE.search(style)),
            level=HEADINGS.get(tag, look.level),
            hidden=look.hidden or bool(_HIDDEN_STYLE.search(style)),
        )

    def text(self, text: str) -> None:
        if self.look.hidden:
            return
        if self.pre and "\n" in text:
            for part in text.splitlines():
                if part.strip():
                    self.text(part)
                self.flush()
            return
        self.parts.append(text)
        if self.look.bold:
            self.bold += len(text.strip())
        if self.anchors:
            if self.found and self.found[-1].node is self.anchors[-1]:
                self.found[-1].text += text
            else:
                self.found.append(Anchor(self.anchors[-1], text))

    def end(self) -> None:
        node, block, first, around = self.open.pop()
        self.innermost = self.open[-1][0] if self.open else None
        if block:
            if self.parts:
                self.flush()
            self.blocks.pop()
            self.pre -= node.tag == "pre"
            if first < len(self.cut.lines):
                self.cut.spans[node] = (first, len(self.cut.lines))
        elif node.tag == "a":
            self.anchors.pop()
        self.look = around

    def flush(self) -> None:
        text = "".join(self.parts)
        is_full = len(self.cut.lines) >= MOST_LINES
        if not is_full and text and not text.isspace() and (text := squeeze(text)):
            self.cut.lines.append(self.line(text))
        self.parts, self.bold, self.found = [], 0, []

    def line(self, text: str) -> Line:
        for anchor in self.found:
            anchor.text = squeeze(anchor.text)
        return Line(
            text=text,
            node=self.blocks[-1],
            anchors=self.found,
            bold=min(1.0, self.bold / len(text.replace(" ", ""))) if self.bold else 0.0,
            level=self.look.level,
            inner=self.look.zone,
            weight=weight(text),
            marks=punctuation(text),
            linked=min(1.0, sum(len(anchor.text) for anchor in self.found) / len(text)) if self.found else 0.0,
        )


def cut_page(root: html.HtmlElement) -> Cut:
    """The whole page as lines, with the span of every block."""
    cutter = _Cutter(root)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            tag, style = str(element.tag), element.get("style")
            if style or tag in TELLING:
                cutter.start(element, tag, style)
            text = element.text
        else:
            if element is cutter.innermost:
                cutter.end()
            text = element.tail if element is not root else None
        if not text:
            continue
        if not text.isspace():
            cutter.text(text)
        elif cutter.parts:
            cutter.parts.append(" ")
    cutter.flush()
    for line, zone in zip(cutter.cut.lines, settle_zones(cutter.cut.lines), strict=True):
        line.zone = zone
    return cutter.cut
