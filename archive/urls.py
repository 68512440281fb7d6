"""One spelling for each address, so that a page is known by one URL."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING_PREFIXES = ("utm_", "spm", "scm", "hmsr", "hmpl", "hmcu", "hmkw", "hmci", "_hs")
_ESCAPE = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_FRONT_PATH = re.compile(r"/?|/[a-z]{2}(?:-[a-z]{2})?/?|/(?:index|default|home)(?:\.[a-z]{3,5})?/?", re.IGNORECASE)
_TRACKING = frozenset({"fbclid", "gclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "wfr"})


@lru_cache(maxsize=4_096)  # one page's address is cleaned some eight times on its way into the tables
def clean(url: str) -> str:
    """The address as it is asked for: ASCII, without fragment, tracking parameters and default port.

    Parameters keep their order, since some sites tell pages apart by it. What cannot be split is returned as it is.

    >>> clean("HTTP://Example.COM:80/要闻?id=1&utm_source=x#top")
    'http://example.com/%E8%A6%81%E9%97%BB?id=1'
    """
    try:
        parts = urlsplit(url.strip())
        netloc = _netloc(parts)
    except ValueError:  # "http://[::1", "http://host:99999999"
        return url.strip()
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _tracks(pair))
    path = parts.path or ("/" if netloc else "")
    return urlunsplit((parts.scheme.lower(), netloc, _escaped(path), _escaped(query), ""))


def _escaped(text: str) -> str:
    """Every character that may not stand in an address as its UTF-8 bytes; escapes that are there stay."""
    escaped = quote(text, safe="%/:;=&?@!$()*+,~", errors="replace")
    return _ESCAPE.sub(lambda escape: escape[0].upper(), escaped)


def site_of(url: str) -> str:
    """The host without ``www.``, with its port where that is not the scheme's own; empty for no address.

    >>> site_of("https://www.example.com/a")
    'example.com'
    """
    try:
        return _netloc(urlsplit(url), credentials=False).removeprefix("www.")
    except ValueError:
        return ""


def is_web(url: str) -> bool:
    """Whether a crawl can ask for the address: http or https, and a host that can be told.

    >>> is_web("https://news.example/"), is_web("mailto:a@news.example"), is_web("http://[x")
    (True, False, False)
    """
    return url.startswith(("http://", "https://")) and bool(site_of(url))


def why_not_web(text: str) -> str:
    """Why a crawl cannot ask for what ``is_web`` refuses, for a person to read.

    >>> why_not_web("news.example"), why_not_web("http://127.0.0.1:99999/"), why_not_web("http:///a")
    ('it must begin with http:// or https://', 'its port is no number from 1 to 65535', 'it names no host')
    """
    if not text.lower().startswith(("http://", "https://")):
        return "it must begin with http:// or https://"
    if text.split() != [text]:
        return "it holds a blank"
    try:
        parts = urlsplit(text)
    except ValueError:  # "http://[::1"
        return "its host cannot be read"
    try:
        _ = parts.port
    except ValueError:
        return "its port is no number from 1 to 65535"
    return "its host cannot be read" if parts.hostname else "it names no host"


def is_front_page(url: str) -> bool:
    """Whether an address is that of a site's front page, or of its front page in one language.

    >>> is_front_page("https://news.example/index.html"), is_front_page("https://news.example/a/1")
    (True, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.query and _FRONT_PATH.fullmatch(parts.path) is not None


def _netloc(parts: SplitResult, *, credentials: bool = True) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    user = parts.netloc.rpartition("@")[0]
    return f"{user}@{host}" if user and credentials else host


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)
