"""What the sample site writes for programs: an Atom feed (RFC 4287) and a sitemap (sitemaps.org)."""

from collections.abc import Sequence
from html import escape

from crawler.sample_site.model import SITE_NAME, SampleArticle

FEED_PATH = "/feed.xml"
FEED_TYPE = "application/atom+xml"
SITEMAP_PATH = "/sitemap.xml"


def feed(newest: Sequence[SampleArticle], address: str) -> str:
    """The feed of these articles; ``address`` is the site's, without a slash at its end."""
    return f"""\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">
<title>{SITE_NAME}</title>
<id>{address}/</id>
<link rel="self" href="{address}{FEED_PATH}"/>
<link rel="alternate" href="{address}/"/>
<updated>{newest[0].published.isoformat()}</updated>
<author><name>{SITE_NAME}</name></author>
{"".join(_entry(article, address) for article in newest)}</feed>
"""


def sitemap(lists: Sequence[str], articles: Sequence[SampleArticle], address: str) -> str:
    """The sitemap of the list pages with these paths and of all articles."""
    pages = "".join(f"<url><loc>{address}{path}</loc></url>\n" for path in lists)
    return f"""\
<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{pages}{"".join(_url(article, address) for article in articles)}</urlset>
"""


def _entry(article: SampleArticle, address: str) -> str:
    source = f"<source><title>{escape(article.source)}</title></source>\n" if article.source else ""
    return f"""\
<entry>
<title>{escape(article.title)}</title>
<id>{address}{article.path}</id>
<link href="{address}{article.path}"/>
<updated>{article.published.isoformat()}</updated>
<summary>{escape(article.summary)}</summary>
{source}</entry>
"""


def _url(article: SampleArticle, address: str) -> str:
    moment = article.published.isoformat()
    return f"<url><loc>{address}{article.path}</loc><lastmod>{moment}</lastmod></url>\n"
