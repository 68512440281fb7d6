"""Sites: one file each, found because it is there; it says only what the general reader cannot know.

A file of this folder holds one ``SITE = Site(...)``.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What is known of a site beforehand."""

    name: str
    """As it calls itself."""
    hosts: tuple[str, ...]
    """Its host names; their subdomains belong to it too."""
    timezone: str
    """IANA name of the zone in which it prints times."""
    title_suffix: str | None = None
    """What it puts behind each headline in ``<title>``."""
    start_urls: tuple[str, ...] = ()


@cache
def sites() -> tuple[Site, ...]:
    """All sites that have a file here, by the name of the file."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").SITE for name in names)


def site_for(url: str) -> Site | None:
    """The site to which an address belongs, if it has a file here."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    return next((site for site in sites() if any(f".{host}".endswith(f".{own}") for own in site.hosts)), None)
