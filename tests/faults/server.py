"""A server that does to a crawl whatever servers do, on plain sockets: no library would send half of this."""

import gzip
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache

import brotli
import zstandard

GOOD = 8
"""Articles that are to be stored, whatever stands beside them."""
_TEXT = "苏州的运河边上，书店今天开门，来的人很多，大家都说好。店里有三千本书，还有一张长桌子。"
_BOMB = 256 * 1024 * 1024

Answer = Callable[[socket.socket, int], None]
"""Sends what it likes on a connection; the number says how often the path was asked for before."""


def article(number: int, encoding: str = "utf-8", charset: str = "utf-8") -> bytes:
    """A page that reads as an article."""
    return (
        f'<html lang="zh"><meta charset="{charset}"><title>第{number}家书店</title><h1>运河边开了第{number}家书店</h1>'
        f"<p>2025年06月10日09:12:40 本地 阅读:{number}0</p>" + f"<p>{_TEXT}</p>" * 4
    ).encode(encoding)


def front_page(articles: int, head: str = "") -> bytes:
    """A page that reads as a list of so many articles."""
    numbers = range(articles)
    links = "".join(f'<li><a href="/a/{number}">运河边开了第{number}家书店，人很多</a></li>' for number in numbers)
    return f'<html lang="zh">{head}<title>本地新闻</title><h1>本地新闻</h1><ul>{links}</ul></html>'.encode()


def head(status: str = "200 OK", *, length: int | None = None, fields: Sequence[str] = ()) -> bytes:
    """The head of an answer; one without a length ends with the connection."""
    sent = ["Connection: close", *fields]
    if not any(field.startswith("Content-Type:") for field in fields):
        sent.append("Content-Type: text/html; charset=utf-8")
    if length is not None:
        sent.append(f"Content-Length: {length}")
    return "\r\n".join([f"HTTP/1.1 {status}", *sent, "", ""]).encode()


def whole(body: bytes, status: str = "200 OK", *fields: str) -> Answer:
    return lambda connection, _: connection.sendall(head(status, length=len(body), fields=fields) + body)


def raw(*pieces: bytes) -> Answer:
    """These bytes, then the end."""

    def answer(connection: socket.socket, asked: int) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return answer


def reset(*pieces: bytes) -> Answer:
    """These bytes, then a reset in place of an end."""

    def answer(connection: socket.socket, asked: int) -> None:
        raw(*pieces)(connection, asked)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return answer


def silent(*pieces: bytes) -> Answer:
    """These bytes, then nothing until the other side gives up."""

    def answer(connection: socket.socket, asked: int) -> None:
        raw(*pieces)(connection, asked)
        connection.recv(1)

    return answer


def dripping(first: bytes, drop: bytes) -> Answer:
    """A byte now and then, for ever."""

    def answer(connection: socket.socket, asked: int) -> None:
        connection.sendall(first)
        connection.settimeout(0.2)
        while True:
            connection.sendall(drop)
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return

    return answer


def endless(first: bytes, piece: bytes) -> Answer:
    def answer(connection: socket.socket, asked: int) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(piece)

    return answer


def at_last(*answers: Answer) -> Answer:
    """One answer after the other, the last one from then on."""
    return lambda connection, asked: answers[min(asked, len(answers) - 1)](connection, asked)


def chunks(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def packed(name: str, body: bytes) -> Answer:
    return whole(body, "200 OK", f"Content-Encoding: {name}")


@cache
def gzip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(b"\0" * 1024 * 1024) for _ in range(size // 1024**2)]
    return b"".join(pieces) + packer.flush()


def zstd_bomb(size: int) -> bytes:
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    pieces = [packer.compress(b"\0" * 1024 * 1024) for _ in range(size // 1024**2)]
    return b"".join(pieces) + packer.flush()


def brotli_bomb(size: int) -> bytes:
    packer = brotli.Compressor(quality=5)
    pieces = [packer.process(b"\0" * 1024 * 1024) for _ in range(size // 1024**2)]
    return b"".join(pieces) + bytes(packer.finish())


PAGE = article(0)
CHUNKED = head(fields=("Transfer-Encoding: chunked",))

ANSWERS: dict[str, Answer] = {
    "/robots.txt": whole(b"User-agent: *\nDisallow: /private\n"),
    "/private": whole(PAGE),
    **{f"/a/{number}": whole(article(number)) for number in range(1, GOOD + 1)},
    **{f"/status/{status}": whole(b"oops", f"{status} X") for status in (400, 401, 403, 404, 410, 418, 451, 500, 502)},
    "/status/999": whole(b"oops", "999 Request denied"),
    "/flaky": at_last(whole(b"oops", "500 X"), whole(PAGE)),
    "/flaky-reset": at_last(reset(), whole(PAGE)),
    "/never": silent(),
    "/drip": dripping(head(length=10_000), b"x"),
    "/drip-head": dripping(b"HTTP/1.1 200 OK\r\nX-A: ", b"x"),
    "/stall": silent(head(length=len(PAGE)), PAGE[:300]),
    "/truncated": raw(head(length=len(PAGE) + 500), PAGE),
    "/longer": raw(head(length=300) + PAGE),  # in one piece: what comes later, no client can know of
    "/two-lengths": raw(head(length=300, fields=(f"Content-Length: {len(PAGE)}",)), PAGE),
    "/no-length": raw(head(), PAGE),
    "/wrong-length": raw(head(fields=("Content-Length: many",)), PAGE),
    "/negative-length": raw(head(length=-5), PAGE),
    "/chunked": raw(CHUNKED, chunks(PAGE[:100], PAGE[100:]), b"0\r\n\r\n"),
    "/chunks-cut": raw(CHUNKED, chunks(PAGE[:100])),
    "/chunks-broken": raw(CHUNKED, b"zz\r\n" + PAGE),
    "/reset": reset(),
    "/reset-body": reset(head(length=len(PAGE)), PAGE[:300]),
    "/garbage": raw(b"\x00\x01\x02 not http at all\r\n\r\n" * 20),
    "/nothing": raw(),
    "/endless-head": endless(b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 4_000 + b"\r\n"),
    "/endless-body": endless(head(), b"<p>lamp</p>" * 1_000),
    "/self": whole(b"", "302 Found", "Location: /self"),
    "/ping": whole(b"", "302 Found", "Location: /pong"),
    "/pong": whole(b"", "302 Found", "Location: /ping"),
    "/further": whole(b"", "302 Found", "Location: /further"),
    "/to-ftp": whole(b"", "302 Found", "Location: ftp://news.example/a"),
    "/to-file": whole(b"", "302 Found", "Location: file:///etc/hosts"),
    "/to-nowhere": whole(b"", "302 Found"),
    "/to-broken": whole(b"", "302 Found", "Location: http://[x"),
    "/to-metadata": whole(b"", "302 Found", "Location: http://169.254.169.254/latest/meta-data/"),
    "/to-article": whole(b"", "301 Moved", "Location: /a/1"),
    "/206": whole(PAGE[:400], "206 Partial Content", "Content-Range: bytes 0-399/5000"),
    "/204": raw(head("204 No Content")),
    "/soft-404": whole("<title>页面不存在</title><p>抱歉，您访问的页面不存在</p>".encode()),
    "/bot-check": whole(
        b"<html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies to continue"
        b'</noscript><form id="challenge-form" action="/?__cf_chl_f_tk=1"></form></body></html>'
    ),
    "/gzip": packed("gzip", gzip.compress(PAGE)),
    "/gzip-cut": packed("gzip", gzip.compress(PAGE)[:-30]),
    "/gzip-not": packed("gzip", PAGE),
    "/br": packed("br", brotli.compress(PAGE)),
    "/br-cut": packed("br", brotli.compress(PAGE)[:-30]),
    "/zstd": packed("zstd", zstandard.ZstdCompressor().compress(PAGE)),
    "/zstd-cut": packed("zstd", zstandard.ZstdCompressor().compress(PAGE)[:-30]),
    "/packed-twice": packed("gzip, br", brotli.compress(gzip.compress(PAGE))),
    "/gzip-bomb": packed("gzip", gzip_bomb(_BOMB)),
    "/br-bomb": packed("br", brotli_bomb(_BOMB)),
    "/zstd-bomb": packed("zstd", zstd_bomb(_BOMB)),
    "/nested-bomb": packed("gzip, gzip", gzip.compress(gzip_bomb(_BOMB))),
    "/64mb": whole(b"<p>" + b"lamp " * (64 * 1024 * 1024 // 5)),
    "/gbk-as-utf8": whole(article(0, "gbk", "utf-8"), "200 OK"),
    "/nul": whole(PAGE.replace("书店".encode(), "书\0店".encode())),
    "/same": whole(article(1)),
    "/latin-reason": raw(b"HTTP/1.1 200 \xe9\xff OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE), PAGE),
    "/many-attributes": whole(b"<p " + b" ".join(b'a%d="1"' % number for number in range(200_000)) + b">" + PAGE),
    "/deep": whole(b"<div>" * 100_000 + PAGE),
}


class FaultyServer:
    """Answers on loopback; ``asked`` counts each path, ``moments`` and ``heads`` are those of all requests.

    ``connections`` counts those that were opened, whether anything was asked on them or not.
    """

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers
        self.asked: dict[str, int] = {}
        self.moments: list[float] = []
        self.heads: list[str] = []
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            asked = b""
            while b"\r\n\r\n" not in asked:
                piece = connection.recv(65_536)
                if not piece:
                    return
                asked += piece
            path = asked.split(b" ")[1].decode()
            self.moments.append(time.monotonic())
            self.heads.append(asked.decode("latin-1"))
            times = self.asked.get(path, 0)
            self.asked[path] = times + 1
            missing = whole(b"not here", "404 Not Found")
            self.answers.get(path, missing)(connection, times)
            with suppress(OSError):
                connection.shutdown(socket.SHUT_WR)


@contextmanager
def serving(answers: Mapping[str, Answer]) -> Iterator[FaultyServer]:
    server = FaultyServer(answers)
    try:
        yield server
    finally:
        server.close()
