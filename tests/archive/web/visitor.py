"""A visitor of the reading room as a web server has it, without the server."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from archive.models import Article
from archive.store import Archive
from archive.web.access.protection import Application
from archive.web.serving import Terms, reading_room
from tests.conftest import article, observation

HASH = "pbkdf2_sha256$1000$5a17$WLSsjK8lpsIoppEedI5KxR2lvfjtKyF4FVpbNTcUSoo="
PASSWORD = "correct horse"
READERS = {"林": HASH, "eva": HASH}


@dataclass(kw_only=True)
class Visitor:
    """Somebody with a browser that keeps cookies, or a program."""

    app: Application
    base: str = "http://localhost:8001"
    address: str = "192.0.2.1"
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def ask(
        self, path: str, method: str = "GET", form: Mapping[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}

        async def asking() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, client=(self.address, 1234))
            async with httpx.AsyncClient(transport=transport, base_url=self.base, cookies=self.cookies) as client:
                answer = await client.request(method, path, data=form, headers=sent)
                self.cookies = client.cookies
                return answer

        return asyncio.run(asking())

    def log_in(self, name: str, password: str = PASSWORD, to: str = "", at: str = "/-/login") -> httpx.Response:
        page = self.ask(at, accept="text/html")
        token = page.text.partition('name="csrftoken" value="')[2].partition('"')[0]
        form = {"name": name, "password": password, "next": to, "csrftoken": token}
        return self.ask(at, "POST", form, accept="text/html")


def written(folder: Path, *pages: Article) -> Path:
    """An archive of some articles, or of one."""
    path = folder / "archive.db"
    with Archive.open(path) as archive:
        archive.record(observation(page, url=page.url) for page in pages or (article(),))
    return path


def visitor(path: Path, **terms: object) -> Visitor:
    return Visitor(app=reading_room(path, Terms(**terms)))  # type: ignore[arg-type]  # by keyword
