"""The path below which a reverse proxy has the room.

Datasette makes its links from the path of the request, to most of which it adds ``base_url`` and to some not. Below it
the path stands without the prefix, so that most are right, and the others are put right here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from datasette.utils import PrefixedUrlString, path_with_replaced_args

from archive.web.access.protection import Application, Message, Receive, Scope, Send

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself half loaded
    from datasette.utils.asgi import Request

_MARK = "yaowen_prefix"


def below(scope: Mapping[str, Any], prefix: str) -> str:  # Any: as ASGI has it
    """The path, still percent-encoded, whether or not the proxy took the prefix away.

    >>> below({"path": "/a b", "raw_path": b"/archive/a%20b?c"}, "/archive/"), below({"path": "/x"}, "/archive/")
    ('/a%20b', '/x')
    """
    raw = scope.get("raw_path") or scope["path"].encode()
    path: str = raw.decode("ascii", "replace").partition("?")[0]
    return "/" + path.removeprefix(prefix) if prefix != "/" and path.startswith(prefix) else path


def without(app: Application, prefix: str) -> Application:
    """The application for paths below the prefix; its redirects lead there."""
    if prefix == "/":
        return app

    async def taking_away(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        path = below(scope, prefix)
        # Datasette takes one away too, where there seems to be one.
        shown = prefix.rstrip("/") + path if path.startswith(prefix) else path
        scope = {**scope, "raw_path": shown.encode(), "path": shown, _MARK: prefix}

        async def send_with_prefix(message: Message) -> None:
            if message["type"] == "http.response.start" and 300 <= message["status"] < 400:
                message = {**message, "headers": [_led(header, path, prefix) for header in message["headers"]]}
            await send(message)

        return await app(scope, receive, send_with_prefix)

    return taking_away


def _led(header: tuple[bytes, bytes], path: str, prefix: str) -> tuple[bytes, bytes]:
    """A redirect to the same path as Datasette writes it: without the slash at its end, or in its own encoding."""
    name, value = header
    own = path.replace("~", "~7E").replace("%", "~").replace(".", "~2E")
    is_raw = value.decode("latin-1").partition("?")[0] in (path.rstrip("/"), own)
    return (name, prefix.rstrip("/").encode() + value) if name.lower() == b"location" and is_raw else header


def template_variables(request: "Request | None") -> dict[str, Any]:  # Any: what templates use
    """What Datasette's templates make links of without ``base_url``."""
    if request is None or _MARK not in request.scope:
        return {}
    before = request.scope[_MARK].rstrip("/")

    def replaced(*arguments: Any, **named: Any) -> PrefixedUrlString:
        return PrefixedUrlString(before + path_with_replaced_args(*arguments, **named))

    hidden = None if "_hide_sql" in request.args else 1
    return {
        "path_with_replaced_args": replaced,
        "show_hide_link": before + path_with_replaced_args(request, {"_hide_sql": hidden}),
    }
