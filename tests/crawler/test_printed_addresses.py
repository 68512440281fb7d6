"""Which printed references are links, and how they are spelled."""

import pytest

from archive.models import Listing
from archive.urls import LONGEST
from crawler.parsers import read_page
from crawler.parsers.urls import absolute

PAGE = "https://news.example/china/index.html"
LONG = "a" * LONGEST


@pytest.mark.parametrize(
    "printed",
    [
        f"https://news.example/{LONG}",
        f"/{LONG[: LONGEST - 5]}",
        f"../{LONG[: LONGEST - 5]}",
        f"?{'书' * (LONGEST // 9)}",  # nine octets each, as it is asked for
        "https://a\x1b[2J.news.example/",
        "https://\x9b31m.news.example/",
    ],
)
def test_what_no_crawl_can_ask_for_is_no_link(printed: str) -> None:
    assert absolute(PAGE, printed) is None


@pytest.mark.parametrize("printed", ["https://\x9b31m@news.example/a", "//user:secret@news.example/a"])
def test_a_link_names_no_user(printed: str) -> None:
    assert absolute(PAGE, printed) == "https://news.example/a"


@pytest.mark.parametrize("kind", ["sitemap", "text", "feed"])
def test_a_list_has_no_endless_addresses(kind: str) -> None:
    addresses = ["https://news.example/1", f"https://news.example/{LONG}"]
    text = {
        "sitemap": f"<urlset>{''.join(f'<url><loc>{address}</loc></url>' for address in addresses)}</urlset>",
        "text": "\n".join(addresses),
        "feed": "<rss version='2.0'><channel>"
        + "".join(f"<item><link>{address}</link></item>" for address in addresses)
        + "</channel></rss>",
    }[kind]
    listing = read_page(text, PAGE)
    assert isinstance(listing, Listing)
    assert [link.url for link in listing.links] == addresses[:1]
