"""Whatever the bytes, there is a reading or a ParseError, and soon."""

from time import process_time

import pytest
from lxml.html import fragment_fromstring

from crawler.errors import ParseError
from crawler.parsers import read_page
from crawler.parsers.cut import MOST_LINES, cut_page

TEXT = "<p>河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了。</p>" * 4
AUTHORS = b'<script type="application/ld+json">{"@type":"NewsArticle","author":[%s]}</script><h1>A title of words</h1>'
ITEM = b"<item><link>https://news.example/1</link><title>%s</title></item>"
ENTITIES = b"<!DOCTYPE x [<!ENTITY a0 'ha'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 20)
)
HOSTILE = {
    "empty": b"",
    "spaces": b" \n\t ",
    "zeros": b"\x00" * 10_000,
    "every byte": bytes(range(256)) * 400,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100,
    "zeros in markup": b"<h1>\x00a\x00</h1>" + TEXT.encode(),
    "5,000 nested": ("<div>" * 5_000 + TEXT).encode(),
    "100,000 nested": ("<div>" * 100_000 + TEXT + "</div>" * 100_000).encode(),
    "100,000 nested inline": ("<b>" * 100_000 + TEXT).encode(),
    "100,000 open anchors": ("<a href=/x>" * 100_000 + TEXT).encode(),
    "100,000 attributes": ("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">" + TEXT).encode(),
    "one attribute of a megabyte": (f'<p title="{"x" * 1_000_000}">' + TEXT).encode(),
    "a million characters in one line": ("<h1>长</h1><p>" + "长，" * 500_000).encode(),
    "an unfinished tag": b"<html><body><p class=",
    "nested JSON-LD": b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>" + TEXT.encode(),
    "a broken address": ('<h1>河边的路灯换了新的</h1><a href="http://[x">河边的路灯换了新的一排</a>' + TEXT).encode(),
    "an unknown charset": b'<meta charset="nonsense"><p>\xff\xfe\xfd' + TEXT.encode("gb18030"),
    "a charset that is no charset": b'<meta charset="zlib"><p>\xff' + TEXT.encode("gb18030"),
    "many tables": b"<table><tr><td>" * 20_000,
    "many headlines": b"<li><a href=/a/%d>one two three four five</a>" * 20_000,
    "nothing but a heading": b"<title>A title of words</title><h1>A title of words</h1>",
    "nothing but a title": "<title>河边的路灯换了新的</title>".encode(),
    "200 kB of data": b"<p data-a='{" + b'"a":{' * 40_000 + b"'>" + TEXT.encode(),
    "digits": b"<h1>2022-10-15</h1><p>" + b"1" * 200_000,
    "dates": b"<h1>A title of words</h1><p>" + b"2022-10-15 " * 20_000,
    "a charset that refuses": b'<meta charset="undefined"><p>\xff' + TEXT.encode("gb18030"),
    "100,000 paragraphs in one element": (
        "<h1>河边</h1>" + "<p>河边的路灯昨晚换了新的，行人说，亮了许多。" * 100_000
    ).encode(),
    "100,000 open scripts": b"<script>" * 100_000,
    "100,000 open script tags": b"<script\n" * 100_000,
    "a title of 20,000 letters": (
        "<title>" + "".join(map(chr, range(0x4E00, 0x9C20))) + "</title>" + TEXT * 2_000
    ).encode(),
    "many lists": b"".join(b"<h3>List %d</h3><a href=/%d>one two three four five</a>" % (n, n) for n in range(10_000)),
    "20,000 authors": AUTHORS % ",".join(f'{{"name":"河边{number}"}}' for number in range(20_000)).encode()
    + TEXT.encode() * 1_000,
    "names in names": AUTHORS % (b'{"name":' * 980 + b"1" + b"}" * 980) + TEXT.encode(),
    "a feed with an entity bomb": ENTITIES + b"<rss version='2.0'><channel>%s</channel></rss>" % ITEM % b"&a19;",
    "a sitemap with an entity bomb": ENTITIES + b"<urlset><url><loc>https://news.example/&a19;</loc></url></urlset>",
    "a doctype that does not end": b"<!DOCTYPE rss [" + b"<!ENTITY a 'b'>" * 50_000,
    "many comments before nothing": b"<!---->" * 2_000 + b"x",
    "many declarations before a feed": b"<?a?>" * 10_000 + b"<rss/>",
    "100,000 open items": b"<rss version='2.0'>" + b"<item>" * 100_000,
    "100,000 open urls": b"<urlset>" + b"<url>" * 100_000,
    "a million broken tags in a feed": b"<rss>&" + b"<a" * 1_000_000,
    "a feed of references": b"<rss><channel>&" + b"&a" * 500_000,
    "100,000 nested in a feed": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>"
    + b"<div>" * 100_000,
    "half a surrogate pair in a feed": b"<rss version='2.0'><channel>&" + ITEM % b"&#xD800;&#0;",
    "a date beyond all": b"<rss version='2.0'><channel><item><link>/1</link><pubDate>Mon, 99 Foo 99999 99:99:99 +9999",
    "times at the ends of time": b"<urlset><url><loc>/1</loc><lastmod>0001-01-01T00:00:00+14:00</lastmod></url>"
    b"<url><loc>/2</loc><lastmod>9999-12-31T23:00:00-14:00</lastmod></url></urlset>",
    "nested json": b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000,
    "json of other types": b'{"version": "https://jsonfeed.org/version/1", "title": 1,'
    b'"items": [1, {"url": 2}, {"url": "/1", "title": {}}]}',
    "a broken base": b"<rss xml:base='http://[x'><channel>" + ITEM % b"x",
    "an xml declaration": b'<?xml version="1.0" encoding="utf-16"?><h1>x</h1>' + TEXT.encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_any_bytes_give_a_reading_or_a_parse_error(name: str) -> None:
    url = "https://news.example/a/1.html"
    assert url_of(HOSTILE[name], url) == url


def url_of(html: bytes, url: str) -> str:
    try:
        return read_page(html, url).url
    except ParseError as error:
        return error.url


def test_a_title_of_nothing_but_marks_takes_no_long_time() -> None:
    page = "<title>" + "河 - " * 100_000 + "</title><h1>河边的路灯</h1>" + TEXT
    start = process_time()
    read_page(page, "https://news.example/a/1.html")
    assert process_time() - start < 3  # s; half a minute if each mark is weighed against the rest


def test_lines_without_tags_are_counted_too() -> None:
    root = fragment_fromstring("<pre>" + "\n".join("长，" for _ in range(2 * MOST_LINES)) + "</pre>")
    assert len(cut_page(root).lines) == MOST_LINES


@pytest.mark.parametrize("url", ["", "no address", "http://[broken", "file:///etc/hosts"])
def test_any_address_gives_a_reading(url: str) -> None:
    assert read_page("<h1>河边的路灯换了新的</h1>" + TEXT, url).title == "河边的路灯换了新的"


def test_a_text_that_was_decoded_before_is_read_too() -> None:
    page = read_page('<meta charset="gbk"><h1>河边的路灯换了新的</h1>' + TEXT, "https://news.example/a/1.html")
    assert page.title == "河边的路灯换了新的"


@pytest.mark.parametrize("escape", ["\\ud800", "\\u0000"])
def test_escapes_in_embedded_data_bring_in_nothing_that_cannot_be_kept(escape: str) -> None:
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "河边的路灯{escape}"}}</script>'
    page = read_page(f"<title>河边的路灯</title>{data}<h1>河边的路灯</h1>{TEXT}", "https://news.example/a/1.html")
    assert page.title == "河边的路灯"


@pytest.mark.parametrize("kind", ["rss", "urlset"])
def test_no_file_of_this_machine_gets_into_a_list(kind: str) -> None:
    entry = "<item><link>/1</link><title>&x;</title></item>" if kind == "rss" else "<url><loc>/1?&x;</loc></url>"
    doctype = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://127.0.0.1:9/"> %y;]>'
    page = read_page(f"{doctype}<{kind} version='2.0'>{entry}</{kind}>", "https://news.example/feed")
    assert "root:" not in str(page)
