"""What the pages of captures have in common: which address is meant, where a look at it is, what leads to others.

The relations are those of RFC 7089.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from archive.errors import ForgottenArticle
from archive.mementos import Memento, Neighbours, is_known
from archive.store import Archive
from archive.times import NEVER
from archive.tombstones import tombstone_at
from archive.web.addresses import in_header, in_path, meant
from archive.web.answers import Asked, NotHere
from archive.web.formats import memento

OURS = ("lang", "capture", "month", "page")
"""Names of values that these pages have themselves."""


def address_asked(archive: Archive, asked: Asked) -> tuple[str, bool]:
    """The address at the end of the path, as the archive knows it, and whether the query string is a part of it.

    Raises ``NotHere`` where nothing is known of any that it can mean.
    """
    candidates = list(dict.fromkeys(meant(asked.parts["url"], asked.query_string, OURS)))
    found = next((one for one in candidates if is_known(archive.db, one[0])), None)
    if found is None:
        raise NotHere("capture.unknown", url=candidates[0][0])
    return found


def nothing_of(archive: Archive, url: str) -> NotHere | ForgottenArticle:
    """Why there is no page of an address that was looked at: it was taken down, or none ever came."""
    stone = tombstone_at(archive.db, [url])
    return ForgottenArticle(url, str(stone)) if stone else NotHere("capture.never_came", url=url)


def place(asked: Asked, url: str, one: Memento, form: str = "") -> str:
    """The address of a look at ``url``; its page, or the form ``id_`` or ``if_`` of it."""
    time = memento(one.fetched_at or NEVER)
    number = None if one.is_last_of_second and one.has_bytes else one.id
    return asked.at(f"/web/{time}{form}/{in_path(url)}", capture=number)


def http_date(moment: datetime) -> str:
    """A moment as headers have it.

    >>> http_date(datetime.fromisoformat("2022-10-15T11:43:08+08:00"))
    'Sat, 15 Oct 2022 03:43:08 GMT'
    """
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def timegate(asked: Asked, url: str) -> str:
    """The address that leads to the look nearest to a time."""
    return asked.origin + asked.at(f"/web/{in_path(url)}")


def timemap(asked: Asked, url: str, page: int = 1) -> str:
    """The address of the list of all looks, for programs."""
    return asked.origin + asked.at(f"/web/timemap/link/{in_path(url)}", page=page if page > 1 else None)


def original_and_ways(asked: Asked, url: str) -> list[str]:
    """The links that all answers of an address carry."""
    return [
        f'<{in_header(url)}>; rel="original"',
        f'<{timegate(asked, url)}>; rel="timegate"',
        f'<{timemap(asked, url)}>; rel="timemap"; type="application/link-format"',
    ]


def memento_headers(asked: Asked, url: str, one: Memento, around: Neighbours, form: str = "") -> Mapping[str, str]:
    """Of the answer that is a memento, or of the page that shows it."""
    roles: dict[Memento, list[str]] = {}
    named = (("first", around.first), ("prev", around.previous), ("next", around.next), ("last", around.last))
    for role, other in named:
        if other is not None:
            roles.setdefault(other, []).append(role)
    roles.setdefault(one, [])
    links = original_and_ways(asked, url) + [
        memento_link(asked, url, other, of, form) for other, of in roles.items() if other.fetched_at
    ]
    return {"memento-datetime": http_date(one.fetched_at or NEVER), "link": ", ".join(links)}


def memento_link(asked: Asked, url: str, one: Memento, roles: Iterable[str] = (), form: str = "") -> str:
    """The link to one memento, with what it is beside that."""
    rel = " ".join([*roles, "memento"])
    at = asked.origin + place(asked, url, one, form)
    return f'<{at}>; rel="{rel}"; datetime="{http_date(one.fetched_at or NEVER)}"'
