"""What of Datasette is shut where the room is served to readers: pages for its developers, and all that writes."""

from collections.abc import Collection
from urllib.parse import parse_qsl

from archive.web.access.prefix import below
from archive.web.access.protection import Application, Receive, Scope, Send
from archive.web.access.short import moved, sentence

_STATIC = ("/-/static/", "/-/static-plugins/")
_LONGEST_FORM = 10_000
"""Bytes; Datasette reads a whole form before it looks whether it may."""
_TELLS_PATHS = "database_list"
"""The pragma that names the files of a connection; SQL cannot write the word in another way."""


def is_static(path: str) -> bool:
    """Whether a path is that of a style sheet, a script or the icon, which tell nothing of an archive."""
    return path.startswith(_STATIC) or path == "/favicon.ico"


def closed(app: Application, prefix: str, forms: Collection[str] = ()) -> Application:
    """The application without methods that write, and without the pages under ``/-/``, which tell of this machine.

    ``forms`` are paths that may be posted to, and are open although they stand there.
    """

    async def closing(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        path = below(scope, prefix)
        if not path.startswith("/"):  # an address of its own, which a redirect would lead to
            return await sentence(send, 400, "Only paths are asked for here")
        if below(scope, "/") + "/" == prefix:
            return await moved(send, prefix)
        if path.startswith("/-/") and not is_static(path) and path not in forms:
            return await sentence(send, 404, "There is no such page here")
        if scope["method"] not in ("GET", "HEAD") and (refused := _refused(scope, is_form=path in forms)):
            return await sentence(send, *refused)
        if _asks_for_paths(scope):
            return await sentence(send, 403, f"What {_TELLS_PATHS} would tell is no part of the archive")
        return await app(scope, receive, send)

    return closing


def _refused(scope: Scope, *, is_form: bool) -> tuple[int, str, dict[str, str]] | None:
    """Why a request that is no question is not taken."""
    if scope["method"] != "POST" or not is_form:
        return 405, "Nothing is written here", {"allow": "GET, HEAD"}
    length = dict(scope["headers"]).get(b"content-length", b"")
    if not length.isdigit():
        return 411, "A form tells its length", {}
    return (413, "The form is too long", {}) if int(length[:10]) > _LONGEST_FORM else None


def _asks_for_paths(scope: Scope) -> bool:
    given = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    return any(_TELLS_PATHS in value.lower() for name, value in given if name in ("sql", "_where"))
