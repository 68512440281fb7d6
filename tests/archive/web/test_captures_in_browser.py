"""A page that does all it can to run, to load and to lead away, shown by the room in a real browser."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server, socket
from threading import Thread

import pytest
import uvicorn
from datasette.app import Datasette

from archive.store import Archive
from tests.conftest import observation

pytest.importorskip("playwright", reason="the extra javascript is not installed")

from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from crawler.browser import NAMES

if not any(map(shutil.which, NAMES)):
    pytest.skip("there is no Chromium on the PATH", allow_module_level=True)

URL = "https://hostile.example/"
CLICKS = ("top", "blank", "plain", "here", "script", "data", "mapped", "send", "submit", "run")
HOSTILE = """
<!doctype html><html manifest="http://{other}/manifest"><head><meta charset=utf-8><title>Hostile</title>
<base href="http://{other}/base/" target=_top>
<meta http-equiv=refresh content="0; url=http://{other}/refresh">
<meta http-equiv="content-security-policy" content="default-src *; script-src * 'unsafe-inline'">
<meta http-equiv=x-dns-prefetch-control content=on>
<link rel=stylesheet href="http://{other}/style.css"><link rel=icon href="http://{other}/icon">
<link rel=preconnect href="http://{other}"><link rel=dns-prefetch href="http://{other}">
<link rel=prefetch href="http://{other}/prefetch"><link rel=preload as=image href="http://{other}/preload">
<link rel=modulepreload href="http://{other}/module"><link rel=manifest href="http://{other}/app">
<link rel=prerender href="http://{other}/prerender">
<style>@import url(http://{other}/import.css); @font-face {{ font-family: x; src: url(http://{other}/font) }}
body {{ background: url(http://{other}/background); font-family: x; cursor: url(http://{other}/cursor), auto }}
a {{ display: block }} p::before {{ content: url(http://{other}/content) }}</style>
<script>alert("inline"); parent.document.title = top.document.title = "taken"; top.location = "http://{other}/top"</script>
<script src="http://{other}/script.js"></script>
<script type=speculationrules>{{"prefetch": [{{"source": "list", "urls": ["http://{other}/speculated"]}}]}}</script>
</head><body onload="alert('load')" background="http://{other}/body">
<p>A page.</p>
<a id=top target=_top href="http://{other}/link">top</a><a id=blank target=_blank href="http://{other}/blank">blank</a>
<a id=plain href="http://{other}/plain">plain</a>
<a id=here target=_self ping="http://{other}/ping" href="http://{other}/here">here</a>
<a id=script target=_self href="javascript:alert('link')">script</a>
<a id=data target=_self href="data:text/html,<script>alert('data')</script>">data</a>
<map name=m><area shape=default href="http://{other}/area"></map>
<img id=mapped usemap="#m" width=40 height=40 src="http://{other}/img"
srcset="http://{other}/srcset 2x" onerror="alert('img')">
<svg width=20 height=20 onload="alert('svg')"><script>alert("in svg")</script><image href="http://{other}/svg-image"/>
<use href="http://{other}/use#x"/><foreignObject><iframe src="http://{other}/foreign"></iframe></foreignObject></svg>
<iframe src="http://{other}/frame"></iframe><iframe srcdoc="<script>alert('srcdoc')</script>"></iframe>
<object data="http://{other}/object"></object><embed src="http://{other}/embed">
<video src="http://{other}/video" poster="http://{other}/poster"></video>
<audio src="http://{other}/audio" autoplay></audio>
<details ontoggle="alert('toggle')" open>x</details><input autofocus onfocus="alert('focus')">
<form action="http://{other}/form" target=_top><input name=x>
<input id=send type=image src="http://{other}/button" width=40 height=40>
<button id=submit>Send</button></form>
<form action="javascript:alert('form')"><button id=run>Run</button></form>
</body></html>
"""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[object]]]:
    """A place that nothing may reach: its address, and who came all the same."""
    came: list[object] = []

    def listen(server: socket) -> None:
        while True:
            try:
                connection, address = server.accept()
            except OSError:
                return
            with connection:
                came.append(address)

    with create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=listen, args=[server], daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", came


@contextmanager
def served(path: Path) -> Iterator[str]:
    """The room on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(Datasette([str(path)]).app(), port=0, log_level="critical"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def base(tmp_path: Path, listener: tuple[str, list[object]]) -> Iterator[str]:
    body = HOSTILE.format(other=listener[0]).encode()
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(url=URL, final_url=URL, body=body, headers={"Content-Type": "text/html"})])
    with served(tmp_path / "archive.db") as address:
        yield address


def opened(browser: Browser, dialogs: list[str]) -> Page:
    def noted(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page = browser.new_page()
    page.context.on("page", lambda other: dialogs.append(f"a window of {other.url}"))
    page.on("dialog", noted)
    return page


def test_a_hostile_page_in_its_frame_runs_loads_and_leads_nowhere(
    base: str, browser: Browser, listener: tuple[str, list[object]]
) -> None:
    dialogs: list[str] = []
    page = opened(browser, dialogs)
    place, frame = f"{base}/web/20260301080000/{URL}", page.frame_locator("iframe")
    page.goto(place)
    assert frame.locator("p").inner_text() == "A page."
    for name in CLICKS:
        page.goto(place)
        frame.locator(f"#{name}").click(force=True)
        page.wait_for_timeout(150)
        assert page.url == place, name
        assert "Hostile" not in page.title(), name
    assert (dialogs, listener[1]) == ([], [])


def test_opened_alone_a_page_is_shown_in_its_frame_all_the_same(base: str, browser: Browser) -> None:
    page = opened(browser, [])
    page.goto(f"{base}/web/20260301080000if_/{URL}")
    assert page.url == f"{base}/web/20260301080000/{URL}"


def test_the_bytes_themselves_are_saved_and_not_opened(base: str, browser: Browser) -> None:
    page = opened(browser, [])
    page.goto(f"{base}/web/20260301080000/{URL}")
    with page.expect_download() as saved:
        page.get_by_text("Save the bytes").click()
    assert saved.value.path().read_text().startswith("\n<!doctype html><html manifest=")
