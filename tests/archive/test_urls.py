import pytest
from scrapy import Request

from archive.urls import clean, site_of

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
    ("http://news.example/a|b?c=[1]&d='x'", "http://news.example/a%7Cb?c=%5B1%5D&d=%27x%27"),
]


@pytest.mark.parametrize(("printed", "cleaned"), ADDRESSES)
def test_each_address_has_one_spelling(printed: str, cleaned: str) -> None:
    assert clean(printed) == cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("cleaned", [cleaned for _, cleaned in ADDRESSES])
def test_it_is_the_spelling_that_is_asked_for(cleaned: str) -> None:
    assert Request(cleaned).url == cleaned


@pytest.mark.parametrize("broken", ["http://[::1", "http://news.example:99999999/", "", "no address", "http://./"])
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
