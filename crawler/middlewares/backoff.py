"""Leaves a server alone that says it has too much to do, for as long as it asks (RFC 9110, 10.2.3; RFC 6585, 4)."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.urls import site_of
from crawler.capturing import PutOff
from crawler.extensions.pace import Pace

TOO_MUCH = (429, 503)
LONGEST_PAUSE = 60.0
"""Seconds that a crawl waits for a site; what takes longer is for a later crawl."""
_FIRST_PAUSES = 5
"""Delays that a site is left alone for when it says that it has too much to do and not how long."""
_LEAST_PAUSE = 1.0
_FARTHEST = timedelta(days=30)
"""No site is put off for longer, whatever it asks for: a mistake must not end its visits."""


class BackoffMiddleware:
    """Pauses the whole site; a longer wait puts it off, for this crawl and with the time for a later one."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._refusals: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for the crawl's pace."""
        return cls(Pace.of(crawler))

    def process_request(self, request: Request) -> None:
        """Raise ``PutOff`` where the site wants to be left alone for longer than the crawl waits."""
        self._pace.check(site_of(request.url))

    def process_response(self, request: Request, response: Response) -> Response:
        """Hand the answer on, to be asked for again, or raise ``PutOff``."""
        site = site_of(request.url)
        if response.status not in TOO_MUCH:
            self._refusals.pop(site, None)
            return response
        now = datetime.now(UTC)
        wait = retry_after(response.headers.get("Retry-After"), now)
        if wait is not None and wait > LONGEST_PAUSE:
            reason = f"the server answered {response.status} and asks for time"
            put_off = PutOff(reason, not_before=now + timedelta(seconds=wait))
            self._pace.put_off(site, put_off)
            raise put_off
        self._refusals[site] = refusals = self._refusals.get(site, 0) + 1
        own = max(_LEAST_PAUSE, _FIRST_PAUSES * self._pace.delay) * 2 ** min(refusals - 1, 10)
        self._pace.pause(site, min(own, LONGEST_PAUSE) if wait is None else wait)
        return response


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` asks for, from a number or a date; ``None`` where it is neither.

    Thirty days at most, also for a number or a year of twenty digits.

    >>> from datetime import UTC
    >>> retry_after(b"Sun, 01 Mar 2026 08:02:00 GMT", datetime(2026, 3, 1, 8, tzinfo=UTC))
    120.0
    """
    text = (value or b"").decode("latin-1").strip()
    if re.fullmatch(r"[0-9]+", text):
        return min(float(text), _FARTHEST.total_seconds())
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    except OverflowError:
        return _FARTHEST.total_seconds()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), _FARTHEST.total_seconds())
