"""Addresses as printed, made absolute."""

from urllib.parse import urljoin, urlsplit


def absolute(base: str, printed: str | None) -> str | None:
    """The http(s) address that a printed reference means; ``None`` for scripts, mail, fragments and broken ones."""
    printed = (printed or "").strip()
    if not printed or printed.startswith("#"):
        return None
    try:
        joined = urljoin(base, printed)
        parts = urlsplit(joined)
    except ValueError:  # "http://[broken"
        return None
    return joined if parts.scheme in ("http", "https") and parts.netloc else None


def same_page(one: str, other: str) -> bool:
    """Whether two absolute addresses differ in nothing but a fragment or a closing slash."""
    return one.partition("#")[0].rstrip("/") == other.partition("#")[0].rstrip("/")
