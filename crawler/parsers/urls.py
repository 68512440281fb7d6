"""Addresses as printed, made absolute."""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from archive.urls import LONGEST, LONGEST_REMEMBERED, clean, is_web

MOST_LINKS = 1_000
"""Links that are taken of one list: 30,000, ever new ones at each look, would keep a crawl from all else."""
_PLAIN = re.compile(r"https?://[\w.-]+(?::\d+)?/(?!/)(?:(?!/\.)[!-~])*(?<![#?;])")
"""Addresses that joining leaves as they are, which are most of them: joining costs more than all else on a link."""
_ROOT = re.compile(r"/(?![/.])(?:(?!/\.)[!-~])*(?<![#?;])")


def absolute(base: str, printed: str | None) -> str | None:
    """The http(s) address that a printed reference means, without a user; ``None`` for scripts, mail, fragments, broken
    ones, and those that are longer than an address may be."""
    printed = (printed or "").strip()
    if not printed or printed.startswith("#") or len(printed) > LONGEST:
        return None
    return _remembered(base, printed) if len(base) + len(printed) <= LONGEST_REMEMBERED else _absolute(base, printed)


def _absolute(base: str, printed: str) -> str | None:
    if _PLAIN.fullmatch(printed):
        return printed
    if _ROOT.fullmatch(printed):
        origin = _origin(base)
        return f"{origin}{printed}" if origin and len(origin) + len(printed) <= LONGEST else None
    return _joined(base, printed)


_remembered = lru_cache(maxsize=16_384)(_absolute)


@lru_cache(maxsize=256)
def _origin(base: str) -> str | None:
    """Scheme and host; ``None`` where they are not those of a web address."""
    joined = _joined(base, "/")
    return joined.removesuffix("/") if joined else None


def _joined(base: str, printed: str) -> str | None:
    try:
        joined = urljoin(base, printed)
        parts = urlsplit(joined)
    except ValueError:  # "http://[broken"
        return None
    if parts.scheme not in ("http", "https") or not is_web(clean(joined)):
        return None
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else joined


def same_page(one: str, other: str) -> bool:
    """Whether two absolute addresses differ in nothing but a fragment or a closing slash."""
    return one.partition("#")[0].rstrip("/") == other.partition("#")[0].rstrip("/")
