"""Lead images: small pictures of one colour, made in code."""

import hashlib
import struct
import zlib

WIDTH, HEIGHT = 160, 90


def picture(name: str) -> bytes:
    """A PNG of 160 by 90 pixels whose colour follows from the name."""
    colour = hashlib.sha256(name.encode()).digest()[:3]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits a channel, RGB
    rows = (b"\0" + colour * WIDTH) * HEIGHT
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
