"""Whom a page names: its authors, and the source it took the text from."""

import re
from collections.abc import Iterator, Sequence

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_PERSON = rf"[{_HAN}]{{2,4}}(?:[·•][{_HAN}]{{1,6}})?"
_PERSONS = rf"(?P<names>{_PERSON}(?:[\s、，,;；/和&]+{_PERSON}){{0,5}})"
_END = r"(?=\s*(?:$|[)）】\]|｜。]|摄|文|编辑|責|责|来源|實習|实习|报道|\s\S))"
BYLINES = (
    # (苏报记者 朱琦 陆飞龙), 新华社记者唐霁, 本报记者 张三 通讯员 李四
    re.compile(rf"[（(【\[]\s*(?:[{_HAN}]{{0,10}}[\s·/]*)(?:记者|記者|采写|撰稿|撰文)[\s:：/]*{_PERSONS}"),
    re.compile(
        rf"(?:作者|撰文|撰稿|执笔|采写|文字|文|供稿)\s*(?:[|｜/:：丨]|\s(?=\S))\s*(?:[{_HAN}]{{0,8}}记者\s*)?{_PERSONS}{_END}"
    ),
    re.compile(rf"(?:记者|記者)[\s:：/|]*{_PERSONS}{_END}"),
    re.compile(r"(?:作者|Author)\s*[:：]\s*(?P<names>[^\s:：|]{2,20})"),
    re.compile(rf"(?:作者|执笔人?)\s*[:：/]?\s*{_PERSONS}\s*$"),
)
"""Where a Chinese page prints its authors, the most exact first; the first that matches anywhere counts."""
SIGNED = re.compile(rf"^[（(]\s*(?:[{_HAN}]{{0,8}}记者\s*)?{_PERSONS}\s*[)）]$")
"""A last line that is nothing but names in brackets: （袁源）."""
PERSON_OF = re.compile(rf"^{_PERSONS}\s*[/／]\s*(?P<outlet>[{_HAN}A-Za-z]{{2,15}})$")
"""A line of a person and an outlet: 石佳/中国青年报."""
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred most frequent Chinese surnames, some six of seven people (Ministry of Public Security, 2020)."""
ENGLISH_BYLINE = re.compile(
    r"^(?:(?:Written\s+)?[Bb]y|BY|Von|Par|Por)\s*:?\s+(?P<names>[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,4}"
    r"(?:(?:,|\s+and|\s+und|\s+et|\s*&)\s+[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,4}){0,4})\s*(?:$|[|·•,–—-])"
)
SOURCES = (
    re.compile(r"【\s*(?:来源|來源)\s*[:：]\s*(?P<name>[^】]{2,40})】"),
    re.compile(
        r"(?:信息来源|文章来源|稿件来源|新闻来源|稿源|来源于?|來源|转自|轉自|转载自|出处|source)\s*[:：]\s*"
        r"(?P<name>[^\s|｜，。；：:)）】]{2,30}?)(?=作者|记者|编辑|责任|时间|发布|浏览|点击|阅读|[\s|｜，。；：:)）】]|$)",
        re.I,
    ),
    re.compile(r"(?:^|[\s|｜])来源(?P<name>[^\s|｜:：]{2,20})(?=[|｜])"),
)
"""Where a page names the source of its text."""
ORIGINAL_TITLE = re.compile(
    r"(?P<open>[（(\[【])?\s*(?:原标题|原標題|原题|原文标题|original (?:title|headline))\s*为?\s*[:：]\s*"
    r"(?P<title>.{2,80}?)"
    r"\s*(?(open)[)）\]】])(?:\s+(?:责任编辑|责编|编辑|来源|作者).*)?$",
    re.IGNORECASE,
)
"""A line that tells the headline that the text had where it was taken from."""
OUTLET = re.compile(r"(?:报|网|社|电视台|广播|在线|新闻|客户端|周刊|杂志|通讯|新华社|快讯|Reuters|AFP)$")
"""How the name of a paper, agency or portal ends."""
NOT_NAMES = frozenset(
    [
        "通讯员",
        "实习生",
        "报道",
        "编辑",
        "责编",
        "摄影",
        "摄影报道",
        "图片",
        "图文",
        "记者",
        "特约记者",
        "综合",
        "网络",
        "作者",
        "原创",
        "未知",
        "佚名",
        "匿名",
        "文字",
        "视频",
        "综合报道",
        "整理",
    ]
)

_ORGANISATION = re.compile(
    r"@|\.(?:com|cn|net|org)\b|新闻|频道|公司|科技|编辑部|中心|传媒|网络|调查|官方|admin", re.IGNORECASE
)
_EDITOR = re.compile(
    rf"(?:责任编辑|责编|編輯|编辑|校对|审核|监制|编审|主编|监审)\s*[|｜/:：]?\s*{_PERSON}(?:[\s、]+{_PERSON})*"
)
_NOBODY = re.compile(
    r"(?:ph\.?\s?d|m\.?\s?[adsb]|b\.?\s?[as]|r\.?\s?[dn]|rdn|mph|mba|cdces|ll\.?[bm]|esq|jr|sr)\.?"
    r"|undefined|null|none|nobody|unknown|guest|webmaster|home|(?:the )?(?:team|staff|editors?)",
    re.IGNORECASE,
)
"""Degrees behind a name, and what systems print where none is known."""
_BETWEEN = re.compile(r"[\s、，,;；/&]+|和(?=.{2})")
_JOINED = re.compile(r"\s*(?:,|;|\||\band\b|\bund\b|\bet\b|&)\s*")
_ROLE = re.compile(r"^(?:by|von|par|por|author|作者)\s*:?\s+|^作者\s*[:：]\s*", re.IGNORECASE)


def find_authors(lines: Sequence[str]) -> tuple[tuple[str, ...], int] | None:
    """The authors that the first by-line among some short lines names, and that line's place; editors are none."""
    plain = [_EDITOR.sub(" ", line) for line in lines]
    for pattern in (*BYLINES, ENGLISH_BYLINE):
        for place, line in enumerate(plain):
            match = pattern.search(line)
            names = tuple(dict.fromkeys(split_names(match["names"]))) if match else ()
            if names:
                return names, place
    return None


def is_person(text: str) -> bool:
    """Whether a text is a Chinese person's name, as its surname tells.

    >>> is_person("胡平"), is_person("国际")
    (True, False)
    """
    return bool(re.fullmatch(f"[{_HAN}]{{2,3}}", text)) and text[0] in SURNAMES


def signed_authors(last: str) -> tuple[str, ...]:
    """The names in brackets of which the last line of a text consists."""
    match = SIGNED.match(last)
    return tuple(dict.fromkeys(split_names(match["names"]))) if match else ()


def opening_authors(text: str) -> tuple[str, ...]:
    """The authors in the brackets with which running text begins or ends: 新华社巴黎12月9日电（记者唐霁）."""
    match = BYLINES[0].search(text[:60]) or BYLINES[0].search(text[-60:])
    return tuple(dict.fromkeys(split_names(match["names"]))) if match else ()


def printed_source(line: str) -> str | None:
    """The source that a line names: 来源：…, 【来源:…】, 转自：…."""
    for pattern in SOURCES:
        match = pattern.search(line)
        if match:
            return match["name"].strip(" -_[]") or None
    return None


def printed_original_title(line: str) -> str | None:
    """The headline that a line says the text first had.

    >>> printed_original_title("（原标题：运河边的灯亮到十一点）")
    '运河边的灯亮到十一点'
    """
    match = ORIGINAL_TITLE.match(line)
    return match["title"].strip() if match else None


def split_names(printed: str) -> Iterator[str]:
    """Single names out of a printed or embedded list of them."""
    printed = _ROLE.sub("", printed.strip())
    parts = _BETWEEN.split(printed) if re.match(f"[{_HAN}]", printed) else _JOINED.split(printed)
    for part in parts:
        name = part.strip(" .:：")
        if (
            2 <= len(name) <= 40
            and name not in NOT_NAMES
            and not _NOBODY.fullmatch(name)
            and not _is_organisation(name)
        ):
            yield name


def _is_organisation(name: str) -> bool:
    """Whether what a page gives as author is no person: an outlet, a company, an address."""
    outlet = len(name) > 2 and bool(re.match(f"[{_HAN}A-Z]", name)) and OUTLET.search(name)
    return name.startswith("http") or bool(outlet or _ORGANISATION.search(name)) or name.lower() == "name"
