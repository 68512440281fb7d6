"""From a response to a reading."""

from datetime import UTC, datetime

from scrapy.http import Response

from archive.models import Page
from crawler.errors import ParseError
from crawler.parsers import read_page

_MARKUP = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")


def read_response(response: Response) -> Page:
    """What the page says. Raises ``ParseError`` for anything that is no page or says nothing."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type and media_type not in _MARKUP:
        raise ParseError(f"no page but {media_type}", url=response.url)
    return read_page(response.body, response.url, content_type=content_type or None, fetched_at=datetime.now(UTC))
