"""What is printed beside the title: time, column, counter, by-line and source."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from crawler.parsers.counts import BARE, Count, find_count, parse_count, without_counts
from crawler.parsers.dates import PrintedTime, first_time, narrow, without_times
from crawler.parsers.found import Found
from crawler.parsers.lines import Line
from crawler.parsers.names import (
    BYLINES,
    ENGLISH_BYLINE,
    OUTLET,
    PERSON_OF,
    SOURCES,
    find_authors,
    is_person,
    printed_source,
    split_names,
)
from crawler.parsers.text import FULL_STOP, letters, punctuation, squeeze, weight

T = TypeVar("T")

LINES_AFTER_TITLE = 14
LINES_BEFORE_TITLE = 8
NEAREST = 3
"""Lines after the title among which one may be nothing but a name."""
LONGEST_LINE = 80.0
"""Weight above which a line below the title is text."""
LONGEST_CATEGORY = 8.0
MOST_BESIDE_TIME = 8.0
"""Weight of the words beside a printed time in a line that still is no sentence of the text: Actualizado a las …h."""
CRUMBS = re.compile(r"\s*(?:>>|>|»|›|→|/|\\|＞|·|-)\s*")

_HOME = re.compile(
    r"^(?:首页|主页|正文|详情|内容|文章|新闻正文|当前位置.*|您的位置.*|home|start|startseite|accueil|inicio|início|hjem|hem|главная"
    r"|ホーム|トップ|홈)$",
    re.IGNORECASE,
)
_POSITION = re.compile(r"^.*?(?:当前位置|您(?:的|现在的)?(?:当前)?位置|所在位置|您现在的位置)(?:是|[:：])*\s*[:：]?")
_NO_CATEGORY = re.compile(
    r"\d|公開|更新|配信|掲載|時間|时间|日期|下载|来自|字号|分享|评论|打印|收藏|关注|编辑|举报|投稿|登录|阅读|浏览|原创|来源|作者|记者|听新闻|发布|发表|字体|微博|微信|share|comment|by\s|min",
    re.IGNORECASE,
)
_HAN_WORD = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_STEP = re.compile(r"^(?:首页\s*[-–—>»/]|[>»›＞]\s*\S)")
"""How a trail begins that is not linked, or a step of one that is printed line by line."""
_COLUMN = re.compile(r"(?:栏目|频道|分类|类别|category)\s*[:：]\s*([^\s|｜]{2,12})", re.IGNORECASE)
_PIECES = re.compile(r"\s+|\s*[|｜·•/／,，]\s*")
_TOOLS = re.compile(
    r"字号|字体|大\s*中\s*小|分享到?|打印|收藏|评论|\d*条?评论|关注|听新闻|扫一扫|微信|微博|订阅|举报|复制|原创|来源|作者|发布|时间|阅读|浏览|次数?|编辑|责任|记者|撰文|share|print|comments?|\d+",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What the lines beside the title say."""

    time: Found[PrintedTime] | None = None
    category: Found[str] | None = None
    """The column printed on the line of the date, or with its label."""
    trail: Found[str] | None = None
    """The last column of a trail."""
    source: Found[str] | None = None
    authors: Found[tuple[str, ...]] | None = None
    views: Found[Count] | None = None


def head_lines(lines: list[Line], title_line: int | None, body_first: int, body_end: int) -> list[Line]:
    """The short lines around the title and before the text, those after the title first."""
    start = title_line if title_line is not None and title_line < body_end else max(0, body_first - LINES_AFTER_TITLE)
    after: list[Line] = []
    for line in lines[start + 1 : min(body_end, start + 1 + LINES_AFTER_TITLE)]:
        if line.weight > 30 and line.marks > 2 and not first_time(line.text):
            break
        if line.weight <= LONGEST_LINE:
            after.append(line)
    return after + [
        line for line in lines[max(0, start - LINES_BEFORE_TITLE) : start + 1] if line.weight <= LONGEST_LINE
    ]


def read_head(lines: list[Line], title: str, fetched_at: datetime | None) -> Head:
    """What some lines beside the title say; the first line that gives a part gives it."""
    others = [line for line in lines if letters(line.text) != letters(title)]
    head = Head(
        time=_first(others, lambda text: first_time(text, fetched_at)),
        source=_first(others, printed_source) or _outlet_line(others),
        authors=_byline(others) or _person_line(others),
        views=_first(others, find_count),
        trail=_crumbs(others, title),
    )
    return _from_date_line(head, head.time.place) if head.time and isinstance(head.time.place, Line) else head


def _outlet_line(lines: list[Line]) -> Found[str] | None:
    """The line that is an outlet's name, alone or behind a person's: 新华社, 石佳/中国青年报."""
    for line in lines[:NEAREST]:
        person = PERSON_OF.match(line.text)
        if person:
            return Found(person["outlet"], line.text, line)
        if line.weight <= LONGEST_CATEGORY and not line.anchors and not line.zone and OUTLET.search(line.text):
            return Found(line.text, line.text, line)
    return None


def _person_line(lines: list[Line]) -> Found[tuple[str, ...]] | None:
    """The line that is a person's name, alone or before an outlet's."""
    for line in lines[:NEAREST]:
        person = PERSON_OF.match(line.text)
        names = tuple(split_names(person["names"])) if person else (line.text,) if is_person(line.text) else ()
        if names:
            return Found(names, line.text, line)
    return None


def _byline(lines: list[Line]) -> Found[tuple[str, ...]] | None:
    found = find_authors([line.text for line in lines])
    return Found(found[0], lines[found[1]].text, lines[found[1]]) if found else None


def _first(lines: list[Line], reader: Callable[[str], T | None]) -> Found[T] | None:
    """What the first line that means something means."""
    for line in lines:
        value = reader(line.text)
        if value is not None:
            return Found(value, line.text, line)
    return None


def _from_date_line(head: Head, line: Line) -> Head:
    """The head with a bare counter and a bare column that stand on the line of the date: 2022年10月15日 国际 1361."""
    rest = without_counts(without_times(line.text))
    for pattern in (*BYLINES, ENGLISH_BYLINE, *SOURCES):
        rest = pattern.sub(" ", rest)
    pieces = [piece for piece in _PIECES.split(rest.strip()) if piece]
    bare = next((count for piece in pieces if BARE.match(piece) and (count := parse_count(piece))), None)
    column = _COLUMN.search(line.text)
    linked = next((anchor.text for anchor in line.anchors if _may_be_category(anchor.text)), None)
    named = column[1] if column else linked or next((piece for piece in pieces if _may_be_category(piece)), None)
    if linked and not head.source:
        pieces = [piece.removeprefix(linked) for piece in pieces]
    outlet = next(
        (piece for piece in pieces if OUTLET.search(piece) and 2 < weight(piece) <= 2 * LONGEST_CATEGORY), None
    )
    people = head.authors.value if head.authors else ()
    known = {head.source.value if head.source else None, outlet, *people}
    return replace(
        head,
        views=head.views or (Found(bare, line.text, line) if bare else None),
        source=head.source or (Found(outlet, line.text, line) if outlet else None),
        category=Found(named, line.text, line) if named and named not in known else None,
    )


def _may_be_category(text: str) -> bool:
    """Whether a word beside a date names a column; in alphabets such a word is most often a name, a day or a label."""
    plain = _HAN_WORD.fullmatch(text) is not None and len(text) <= LONGEST_CATEGORY
    return plain and not _NO_CATEGORY.search(text) and not _HOME.match(text) and not OUTLET.search(text)


def _crumbs(lines: list[Line], title: str) -> Found[str] | None:
    """The last column of a trail: 首页 > 新闻 > 国际 > 正文."""
    for line in lines:
        trail = _POSITION.sub("", line.text)
        linked = line.anchors and re.search(r"[>»›＞→]", trail)
        if trail == line.text and not linked and not _STEP.match(trail):
            continue
        steps = [squeeze(step) for step in CRUMBS.split(trail)]
        named = [step for step in steps if step and not _HOME.match(step) and letters(step) != letters(title)]
        columns = [step for step in named if weight(step) <= LONGEST_CATEGORY * 1.5]
        if columns:
            return Found(columns[-1], line.text, line)
    return None


def is_head_line(text: str) -> bool:
    """Whether a line above the text holds nothing but time, source, by-line, counters and tools."""
    if weight(text) > LONGEST_LINE:
        return False
    plain = narrow(text)
    rest = without_counts(without_times(text))
    dated = rest != plain
    named = (
        SOURCES if text.startswith(("(", "（", "【", "[")) else (*SOURCES, *BYLINES)
    )  # 【文/张三】 is printed as text
    for pattern in named:
        rest = pattern.sub(" ", rest)
    left = weight(_TOOLS.sub(" ", rest))
    if FULL_STOP.search(text):
        return rest != plain and left < (MOST_BESIDE_TIME if any(map(str.isdecimal, plain)) else 2)
    return left <= 2 or (dated and left <= 24 and punctuation(rest) < 2) or (rest != plain and left <= 8)
