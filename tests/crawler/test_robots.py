"""What is remembered of the robots.txt of many hosts."""

import asyncio
from typing import cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.settings import Settings

from crawler.extensions.pace import Pace
from crawler.middlewares.robots import RobotsMiddleware

RULES = "User-agent: *\n" + "".join(f"allow:/{number:x}\n" for number in range(36_000))


class Engine:
    """Answers every question with rules of half a megabyte."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request.url)
        return TextResponse(request.url, body=RULES.encode())


class Crawl:
    """As much of a Scrapy crawl as the middleware speaks to."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.settings = Settings({"SITES": {}})

    def get_extension(self, kind: type) -> Pace:
        return Pace(cast(Crawler, self))


def test_the_longest_rules_of_many_hosts_are_forgotten_and_those_of_the_last_ones_are_not() -> None:
    crawl = Crawl()
    robots = RobotsMiddleware(cast(Crawler, crawl))

    async def visit() -> None:
        for host in (*range(12), 11, 0):
            await robots.process_request(Request(f"http://user{host}@news{host}.example/z"))

    asyncio.run(visit())
    assert [url.partition("news")[2].partition(".")[0] for url in crawl.engine.asked] == [*map(str, range(12)), "0"]
