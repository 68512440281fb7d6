"""The parts of a page beside the article, told by what their markup is called, and believed where their text agrees."""

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from functools import lru_cache
from operator import add

from lxml import html

from crawler.parsers.cleaning import is_frame
from crawler.parsers.lines import Line, Zone

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
    "comment": "comment comments cmt pinglun disqus liuyan",
    "menu": "nav navbar navigation menu breadcrumb breadcrumbs crumb crumbs topbar toolbar pagination pager skip",
    "foot": "footer foot copyright bottom disclaimer shengming",
    "unseen": "visuallyhidden sronly screenreader popup consent",
    "side": "sidebar side aside rightbar",
    "ranking": "hot rank ranking paihang popular trending most",
    "share": "share sharing social bdshare jiathis fenxiang subscribe newsletter signup login promo promotion donate",
    "advert": "ad ads advert advertisement banner sponsor sponsored guanggao qrcode erweima appdownload",
    "caption": "caption imgtitle pictitle picdesc pictxt imagecaption imagecredit imagesource photocredit tushuo",
    "picture": "imagedescription legend image photo picture img bild foto",
    "related": "related recommend recommendation recommended tuijian xiangguan readmore relate recirc teaser teasers",
}
"""Words in class and id that name a part of the page beside the article; of several, the kind that comes first."""
LONGEST_NAME = 300
"""Characters of a class or id that are looked at."""
WEAK = frozenset(["ranking", "related", "side", "picture"])
"""Kinds that a single paragraph is called by for its looks: teaser, most, image-text."""

MOST_PROSE = 0.4
"""Share of the running text from which a zone is no zone."""
LEAST_OUTSIDE = 0.1
"""Running text outside all zones, as a share of that in zones of one kind, below which that kind names the article."""
LEAST_VOID = 60.0
"""Weight of the running text that a zone needs for that: a list page has no text but that of its foot."""
LINKING = frozenset({"ranking", "related"})
"""Kinds of zones that consist of links; where hardly any stand beside much text, it is called so for another reason."""
LEAST_LINKED = 0.1
"""Links in such a zone, as a share of its text."""
MUCH_TEXT = 60.0
"""Weight of the running text from which a teaser, a caption or a box of links is something else."""
LEAST_PROSE = 150.0
"""Weight of the running text for which that is asked."""


_ZONES = {word: (rank, kind) for rank, (kind, words) in enumerate(ZONE_NAMES.items()) for word in words.split()}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = str.maketrans("-_", "  ")
_ABOUT = re.compile(r"margin|padding|spac|border|align|^[mp][bg]?-|^(?:has|with|without|no)-", re.IGNORECASE)
"""Classes that say how a thing looks or what stands beside it: uk-margin-large-bottom is no bottom."""
_HIDDEN = re.compile(r"(?:^|\s)(?:is-)?hidden(?=\s|$)", re.IGNORECASE)
_SHOWN = re.compile(r":(?:inline|block|flex|grid|table|contents)\b")
"""A class for wide windows, as in ``hidden md:block``: narrow ones alone see nothing."""


def named_zone(node: html.HtmlElement, tag: str) -> str | None:
    """The kind of zone that an element is called, by its tag, class or id."""
    if tag in ZONE_TAGS:
        parent = node.getparent()
        names_a_speaker = tag == "footer" and parent is not None and parent.tag == "blockquote"
        return None if names_a_speaker else ZONE_TAGS[tag]
    if tag in NEVER_ZONES:
        return None
    names, name = node.get("class"), node.get("id")
    said = zone_kind(names[:LONGEST_NAME]) if names else None
    if name and (other := zone_kind(name[:LONGEST_NAME])) and (said is None or other < said):
        said = other
    return None if said is None or (tag == "p" and said[1] in WEAK) else said[1]


@lru_cache(maxsize=16_384)
def zone_kind(names: str) -> tuple[int, str] | None:
    """Which part beside the article the words of a class or id name, if any, with the rank of its kind.

    >>> zone_kind("post-imgTitle")
    (8, 'caption')
    """
    words = _words(names)
    if "hidden" in words and _HIDDEN.search(names) and not _SHOWN.search(names):
        return _ZONES["visuallyhidden"]
    if _ZONES.keys().isdisjoint(words):
        return None
    told = " ".join(name for name in names.split() if not _ABOUT.search(name))
    return min((_ZONES[word] for word in _words(told) if word in _ZONES), default=None)


def _words(names: str) -> list[str]:
    """Its words, and each two neighbours as one: read-more, imgTitle."""
    plain = names if names.islower() else _CAMEL.sub("-", names).lower()
    words = plain.translate(_SEPARATORS).split()
    return words + list(map(add, words, words[1:]))


def settle_zones(lines: list[Line], around: Set[html.HtmlElement] = frozenset()) -> list[str | None]:
    """In which zone each line stands, as if there were nothing around the elements ``around``.

    A zone that holds most of the running text is the page, whatever it is called: <div id="bottom"> around everything.
    """
    spoken = [
        (line, line.weight * (1 - line.linked))
        for line in lines
        if line.linked < 0.5 and line.marks and not is_frame(line.text)
    ]
    prose, linked = _in_zones(spoken), _in_zones((line, line.weight * line.linked) for line in lines if line.linked)
    most = max(LEAST_VOID, MOST_PROSE * sum(said for _, said in spoken))
    void = {zone for zone, said in prose.items() if said > most or not _is_beside(zone, said, linked[zone])}
    zones = _outermost(lines, void, around)
    said_in: defaultdict[str | None, float] = defaultdict(float)
    kind_of = dict(zip(map(id, lines), zones, strict=True))
    for line, said in spoken:
        said_in[kind_of[id(line)]] += said
    outside = said_in.pop(None, 0.0)
    kind = max(said_in, key=said_in.__getitem__, default=None)
    if kind and said_in[kind] > LEAST_PROSE and outside < LEAST_OUTSIDE * said_in[kind]:
        return _outermost(lines, void | {zone for zone in prose if zone.kind == kind}, around)
    return zones


def _is_beside(zone: Zone, said: float, linked: float) -> bool:
    """Whether a zone is what it is called, by the weights of its running text and of its links."""
    if zone.kind == "picture":
        return said < MUCH_TEXT and next(zone.node.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is None
    if zone.kind == "entry":
        return linked > 3 and said < MUCH_TEXT
    return zone.kind not in LINKING or said < MUCH_TEXT or linked > LEAST_LINKED * said


def _in_zones(weighed: Iterable[tuple[Line, float]]) -> defaultdict[Zone, float]:
    """The sum of some weights of lines for each zone around them."""
    innermost: defaultdict[Zone, float] = defaultdict(float)
    for line, weighs in weighed:
        if line.inner:
            innermost[line.inner] += weighs
    sums: defaultdict[Zone, float] = defaultdict(float)
    for inner, weighs in innermost.items():
        for zone in inner.chain():
            sums[zone] += weighs
    return sums


def _outermost(lines: list[Line], void: Set[Zone], around: Set[html.HtmlElement]) -> list[str | None]:
    """The kind of the outermost zone around each line that is none of the void ones."""
    kinds: dict[Zone | None, str | None] = {None: None}
    for line in lines:
        if line.inner not in kinds:
            chain = (
                [zone.kind for zone in line.inner.chain() if zone not in void and zone.node not in around]
                if line.inner
                else []
            )
            kinds[line.inner] = chain[-1] if chain else None
    return [kinds[line.inner] for line in lines]
