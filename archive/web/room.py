"""The room: it opens the archive for each thread, lets a page answer, and turns what goes wrong into a sentence."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import Request, Response

from archive.errors import ArchiveError, ArchiveUnreadable, is_of_file
from archive.store import Archive
from archive.web.access.protection import STRICT
from archive.web.answers import Answer, Asked, BadValue, Moved, NotHere, Page, Sent, View
from archive.web.language import LANGUAGES, Language, Wording, preferred
from archive.web.sorry import sorry

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself half loaded
    from datasette.app import Datasette

logger = logging.getLogger(__name__)

Serving = Callable[[Request], Awaitable[Response]]

_THREADS = 3
"""In which pages are made. More get in each other's way: with 8, the slowest of a hundred take half as long again."""
_COOKIE = "yaowen_language"
_YEAR = 365 * 24 * 3600


def room_of(served: "Datasette") -> "Room | None":
    """The room of the first of Datasette's files that is an archive; ``None`` where none is."""
    # Each of our hooks asks, and the answer goes with that Datasette.
    if getattr(served, "yaowen_room", None) is None:
        served.yaowen_room = _room_of(served)
    room: Room | None = served.yaowen_room
    return room


def _room_of(served: "Datasette") -> "Room | None":
    for name, database in served.databases.items():
        if database.path:
            try:
                Archive.open(database.path, read_only=True).close()
            except ArchiveError:
                continue
            # With rich installed, Datasette prints every error with all that its functions hold, and fails at some.
            import_module("datasette.handle_exception").rich = None  # type: ignore[attr-defined]  # it has no types
            return Room(served, name, database.path)
    return None


class Room:
    """One archive, as Datasette serves it."""

    def __init__(self, served: "Datasette", name: str, path: str) -> None:
        self._datasette, self.name, self._path = served, name, path
        self._threads, self._of_thread = ThreadPoolExecutor(_THREADS), threading.local()

    def serving(self, make: View) -> Serving:
        """The page as a view of Datasette, for those who may see the archive."""

        async def serve(request: Request) -> Response:
            if request.method not in ("GET", "HEAD"):
                return Response.text("Nothing is written here", status=405, headers={"allow": "GET, HEAD"})
            await self._datasette.ensure_permissions(request.actor, [("view-database", self.name), "view-instance"])
            asked = self.asked(request)
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, make, asked)
            return await self._response(answer, asked, request)

        return serve

    async def shown(self, answer: Answer, request: Request) -> Response:
        """An answer to what was asked elsewhere than at a page of the room, with what every page shows."""
        return await self._response(answer, self.asked(request), request)

    def asked(self, request: Request) -> Asked:
        """What a request asks of a page."""
        prefix = self._datasette.setting("base_url")
        given = parse_qsl(request.query_string, errors="replace")
        path = request.scope.get("raw_path", request.path.encode()).decode("ascii", "replace").partition("?")[0]
        return Asked(
            path="/" + path.removeprefix(prefix).removeprefix("/"),
            parts={name: value for name, value in request.url_vars.items() if value is not None},
            values={name: value.strip() for name, value in reversed(given) if value.strip()},
            query_string=request.query_string,
            headers=request.headers,
            wording=Wording(_language(request)),
            now=datetime.now(UTC),
            prefix=prefix,
            origin=f"{request.scheme}://{request.host}",
            tables=self._datasette.urls.database(self.name),
        )

    def _answer(self, make: View, asked: Asked) -> Answer:
        try:
            return make(self._archive(), asked)
        except (ArchiveError, BadValue, NotHere) as error:
            return sorry(error, asked)
        except sqlite3.DatabaseError as error:
            if not is_of_file(error):
                raise
            logger.error("%s: %s", self._path, error)
            del self._of_thread.archive  # the next page opens it anew: somebody may have put it right
            return sorry(ArchiveUnreadable(self._path, str(error)), asked)

    def _archive(self) -> Archive:
        if not hasattr(self._of_thread, "archive"):
            self._of_thread.archive = Archive.open(self._path, read_only=True)
        archive: Archive = self._of_thread.archive
        return archive

    async def _response(self, answer: Answer, asked: Asked, request: Request) -> Response:
        headers = {"content-security-policy": STRICT, **answer.headers}
        match answer:
            case Moved(to=to):
                response = Response("", status=302, headers={**headers, "location": to})
            case Sent(body=body, content_type=content_type, status=status):
                response = Response(body, status=status, headers=headers, content_type=content_type)
            case Page(template=template, facts=facts, status=status):
                shown = await self._datasette.render_template(
                    template, {**self._surroundings(asked), **facts}, request=request
                )
                headers |= {"content-language": asked.wording.tag, "vary": "Accept-Language"}
                response = Response.html(shown, status=status, headers=headers)
        if asked.values.get("lang") == asked.wording.language:
            response.set_cookie(_COOKIE, asked.wording.language, max_age=_YEAR, path=asked.prefix)
        return response

    def _surroundings(self, asked: Asked) -> dict[str, Any]:  # Any: what templates show
        """What every page shows."""
        others = [(name, value) for name, value in parse_qsl(asked.query_string) if name != "lang"]
        return {
            "t": asked.wording,
            "at": asked.at,
            "path": asked.path,
            "languages": {
                language: f"{asked.at(asked.path)}?{urlencode([*others, ('lang', language)])}" for language in LANGUAGES
            },
            "tables": asked.tables,
            "static": partial(self._datasette.urls.static_plugins, "yaowen"),
        }


def _language(request: Request) -> Language:
    """That of the address, else the one chosen before, else the browser's."""
    chosen = (request.args.get("lang"), request.cookies.get(_COOKIE))
    known = [language for language in LANGUAGES for one in chosen if one == language]
    return known[0] if known else preferred(request.headers.get("accept-language", ""))
