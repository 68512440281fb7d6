"""The reading room in a real browser: served as its user serves it, and looked at as he looks."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

from crawler.browser import NAMES

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@contextmanager
def served(path: Path, *options: str) -> Iterator[str]:
    """The address of the reading room of an archive, without the slash at its end."""
    command = [sys.executable, "-m", "datasette", str(path), "-p", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "http://" in line:
                break
        try:
            yield "http://" + line.partition("http://")[2].split()[0]
        finally:
            process.terminate()
            process.stderr.read()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own browser."""
    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, and all that went wrong on it."""

    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)
    """Errors on the console, dialogs, and requests to any other place."""

    def go(self, path: str, status: int = 200) -> None:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"

    def says(self, message: ConsoleMessage) -> None:
        # That the page itself was not found is what an error page is about.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.wrong.append(message.text)

    def asks(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:")):
            self.wrong.append(f"asked for {request.url}")

    def is_asked(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    @property
    def is_too_wide(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def barriers(self) -> list[str]:
        """What keeps people out, as axe-core finds it: what is serious, and where."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


@contextmanager
def watched(browser: Browser, base: str, **options: Any) -> Iterator[Watched]:
    """A new page; it has to end without anything wrong."""
    context = browser.new_context(**{"locale": "en-US", **options})
    seen = Watched(context.new_page(), base)
    seen.page.on("console", seen.says)
    seen.page.on("pageerror", lambda error: seen.wrong.append(str(error)))
    seen.page.on("dialog", seen.is_asked)
    seen.page.on("request", seen.asks)
    yield seen
    context.close()
    assert seen.wrong == [], seen.wrong
