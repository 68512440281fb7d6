"""To which addresses of its site a cookie goes."""

import logging

import pytest
from scrapy import Request
from scrapy.spiders import Spider
from scrapy.utils.test import get_crawler

from crawler.middlewares.credentials import CredentialsMiddleware
from crawler.plan import SitePlan


class Probe(Spider):
    name = "probe"
    urls: tuple[str, ...] = ()


def cookies(monkeypatch: pytest.MonkeyPatch, start: str, *urls: str) -> list[bool]:
    """Whether each request of a crawl from there has the cookie, the same one being redirected from one to the next."""
    monkeypatch.setenv("NEWS_COOKIE", "id=secret")
    crawler = get_crawler(Probe, {"SITES": {"news.example": SitePlan(cookie="NEWS_COOKIE")}})
    crawler.spider = Probe()
    crawler.spider.urls = (start,)
    middleware, headers, found = CredentialsMiddleware.from_crawler(crawler), None, []
    for url in urls:
        request = Request(url, headers=headers)
        middleware.process_request(request)
        headers = request.headers
        found.append("Cookie" in headers)
    return found


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("https://news.example/", [True, False, False, True]),
        ("http://news.example/", [True, True, True, True]),
        ("http://other.example/", [True, False, False, True]),
    ],
)
def test_a_cookie_goes_over_http_only_where_the_crawl_starts_there_by_http(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, start: str, expected: list[bool]
) -> None:
    urls = (
        "https://news.example/a",
        "http://news.example/b",
        "http://news.example/robots.txt",
        "https://news.example/",
    )
    with caplog.at_level(logging.WARNING):
        assert cookies(monkeypatch, start, *urls) == expected
    told = [record.getMessage() for record in caplog.records if "https only" in record.getMessage()]
    assert len(told) == (1 if False in expected else 0)
