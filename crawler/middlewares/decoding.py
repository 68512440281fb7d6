"""Unpacks what came packed, never more than a crawl takes, and takes nothing cut off for whole.

Scrapy's own middleware hands on what it could unpack of a body that breaks off.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Self

import brotli
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import DownloadCancelledError, ResponseDataLossError
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from zstandard import ZstdDecompressor, ZstdError

ACCEPTED = "gzip, deflate, br, zstd"
_PIECE = 65_536
_ZSTD_PIECE = 256
"""Packed bytes unpacked at a time: this library bounds no output, and four bytes can stand for 128 kB."""


class CannotUnpack(ValueError):
    """A body that breaks off or is not what its header says."""


class DecodingMiddleware:
    """Raises ``DownloadCancelledError`` for a body that is too large unpacked, and asks again for a broken one."""

    def __init__(self, spider: Spider, most: int) -> None:
        self._spider, self._most = spider, most

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One with the crawl's limit."""
        if crawler.spider is None:
            raise RuntimeError("there is no spider to ask for pages")
        return cls(crawler.spider, crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Say which packings are understood."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """The answer with its bytes unpacked; one whose packing nobody knows as it is."""
        names = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
        packings = [name.strip() for name in names.split(",") if name.strip() not in ("", "identity")]
        if not packings or not response.body or not set(packings) <= set(_UNPACK):
            return response
        body = response.body
        try:
            for packing in reversed(packings):
                body = unpacked(body, packing, self._most)
        except CannotUnpack as error:
            again = get_retry_request(request, spider=self._spider, reason="broken packing")
            if again:
                return again
            raise ResponseDataLossError(str(error)) from error
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        # As text: the charset is to be told from the bytes that it is about.
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body, headers=headers)


def unpacked(body: bytes, packing: str, most: int) -> bytes:
    """The bytes of a packed body; raises ``CannotUnpack``, ``DownloadCancelledError`` beyond so many bytes.

    >>> unpacked(zlib.compress(b"news"), "deflate", 10)
    b'news'
    """
    whole = bytearray()
    try:
        for piece in _UNPACK[packing](body):
            whole += piece
            if len(whole) > most:
                raise DownloadCancelledError(f"more than {most} bytes when unpacked")
    except (zlib.error, brotli.error, ZstdError) as error:
        raise CannotUnpack(f"it cannot be unpacked as {packing}: {error}") from error
    return bytes(whole)


def _gunzip(body: bytes) -> Iterator[bytes]:
    """All members of a gzip body (RFC 1952, 2.2)."""
    while body:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        yield from _inflated(unpacker, body)
        body = unpacker.unused_data.lstrip(b"\0")


def _inflate(body: bytes) -> Iterator[bytes]:
    """With the frame of zlib, as the standard has it, or without, as some servers send it."""
    has_frame = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0
    yield from _inflated(zlib.decompressobj(zlib.MAX_WBITS if has_frame else -zlib.MAX_WBITS), body)


def _inflated(unpacker: "zlib._Decompress", body: bytes) -> Iterator[bytes]:
    while not unpacker.eof:
        piece = unpacker.decompress(body, _PIECE)
        body = unpacker.unconsumed_tail
        if not piece and not body and not unpacker.eof:
            raise CannotUnpack("it breaks off")
        yield piece


def _unbrotli(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    piece = unpacker.process(body, output_buffer_limit=_PIECE)
    while piece:
        yield piece
        piece = b"" if unpacker.is_finished() else unpacker.process(b"", output_buffer_limit=_PIECE)
    if not unpacker.is_finished():
        raise CannotUnpack("it breaks off")


def _unzstd(body: bytes) -> Iterator[bytes]:
    # Within the window that browsers take (RFC 8878, 3.1.1.1.2); a larger one is a bomb of its own.
    unpacker = ZstdDecompressor(max_window_size=8 * 1024 * 1024).decompressobj()
    for place in range(0, len(body), _ZSTD_PIECE):
        yield unpacker.decompress(body[place : place + _ZSTD_PIECE])
        if unpacker.eof:
            return
    raise CannotUnpack("it breaks off")


_UNPACK: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
