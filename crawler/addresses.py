"""Which addresses a crawl may connect to: the public ones, and those that the user allowed.

A page can name any address, and so can a name server: the router at 192.168.1.1, the cloud's metadata at
169.254.169.254, a database on this machine. None of them is news.
"""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Self

Ip = IPv4Address | IPv6Address
Host = Ip | str
"""An IP address, or a name in lower case."""

_HOST_PORT = re.compile(r"(?:\[(?P<bracketed>[^\[\]]+)\]|(?P<bare>[^\[\]:/@\s]+)):(?P<port>[0-9]{1,5})")
_NAT64 = IPv6Network("64:ff9b::/96")
# Withdrawn in 2004, and still "global" for Python.
_SITE_LOCAL = IPv6Network("fec0::/10")


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """What the user allowed with ``--allow-address``, besides the public addresses."""

    addresses: frozenset[tuple[Host, int]] = frozenset()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """The addresses of ``HOST:PORT`` texts; ``ValueError`` names the text that is none."""
        return cls(addresses=frozenset(parse_address(text) for text in texts))

    def permits(self, host: Host, port: int) -> bool:
        """Whether the crawl may connect there; a name only when it was allowed, for whom it stands can change."""
        return (host, port) in self.addresses or (not isinstance(host, str) and is_public(host))


def parse_address(text: str) -> tuple[Host, int]:
    """Host and port of a ``HOST:PORT`` text, an IPv6 address in brackets; ``ValueError`` for anything else.

    >>> parse_address("[::1]:8765")
    (IPv6Address('::1'), 8765)
    """
    match = _HOST_PORT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no HOST:PORT, such as localhost:8765, 192.168.1.20:80 or [::1]:8765")
    host, port = read_host(match["bracketed"] or match["bare"]), int(match["port"])
    if match["bracketed"] and isinstance(host, str):
        raise ValueError(f"{text!r} has no IPv6 address in its brackets")
    if not 1 <= port <= 65535:
        raise ValueError(f"{text!r} has no port from 1 to 65535")
    return host, port


def show_address(host: Host, port: int) -> str:
    """``HOST:PORT`` as ``parse_address`` takes it."""
    return f"[{host}]:{port}" if isinstance(host, IPv6Address) else f"{host}:{port}"


def read_host(host: str) -> Host:
    """The IP address that a URL's host stands for in any notation, else the name.

    >>> [str(read_host(host)) for host in ("0x7f.1", "2130706433", "::ffff:127.0.0.1", "Example.COM.")]
    ['127.0.0.1', '127.0.0.1', '127.0.0.1', 'example.com']
    """
    name = host.lower().rstrip(".")
    try:
        ip = ip_address(name)
    except ValueError:
        return _read_old_notation(name) or name
    return (ip.version == 6 and ip.ipv4_mapped) or ip


def _read_old_notation(name: str) -> IPv4Address | None:
    # 127.1, 0x7f000001, 017700000001 and 2130706433: no URL should hold them, yet every C library dials them.
    try:
        return IPv4Address(socket.inet_aton(name))
    except OSError:
        return None


def is_public(ip: Ip) -> bool:
    """Whether the address, or the one that it carries inside, belongs to the open internet."""
    ip = _unwrapped(ip)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip in _SITE_LOCAL)


def _unwrapped(ip: Ip) -> Ip:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour or ip
