"""Addresses that may be lists: those that a front page and a robots.txt name, and those where lists often are."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin

from lxml.html import HtmlElement

from archive.urls import clean, site_of
from crawler.parsers.characters import decode
from crawler.parsers.document import Document, parse
from crawler.parsers.listing import address_kind
from crawler.parsers.text import weight
from crawler.parsers.urls import absolute

MOST_FEEDS = 5
"""Feeds of a site that are looked at; the first is the one of all its news."""
MOST_SITEMAPS = 5
MOST_SECTIONS = 20
"""Entries of a menu that are looked at, at a request a second."""
LONGEST_ENTRY = 6.0
"""Weight of the longest words of a menu: 4 Han characters, or three words."""
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
FEED_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
"""Where feeds stand on sites that name none."""
SITEMAP_PATHS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/sitemap_news.xml")
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_COMMENTS = re.compile(r"comment|kommentar|comentario|pinglun|评论", re.IGNORECASE)
_ROOT = re.compile(r"/?(?:(?:index|default|home)(?:\.[a-z]{3,5})?/?)?", re.IGNORECASE)
_FILE = re.compile(r"\.(?!s?html?$|php$|aspx?$|jsp$)[a-z][a-z0-9]{1,4}$", re.IGNORECASE)
_NO_SECTION = re.compile(
    r"/(?:about|account|advert|ads|app|apps|author|careers?|contact|cookie|corrections|datenschutz|download|faq"
    r"|help|imprint|impressum|jobs|kontakt|legal|login|logout|mobile|newsletter|podcasts?|privacy|profile|register|rss"
    r"|search|shop|sign|sitemap|subscri|tag|terms|user|weather)"
    r"|关于|联系|登[录陆]|注册|版权|招聘|广告|客户端|下载|订阅|帮助|搜索|声明|举报|邮箱",
    re.IGNORECASE,
)
"""Addresses and words of what stands in menus beside the sections."""
_MENU = re.compile(r"(?:^|[\s_-])(?:main|top|site|primary)?(?:nav|menu|navbar|navigation|channel)", re.IGNORECASE)


def read_leads(
    html: bytes, url: str, *, content_type: str | None = None, fetched_at: datetime | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The feeds that a page names, and the sections that its menu leads to; raises ``ParseError`` for no markup."""
    document = parse(decode(html, content_type).text, url)
    return tuple(islice(dict.fromkeys(_feeds(document)), MOST_FEEDS)), tuple(_sections(document)[:MOST_SECTIONS])


def named_sitemaps(robots: str, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, those of news first (RFC 9309, 2.2.4).

    >>> named_sitemaps("Sitemap: https://news.example/all.xml", "https://news.example/robots.txt")
    ('https://news.example/all.xml',)
    """
    found = [address for printed in _SITEMAP_LINE.findall(robots) if (address := absolute(url, printed))]
    return tuple(sorted(dict.fromkeys(found), key=lambda address: "news" not in _path(address)))[:MOST_SITEMAPS]


def guesses(url: str, paths: Sequence[str] = (*FEED_PATHS, *SITEMAP_PATHS)) -> tuple[str, ...]:
    """Where a site's feeds and sitemaps stand if nothing names them."""
    return tuple(urljoin(url, path) for path in paths)


def telling_list(lists: Sequence[str]) -> str:
    """Of an index's sitemaps the one to look at: that of news, else the first."""
    return next((url for url in lists if "news" in _path(url)), lists[0])


def _feeds(document: Document) -> Iterator[str]:
    for element in document.root.iter("link", "a"):
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        is_named = element.tag == "a" or "alternate" in (element.get("rel") or "").lower().split()
        address = document.link(element.get("href"))
        words = f"{address} {element.get('title')}"
        if address and is_named and kind in FEED_TYPES and not _COMMENTS.search(words):
            yield clean(address)


def _sections(document: Document) -> list[str]:
    """Short links to other list pages of the site, those of a menu first."""
    ranked: dict[str, bool] = {}
    for element in document.root.iter("a"):
        address = _section(element, document)
        if address:
            ranked[address] = ranked.get(address, False) or _in_menu(element)
    return sorted(ranked, key=lambda address: not ranked[address])


def _section(element: HtmlElement, document: Document) -> str | None:
    words, printed = "".join(element.itertext()).strip(), document.link(element.get("href"))
    if not words or printed is None or weight(words) > LONGEST_ENTRY:
        return None
    address = clean(printed)
    own, path = site_of(document.url), _path(address)
    is_here = address == clean(document.url) or (site_of(address) == own and _ROOT.fullmatch(path))
    if is_here or not _is_of(address, own) or "nofollow" in (element.get("rel") or ""):
        return None
    is_other = _FILE.search(path) or _NO_SECTION.search(f"{path} {words}") or address_kind(address) == "article"
    return None if is_other else address


def _is_of(address: str, own: str) -> bool:
    site = site_of(address)
    return site == own or site.endswith(f".{own}")


def _in_menu(element: HtmlElement) -> bool:
    return any(
        one.tag in ("nav", "header") or _MENU.search(f"{one.get('class') or ''} {one.get('id') or ''}"[:300])
        for one in islice(element.iterancestors(), 8)
    )


def _path(url: str) -> str:
    """What stands behind the host, without a query."""
    return re.sub(r"^https?://[^/?#]*|[?#].*$", "", url)
