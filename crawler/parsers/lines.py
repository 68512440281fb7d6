"""The lines that a reader sees, cut once for the whole page: every other room reads them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from lxml import etree, html

from crawler.parsers.cleaning import is_frame
from crawler.parsers.text import punctuation, squeeze, weight

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
NEVER_ZONES = frozenset({"html", "body", "main", "tbody", "tr"})
ZONE_TAGS = {
    "nav": "menu",
    "footer": "foot",
    "aside": "side",
    "figcaption": "caption",
    "article": "entry",
    "form": "share",
}
ZONE_NAMES = {
    "comment": "comment comments cmt pinglun disqus reply replies liuyan",
    "menu": "nav navbar navigation menu breadcrumb breadcrumbs crumb crumbs topbar toolbar pagination pager skip",
    "foot": "footer foot copyright bottom disclaimer shengming",
    "unseen": "visuallyhidden sronly screenreader popup consent",
    "side": "sidebar side aside rightbar",
    "ranking": "hot rank ranking paihang popular trending most",
    "share": "share sharing social bdshare jiathis fenxiang subscribe newsletter signup login promo promotion",
    "advert": "ad ads advert advertisement banner sponsor sponsored guanggao qrcode erweima appdownload",
    "caption": "caption imgtitle pictitle picdesc pictxt imagecaption imagecredit imagesource photocredit tushuo",
    "picture": "imagedescription legend image photo picture img bild foto",
    "related": "related recommend recommendation recommended tuijian xiangguan readmore relate recirc teaser teasers",
}
"""Words in class and id that name a part of the page beside the article; of several, the kind that comes first."""

MOST_PROSE = 0.4
"""Share of the running text from which a zone is no zone."""
LEAST_OUTSIDE = 0.1
"""Running text outside all zones, as a share of that in zones of one kind, below which that kind names the article."""
LEAST_VOID = 60.0
LINKING = frozenset({"ranking", "related"})
"""Kinds of zones that consist of links; where hardly any stand beside much text, it is called so for another reason."""
LEAST_LINKED = 0.1
"""Links in such a zone, as a share of its text."""
MUCH_TEXT = 60.0
LEAST_PROSE = 150.0
"""Weight of the running text for which that is asked."""

_ZONES = {word: (rank, kind) for rank, (kind, words) in enumerate(ZONE_NAMES.items()) for word in words.split()}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_APART = re.compile(r"[\s_-]+")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|clip\s*:\s*rect\(0", re.IGNORECASE)
_SPACING = re.compile(r"\S*(?:margin|padding|spac|border|align|\b[mp][bg]?-|\bmg-)\S*", re.IGNORECASE)
"""Classes that say how far apart things stand: uk-margin-large-bottom is no bottom."""
_HIDDEN_NAME = re.compile(r"(?:^|\s)(?:is-)?hidden(?=\s|$)", re.IGNORECASE)
_SHOWN_NAME = re.compile(r":(?:inline|block|flex|grid|table|contents)\b")
"""A class for wide windows, as in ``hidden md:block``: narrow ones alone see nothing."""
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Zone:
    """An element that its name says is beside the article."""

    kind: str
    node: html.HtmlElement
    outer: "Zone | None"

    def chain(self) -> "Iterator[Zone]":
        """This zone and those around it, from the inside."""
        zone: Zone | None = self
        while zone is not None:
            yield zone
            zone = zone.outer


@dataclass(slots=True)
class Anchor:
    """The part of a line that one link covers."""

    node: html.HtmlElement
    text: str


@dataclass(slots=True)
class Line:
    """Text between two breaks."""

    text: str
    node: html.HtmlElement
    """The innermost block around it."""
    anchors: list[Anchor] = field(default_factory=list)
    bold: float = 0.0
    """Share of its characters that are bold, 0 to 1."""
    level: int = 0
    """1 to 6 within h1 to h6, else 0."""
    inner: Zone | None = None
    """The innermost element around it that its name says is beside the article."""
    zone: str | None = None
    """The kind of the outermost such element."""
    weight: float = 0.0
    linked: float = 0.0
    """Share of its characters that are links, 0 to 1."""


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
        around = {element, *element.iterancestors()}
        inside = [replace(line) for line in inside]
        _settle_zones(inside, around)
        return inside


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element hands down to the text in it."""

    zone: Zone | None = None
    bold: bool = False
    level: int = 0
    hidden: bool = False


class _Cutter:
    """Takes the starts, texts and ends of a tree in page order and makes lines of them."""

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
        kind = _named_zone(node, tag) if block else None
        if kind or style or tag in BOLD:
            self.look = self.looking(node, tag, kind, style or "")
        if block:
            self.blocks.append(node)
            self.pre += tag == "pre"
        elif tag == "a":
            self.anchors.append(node)

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
        if text.isspace():
            self.parts.append(" ")
            return
        if self.pre and "\n" in text:
            for part in text.splitlines():
                if part:
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
        text = squeeze("".join(self.parts))
        if text:
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
        if text:
            cutter.text(text)
    cutter.flush()
    _settle_zones(cutter.cut.lines, set())
    return cutter.cut


def _settle_zones(lines: list[Line], around: set[html.HtmlElement]) -> None:
    """Say of each line in which zone it stands.

    A zone that holds most of the running text is the page, whatever it is called: <div id="bottom"> around everything.
    """
    spoken = [
        (line, line.weight * (1 - line.linked))
        for line in lines
        if line.linked < 0.5 and punctuation(line.text) and not is_frame(line.text)
    ]
    prose, linked = _in_zones(spoken), _in_zones((line, line.weight * line.linked) for line in lines)
    most = sum(said for _, said in spoken) * MOST_PROSE
    void = {
        zone for zone, said in prose.items() if said > max(most, LEAST_VOID) or not _is_beside(zone, said, linked[zone])
    }
    _set_zones(lines, void, around)
    kinds: Counter[str | None] = Counter()
    for line, said in spoken:
        kinds[line.zone] += said  # type: ignore[assignment]
    outside = kinds.pop(None, 0)
    for kind, said in kinds.most_common(1):
        if said > LEAST_PROSE and outside < LEAST_OUTSIDE * said:
            _set_zones(lines, void | {zone for zone in prose if zone.kind == kind}, around)


def _is_beside(zone: Zone, said: float, linked: float) -> bool:
    """Whether a zone is what it is called, by the weights of its running text and of its links."""
    if zone.kind == "picture":
        return said < MUCH_TEXT and next(zone.node.iter(*HEADINGS), None) is None
    if zone.kind == "entry":
        return linked > 3 and said < MUCH_TEXT
    return zone.kind not in LINKING or said < MUCH_TEXT or linked > LEAST_LINKED * said


def _in_zones(weighed: Iterable[tuple[Line, float]]) -> Counter[Zone]:
    """The sum of some weights of lines for each zone around them."""
    sums: Counter[Zone] = Counter()
    for line, weighs in weighed:
        for zone in line.inner.chain() if line.inner and weighs else ():
            sums[zone] += weighs  # type: ignore[assignment]  # typeshed counts in whole numbers
    return sums


def _set_zones(lines: list[Line], void: set[Zone], around: set[html.HtmlElement]) -> None:
    for line in lines:
        line.zone = _outermost(line.inner, void, around)


def _outermost(inner: Zone | None, void: set[Zone], around: set[html.HtmlElement]) -> str | None:
    kind = None
    for zone in inner.chain() if inner else ():
        if zone not in void and zone.node not in around:
            kind = zone.kind
    return kind


def _named_zone(node: html.HtmlElement, tag: str) -> str | None:
    if tag in ZONE_TAGS:
        return ZONE_TAGS[tag]
    if tag in NEVER_ZONES:
        return None
    said = [place for names in (node.get("class"), node.get("id")) if names and (place := zone_kind(names))]
    return min(said)[1] if said else None


@lru_cache(maxsize=4096)
def zone_kind(names: str) -> tuple[int, str] | None:
    """Which part beside the article the words of a class or id name, if any, with the rank of its kind.

    >>> zone_kind("post-imgTitle")
    (8, 'caption')
    """
    if _HIDDEN_NAME.search(names) and not _SHOWN_NAME.search(names):
        return _ZONES["visuallyhidden"]
    words = _APART.split(_CAMEL.sub("-", _SPACING.sub(" ", names)).lower())
    joined = (one + other for one, other in pairwise(words))
    ranked = [_ZONES[word] for word in (*words, *joined) if word in _ZONES]
    return min(ranked, default=None)
