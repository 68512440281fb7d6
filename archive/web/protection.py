"""What browsers may do with what the room sends: no page loads, runs or sends anything of another place."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]  # Any: as ASGI has it
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_COMMON = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; frame-src 'self'"
STRICT = f"{_COMMON}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
"""Of the pages of the room: nothing that stands in a page itself is run."""
_DATASETTES = (
    f"{_COMMON}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'"
)
"""Of Datasette's own pages: its templates have scripts and styles in them."""
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
_POLICY = b"content-security-policy"


def protected(app: Application) -> Application:
    """The application with these headers on every answer; a policy that a page gives itself stays."""

    async def protecting(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                given = {name.lower() for name, _ in headers}
                added = {_POLICY: _DATASETTES.encode(), **_HEADERS}
                headers += [(name, value) for name, value in added.items() if name not in given]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_with_headers)

    return protecting
