"""Markup of many a news site: nested ``div`` with classes; bold lines for headings; ``2,044次浏览``."""

from html import escape

from crawler.sample_site.feeds import FEED_PATH, FEED_TYPE
from crawler.sample_site.model import SITE_NAME, ArticlePage, ListPage, SampleArticle, SampleSection
from crawler.sample_site.skins import frame

CHARSET = "utf-8"
CONTENT_TYPE = "text/html; charset=utf-8"


def article(page: ArticlePage) -> str:
    """The page of one article; the editor's line stands inside the text's own ``div``, as it so often does."""
    shown = page.article
    name = shown.category.name
    return _document(
        f"{shown.title}_{name}_{SITE_NAME}",
        page.hot,
        f"""\
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="{shown.category.path}">{name}</a> &gt; 正文</div>
<div class="detail">
<div class="detail-title">{escape(shown.title)}</div>
<div class="detail-info"><span class="date">{shown.published:%Y-%m-%d %H:%M:%S}</span> <span class="cate">{name}</span>
<span class="hits">{shown.views:,}次浏览</span></div>
<div class="detail-content" id="content">
<p style="text-align:center"><img src="{shown.image}" alt="{escape(shown.image_alt)}"></p>
{"".join(map(_section, shown.sections))}<p class="editor">{frame.EDITOR}</p>
</div>
<div class="share">{frame.SHARE}</div>
</div>
<div class="box">
<div class="box-title"><span>{shown.related_label}</span></div>
<div class="box-list">
{"".join(map(_item, page.related))}</div>
</div>
""",
    )


def listing(page: ListPage) -> str:
    """The page of one list."""
    more = f'<a class="next" href="{page.next_path}">下一页</a>' if page.next_path else "<span>没有更多了</span>"
    return _document(
        f"{page.title}_{SITE_NAME}",
        page.hot,
        f"""\
<div class="box">
<div class="box-title"><span>{page.title}</span></div>
<div class="box-list">
{"".join(map(_dated_item, page.articles))}</div>
<div class="pages">{more}</div>
</div>
""",
    )


def _section(section: SampleSection) -> str:
    heading = f"<p><strong>【{escape(section.heading)}】</strong></p>\n" if section.heading else ""
    return heading + "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in section.paragraphs)


def _item(one: SampleArticle, below: str = "") -> str:
    return f"""\
<div class="item">
<div class="item-pic"><a href="{one.path}"><img src="{one.image}" alt="{escape(one.image_alt)}"></a></div>
<div class="item-text">
<div class="item-title"><a href="{one.path}">{escape(one.title)}</a></div>
<div class="item-desc">{escape(one.summary)}</div>
{below}</div>
</div>
"""


def _dated_item(one: SampleArticle) -> str:
    return _item(one, f'<div class="item-info">来源：{SITE_NAME} <i>{one.published:%Y-%m-%d %H:%M}</i></div>\n')


def _document(title: str, hot: tuple[SampleArticle, ...], main: str) -> str:
    links = "".join(f'<div class="nav-item"><a href="{path}">{label}</a></div>' for path, label in frame.LINKS)
    ranks = "".join(
        f'<div class="rank"><em>{rank}</em><a href="{one.path}">{escape(one.title)}</a></div>\n'
        for rank, one in enumerate(hot, start=1)
    )
    staff_path, staff_label = frame.STAFF_LINK
    return f"""\
<!DOCTYPE html>
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{escape(title)}</title>
<link rel="stylesheet" type="text/css" href="/style.css">
<link rel="alternate" type="{FEED_TYPE}" href="{FEED_PATH}" title="{SITE_NAME}">
</head>
<body>
<div id="top"><div class="wrap"><div class="logo"><a href="/">{SITE_NAME}</a></div>
<div class="nav">{links}</div></div></div>
<div class="wrap">
<div class="left">
{main}</div>
<div class="right">
<div class="box"><div class="box-title"><span>{frame.HOT_LABEL}</span></div>
{ranks}</div>
</div>
</div>
<div id="foot"><div class="wrap">{frame.COPYRIGHT}<br>{frame.HOTLINE}
<a href="{staff_path}" rel="nofollow">{staff_label}</a></div></div>
</body>
</html>
"""
