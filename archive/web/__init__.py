"""The reading room: a Datasette plugin with pages to search, read, compare and cite an archive.

Datasette finds it by its entry point; beside the pages here, its own tables, JSON and CSV stay as they are. Where none
of the files that it serves is an archive, the plugin keeps out of the way.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from pluggy import HookimplMarker

from archive.web import faults, formats
from archive.web.access import prefix, protection
from archive.web.pages import ROUTES
from archive.web.room import Serving, room_of

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself half loaded
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

hookimpl = HookimplMarker("datasette")

_LONGEST_VALUE = 64_000_000
"""Bytes of a value that SQL may make; SQLite's own bound of 1 GB is one request's share of this machine's memory."""


@hookimpl
def register_routes(datasette: "Datasette") -> Sequence[tuple[str, Serving]]:
    """The pages, where one of the files is an archive."""
    room = room_of(datasette)
    return [(path, room.serving(page)) for path, page in ROUTES.items()] if room else []


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """How times, numbers and what became of words are written."""
    env.filters.update(formats.FILTERS)


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: "Datasette") -> None:
    """What Datasette's own queries of the archive may take."""
    room = room_of(datasette)
    if room and database == room.name:
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)


@hookimpl
def extra_template_vars(request: "Request | None") -> dict[str, Any]:  # Any: what templates use
    """What makes links of Datasette's own templates right below the path of a reverse proxy."""
    return prefix.template_variables(request)


@hookimpl
def asgi_wrapper(datasette: "Datasette") -> Callable[[Any], Any]:  # Any: ASGI applications
    """What browsers may do with the pages."""
    return protection.protected if room_of(datasette) else lambda app: app


@hookimpl(tryfirst=True)
def handle_exception(
    datasette: "Datasette", request: "Request", exception: Exception
) -> "Callable[[], Awaitable[Response]] | None":
    """A sentence for what the asker did wrong; anything else is told as Datasette tells it."""
    room = room_of(datasette)
    return faults.answering(datasette, room, request, exception) if room else None


@hookimpl
def menu_links(datasette: "Datasette") -> Sequence[dict[str, str]]:
    """The way back from Datasette's own pages."""
    return [{"href": datasette.urls.instance(), "label": "要闻 Yaowen"}] if room_of(datasette) else []
