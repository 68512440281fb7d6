"""The names by which the room may be reached.

Whoever makes a name of their own lead to this machine (DNS rebinding) has browsers here read the room for them: the
browser takes it for a page of theirs. It still sends that name along.
"""

import re
from collections.abc import Collection
from ipaddress import ip_address

from archive.web.access.protection import Application, Receive, Scope, Send
from archive.web.access.short import sentence

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:@/\s]+)(?::\d{1,5})?", re.IGNORECASE)
_MISDIRECTED = 421


def is_loopback(name: str) -> bool:
    """Whether a name or address can mean this machine only.

    >>> [is_loopback(name) for name in ("localhost", "127.0.0.9", "[::1]", "::1", "10.0.0.1", "localhost.example")]
    [True, True, True, True, False, False]
    """
    try:
        return name.lower().rstrip(".") == "localhost" or ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def name_of(host: str) -> str:
    """The name in a ``Host`` header, without the port; empty where there is none.

    >>> name_of("Archive.example:8001"), name_of("[::1]:8001"), name_of("a@b")
    ('archive.example', '[::1]', '')
    """
    found = _HOST.fullmatch(host)
    return found["name"].lower().rstrip(".") if found else ""


def named(app: Application, allowed: Collection[str]) -> Application:
    """The application for requests that name this machine or one of these hosts; 421 (RFC 9110) for all others."""
    names = {name_of(name) for name in allowed}

    async def checking(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
            name = name_of(hosts[0]) if len(hosts) == 1 else ""
            if not is_loopback(name) and name not in names:
                text = f"The reading room is not reached by the name {name or '(none)'}; --allow-host NAME allows one"
                await sentence(send, _MISDIRECTED, text)
                return
        await app(scope, receive, send)

    return checking
