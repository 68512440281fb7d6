"""The path of a request below the prefix of a reverse proxy."""

from collections.abc import Mapping
from typing import Any


def below(scope: Mapping[str, Any], prefix: str) -> str:  # Any: as ASGI has it
    """The path, still percent-encoded, whether or not the proxy took the prefix away; as Datasette finds it.

    >>> below({"path": "/a b", "raw_path": b"/archive/a%20b?c"}, "/archive/"), below({"path": "/x"}, "/archive/")
    ('/a%20b', '/x')
    """
    raw = scope.get("raw_path") or scope["path"].encode()
    path: str = raw.decode("ascii", "replace").partition("?")[0]
    return "/" + path.removeprefix(prefix) if prefix != "/" and path.startswith(prefix) else path
