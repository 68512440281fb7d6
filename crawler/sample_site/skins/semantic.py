"""Modern markup: HTML5 elements, Open Graph and JSON-LD; the counter is a bare number."""

import json
from html import escape

from crawler.sample_site.feeds import FEED_PATH, FEED_TYPE
from crawler.sample_site.model import SITE_NAME, ArticlePage, ListPage, SampleArticle, SampleSection
from crawler.sample_site.skins import frame

CHARSET = "utf-8"
CONTENT_TYPE = "text/html; charset=utf-8"


def article(page: ArticlePage) -> str:
    """The page of one article."""
    shown = page.article
    return _document(
        shown.title,
        page.hot,
        head=_meta(shown),
        main=f"""\
<article class="story">
<header>
<h1>{escape(shown.title)}</h1>
<p class="meta"><time datetime="{shown.published.isoformat()}">{shown.published:%Y年%m月%d日%H:%M:%S}</time>
<a href="{shown.category.path}" rel="category">{shown.category.name}</a> <span class="views">{shown.views}</span></p>
</header>
<figure><img src="{shown.image}" width="160" height="90" alt="{escape(shown.image_alt)}"></figure>
<div class="story-body">
{"".join(map(_section, shown.sections))}</div>
<footer>
<p class="editor">{frame.EDITOR}</p>
<p class="share">{frame.SHARE}</p>
</footer>
</article>
<section class="related">
<h2>{shown.related_label}</h2>
<ul class="cards">
{"".join(map(_card, page.related))}</ul>
</section>
""",
    )


def listing(page: ListPage) -> str:
    """The page of one list."""
    more = f'<nav class="pager"><a rel="next" href="{page.next_path}">下一页</a></nav>\n' if page.next_path else ""
    return _document(
        page.title,
        page.hot,
        head='<meta property="og:type" content="website">\n',
        main=f"""\
<section class="list">
<h1>{page.title}</h1>
<ul class="cards">
{"".join(map(_dated_card, page.articles))}</ul>
{more}</section>
""",
    )


def _section(section: SampleSection) -> str:
    heading = f"<h2>【{escape(section.heading)}】</h2>\n" if section.heading else ""
    return heading + "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in section.paragraphs)


def _card(one: SampleArticle, below: str = "") -> str:
    return f"""\
<li class="card">
<a href="{one.path}"><img loading="lazy" src="{one.image}" alt="{escape(one.image_alt)}">
<h3>{escape(one.title)}</h3></a>
<p class="summary">{escape(one.summary)}</p>
{below}</li>
"""


def _dated_card(one: SampleArticle) -> str:
    time = f'<time datetime="{one.published.isoformat()}">{one.published:%Y-%m-%d %H:%M}</time>'
    return _card(one, f'<p class="origin"><span class="source">{SITE_NAME}</span> {time}</p>\n')


def _meta(shown: SampleArticle) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": shown.title,
        "datePublished": shown.published.isoformat(),
        "articleSection": shown.category.name,
        "author": [{"@type": "Person", "name": author} for author in shown.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": SITE_NAME},
        "image": [shown.image],
    }
    as_json = json.dumps(facts, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    return f"""\
<link rel="canonical" href="{shown.path}">
<meta name="description" content="{escape(shown.summary)}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="{SITE_NAME}">
<meta property="og:title" content="{escape(shown.title)}">
<meta property="og:image" content="{shown.image}">
<meta property="article:published_time" content="{shown.published.isoformat()}">
<script type="application/ld+json">
{as_json}
</script>
"""


def _document(title: str, hot: tuple[SampleArticle, ...], *, head: str, main: str) -> str:
    links = "".join(f'<li><a href="{path}">{label}</a></li>' for path, label in frame.LINKS)
    ranks = "".join(f'<li><a href="{one.path}">{escape(one.title)}</a></li>\n' for one in hot)
    staff_path, staff_label = frame.STAFF_LINK
    return f"""\
<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} - {SITE_NAME}</title>
<link rel="stylesheet" href="/style.css">
<link rel="alternate" type="{FEED_TYPE}" href="{FEED_PATH}" title="{SITE_NAME}">
{head}</head>
<body>
<header class="site"><a class="logo" href="/">{SITE_NAME}</a>
<nav aria-label="栏目"><ul>{links}</ul></nav></header>
<main>
{main}</main>
<aside class="hot"><h2>{frame.HOT_LABEL}</h2>
<ol>
{ranks}</ol></aside>
<footer class="site"><p>{frame.COPYRIGHT}</p>
<p>{frame.HOTLINE} <a href="{staff_path}" rel="nofollow">{staff_label}</a></p></footer>
</body>
</html>
"""
