"""How a crawl asks: options that become Scrapy's settings."""

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import click

from crawler.settings import user_agent
from yaowen.options import allow_address_option

ENVIRONMENT = "environment"
"""In place of a proxy's address: those that the environment names."""
_OWN_SERVER = {"CONCURRENT_REQUESTS_PER_DOMAIN": 6, "DOWNLOAD_DELAY": 0}
_PORTS = {"http": 80, "https": 443}
_OPTIONS = (
    click.option(
        "--delay",
        type=click.FloatRange(0),
        help="Seconds between two requests to a site (1 unless given). 0 is for your own server: 6 requests at once.",
    ),
    click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds to wait for an answer: 30."),
    click.option(
        "--contact",
        envvar="YAOWEN_CONTACT",
        show_envvar=True,
        help="An address at which a site's operator reaches you; it stands in the user agent.",
    ),
    click.option(
        "--proxy",
        metavar="URL",
        help=f"Ask through this proxy, or `{ENVIRONMENT}`: through those of http_proxy and https_proxy. "
        "It looks names up, so private addresses behind names are for it to refuse.",
    ),
    allow_address_option,
)


def asking_options(command: Callable[..., Any]) -> Callable[..., Any]:  # Any: what click decorates
    """Give a command all of them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asking_settings(
    *, delay: float | None, timeout: float | None, contact: str | None, proxy: str | None, allowed: tuple[str, ...]
) -> dict[str, object]:
    """The settings that the options stand for; wrong use where a proxy is none."""
    settings: dict[str, object] = {"USER_AGENT": user_agent(contact)}
    if delay is not None:
        settings |= _OWN_SERVER if delay == 0 else {"DOWNLOAD_DELAY": delay}
    if timeout is not None:
        settings["DOWNLOAD_TIMEOUT"] = timeout
    proxies = _proxies(proxy) if proxy else []
    return settings | {"ALLOWED_ADDRESSES": [*allowed, *proxies], "HTTPPROXY_ENABLED": bool(proxies)}


def _proxies(proxy: str) -> list[str]:
    """The addresses of the proxies, which the crawl has to connect to."""
    if proxy == ENVIRONMENT:
        named = [os.environ.get(name) or os.environ.get(name.upper()) for name in ("http_proxy", "https_proxy")]
        if not any(named):
            raise click.UsageError("--proxy environment: the environment names no http_proxy and no https_proxy")
        return [_address(url) for url in named if url]
    os.environ |= {"http_proxy": proxy, "https_proxy": proxy}  # where Scrapy looks for them
    return [_address(proxy)]


def _address(proxy: str) -> str:
    try:
        parts = urlsplit(proxy)
        host = parts.netloc.rpartition("@")[2].removesuffix(f":{parts.port}")
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        host, port = "", 0
    if not host:
        raise click.UsageError(f"{proxy!r} is no address of a proxy, such as http://proxy.example:3128")
    return f"{host}:{port}"
