"""How times and numbers stand on a page."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from markupsafe import Markup

from archive.times import duration, to_utc
from archive.urls import link_to
from archive.web.addresses import in_path

_PRINTED = {"year": 4, "month": 7, "day": 10}
"""How much of a date is shown; of one to the minute or second, ``_MINUTE``."""
_MINUTE = 16


class Fetched(Protocol):
    """A capture, or what tells of one."""

    @property
    def url(self) -> str:
        """The address that was asked for."""

    @property
    def fetched_at(self) -> datetime | None:
        """The time, where it is one."""


def stamp(moment: datetime | None) -> Markup:
    """A moment at which the archive looked, in UTC.

    >>> stamp(datetime.fromisoformat("2022-10-15T11:43:08+08:00"))
    Markup('<time datetime="2022-10-15T03:43:08Z">2022-10-15 03:43 UTC</time>')
    """
    if moment is None:
        return Markup("–")
    utc = to_utc(moment)
    return Markup('<time datetime="{}">{} UTC</time>').format(utc, utc[:16].replace("T", " "))


def exact(moment: datetime | None) -> Markup:
    """The same to the second, where looks are told apart.

    >>> exact(datetime.fromisoformat("2022-10-15T11:43:08+08:00"))
    Markup('<time datetime="2022-10-15T03:43:08Z">2022-10-15 03:43:08 UTC</time>')
    """
    if moment is None:
        return stamp(None)
    utc = to_utc(moment)
    return Markup('<time datetime="{}">{} UTC</time>').format(utc, utc[:19].replace("T", " "))


def printed(moment: datetime | None, precision: str | None = None) -> Markup:
    """A date of publication by the page's own clock, as exactly as the page told it.

    >>> printed(datetime.fromisoformat("2022-10-15T00:00:00+08:00"), "day")
    Markup('<time datetime="2022-10-15">2022-10-15</time>')
    """
    if moment is None:
        return Markup("")
    text = moment.isoformat(" ")[: _PRINTED.get(precision or "", _MINUTE)]
    exact = text if precision in _PRINTED else moment.isoformat()
    return Markup('<time datetime="{}">{}</time>').format(exact, text)


def thousands(number: int | float | None) -> str:
    """
    >>> thousands(1234567)
    '1,234,567'
    """
    return "" if number is None else f"{number:,}"


def memento(moment: datetime) -> str:
    """A moment as it stands in the addresses of captures.

    >>> memento(datetime.fromisoformat("2022-10-15T11:43:08+08:00"))
    '20221015034308'
    """
    return to_utc(moment).translate(dict.fromkeys(map(ord, "-:TZ")))


def capture_path(look: Fetched, at: Callable[[str], str]) -> str:
    """The address of the page with a capture."""
    url = in_path(look.url)
    return at(f"/web/{memento(look.fetched_at)}/{url}" if look.fetched_at else f"/web/{url}")


def list_path(url: str, at: Callable[..., str], /, **values: object) -> str:
    """The address of the page with a list page; its own query and escapes are packed, so that they are none of ours.

    >>> list_path("https://news.example/c/%E8%A6%81?page=2", str)
    '/list/https://news.example/c/%25E8%25A6%2581%3Fpage=2'
    """
    return at("/list/" + quote(url, safe="/:@!$&'()*+,;=~"), **values)


def is_tag(text: str | None) -> bool:
    """Whether a text can be a language tag (BCP 47); pages declare all sorts of things."""
    return re.fullmatch("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", text or "") is not None


FILTERS: Mapping[str, Callable[..., object]] = {
    "stamp": stamp,
    "exact": exact,
    "printed": printed,
    "thousands": thousands,
    "duration": duration,
    "capture_path": capture_path,
    "list_path": list_path,
    "is_tag": is_tag,
    "link": link_to,
}
