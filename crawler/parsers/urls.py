"""Addresses as printed, made absolute."""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

_PLAIN = re.compile(r"https?://[\w.-]+(?::\d+)?/(?!/)(?:(?!/\.)[!-~])*(?<![#?;])")
"""Addresses that joining leaves as they are, which are most of them: joining costs more than all else on a link."""
_ROOT = re.compile(r"/(?![/.])(?:(?!/\.)[!-~])*(?<![#?;])")


@lru_cache(maxsize=16_384)
def absolute(base: str, printed: str | None) -> str | None:
    """The http(s) address that a printed reference means; ``None`` for scripts, mail, fragments and broken ones."""
    printed = (printed or "").strip()
    if not printed or printed.startswith("#"):
        return None
    if _PLAIN.fullmatch(printed):
        return printed
    if _ROOT.fullmatch(printed):
        origin = _origin(base)
        return f"{origin}{printed}" if origin else None
    return _joined(base, printed)


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
    return joined if parts.scheme in ("http", "https") and parts.netloc else None


def same_page(one: str, other: str) -> bool:
    """Whether two absolute addresses differ in nothing but a fragment or a closing slash."""
    return one.partition("#")[0].rstrip("/") == other.partition("#")[0].rstrip("/")
