"""Errors of Datasette that are the asker's, with a status that says so; and where there is no page, one of the room."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Request, Response

from archive.web.answers import NotHere
from archive.web.prefix import below
from archive.web.sorry import sorry

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself half loaded
    from datasette.app import Datasette

    from archive.web.room import Room

Answering = Callable[[], Awaitable[Response]]
_ONLY_POST = "POST to a canned query"
_NO_SORT = "Cannot sort table"


def answering(datasette: "Datasette", room: "Room", request: Request, exception: Exception) -> Answering | None:
    """How to answer instead of Datasette; ``None`` where it does that well itself."""
    if told := _of_asker(request, exception):
        from datasette.handle_exception import handle_exception

        answer: Answering = handle_exception(datasette=datasette, request=request, exception=told)
        return answer
    path = below(request.scope, datasette.setting("base_url"))
    if isinstance(exception, NotFound) and path.split("/")[1].partition(".")[0] not in datasette.databases:

        async def not_here() -> Response:
            asked = room.asked(request)
            return await room.shown(sorry(NotHere("sorry.page", path=path), asked), request)

        return not_here
    return None


def _of_asker(request: Request, exception: Exception) -> Any:  # Any: Datasette has no types
    """What Datasette takes for a fault of its own (500), as what was asked wrongly."""
    from datasette.views.base import DatasetteError

    if isinstance(exception, AssertionError) and _ONLY_POST in str(exception):
        return DatasetteError("Nothing is written here", status=405)
    if isinstance(exception, DatasetteError) and exception.status == 500 and _NO_SORT in exception.message:
        return DatasetteError(exception.message, status=400)
    if isinstance(exception, json.JSONDecodeError) and request.query_string:
        return DatasetteError(f"A value of the address should be JSON and is not: {exception}", status=400)
    return None
