"""Ways to the captures of an address: by a date, as a list for programs (RFC 7089), and as a list to read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import groupby
from math import ceil

from archive.mementos import looks, looks_by_month, mementos, nearest, newest
from archive.store import Archive
from archive.web.answers import Answer, Asked, BadValue, Moved, Page, Sent, View
from archive.web.memento import address_asked, memento_link, nothing_of, original_and_ways, place, timemap

_IN_TIMEMAP = 5_000
_PER_PAGE = 200
_MOST_PAGES = 100_000


def gate(archive: Archive, asked: Asked) -> Answer:
    """The way to the capture nearest to ``Accept-Datetime``, or to the newest (RFC 7089 4)."""
    url, _ = address_asked(archive, asked)
    wanted = asked.headers.get("accept-datetime", "").strip()
    moment = _moment(wanted) if wanted else None
    found = nearest(archive.db, url, moment, moment) if moment else newest(archive.db, url)
    if found is None:
        raise nothing_of(archive, url)
    headers = {"vary": "accept-datetime", "link": ", ".join(original_and_ways(asked, url))}
    return Moved(place(asked, url, found), headers)


def _moment(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        raise BadValue("Accept-Datetime", text) from None


def for_programs(archive: Archive, asked: Asked) -> Answer:
    """The TimeMap (RFC 7089 5): all captures with bytes, the oldest first; a long one goes on in others."""
    url, _ = address_asked(archive, asked)
    page = asked.number("page", 1, most=_MOST_PAGES)
    found = mementos(archive.db, url, most=_IN_TIMEMAP + 1, offset=(page - 1) * _IN_TIMEMAP)
    if not found:
        raise nothing_of(archive, url)
    links = original_and_ways(asked, url)[:2]
    links.append(f'<{timemap(asked, url, page)}>; rel="self"; type="application/link-format"')
    links += [memento_link(asked, url, one) for one in found[:_IN_TIMEMAP]]
    if len(found) > _IN_TIMEMAP:
        links.append(f'<{timemap(asked, url, page + 1)}>; rel="timemap"; type="application/link-format"')
    return Sent(body=",\n".join(links).encode() + b"\n", content_type="application/link-format")


def to_read(archive: Archive, asked: Asked) -> Answer:
    """All looks at an address: how many in each month, and each with what came of it."""
    url, has_query = address_asked(archive, asked)
    months = looks_by_month(archive.db, url)
    month, page = asked.values.get("month"), asked.number("page", 1, most=_MOST_PAGES)
    if has_query:
        month, page = None, 1
    if month is not None and month not in months:
        raise BadValue("month", month)
    found = looks(archive.db, url, most=_PER_PAGE, offset=(page - 1) * _PER_PAGE, month=month)
    total = months[month] if month else sum(months.values())
    path = asked.path
    return Page(
        "captures.html",
        {
            "url": url,
            "total": total,
            "month": month,
            "whole": asked.at(path),
            "years": _years(asked, path, months),
            "looks": [(look, place(asked, url, look)) for look in found],
            "page": page,
            "pages": ceil(total / _PER_PAGE),
            "previous": asked.at(path, month=month, page=page - 1) if page > 1 else None,
            "next": asked.at(path, month=month, page=page + 1) if page * _PER_PAGE < total else None,
            "timemap": timemap(asked, url),
        },
    )


def _years(asked: Asked, path: str, months: Mapping[str, int]) -> list[tuple[str, list[tuple[str, int, str | None]]]]:
    """Each year with its twelve months: their name, how many looks, and the address of their list."""
    return [
        (year, [_month(asked, path, f"{year}-{number:02}", months) for number in range(1, 13)])
        for year, _ in groupby(sorted(months), key=lambda month: month[:4])
    ]


def _month(asked: Asked, path: str, month: str, months: Mapping[str, int]) -> tuple[str, int, str | None]:
    count = months.get(month, 0)
    return month, count, asked.at(path, month=month) if count else None


ROUTES: Mapping[str, View] = {
    r"/web/timemap/link/(?P<url>.+)$": for_programs,
    r"/web/(?:\*|%2A|%2a)/(?P<url>.+)$": to_read,
    r"/web/(?!\d{4,14}(?:i[df]_)?/|timemap/|\*/|%2A/|%2a/)(?P<url>.+)$": gate,
}
