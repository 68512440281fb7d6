"""Crawls against servers on loopback: who is reached, and what the errback is told about the others.

Run as a program, this file makes the crawls that its tests look at: a reactor starts only once in a process.
"""

import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

HANDLER = "crawler.handlers.GuardedDownloadHandler"
MIDDLEWARE = "crawler.middlewares.address_guard.AddressGuardMiddleware"
ODD_NOTATIONS = (
    *("localhost", "127.0.0.1", "127.0.0.1.", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1"),
    *("017700000001", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]"),
    *("[2002:7f00:1::]", "１２７.０.０.１", "①②⑦.0.0.1", "127。0。0。1", "user:word@127.0.0.1", "[::1%25lo]"),
)
ANSWERS = {  # what the name server of the crawls says, one row per question; the last one stays
    "private.test": (("127.0.0.2",),),
    "public.test": (("127.0.0.1",),),
    "rebinding.test": (("127.0.0.1",), ("127.0.0.2",)),
    "mixed.test": (("127.0.0.2", "127.0.0.1"),),
    "named.test": (("127.0.0.1",),),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    port: int
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for, in order."""


@contextmanager
def serve(redirect_to: str = "") -> Iterator[Site]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            self.send_response(302 if self.path == "/moved" else 200)
            self.send_header("Location", redirect_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        site = Site(port=server.server_port)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        server.shutdown()
        thread.join()


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawls:
    open: Site
    shut: Site
    named: Site
    outcomes: dict[str, dict[str, str]]
    """For each crawl and URL: the status, or the error and its message."""


@pytest.fixture(scope="module")
def crawls() -> Iterator[Crawls]:
    with ExitStack() as stack:
        shut, named = stack.enter_context(serve()), stack.enter_context(serve())
        site = stack.enter_context(serve(redirect_to=f"http://127.0.0.1:{shut.port}/"))
        odd = [f"http://{host}:{shut.port}/" for host in ODD_NOTATIONS]
        allowed = [f"127.0.0.1:{site.port}", f"named.test:{named.port}"]
        wanted = {
            "default": {"urls": [f"http://127.0.0.1:{shut.port}/", f"https://127.0.0.1:{shut.port}/"]},
            "guarded": {
                "allowed": allowed,
                "urls": [
                    *odd,
                    *("ftp://127.0.0.1/", "file:///etc/hosts", "data:,hello"),
                    *(f"http://127.0.0.1:{site.port}/{path}" for path in ("", "moved")),
                    *(f"http://{name}:{site.port}/" for name in ANSWERS if name != "named.test"),
                    f"http://named.test:{named.port}/",
                    f"http://127.0.0.1:{named.port}/",
                ],
            },
            "handler alone": {"allowed": allowed, "urls": odd, "middlewares": {}},
            "proxy": {"allowed": allowed, "urls": ["http://public.test/"], "proxy": f"http://127.0.0.1:{site.port}"},
        }
        done = subprocess.run(
            [sys.executable, __file__], input=json.dumps(wanted), stdout=subprocess.PIPE, text=True, check=True
        )
        yield Crawls(open=site, shut=shut, named=named, outcomes=json.loads(done.stdout))


def refusal(address: str, stands_for: str = "") -> str:
    says = f"stands for {stands_for}," if stands_for else "is"
    return (
        f"AddressNotPublic: {address} {says} an address of this machine or of a private network; "
        f"allow it with --allow-address {address}"
    )


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_loopback_is_refused_when_nothing_is_allowed(crawls: Crawls, scheme: str) -> None:
    address = f"127.0.0.1:{crawls.shut.port}"
    assert crawls.outcomes["default"][f"{scheme}://{address}/"] == refusal(address)


@pytest.mark.parametrize("host", ODD_NOTATIONS)
def test_loopback_is_refused_in_any_notation(crawls: Crawls, host: str) -> None:
    outcome = crawls.outcomes["guarded"][f"http://{host}:{crawls.shut.port}/"]
    assert outcome.startswith("AddressNotPublic: ")
    assert "allow it with --allow-address " in outcome


@pytest.mark.parametrize("host", ODD_NOTATIONS)
def test_the_download_handler_alone_reaches_no_odd_notation_either(crawls: Crawls, host: str) -> None:
    # aiohttp itself turns down 127.1 and the like, before the guard is asked.
    outcome = crawls.outcomes["handler alone"][f"http://{host}:{crawls.shut.port}/"]
    assert outcome.startswith(("AddressNotPublic: ", "UnsupportedURLSchemeError: "))


def test_a_refused_server_is_asked_for_nothing_not_even_its_robots_txt(crawls: Crawls) -> None:
    assert crawls.shut.asked == []


def test_an_allowed_address_is_reached(crawls: Crawls) -> None:
    assert crawls.outcomes["guarded"][f"http://127.0.0.1:{crawls.open.port}/"] == "200"


def test_a_redirect_from_an_allowed_address_to_another_one_is_refused(crawls: Crawls) -> None:
    outcome = crawls.outcomes["guarded"][f"http://127.0.0.1:{crawls.open.port}/moved"]
    assert outcome == refusal(f"127.0.0.1:{crawls.shut.port}")


def test_a_name_with_a_private_answer_ends_with_that_reason_and_not_with_one_of_robots(crawls: Crawls) -> None:
    address = f"private.test:{crawls.open.port}"
    assert crawls.outcomes["guarded"][f"http://{address}/"] == refusal(address, "127.0.0.2")


def test_a_name_whose_second_answer_is_private_is_refused_after_its_robots_txt_was_fetched(crawls: Crawls) -> None:
    address = f"rebinding.test:{crawls.open.port}"
    assert crawls.outcomes["guarded"][f"http://{address}/"] == refusal(address, "127.0.0.2")


def test_a_name_is_reached_at_the_one_of_its_answers_that_is_permitted(crawls: Crawls) -> None:
    assert crawls.outcomes["guarded"][f"http://mixed.test:{crawls.open.port}/"] == "200"


def test_an_allowed_name_is_reached_but_not_its_address_by_another_way(crawls: Crawls) -> None:
    port = crawls.named.port
    assert crawls.outcomes["guarded"][f"http://named.test:{port}/"] == "200"
    assert crawls.outcomes["guarded"][f"http://127.0.0.1:{port}/"] == refusal(f"127.0.0.1:{port}")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/hosts", "data:,hello"])
def test_other_schemes_are_refused(crawls: Crawls, url: str) -> None:
    expected = f"AddressRefused: {url} is not fetched: only http and https addresses are"
    assert crawls.outcomes["guarded"][url] == expected


def test_no_proxy_is_dialled_past_the_guard(crawls: Crawls) -> None:
    assert crawls.outcomes["proxy"]["http://public.test/"].startswith("NotImplementedError: ")


class Probe(Spider):
    name = "probe"
    urls: list[str]
    outcomes: dict[str, str]
    proxy: str | None

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            reached, failed = partial(self.reached, url), partial(self.failed, url)
            yield Request(url, reached, errback=failed, meta={"proxy": self.proxy}, dont_filter=True)

    def reached(self, url: str, response: Response) -> None:
        self.conclude(url, str(response.status))

    def failed(self, url: str, failure: Failure) -> None:
        self.conclude(url, f"{type(failure.value).__name__}: {failure.value}")

    def conclude(self, url: str, outcome: str) -> None:
        assert url not in self.outcomes
        self.outcomes[url] = outcome


def settings(wanted: dict[str, Any]) -> dict[str, Any]:  # Any: JSON, and Scrapy's settings
    return {
        "ALLOWED_ADDRESSES": wanted.get("allowed", []),
        "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER},
        "DOWNLOADER_MIDDLEWARES": wanted.get("middlewares", {MIDDLEWARE: 50}),
        "ROBOTSTXT_OBEY": True,
        "HTTPPROXY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }


def name_server(beyond: Callable[..., object]) -> Callable[..., object]:
    """A ``socket.getaddrinfo`` that knows ``ANSWERS``."""
    remaining = {name: list(rows) for name, rows in ANSWERS.items()}

    def look_up(host: str, port: int, *rest: object) -> object:
        if host not in remaining:
            return beyond(host, port, *rest)
        rows = remaining[host]
        answers = rows.pop(0) if len(rows) > 1 else rows[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (ip, port)) for ip in answers]

    return look_up


def crawl(wanted: dict[str, dict[str, Any]]) -> dict[str, dict[str, str]]:
    process = AsyncCrawlerProcess({"LOG_ENABLED": False})
    outcomes: dict[str, dict[str, str]] = {name: {} for name in wanted}
    for name, probe in wanted.items():
        crawler = Crawler(Probe, settings(probe))
        process.crawl(crawler, urls=probe["urls"], outcomes=outcomes[name], proxy=probe.get("proxy"))
    process.start()
    return outcomes


if __name__ == "__main__":
    with patch("socket.getaddrinfo", name_server(socket.getaddrinfo)):
        json.dump(crawl(json.load(sys.stdin)), sys.stdout)
