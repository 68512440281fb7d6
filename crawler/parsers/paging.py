"""The links to a next page: of a list, and of an article that stands on several pages."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from crawler.parsers.document import Document
from crawler.parsers.found import Found
from crawler.parsers.urls import same_page

NEXT = re.compile(
    r"^(?:下一?页|下頁|后一?页|次へ|次の?ページ|다음|next(?:\s+page)?|older(?:\s+posts)?|weiter|nächste(?:\s+seite)?|suivante?)?\s*[>›»→]*$",
    re.I,
)
"""The words on the link to a next page."""
NUMBERED = re.compile(
    r"(?P<before>[?&](?:page|p|pn|pageno)=|/page/|[_/-])(?P<number>\d{1,2})(?P<after>/?(?:\.[a-z]{2,5})?(?:[?&][^#]*)?)$",
    re.I,
)
"""The number of a page in its address: lamps_2.html, lamps/2, lamps?page=2."""


LONGEST_WORDS = 20


def next_page(links: Sequence[Found[str]], url: str) -> Found[str] | None:
    """The absolute address of a list's next page."""
    return next((found for found in links if not same_page(found.value, url)), None)


def next_part(links: Sequence[Found[str]], url: str) -> Found[str] | None:
    """The absolute address of the article's next page: a link to the next of something, one number further on."""
    return next((found for found in links if follows(found.value, url)), None)


def follows(url: str, before: str) -> bool:
    """Whether an address is another with its page number one higher.

    >>> follows("https://news.example/lamps_2.html", "https://news.example/lamps.html")
    True
    >>> follows("https://news.example/lamps.html?page=3", "https://news.example/lamps.html?page=2")
    True
    >>> follows("https://news.example/bridges.html", "https://news.example/lamps.html")
    False
    """
    return any(same_page(previous, before) for previous in _previous(url))


def _previous(url: str) -> Iterator[str]:
    """The addresses that the page before a numbered one may have: the number one lower, or none on the first."""
    found = NUMBERED.search(url.partition("#")[0])
    if not found:
        return
    start, before, after = url[: found.start()], found["before"], found["after"]
    number = int(found["number"])
    yield f"{start}{before}{number - 1}{after}"
    query = "=" in before
    if number == 2 or (number == 1 and query):  # some count from nought
        yield start + (after.replace("&", before[0], 1) if query else after)


def next_links(document: Document) -> Iterator[Found[str]]:
    """The links that lead to a next page, of whatever it is one."""
    for element in document.root.iter("link", "a"):
        words = _words(element) if element.tag == "a" else ""
        named = "next" in (element.get("rel") or "").lower().split()
        if named or (0 < len(words) < LONGEST_WORDS and NEXT.match(words)):
            url = document.link(element.get("href"))
            if url:
                yield Found(url, words or "rel=next", f"{element.tag} href", rule="rel=next" if named else "its words")


def _words(link: HtmlElement) -> str:
    text = link.text or ""
    return ("".join(link.itertext()) if len(link) else text).strip() if len(text) < LONGEST_WORDS else ""
