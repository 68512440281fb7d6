"""What browsers may do with what the room sends: no page loads, runs or sends anything of another place."""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

Scope = MutableMapping[str, Any]  # Any: as ASGI has it
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_COMMON = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; frame-src 'self'"
STRICT = f"{_COMMON}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
"""Of the pages of the room: nothing that stands in a page itself is run."""
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_POLICY = b"content-security-policy"

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_OF_SETTING = re.compile(r"{{ *datasette_allow_facet *}}")


def protected(app: Application) -> Application:
    """The application with these headers on every answer; a policy that a page gives itself stays."""
    added = {_POLICY: of_datasette().encode(), **_HEADERS}

    async def protecting(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                given = {name.lower() for name, _ in headers}
                headers += [(name, value) for name, value in added.items() if name not in given]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_with_headers)

    return protecting


@cache
def of_datasette() -> str:
    """The policy of Datasette's own pages: of the scripts that stand in them only those of its templates are run.

    Its styles stand in attributes too, which no hash can name, so those are open.
    """
    hashes = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in _scripts())
    return (
        f"{_COMMON}; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
        " connect-src 'self'"
    )


def _scripts() -> Iterator[str]:
    """The scripts in the templates of the Datasette that is installed, as its pages have them."""
    for template in sorted(files("datasette").joinpath("templates").iterdir(), key=lambda found: found.name):
        for script in _SCRIPT.findall(template.read_text("utf-8")):
            yield from sorted({_OF_SETTING.sub(value, script) for value in ("true", "false")})
