"""How much of one page is kept: more than any page of news has, and no more than an archive bears."""

import pytest
from scrapy.http import Headers, Response

from archive.models import Article, Listing
from crawler.capturing import MOST_OF_FIELDS, capture_of, updated
from crawler.parsers import explain_page, joined, read_page
from crawler.parsers.sections import LONGEST_TEXT
from crawler.parsers.text import LONGEST_FIELD
from crawler.parsers.urls import MOST_LINKS

SENTENCE = "河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了。"
URL = "https://news.example/a/1.html"
HEAD = "<title>河边的路灯</title><h1>河边的路灯</h1>"


def article(body: str, head: str = HEAD) -> Article:
    page = read_page(head + body, URL)
    assert isinstance(page, Article)
    return page


def paragraphs(characters: int) -> str:
    return "".join(f"<p>{number}{SENTENCE}</p>" for number in range(characters // len(SENTENCE)))


def test_a_text_is_read_up_to_the_longest() -> None:
    explained = explain_page(HEAD + paragraphs(2 * LONGEST_TEXT), URL)
    assert isinstance(explained.page, Article)
    assert LONGEST_TEXT - 100 < len(explained.page.body) <= LONGEST_TEXT
    (told,) = [one.rule for one in explained.evidence if one.field == "sections"]
    assert told == "the subtree that is worth most as text, of which the rest is left out"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{SENTENCE * (2 * LONGEST_TEXT // len(SENTENCE))}</p>",
        f"<p>{SENTENCE}</p>{'<h2>灯</h2><p>长，长，长。</p>' * 60_000}",
    ],
    ids=["one paragraph", "many headings"],
)
def test_it_is_cut_wherever_that_is(body: str) -> None:
    assert len(article(body).body) <= LONGEST_TEXT


def test_all_pages_of_an_article_are_no_longer_than_one() -> None:
    parts = [article(paragraphs(LONGEST_TEXT - 1_000).replace(SENTENCE, f"{n}{SENTENCE}")) for n in range(3)]
    assert len(joined(parts).body) <= LONGEST_TEXT


def test_a_title_of_megabytes_is_cut() -> None:
    head = f"<title>{SENTENCE * 10_000}</title><h1>{SENTENCE * 10_000}</h1>"
    assert len(article(paragraphs(1_000), head).title) == LONGEST_FIELD


@pytest.mark.parametrize("kind", ["list", "related"])
def test_no_more_links_are_taken_than_of_a_feed(kind: str) -> None:
    items = "".join(f"<li><a href=/b/{n}.html>运河边开了第{n}家书店</a></li>" for n in range(3 * MOST_LINKS))
    listed = f"<ul>{items}</ul>"
    page = read_page(listed if kind == "list" else f"{HEAD}{paragraphs(500)}<h3>相关阅读</h3>{listed}", URL)
    links = page.links if isinstance(page, Listing) else page.related
    assert isinstance(page, Listing) == (kind == "list")
    assert (len(links), links[0].url) == (MOST_LINKS, "https://news.example/b/0.html")


def test_a_capture_keeps_the_header_fields_but_not_the_longest() -> None:
    fields = Headers({"Content-Type": "text/html", "ETag": '"1"', **{f"X-{n}": "x" * 5_000 for n in range(160)}})
    capture = capture_of(Response(URL, headers=fields))
    assert sum(len(name) + len(value) for name, value in capture.headers.items()) <= MOST_OF_FIELDS
    assert (capture.headers["Content-Type"], capture.headers["Etag"]) == ("text/html", '"1"')


def test_answers_without_bytes_do_not_add_up_to_more() -> None:
    kept = {f"X-{number}": "x" * 5_000 for number in range(3)}
    merged = updated(kept, {f"Y-{number}": "y" * 5_000 for number in range(3)})
    assert sum(map(len, merged.values())) <= MOST_OF_FIELDS


COMMANDS = "\x9b31m\u202e\u2066\x7f"
"""Red, all that follows from right to left, and a character taken back, on some terminals."""
ESCAPED = "&#155;31m&#x202e;&#x2066;&#127;"


@pytest.mark.parametrize("commands", [COMMANDS, ESCAPED], ids=["as they are", "escaped"])
@pytest.mark.parametrize("word", ["书店", "Bookshop"])
def test_no_word_of_a_page_commands_a_terminal(commands: str, word: str) -> None:
    link = f"<a href=/b/%d.html>{word}{commands}, a headline of the day %d</a>"
    links = "".join(f"<li>{link % (n, n)}</li>" for n in range(9))
    feed = f"<item><link>/1</link><title>{word}{commands}</title><description>{commands}{word}</description></item>"
    pages = [
        f"<title>{word}{commands}</title><meta name=author content='{commands}{word}'><h1>{word}{commands} opens</h1>"
        f"<p>{SENTENCE}{commands}</p><p>{SENTENCE}</p><h3>相关阅读</h3><ul>{links}</ul>",
        f"<title>{word}{commands}</title><ul>{links}</ul>",
        f"<rss version='2.0'><channel><title>{word}{commands}</title>{feed}</channel></rss>",
    ]
    read = [str(read_page(page, URL)) for page in pages]
    assert [[mark for mark in COMMANDS if mark not in "31m" and repr(mark)[1:-1] in one] for one in read] == [
        [],
        [],
        [],
    ]
    assert all(word in one for one in read)
