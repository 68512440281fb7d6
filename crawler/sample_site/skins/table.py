"""Markup of twenty years ago: tables, fonts, ``<br>`` and ``&nbsp;``; GBK bytes that call themselves gb2312.

The HTTP header names no charset, so that a reader has to believe the page; ``阅读:1583``.
"""

from html import escape

from crawler.sample_site.model import SITE_NAME, ArticlePage, ListPage, SampleArticle
from crawler.sample_site.skins import frame

CHARSET = "gbk"
CONTENT_TYPE = "text/html"

INDENT = "&nbsp;" * 4


def article(page: ArticlePage) -> str:
    """The page of one article: the whole text is one table cell."""
    shown = page.article
    return _document(
        shown.title,
        page.hot,
        f"""\
<TABLE WIDTH="100%" CELLPADDING=4 CELLSPACING=0>
<TR><TD ALIGN=center><FONT SIZE=5 COLOR="#990000"><B>{escape(shown.title)}</B></FONT></TD></TR>
<TR><TD ALIGN=center BGCOLOR="#EEEEEE"><FONT SIZE=2>{shown.published:%Y年%m月%d日%H:%M:%S}&nbsp;&nbsp;\
{shown.category.name}&nbsp;&nbsp;阅读:{shown.views}</FONT></TD></TR>
<TR><TD ALIGN=center><IMG SRC="{shown.image}" WIDTH=160 HEIGHT=90 ALT="{escape(shown.image_alt)}"></TD></TR>
<TR><TD CLASS=zw>
{_text(shown)}</TD></TR>
<TR><TD ALIGN=right><FONT SIZE=2>{frame.EDITOR}</FONT></TD></TR>
<TR><TD><FONT SIZE=2>{frame.SHARE}</FONT></TD></TR>
</TABLE>
<HR SIZE=1>
<TABLE WIDTH="100%" CELLPADDING=4 CELLSPACING=0>
<TR><TD COLSPAN=2 BGCOLOR="#EEEEEE"><B>{shown.related_label}</B></TD></TR>
{"".join(map(_row, page.related))}</TABLE>
""",
    )


def listing(page: ListPage) -> str:
    """The page of one list."""
    more = f'<A HREF="{page.next_path}">下一页</A>' if page.next_path else "下一页"
    return _document(
        page.title,
        page.hot,
        f"""\
<TABLE WIDTH="100%" CELLPADDING=4 CELLSPACING=0>
<TR><TD COLSPAN=2 BGCOLOR="#EEEEEE"><B>{page.title}</B></TD></TR>
{"".join(map(_dated_row, page.articles))}<TR><TD COLSPAN=2 ALIGN=center>{more}</TD></TR>
</TABLE>
""",
    )


def _text(shown: SampleArticle) -> str:
    lines: list[str] = []
    for section in shown.sections:
        if section.heading:
            lines.append(f"【{section.heading}】")
        lines.extend(section.paragraphs)
    return "".join(f"{INDENT}{escape(line)}<BR><BR>\n" for line in lines)


def _row(one: SampleArticle, below: str = "") -> str:
    return f"""\
<TR><TD WIDTH=170><A HREF="{one.path}"><IMG SRC="{one.image}" BORDER=0 ALT="{escape(one.image_alt)}"></A></TD>
<TD VALIGN=top><A HREF="{one.path}"><B>{escape(one.title)}</B></A><BR>
<FONT SIZE=2>{escape(one.summary)}</FONT>{below}</TD></TR>
"""


def _dated_row(one: SampleArticle) -> str:
    return _row(one, f"<BR><FONT SIZE=2 COLOR=gray>[{SITE_NAME} {one.published:%Y-%m-%d %H:%M}]</FONT>")


def _document(title: str, hot: tuple[SampleArticle, ...], main: str) -> str:
    links = " | ".join(f'<A HREF="{path}">{label}</A>' for path, label in frame.LINKS)
    ranks = "".join(
        f'{rank}.<A HREF="{one.path}">{escape(one.title)}</A><BR>\n' for rank, one in enumerate(hot, start=1)
    )
    staff_path, staff_label = frame.STAFF_LINK
    return f"""\
<HTML>
<HEAD>
<META http-equiv="Content-Type" content="text/html; charset=gb2312">
<TITLE>{escape(title)} - {SITE_NAME}</TITLE>
</HEAD>
<BODY BGCOLOR="#FFFFFF">
<TABLE WIDTH=980 ALIGN=center BORDER=0>
<TR><TD COLSPAN=2 BGCOLOR="#990000"><FONT SIZE=6 COLOR="#FFFFFF"><B>{SITE_NAME}</B></FONT></TD></TR>
<TR><TD COLSPAN=2>{links}</TD></TR>
<TR><TD WIDTH=240 VALIGN=top BGCOLOR="#F6F6F6">
<B>{frame.HOT_LABEL}</B><BR>
{ranks}</TD>
<TD VALIGN=top>
{main}</TD></TR>
<TR><TD COLSPAN=2 ALIGN=center><FONT SIZE=2>{frame.COPYRIGHT}<BR>
{frame.HOTLINE} <A HREF="{staff_path}">{staff_label}</A></FONT></TD></TR>
</TABLE>
</BODY>
</HTML>
"""
