"""The reading room as an application for a web server: Datasette with the archive, and what stands before it."""

import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from archive.errors import ArchiveError
from archive.store import Archive
from archive.web.access import closing, cookies, hosts, prefix, protection
from archive.web.access.door import FORMS, Door
from archive.web.access.protection import Application, Receive, Scope, Send
from archive.web.room import room_of

_SETTINGS = {
    "allow_download": False,  # the file may be written to meanwhile; `yaowen backup` copies it whole
    "num_sql_threads": 8,  # of Datasette's own pages: a slow question must not stop all others
    "sql_time_limit_ms": 1_000,
    "facet_suggest_time_limit_ms": 20,  # tried on each column of each table page
    "max_returned_rows": 1_000,
    "max_csv_mb": 100,
}

_TABLES = "tables"
"""The path of Datasette's own pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """On which terms the room is open."""

    prefix: str = "/"
    """The path below which a reverse proxy has it."""
    readers: Mapping[str, str] = field(default_factory=dict)
    """Name -> hash of the password; nobody has to log in where there is none."""
    hosts: Collection[str] | None = None
    """The names by which it may be reached besides those of this machine; ``None`` for any."""
    sql: bool = True
    """Whether readers may ask in SQL."""


def leave_out_other_plugins() -> None:
    """Have Datasette, in this process, ask no plugin but this one: others that are installed may open pages too."""
    for plugin, distribution in pm.list_plugin_distinfo():
        if distribution.metadata["name"] != "yaowen":
            pm.unregister(plugin)
    # It prints where it happened, whatever another plugin answers; ours asks it where there is something to print.
    pm.unregister(name="datasette.handle_exception")


def reading_room(path: Path, terms: Terms) -> Application:
    """The application; it goes over to another archive that takes the place of the file.

    Raises ``ArchiveUnreadable``, and ``ArchiveTooNew`` for one of a later version.
    """
    return _Current(path, terms).answer


class _Current:
    """The application of the file that stands at a path now."""

    def __init__(self, path: Path, terms: Terms) -> None:
        self._path, self._terms = path, terms
        self._secret = os.environ.get("DATASETTE_SECRET") or secrets.token_hex(32)
        self._file = _identity(path)
        self._app = _application(path, terms, self._secret)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._look()
        await self._app(scope, receive, send)

    def _look(self) -> None:
        file = _identity(self._path)
        if file in (None, self._file):
            return  # while there is none, what is open stays readable
        self._file = file
        try:
            self._app = _application(self._path, self._terms, self._secret)
        except ArchiveError:
            return  # so it does where the new one is no archive


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _application(path: Path, terms: Terms, secret: str) -> Application:
    Archive.open(path, read_only=True).close()
    served = Datasette(
        [],
        settings={**_SETTINGS, "default_allow_sql": terms.sql, "base_url": terms.prefix},
        metadata=_metadata(terms),
        secret=secret,
    )
    served.remove_database("_memory")
    # Not the name of the file: that could be the one of a page, or of the prefix.
    served.add_database(Database(served, path=str(path), is_mutable=True), name=_TABLES)
    app: Application = prefix.without(served.app(), terms.prefix)
    if terms.readers:
        room = room_of(served)
        assert room is not None  # noqa: S101 - it was opened above
        app = Door(served, room, terms.readers, terms.prefix).guarding(app, secret)
    app = closing.closed(app, terms.prefix, FORMS if terms.readers else ())
    if terms.hosts is not None:
        app = hosts.named(app, terms.hosts)
    return protection.protected(cookies.kept(app, terms.prefix))


def _metadata(terms: Terms) -> dict[str, Any]:  # Any: as Datasette has it
    """Datasette's own permissions say the same as the door."""
    return {"title": "要闻 Yaowen", **({"allow": {"id": list(terms.readers)}} if terms.readers else {})}
