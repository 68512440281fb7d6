"""From what Scrapy brings to a capture."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.models import NOT_MODIFIED, Capture, Observation, Outcome
from archive.times import to_utc
from crawler.errors import CrawlerError
from crawler.names import NameServerSilent

ASKED = "asked_url"
"""The request's meta key for the address of the frontier that it serves; redirects and retries inherit it."""

_REFUSALS = (IgnoreRequest, DownloadCancelledError, UnsupportedURLSchemeError)
REDIRECT_LOOP = "max redirections reached"
"""Scrapy's text: it gives up on a loop by the same class of error as on robots.txt."""
_REASONS: dict[type[Exception], str] = {
    DownloadTimeoutError: "the server did not answer in time",
    NameServerSilent: "no name server answered in time",
    CannotResolveHostError: "the host has no address",
    DownloadConnectionRefusedError: "the server refused the connection",
    DownloadCancelledError: "the answer is larger than a crawl takes",
    ResponseDataLossError: "the answer broke off",
}


class PutOff(CrawlerError, IgnoreRequest):
    """A page that is not asked for now, since its site wants to be left alone for longer than a crawl waits."""

    def __init__(self, reason: str, *, not_before: datetime) -> None:
        self.reason, self.not_before = reason, not_before
        super().__init__(f"{reason}; not to be asked before {to_utc(not_before)}")


_NO_HTTP = re.compile(r"""^[0-9]+, message=['"](.*?)(?::?\\n|['"], url=)""")
"""aiohttp's text for what it could not read; behind the first line it quotes what came."""
_LONGEST_REASON = 300
MOST_OF_FIELDS = 16_384
"""Characters of header fields that a capture keeps, unpacked in its row; hardly a real answer has a quarter of that."""


def capture_of(response: Response, *, outcome: Outcome = "done", reason: str | None = None) -> Capture:
    """The capture of an answer, bytes and all."""
    meta = response.request.meta if response.request else {}
    return Capture(
        url=meta.get(ASKED, response.url),
        final_url=response.url,
        fetched_at=datetime.now(UTC),
        status=response.status,
        headers=_headers(response),
        body=None if response.status == NOT_MODIFIED else response.body,
        outcome=outcome,
        reason=reason,
    )


def updated(kept: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The headers of a kept page after an answer without bytes (RFC 9111, 3.2)."""
    names = {name.lower() for name in new}
    return _most_of({name: value for name, value in kept.items() if name.lower() not in names} | dict(new))


def capture_of_error(request: Request, error: BaseException) -> Capture:
    """The capture of a request that brought no answer, with the reason in words."""
    refused = isinstance(error, _REFUSALS) and not isinstance(error, PutOff) and str(error) != REDIRECT_LOOP
    return Capture(
        url=request.meta.get(ASKED, request.url),
        final_url=request.url,
        fetched_at=datetime.now(UTC),
        outcome="refused" if refused else "failed",
        reason=reason_of(error),
    )


def tries(request: Request | None) -> int:
    """How often the address was asked for, retries counted."""
    return 1 + int(request.meta.get("retry_times", 0)) if request else 1


def observe_failure(failure: Failure) -> Iterator[Observation]:
    """The errback of every request: what brought no answer is an observation too."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it on every download failure
    error = failure.value or DownloadFailedError("no reason given")
    not_before = error.not_before if isinstance(error, PutOff) else None
    yield Observation(capture=capture_of_error(request, error), tries=tries(request), not_before=not_before)


def lost(url: str, *, now: datetime) -> Capture:
    """The capture of an address that neither an answer nor an error came back for."""
    return Capture(url=url, final_url=url, fetched_at=now, outcome="failed", reason="no answer and no error came back")


def _headers(response: Response) -> dict[str, str]:
    return _most_of(
        {
            name.decode("latin-1"): ", ".join(value.decode("latin-1") for value in values)
            for name, values in response.headers.items()
        }
    )


def _most_of(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields without the longest of them, where they are more than a capture keeps."""
    kept, left = set[str](), MOST_OF_FIELDS
    for name, value in sorted(fields.items(), key=lambda field: len(field[0]) + len(field[1])):
        left -= len(name) + len(value)
        if left < 0:
            break
        kept.add(name)
    return {name: value for name, value in fields.items() if name in kept}


def reason_of(error: BaseException) -> str:
    """Why no answer came, for a person to read."""
    known = next((reason for kind, reason in _REASONS.items() if isinstance(error, kind)), None)
    if known:
        return known
    text = " ".join(str(error).split()) or type(error).__name__
    if broken := _NO_HTTP.search(text):
        return f"the answer is no valid HTTP: {broken[1]}"
    return text[:_LONGEST_REASON]
