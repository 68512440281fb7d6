"""Feeds and sitemaps are read as the lists that they are."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest

from archive.models import Link, Listing
from crawler.errors import ParseError
from crawler.parsers import explain_page, read_page
from crawler.parsers.feeds import MOST_MARKS
from crawler.parsers.packed import MOST_UNPACKED
from crawler.parsers.syndicated import MOST_LISTS
from crawler.parsers.urls import MOST_LINKS
from crawler.sample_site import SampleSite

URL = "https://news.example/feed"
RSS = """<?xml version="1.0" encoding="{charset}"?><?xml-stylesheet href="/feed.xsl"?><!-- made by hand -->
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>柳塘时报</title>
<link>https://news.example/</link>
<item><title>&lt;b&gt;鱼&lt;/b&gt; &amp;amp; 米</title><link>/a/1.html</link>
<description>&lt;p&gt;河边的路灯&lt;/p&gt;&lt;p&gt;换了新的&lt;/p&gt;</description>
<source url="https://other.example/feed">河岸晚报</source><pubDate>Sun, 01 Mar 2026 08:00:00 +0800</pubDate>
<media:thumbnail url="/i/1.png"/></item>
<item><title>桥</title><guid>https://news.example/a/2.html</guid><description>桥</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>柳塘时报</title><link rel="self" href="/feed"/>
<link rel="next" href="?page=2"/>
<entry><title type="html">鱼 &amp;amp; 米</title><link rel="enclosure" type="image/png" href="/i/1.png"/>
<link href="/a/1.html"/><updated>2026-03-01T00:00:00Z</updated><source><title>河岸晚报</title></source>
<summary>河边的路灯 换了新的</summary></entry>
<entry><title>桥</title><link href="/a/2.html"/></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="/"><title>柳塘时报</title></channel>
<item rdf:about="/a/1.html"><title>鱼 &amp; 米</title><link>/a/1.html</link>
<description>河边的路灯 换了新的</description></item>
<item rdf:about="/a/2.html"><title>桥</title><link>/a/2.html</link></item></rdf:RDF>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "柳塘时报",
        "next_url": "/feed?page=2",
        "items": [
            {"id": "1", "url": "/a/1.html", "title": "鱼 & 米", "summary": "河边的路灯 换了新的", "image": "/i/1.png"},
            {"id": "https://news.example/a/2.html", "title": "桥", "date_published": "2026-02-01T08:00:00+08:00"},
        ],
    }
)
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://news.example/about</loc></url>
<url><loc>https://news.example/a/1.html</loc><lastmod>2026-01</lastmod></url>
<url><loc>https://news.example/a/2.html</loc><lastmod>2026-03-01T08:00+08:00</lastmod>
<image:image><image:loc>https://news.example/i/2.png</image:loc></image:image></url>
<url><loc>https://news.example/a/2.html</loc></url>
<url><loc>mailto:desk@news.example</loc></url></urlset>"""
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://news.example/a/1.html</loc><news:news><news:publication><news:name>柳塘时报</news:name></news:publication>
<news:publication_date>2026-02-28</news:publication_date><news:title>桥</news:title></news:news></url>
<url><loc>https://news.example/a/2.html</loc><news:news>
<news:publication_date>2026-03-01</news:publication_date><news:title>鱼 &amp; 米</news:title>
</news:news></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://news.example/2024.xml.gz</loc></sitemap>
<sitemap><loc>https://news.example/2025.xml.gz</loc><lastmod>2025-12-31</lastmod></sitemap>
<sitemap><loc>https://news.example/2026.xml.gz</loc><lastmod>2026-03-01</lastmod></sitemap></sitemapindex>"""


def listing(body: str | bytes, content_type: str | None = None) -> Listing:
    page = read_page(body.encode() if isinstance(body, str) else body, URL, content_type=content_type)
    assert isinstance(page, Listing)
    return page


@pytest.mark.parametrize(
    ("feed", "following"),
    [
        (RSS.format(charset="utf-8"), None),
        (ATOM, "https://news.example/feed?page=2"),
        (RDF, None),
        (JSON, "https://news.example/feed?page=2"),
    ],
    ids=["RSS", "Atom", "RDF", "JSON Feed"],
)
def test_a_feed_is_a_list_in_its_own_order(feed: str, following: str | None) -> None:
    read = listing(feed)
    assert (read.title, read.next) == ("柳塘时报", following)
    assert [(link.position, link.url, link.title, link.summary) for link in read.links] == [
        (1, "https://news.example/a/1.html", "鱼 & 米", "河边的路灯 换了新的"),
        (2, "https://news.example/a/2.html", "桥", None),
    ]


@pytest.mark.parametrize("feed", [RSS.format(charset="utf-8"), ATOM], ids=["RSS", "Atom"])
def test_an_entry_tells_its_source_and_its_picture(feed: str) -> None:
    first = listing(feed).links[0]
    assert (first.source, first.image) == ("河岸晚报", "https://news.example/i/1.png")


@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "no charset"])
@pytest.mark.parametrize("content_type", [None, "text/xml", "application/rss+xml; charset=utf-8"])
def test_a_feed_is_decoded_by_its_bytes_whatever_it_declares(declared: str, content_type: str | None) -> None:
    assert listing(RSS.format(charset=declared).encode("gb18030"), content_type).title == "柳塘时报"


@pytest.mark.parametrize(
    "content_type",
    ["application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "text/html", "text/plain", None],
)
def test_a_feed_is_known_by_its_root_whatever_type_it_is_served_as(content_type: str | None) -> None:
    assert len(listing(RSS.format(charset="utf-8"), content_type).links) == 2


def test_a_sitemap_has_the_newest_first_and_each_address_once() -> None:
    assert listing(SITEMAP).links == (
        Link(
            position=1,
            url="https://news.example/a/2.html",
            title="https://news.example/a/2.html",
            image="https://news.example/i/2.png",
        ),
        Link(position=2, url="https://news.example/a/1.html", title="https://news.example/a/1.html"),
        Link(position=3, url="https://news.example/about", title="https://news.example/about"),
    )


def test_a_news_sitemap_tells_titles() -> None:
    assert [(link.url[-6:], link.title) for link in listing(NEWS).links] == [("2.html", "鱼 & 米"), ("1.html", "桥")]


def test_the_sitemaps_of_an_index_are_lists_and_no_links_the_newest_first() -> None:
    read = listing(INDEX)
    assert read.links == ()
    assert [url[-11:] for url in read.lists] == ["2026.xml.gz", "2025.xml.gz", "2024.xml.gz"]


@pytest.mark.parametrize(
    "text", ["https://news.example/1\r\nhttps://news.example/2\r\n", "\ufeffhttps://news.example/1"]
)
def test_a_text_of_addresses_is_a_sitemap(text: str) -> None:
    assert listing(text, "text/plain").links[0].url == "https://news.example/1"


@pytest.mark.parametrize("content_type", ["application/gzip", "application/x-gzip"])
def test_a_sitemap_that_the_server_unpacked_is_read_all_the_same(content_type: str) -> None:
    assert listing(SITEMAP, content_type) == listing(SITEMAP)


@pytest.mark.parametrize("content_type", ["application/gzip", "application/x-gzip", "application/octet-stream", None])
def test_a_packed_sitemap_is_unpacked(content_type: str | None) -> None:
    assert listing(gzip.compress(SITEMAP.encode()), content_type) == listing(SITEMAP)


def test_a_huge_list_is_taken_in_part() -> None:
    lastmod = datetime(2026, 3, 1, tzinfo=UTC).date()
    newest = f"<url><loc>https://news.example/new</loc><lastmod>{lastmod}</lastmod></url>"
    entries = "".join(f"<url><loc>https://news.example/{n}</loc></url>" for n in range(MOST_LINKS))
    read = listing(f"<urlset>{entries}{newest}</urlset>")
    assert (len(read.links), read.links[0].url) == (MOST_LINKS, "https://news.example/new")
    sitemaps = "".join(f"<sitemap><loc>https://news.example/{n}.xml</loc></sitemap>" for n in range(MOST_LISTS + 1))
    assert len(listing(f"<sitemapindex>{sitemaps}</sitemapindex>").lists) == MOST_LISTS


def test_of_a_huge_feed_the_first_entries_are_taken() -> None:
    entries = "".join(f"<item><link>https://news.example/{n}</link></item>" for n in range(MOST_MARKS))
    read = listing(f'<rss version="2.0"><channel>{entries}</channel></rss>')
    assert (len(read.links), read.links[0].url) == (MOST_LINKS, "https://news.example/0")


def test_an_empty_list_lists_nothing() -> None:
    assert listing('<rss version="2.0"><channel><title>柳塘时报</title></channel></rss>').links == ()
    assert listing("<urlset/>").links == ()


@pytest.mark.parametrize("type_", ["text/xml", "application/xml", "application/xhtml+xml"])
def test_a_page_served_as_xml_stays_a_page(type_: str) -> None:
    body = SampleSite(1).respond("/a/the-bookshop-that-lends.html").body
    assert read_page(body, "https://news.example/a/1", content_type=type_).kind == "article"


def test_what_stands_before_a_fault_is_read() -> None:
    assert len(listing(SITEMAP[: SITEMAP.index("<image:image>")]).links) == 3
    feed = RSS.format(charset="utf-8")
    assert [link.title for link in listing(feed[: feed.index("<guid>")]).links] == ["鱼 & 米"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<rss ", "the feed is broken"),
        (b"<rss>" + b"<![CDATA[" * 1_000, "the feed is broken"),
        (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><a/></rdf:RDF>", "no feed of a known kind"),
        (b"<urlset><url><loc>" + b"x" * 11_000_000, "the sitemap is broken"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "the feed is broken"),
        (b'{"items": []}', "no page but application/json"),
        (gzip.compress(b"<p>lamp</p>", mtime=0), "neither feed nor sitemap in it"),
        (gzip.compress(SITEMAP.encode(), mtime=0)[:-20], "broken or cut off"),
        (gzip.compress(b" " * (MOST_UNPACKED + 1), mtime=0), "it unpacks to more than 50 MB"),
    ],
)
def test_a_broken_list_says_so(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read_page(body, URL, content_type="application/json" if body.startswith(b"{") else None)


def test_the_reading_tells_its_rule_and_keeps_all_entries() -> None:
    explained = explain_page(NEWS, URL)
    assert {one.field: one.rule for one in explained.evidence}["links"] == "a news sitemap (urlset)"
    assert explained.syndicated is not None
    assert explained.syndicated.newest == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("state", [1, 2, 3])
def test_the_sample_site_names_its_articles_in_feed_and_sitemap(state: int) -> None:
    site = SampleSite(state, "https://news.example")
    feed, sitemap = (listing(site.respond(path).body) for path in ("/feed.xml", "/sitemap.xml"))
    articles = [(f"https://news.example{article.path}", article.title) for article in site.articles()]
    assert [(link.url, link.title) for link in feed.links] == articles[:20]
    assert [link.url for link in sitemap.links[: len(articles)]] == [url for url, _ in articles]
    assert b"Sitemap: https://news.example/sitemap.xml\n" in site.respond("/robots.txt").body


@pytest.mark.parametrize("entry", ["<item><link>/{}</link></item>", "<item/>", "<entry><link href='/{}'/></entry>"])
def test_no_more_entries_are_read_than_links_are_taken(entry: str) -> None:
    root = "rss" if "item" in entry else "feed"
    entries = "".join(entry.format(number) for number in range(3 * MOST_LINKS))
    feed = f"<{root} xmlns='http://www.w3.org/2005/Atom' version='2.0'>{entries}</{root}>"
    parse = feedparser.parse
    read: list[int] = []

    def counted(*arguments: Any, **named: Any) -> Any:  # Any: feedparser's own
        found = parse(*arguments, **named)
        read.append(len(found.entries))
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(feedparser, "parse", counted)
        explain_page(feed, URL)
    assert read == [MOST_LINKS]
