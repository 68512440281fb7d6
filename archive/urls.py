"""One spelling for each address, so that a page is known by one URL."""

import re
from contextlib import suppress
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

LONGEST = 8_000
"""Octets of an address: as many as all who send and take one should bear (RFC 9110 4.1). No longer one is asked for."""
LONGEST_REMEMBERED = 500
"""Characters of an address that is worth remembering: hardly a real one has more, and thousands are held at a time."""
_LONGEST_QUOTED = 200
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING_PREFIXES = ("utm_", "spm", "scm", "hmsr", "hmpl", "hmcu", "hmkw", "hmci", "_hs")
_ESCAPE = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_FRONT_PATH = re.compile(r"/?|/[a-z]{2}(?:-[a-z]{2})?/?|/(?:index|default|home)(?:\.[a-z]{3,5})?/?", re.IGNORECASE)
_WWW = re.compile(r"(?:www\.)+")
_TRACKING = frozenset({"fbclid", "gclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "wfr"})


_PLAIN_HOST = re.compile(r"https?://([a-z\d_]+(?:(?:\.|-+)[a-z\d_]+)*)(?::\d+)?/")
_NO_ESCAPE = re.compile("%(?![0-9a-f]{2})", re.IGNORECASE)
_NO_HOST = re.compile(r"[\x00-\x20\x7f]")


def clean(url: str) -> str:
    """The address as it is asked for: ASCII, without user, fragment, tracking parameters and default port.

    A user's name makes endless spellings of one page, and a password has no place in an archive. Parameters keep their
    order, since some sites tell pages apart by it. What cannot be split is returned as it is.

    >>> clean("HTTP://Example.COM:80/要闻?id=1&utm_source=x#top")
    'http://example.com/%E8%A6%81%E9%97%BB?id=1'
    """
    return _remembered(url) if len(url) <= LONGEST_REMEMBERED else _clean(url)


def _clean(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        netloc = _netloc(parts)
    except ValueError:  # "http://[::1", "http://host:99999999"
        return url.strip()
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _tracks(pair))
    path = parts.path or ("/" if netloc else "")
    return urlunsplit((parts.scheme.lower(), netloc, _escaped(path), _escaped(query), ""))


_remembered = lru_cache(maxsize=4_096)(_clean)
"""One page's address is cleaned some eight times on its way into the tables."""


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
        host = _netloc(urlsplit(url))
    except ValueError:
        return ""
    www = _WWW.match(host)  # "www.www.news.example" too: what is left has to be the name of its own site
    return host[www.end() :] if www else host


def is_web(url: str) -> bool:
    """Whether a crawl can ask for the address: http or https, a host that can be told, and no longer than one may be.

    >>> is_web("https://news.example/"), is_web("mailto:a@news.example"), is_web("http://[x")
    (True, False, False)
    """
    return len(url) <= LONGEST and url.startswith(("http://", "https://")) and bool(site_of(url))


def link_to(url: str) -> str | None:
    """The address as every reader of links takes it; ``None`` for what no program should follow.

    >>> link_to("https://news.example/a b/50%"), link_to("javascript:alert(1)"), link_to("http://1.2.3.999/")
    ('https://news.example/a%20b/50%25', None, None)
    """
    address = clean(url)
    host = _PLAIN_HOST.match(address)
    if not is_web(address) or not host or not _is_name_or_number(host[1]):
        return None
    return _NO_ESCAPE.sub("%25", address)


def _is_name_or_number(host: str) -> bool:
    """Whether a host is a name that can be looked up, or the number of one."""
    with suppress(UnicodeError, AddressValueError):
        last = host.encode().decode("idna").rpartition(".")[2]
        return not last.isdigit() or bool(IPv4Address(host))
    return False


def why_no_start(typed: str) -> str | None:
    """Why a crawl does not begin at what an operator typed, as the end of a sentence; ``None`` where it does.

    >>> why_no_start("ftp://news.example/")
    'is no web address: it must begin with http:// or https://'
    >>> why_no_start("http://news.example:99999/")
    'is no web address: its port is no number from 1 to 65535'
    """
    url = clean(typed)
    if len(url) > LONGEST:
        return f"is too long for an address: {len(url)} characters, and it may have {LONGEST}"
    if not is_web(url) or typed.split() != [typed.strip()]:
        return f"is no web address: {_flaw(typed)}"
    if "@" in urlsplit(typed.strip()).netloc:
        return "was given with a user: what a site is to be sent belongs in the headers that the plan gives it"
    return None


def _flaw(text: str) -> str:
    """What is wrong with what is no web address."""
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


def quoted(typed: str) -> str:
    """What was typed as an address, to be printed: without a password, and not endless."""
    return repr((clean(typed) if "@" in typed else typed)[:_LONGEST_QUOTED])


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


def _netloc(parts: SplitResult) -> str:
    """Host and port; raises ``ValueError`` for what is none."""
    host = (parts.hostname or "").rstrip(".")
    if _NO_HOST.search(host):
        raise ValueError(f"{host!r} is no name of a host")
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    return host


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)
