"""The door of a room that is open to some: who has no session and no password reads nothing behind it."""

import asyncio
import hmac
import json
import re
import secrets
import time
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from asgi_csrf import asgi_csrf
from datasette.actor_auth_cookie import actor_from_request
from datasette.utils import baseconv
from datasette.utils.asgi import Request, Response
from datasette_auth_passwords.utils import verify_password

from archive.web.access.brake import Brake
from archive.web.access.closing import is_static
from archive.web.access.prefix import below
from archive.web.access.protection import Application, Receive, Scope, Send
from archive.web.access.short import moved, sentence
from archive.web.answers import Page

if TYPE_CHECKING:
    from datasette.app import Datasette

    from archive.web.room import Room

LOGIN = "/-/login"
FORMS = (LOGIN, "/-/logout")
_SESSION = 30 * 24 * 3600
_MOST_KNOWN = 1_000
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f]*")
Actor = dict[str, str]


class Door:
    """Lets readers pass, by the cookie of a login or, for programs, by HTTP Basic (RFC 7617)."""

    def __init__(self, datasette: "Datasette", room: "Room", readers: Mapping[str, str], prefix: str) -> None:
        self._datasette, self._room, self._readers, self._prefix = datasette, room, readers, prefix
        self._brake, self._checking = Brake(), asyncio.Lock()
        self._pepper = secrets.token_bytes(32)
        self._known: dict[bytes, str] = {}
        """Who came with which credentials: a slow hash for each picture and page would stop the room."""

    def guarding(self, app: Application, secret: str) -> Application:
        """The application behind the door."""
        login = asgi_csrf(
            self._login,
            signing_secret=secret,
            cookie_name="ds_csrftoken",
            # Else it lets forms pass that come without any cookie: those of another site, which logs its victims in.
            always_protect={LOGIN, self._prefix.rstrip("/") + LOGIN},
        )

        async def guard(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                return await app(scope, receive, send)
            path = below(scope, self._prefix)
            if path == LOGIN:
                return await login(scope, receive, send)  # type: ignore[no-any-return]  # it has no types
            if is_static(path):
                return await app(_anonymous(scope), receive, send)
            request = Request(scope, receive)
            answer = self._by_cookie(request) or await self._by_password(request)
            if isinstance(answer, str):
                actor = {"id": answer, "key": self._key(answer)}
                return await app({**_anonymous(scope), "actor": actor}, receive, send)
            if answer is None and "text/html" in request.headers.get("accept", ""):
                here = quote(self._prefix.rstrip("/") + path + (f"?{query}" if (query := request.query_string) else ""))
                return await moved(send, f"{self._prefix.rstrip('/')}{LOGIN}?next={here}")
            return await (answer or _NO_PASSWORD).send(request, send)

        return guard

    def _by_cookie(self, request: Request) -> str | None:
        actor = actor_from_request(self._datasette, request)
        if not isinstance(actor, dict) or actor.get("id") not in self._readers:
            return None
        name: str = actor["id"]
        # Who has another password, or is not named any more, has no session any more.
        return name if actor.get("key") == self._key(name) else None

    def _key(self, name: str) -> str:
        return sha256(self._readers[name].encode()).hexdigest()[:16]

    async def _by_password(self, request: Request) -> "str | Refusal | None":
        given = request.headers.get("authorization", "")
        if not given.lower().startswith("basic "):
            return None
        digest = hmac.digest(self._pepper, given.encode(), "sha256")
        if digest not in self._known:
            name, _, password = _decoded(given[6:]).partition(":")
            checked = await self._check(request, name, password)
            if checked is not None:
                return checked
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[digest] = name
        return self._known[digest]

    async def _check(self, request: Request, name: str, password: str) -> "Refusal | None":
        """Nothing, if the password is right."""
        address = (request.scope.get("client") or ("",))[0]
        async with self._checking:  # one at a time: each takes a tenth of a second of a processor
            if wait := self._brake.wait(address, time.monotonic()):
                return Refusal(429, f"Too many wrong passwords; wait {wait} seconds", wait=wait)
            # An unknown name takes as long as a known one, so that names cannot be guessed.
            expected = self._readers.get(name) or next(iter(self._readers.values()))
            is_right = await asyncio.to_thread(verify_password, password, expected) and name in self._readers
            if not is_right:
                self._brake.failed(address, time.monotonic())
                return _NO_PASSWORD
            self._brake.succeeded(address)
            return None

    async def _login(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(_anonymous(scope), receive)
        await self._datasette.invoke_startup()
        given = dict(parse_qsl((await request.post_body()).decode(errors="replace")))
        to = given.get("next") or request.args.get("next") or ""
        to = to if _OWN_PATH.fullmatch(to) and to.startswith(self._prefix) else self._prefix
        refusal = None
        if request.method == "POST":
            name = given.get("name", "").strip()
            refusal = await self._check(request, name, given.get("password", ""))
            if refusal is None:
                return await self._welcome(name, to, send)
        elif self._by_cookie(request):
            return await moved(send, to)
        facts = {"next": to, "name": given.get("name", ""), "refusal": refusal}
        headers = {
            "cache-control": "no-store",
            **({"retry-after": str(refusal.wait)} if refusal and refusal.wait else {}),
        }
        page = Page("login.html", facts, status=refusal.status if refusal else 200, headers=headers)
        return await (await self._room.shown(page, request)).asgi_send(send)  # type: ignore[no-any-return]

    async def _welcome(self, name: str, to: str, send: Send) -> None:
        actor = {"id": name, "key": self._key(name)}
        value = {"a": actor, "e": baseconv.base62.encode(int(time.time()) + _SESSION)}
        response = Response("", status=303, headers={"location": to, "cache-control": "no-store"})
        response.set_cookie("ds_actor", self._datasette.sign(value, "actor"), max_age=_SESSION)
        await response.asgi_send(send)


@dataclass(frozen=True, kw_only=False, slots=True)
class Refusal:
    """Why somebody is not let in."""

    status: int
    text: str
    wait: int = 0
    """Seconds until it makes sense to try again."""

    async def send(self, request: Request, send: Send) -> None:
        """Say so to a program."""
        headers = {"retry-after": str(self.wait)} if self.wait else {}
        # A browser would ask for the password in a window of its own, beside the page that is for it.
        if self.status == 401 and "sec-fetch-mode" not in request.headers:
            headers["www-authenticate"] = 'Basic realm="Yaowen", charset="UTF-8"'
        if not below(request.scope, "/").endswith(".json"):
            return await sentence(send, self.status, self.text, headers)
        body = json.dumps({"ok": False, "error": self.text, "status": self.status})
        return await Response(body, self.status, headers, "application/json; charset=utf-8").asgi_send(send)  # type: ignore[no-any-return]


_NO_PASSWORD = Refusal(401, "This archive is for those who log in")


def _anonymous(scope: Scope) -> dict[str, Any]:  # Any: as ASGI has it
    """The request without credentials, which nobody behind the door looks at again."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"authorization"]}


def _decoded(credentials: str) -> str:
    try:
        return b64decode(credentials, validate=True).decode()
    except (NoBase64, ValueError):
        return ""
