"""The reading room: a Datasette plugin with pages to search, read, compare and cite an archive.

Datasette finds it by its entry point; beside the pages here, its own tables, JSON and CSV stay as they are.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from pluggy import HookimplMarker

from archive.web import formats, protection
from archive.web.pages import ROUTES
from archive.web.room import Serving, room_of

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself half loaded
    from datasette.app import Datasette

hookimpl = HookimplMarker("datasette")


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
def asgi_wrapper(datasette: "Datasette") -> Callable[[Any], Any]:  # Any: ASGI applications
    """What browsers may do with the pages."""
    return protection.protected


@hookimpl
def menu_links(datasette: "Datasette") -> Sequence[dict[str, str]]:
    """The way back from Datasette's own pages."""
    return [{"href": datasette.urls.instance(), "label": "要闻 Yaowen"}]
