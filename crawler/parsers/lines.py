"""The lines that a reader sees: one cut for the whole page (lxml) and for the article's subtree (BeautifulSoup)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

from bs4.element import NavigableString, PageElement, PreformattedString, Tag
from lxml import etree, html

from crawler.parsers.text import squeeze, weight

_BLOCKS = (
    "html body main article section header footer nav aside div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption"
    " thead tbody tfoot tr td th form fieldset blockquote pre center figure figcaption address hr details summary"
    " hgroup dir menu option legend frameset video audio"
)
BLOCKS = frozenset(_BLOCKS.split())
"""Elements that begin and end a line; all others, known or not, run within one."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BOLD = frozenset({"b", "strong", *HEADINGS})
NEVER_ZONES = frozenset({"html", "body", "main", "article", "tbody", "tr"})
ZONE_TAGS = {"nav": "menu", "footer": "foot", "aside": "side", "figcaption": "caption"}
ZONE_NAMES = (
    ("comment", r"comments?|cmt|pinglun|disqus|reply|replies|liuyan"),
    ("menu", r"nav|navbar|navigation|menu|breadcrumbs?|crumbs?|topbar|toolbar|pagination|pager|skip|mianbao"),
    ("foot", r"footer|foot|copyright|bottom|disclaimer|shengming"),
    ("side", r"sidebar|side|aside|widget|rightbar|hot|rank|ranking|paihang|popular|trending|most"),
    ("share", r"share|sharing|social|bdshare|jiathis|fenxiang|subscribe|newsletter|signup|login|promo|promotion"),
    ("advert", r"ad|ads|advert|advertisement|banner|sponsor|sponsored|guanggao|qrcode|erweima|app-?download"),
    ("caption", r"caption|img-?title|pic-?(?:title|desc|txt)|image-?(?:caption|credit|source)|photo-?credit|tushuo"),
    ("related", r"related|recommend|recommendation|recommended|tuijian|xiangguan|readmore|relate|recirc|teasers?"),
)
"""Words in class and id that name a part of the page beside the article; the first that matches counts."""

_ZONES = tuple((kind, re.compile(rf"(?:^|[\s_-])(?:{words})(?:$|[\s_-])")) for kind, words in ZONE_NAMES)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)


N = TypeVar("N", html.HtmlElement, Tag)


@dataclass(slots=True)
class Zone:
    """An element that its name says is beside the article, and how much text stands in it."""

    kind: str
    weight: float = 0.0


@dataclass(slots=True)
class Anchor(Generic[N]):
    """The part of a line that one link covers."""

    node: N
    text: str


@dataclass(slots=True)
class Line(Generic[N]):
    """Text between two breaks."""

    text: str
    node: N
    """The innermost block around it."""
    anchors: list[Anchor[N]] = field(default_factory=list)
    bold: float = 0.0
    """Share of its characters that are bold, 0 to 1."""
    level: int = 0
    """1 to 6 within h1 to h6, else 0."""
    zone: Zone | None = None
    weight: float = 0.0
    linked: float = 0.0
    """Share of its characters that are links, 0 to 1."""


PageLine = Line[html.HtmlElement]


@dataclass(slots=True)
class Cut(Generic[N]):
    """A subtree as lines."""

    lines: list[Line[N]] = field(default_factory=list)
    spans: dict[N, tuple[int, int]] = field(default_factory=dict)
    """For each block the range of its lines: the first, and the one after the last."""


@dataclass(slots=True)
class _Open(Generic[N]):
    """An element whose end has not come yet."""

    node: N
    tag: str
    block: bool
    first: int
    zone: Zone | None
    bold: bool
    level: int
    hidden: bool


class _Cutter(Generic[N]):
    """Takes the events of a tree in page order and makes lines of them."""

    def __init__(self, root: N, keep_spans: bool) -> None:
        self.cut: Cut[N] = Cut()
        self.keep_spans = keep_spans
        self.open: list[_Open[N]] = []
        self.blocks: list[N] = [root]
        self.anchors: list[N] = []
        self.parts: list[str] = []
        self.bold = 0
        self.found: list[Anchor[N]] = []
        self.pre = 0

    def start(self, node: N, tag: str) -> None:
        style = str(node.get("style") or "")
        block = tag in BLOCKS or bool(style and _BLOCK_STYLE.search(style))
        if block or tag == "br":
            self.flush()
        outer = self.open[-1] if self.open else None
        self.open.append(
            _Open(
                node=node,
                tag=tag,
                block=block,
                first=len(self.cut.lines),
                zone=(outer.zone if outer else None) or self.zone(node, tag, block),
                bold=(outer.bold if outer else False) or tag in BOLD or bool(style and _BOLD_STYLE.search(style)),
                level=HEADINGS.get(tag, outer.level if outer else 0),
                hidden=(outer.hidden if outer else False) or bool(style and _HIDDEN_STYLE.search(style)),
            )
        )
        if block:
            self.blocks.append(node)
            self.pre += tag == "pre"
        elif tag == "a":
            self.anchors.append(node)

    def zone(self, node: N, tag: str, block: bool) -> Zone | None:
        if tag in ZONE_TAGS:
            return Zone(ZONE_TAGS[tag])
        if not block or tag in NEVER_ZONES:
            return None
        names = f"{node.get('class') or ''} {node.get('id') or ''}"
        kind = zone_kind(names) if len(names) > 1 else None
        return Zone(kind) if kind else None

    def text(self, text: str) -> None:
        if self.pre and "\n" in text:
            for part in text.splitlines():
                self.text(part)
                self.flush()
            return
        self.parts.append(text)
        if not text.strip() or not self.open:
            return
        if self.open[-1].bold:
            self.bold += len(text.strip())
        if self.anchors:
            if self.found and self.found[-1].node is self.anchors[-1]:
                self.found[-1].text += text
            else:
                self.found.append(Anchor(self.anchors[-1], text))

    def end(self) -> None:
        ended = self.open[-1]
        if ended.block:
            self.flush()
            self.blocks.pop()
            self.pre -= ended.tag == "pre"
            if self.keep_spans and ended.first < len(self.cut.lines):
                self.cut.spans[ended.node] = (ended.first, len(self.cut.lines))
        elif ended.tag == "a":
            self.anchors.pop()
        self.open.pop()

    def flush(self) -> None:
        text = squeeze("".join(self.parts))
        if text and not (self.open and self.open[-1].hidden):
            self.cut.lines.append(self.line(text))
        self.parts, self.bold, self.found = [], 0, []

    def line(self, text: str) -> Line[N]:
        for anchor in self.found:
            anchor.text = squeeze(anchor.text)
        around = self.open[-1] if self.open else None
        line = Line(
            text=text,
            node=self.blocks[-1],
            anchors=self.found,
            bold=min(1.0, self.bold / len(text.replace(" ", ""))),
            level=around.level if around else 0,
            zone=around.zone if around else None,
            weight=weight(text),
            linked=min(1.0, sum(len(anchor.text) for anchor in self.found) / len(text)),
        )
        if line.zone:
            line.zone.weight += line.weight
        return line


@lru_cache(maxsize=4096)
def zone_kind(names: str) -> str | None:
    """Which part beside the article the words of a class or id name, if any."""
    plain = _CAMEL.sub("-", names).lower()
    return next((kind for kind, words in _ZONES if words.search(plain)), None)


def cut_page(root: html.HtmlElement) -> Cut[html.HtmlElement]:
    """The whole page as lines, with the span of every block."""
    return _cut(root, _page_events(root), keep_spans=True)


def cut_article(subtree: Tag) -> list[Line[Tag]]:
    """The article's subtree as lines."""
    return _cut(subtree, _soup_events(subtree), keep_spans=False).lines


def _cut(root: N, events: Iterable[tuple[str, N | str]], *, keep_spans: bool) -> Cut[N]:
    cutter = _Cutter(root, keep_spans)
    for kind, value in events:
        if isinstance(value, str):
            cutter.text(value)
        elif kind == "start":
            cutter.start(value, _name(value))
        else:
            cutter.end()
    cutter.flush()
    _void_main_zones(cutter.cut.lines)
    return cutter.cut


def _name(node: html.HtmlElement | Tag) -> str:
    return node.name if isinstance(node, Tag) else str(node.tag)


def _void_main_zones(lines: list[Line[N]]) -> None:
    """A zone that holds most of the text is the page, whatever it is called: <div id="bottom"> around everything."""
    total = sum(line.weight for line in lines)
    for line in lines:
        if line.zone and line.zone.weight > total / 2:
            line.zone = None


def _page_events(root: html.HtmlElement) -> Iterator[tuple[str, html.HtmlElement | str]]:
    for event, element in etree.iterwalk(root, events=("start", "end")):
        yield event, element
        text = element.text if event == "start" else element.tail
        if text and (event == "start" or element is not root):
            yield "text", text


def _soup_events(root: Tag) -> Iterator[tuple[str, Tag | str]]:
    # bs4's own walk gives no ends, and a recursive one breaks at 1,000 levels.
    open_tags: list[tuple[Tag, Iterator[PageElement]]] = [(root, iter(root.contents))]
    yield "start", root
    while open_tags:
        tag, children = open_tags[-1]
        child = next(children, None)
        if child is None:
            yield "end", tag
            open_tags.pop()
        elif isinstance(child, Tag):
            yield "start", child
            open_tags.append((child, iter(child.contents)))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield "text", str(child)
