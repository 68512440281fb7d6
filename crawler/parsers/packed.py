"""Lists that come packed as gzip files: sitemap.xml.gz."""

import zlib
from gzip import BadGzipFile, GzipFile
from io import BytesIO

from crawler.errors import ParseError

MAGIC = b"\x1f\x8b"
"""How a gzip file begins (RFC 1952)."""
MOST_UNPACKED = 50 * 1024 * 1024
"""Bytes of a sitemap that the protocol of sitemaps.org allows; a few kilobytes can unpack to a thousand times that."""


def unpack(body: bytes, url: str) -> bytes:
    """The bytes in a gzip file; raises ``ParseError`` where they are too many or cut off."""
    try:
        with GzipFile(fileobj=BytesIO(body)) as packed:
            unpacked = packed.read(MOST_UNPACKED + 1)
    except (BadGzipFile, EOFError, zlib.error) as error:
        raise ParseError("the packed file is broken or cut off", url=url) from error
    if len(unpacked) > MOST_UNPACKED:
        raise ParseError(f"it unpacks to more than {MOST_UNPACKED // 1024**2} MB", url=url)
    return unpacked
