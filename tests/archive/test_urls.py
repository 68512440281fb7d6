import tracemalloc

import pytest
from scrapy import Request

from archive.urls import LONGEST, clean, is_web, link_to, site_of, why_no_start

ADDRESSES = [
    ("https://News.Example:443/a/1.html#top", "https://news.example/a/1.html"),
    ("http://news.example", "http://news.example/"),
    ("http://news.example:8080/a", "http://news.example:8080/a"),
    ("http://news.example/a?utm_source=x&id=2&spm=1.2&from=home", "http://news.example/a?id=2&from=home"),
    ("http://news.example/要闻/1?词=苏州", "http://news.example/%E8%A6%81%E9%97%BB/1?%E8%AF%8D=%E8%8B%8F%E5%B7%9E"),
    ("http://news.example/%E8%A6%81 闻", "http://news.example/%E8%A6%81%20%E9%97%BB"),
    ("http://新闻.example/", "http://xn--efvy88h.example/"),
    ("http://news.example/%e8%a6%81", "http://news.example/%E8%A6%81"),
    ("http://[::1]:8765/a", "http://[::1]:8765/a"),
    ("  http://news.example/a  ", "http://news.example/a"),
    ("http://user:secret@news.example:8080/a", "http://news.example:8080/a"),
    ("http://\x9b31m\x1b@news.example/a", "http://news.example/a"),
    ("http://news.example/a|b?c=[1]&d='x'", "http://news.example/a%7Cb?c=%5B1%5D&d=%27x%27"),
]


@pytest.mark.parametrize(("printed", "cleaned"), ADDRESSES)
def test_each_address_has_one_spelling(printed: str, cleaned: str) -> None:
    assert clean(printed) == cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("cleaned", [cleaned for _, cleaned in ADDRESSES])
def test_it_is_the_spelling_that_is_asked_for(cleaned: str) -> None:
    assert Request(cleaned).url == cleaned


@pytest.mark.parametrize("cleaned", [cleaned for _, cleaned in ADDRESSES if "[::1]" not in cleaned])
def test_a_clean_address_is_linked_to_as_it_is(cleaned: str) -> None:
    assert link_to(cleaned) == cleaned


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//news.example/a",
        "http://[::1]/",
        "http://a..b/",
        "http://256.1.1.1/",
        "http://xn--99999999999/",
        "http://exa mple/",
        "",
    ],
)
def test_what_a_reader_would_not_take_is_no_link(address: str) -> None:
    assert link_to(address) is None


@pytest.mark.parametrize(
    "broken", ["http://[::1", "http://news.example:99999999/", "", "no address", "http://./", "http://a\x1b[2Jb/"]
)
def test_what_is_no_address_raises_nothing(broken: str) -> None:
    assert clean(broken) == clean(clean(broken))
    assert isinstance(site_of(broken), str)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.news.example/a", "news.example"),
        ("https://user:secret@news.example/a", "news.example"),
        ("http://127.0.0.1:8765/a", "127.0.0.1:8765"),
        ("http://www.www.www.news.example:8080/", "news.example:8080"),
        ("http://www.www/", "www"),
    ],
)
def test_a_site_is_host_and_port_without_www(url: str, site: str) -> None:
    assert site_of(url) == site
    assert site_of(f"http://{site}/") == site


@pytest.mark.parametrize("broken", ["http://a\x1bb.example/", "http://a b.example/", "http://\x9b31m.example/"])
def test_a_host_with_a_control_character_is_none(broken: str) -> None:
    assert not is_web(broken)
    assert not is_web(clean(broken))


def test_nothing_longer_than_an_address_may_be_is_one() -> None:
    longest = f"http://news.example/{'a' * (LONGEST - len('http://news.example/'))}"
    assert (is_web(longest), is_web(f"{longest}a"), why_no_start(longest)) == (True, False, None)
    assert "is too long for an address" in (why_no_start(f"{longest}a") or "")


def test_thousands_of_long_addresses_leave_little_behind() -> None:
    tracemalloc.start()
    for number in range(2_000):
        clean(f"http://news.example/{number}/{'a' * LONGEST}")
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert left < 4_000_000  # Python's own urlsplit remembers 128


@pytest.mark.parametrize("typed", ["https://user:secret@news.example/", " https://user@news.example/a"])
def test_who_types_a_user_is_told_where_credentials_go(typed: str) -> None:
    why = why_no_start(typed) or ""
    assert "the plan" in why
    assert "secret" not in why
