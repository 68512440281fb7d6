"""From text to a tree that every other room reads; whatever the markup, there is a tree or a ParseError."""

import re
from dataclasses import dataclass

from lxml import etree, html

from crawler.errors import ParseError
from crawler.parsers.text import printable_bytes
from crawler.parsers.urls import absolute

UNSEEN = (
    "title",
    "script",
    "style",
    "noscript",
    "template",
    "dialog",
    "svg",
    "iframe",
    "object",
    "select",
    "textarea",
    "button",
    "math",
)
"""Elements whose text no reader sees as part of a page."""
LEFT_OPEN = ("button", "noscript", "object", "template", "dialog", "svg")
"""Those that some pages never close, so that all that follows stands in them."""
NAMED_TAGS = {"br": "br", "strong": "b", "bold": "b"}
"""Classes of span that make it the element of that name."""
READ_ALOUD = re.compile(r"visually-?hidden|sr-only|screen-?reader", re.IGNORECASE)
"""Classes of words that only a screen reader says: opens new tab."""
OF_THE_PAGE = ("h1", "article", "main", "footer")
"""Elements that none of them would hold."""
MOST_TAGS = 300_000
"""A page with more is an attack or a dump; the largest real news page seen had 30,000."""

LONGEST_TAG = 50_000
_LONG_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]{0,10})\s[^<>]{%d,}" % LONGEST_TAG)
_MOST_ATTRIBUTES = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A parsed page."""

    root: html.HtmlElement
    text: str
    """The markup."""
    url: str
    base: str
    """What printed references are relative to: ``<base href>``, else the page's address."""

    def link(self, printed: str | None) -> str | None:
        """The absolute address of a printed reference."""
        return absolute(self.base, printed)


def parse(text: str, url: str) -> Document:
    """The tree of a page's text, scripts still in it; raises ``ParseError`` where there is none."""
    data = printable_bytes(text)
    if not data.strip():
        raise ParseError("the page is empty", url=url)
    tags = data.split(b"<")
    if len(tags) > MOST_TAGS:
        raise ParseError("the markup is too large to be a page", url=url)
    if max(map(len, tags)) > LONGEST_TAG:
        data = _LONG_TAG.sub(_defused, data)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    # No class of its own for <form> and <select>: asking Python for the class of every element costs more than parsing.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ParseError("no markup", url=url) from error
    return Document(root=root, text=text, url=url, base=_base(root, url))


def drop_unseen(document: Document) -> None:
    """Take out what no reader sees; to be called after the embedded data was read."""
    for span in list(document.root.iter("span")):
        names = span.get("class") or ""
        if READ_ALOUD.search(names):
            span.drop_tree()
        elif names in NAMED_TAGS or " " in names:
            span.tag = next((NAMED_TAGS[name] for name in names.split() if name in NAMED_TAGS), "span")
    for element in list(document.root.iter(*LEFT_OPEN)):
        if next(element.iter(*OF_THE_PAGE), None) is not None:
            element.tag = "div"
    etree.strip_elements(document.root, *UNSEEN, with_tail=False)


def _defused(tag: re.Match[bytes]) -> bytes:
    """A long tag as it is (a picture in an attribute), or bare where its attributes would take minutes to read."""
    return tag[0] if len(tag[0].split()) < _MOST_ATTRIBUTES else b"<" + tag[1]


def _base(root: html.HtmlElement, url: str) -> str:
    for element in root.iter("base"):
        return absolute(url, element.get("href")) or url
    return url
