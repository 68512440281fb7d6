"""Errors of Datasette that are the asker's, with a status that says so; and where there is no page, one of the room."""

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Request, Response

from archive.web.access.prefix import below
from archive.web.answers import NotHere
from archive.web.sorry import sorry

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself half loaded
    from datasette.app import Datasette

    from archive.web.room import Room

logger = logging.getLogger(__name__)

Answering = Callable[[], Awaitable[Response]]
_ONLY_POST = "POST to a canned query"
_NO_SORT = "Cannot sort table"
_STUMBLES = (ValueError, KeyError, TypeError, OverflowError, sqlite3.ProgrammingError)
"""What comes out of Datasette where a value of the address is no number, no JSON, or JSON of another shape."""


def answering(datasette: "Datasette", room: "Room", request: Request, exception: Exception) -> Answering:
    """How to answer: as Datasette does, but for what is no fault of its own."""
    path = below(request.scope, datasette.setting("base_url"))
    if path.split("/")[1].partition(".")[0] in datasette.databases:
        return _as_datasette(datasette, request, _of_asker(request, exception) or exception)
    if not isinstance(exception, NotFound):
        return _as_datasette(datasette, request, exception)

    async def not_here() -> Response:
        return await room.shown(sorry(NotHere("sorry.page", path=path), room.asked(request)), request)

    return not_here


def _as_datasette(datasette: "Datasette", request: Request, told: Exception) -> Answering:
    from datasette.handle_exception import handle_exception

    answer: Answering = handle_exception(datasette=datasette, request=request, exception=told)
    return answer


def _of_asker(request: Request, exception: Exception) -> Any:  # Any: Datasette has no types
    """What Datasette takes for a fault of its own (500), as what was asked wrongly."""
    from datasette.views.base import DatasetteError

    if isinstance(exception, AssertionError) and _ONLY_POST in str(exception):
        return DatasetteError("Nothing is written here", status=405)
    if isinstance(exception, DatasetteError) and exception.status == 500 and _NO_SORT in exception.message:
        return DatasetteError(exception.message, status=400)
    if isinstance(exception, _STUMBLES) and request.query_string:
        logger.info("%s?%s: %r", request.path, request.query_string, exception)
        return DatasetteError(f"The address has a value that cannot be used: {exception}", status=400)
    return None
