"""Random bytes, random markup and mutated pages: a reading that the archive can keep, or a ParseError."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import Article, Link, Page
from archive.urls import is_web
from crawler.errors import ParseError
from crawler.parsers import read_page

PAGES = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "pages").glob("*.html"))]
URL = "https://news.example/a/1.html"
FRAGMENTS = """<html>|<body>|<div>|</div>|<p>|</p>|<br>|<h1>|</h1>|<h2>|<table><tr><td>|</table>|<ul><li>|</ul>|<b>|</b>
<a href=/a/2.html>|<a href="http://[x">|<a href=#x>|</a>|<script type="application/ld+json">|</script>|<title>|</title>
{"@type": "NewsArticle", "headline": "|"datePublished": "2022-10-15T99:00|"}|[|]|<meta property=og:title content="
">|<!--|-->|<base href=|<img src=|<span style="display:none">|</span>|<button>|<noscript>|<pre>|<time datetime=
&nbsp;|&#0;|&#xd800;
河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了。|来源：青溪晚报|记者 顾长河|2022年10月15日11:43:08
2022-02-31|3小时前
阅读 1.3万|9999999999999次浏览|相关阅读|下一页|评论|【来源：|一、灯|By Ada Marsh and the
The lamps at the river, again and again.
\x00|\ufeff|\ud800|\u200b|😀|"""
fragments = st.sampled_from(FRAGMENTS.replace("\n", "|").split("|"))
texts = st.lists(fragments | st.text(max_size=8), max_size=60).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A page of the tests with some stretches cut out, doubled, moved or overwritten."""
    page = draw(st.sampled_from(PAGES))
    for _ in range(draw(st.integers(1, 5))):
        first = draw(st.integers(0, len(page)))
        end = min(len(page), first + draw(st.integers(0, 400)))
        into = draw(st.integers(0, len(page)))
        piece = draw(
            st.sampled_from([b"", page[first:end], page[first:end] * 2, bytes(end - first)]) | st.binary(max_size=20)
        )
        page = page[:into] + piece + page[into:] if draw(st.booleans()) else page[:first] + piece + page[end:]
    return page


def read(html: bytes | str) -> None:
    """Read and look whether all of it can be kept; raises what is no ParseError."""
    try:
        page = read_page(html, URL)
    except ParseError:
        return
    check(page)


def check(page: Page) -> None:
    """What holds for every reading."""
    if isinstance(page, Article):
        assert page.sections
        assert page.published_at is None or page.published_at.utcoffset() is not None
        assert page.modified_at is None or page.modified_at.utcoffset() is not None
        assert page.views is None or 0 <= page.views < 2**63
        said = [page.category, page.source, page.summary, page.published_raw, *page.authors]
        headings = [section.heading for section in page.sections]
        for text in (page.title, *said, *headings, *(text for part in page.sections for text in part.paragraphs)):
            assert text is None or is_line(text)
    for link in page.related if isinstance(page, Article) else page.links:
        check_link(link)


def check_link(link: Link) -> None:
    assert is_web(link.url)
    assert link.position > 0
    assert is_line(link.title)


def is_line(text: str) -> bool:
    """Whether a text is not empty, on one line, and can be written as UTF-8."""
    return bool(text.strip()) and "\n" not in text and "\x00" not in text and bool(text.encode("utf-8"))


def examples(count: int) -> settings:
    return settings(
        max_examples=count, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
    )


@examples(600)
@given(st.binary(max_size=3_000))
def test_random_bytes(html: bytes) -> None:
    read(html)


@examples(700)
@given(texts)
def test_random_markup(html: str) -> None:
    read(html)


@examples(700)
@given(mutated())
def test_mutated_pages(html: bytes) -> None:
    read(html)


@pytest.mark.long
@settings(examples(20_000), derandomize=False)
@given(mutated() | texts | st.binary(max_size=3_000))
def test_many_more_of_all(html: bytes | str) -> None:
    read(html)
