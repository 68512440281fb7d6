"""Every page in a real browser: at two widths, by keyboard, without scripts, with what breaks out of texts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from archive.models import Link, Listing, Observation, Section
from archive.store import Archive
from archive.web.formats import list_path
from tests.archive.web.reading import SIZES, chromium, served, watched
from tests.conftest import REPOSITORY, article, observation

LIST = "http://sample.example/"
PAGE, OTHER = "https://news.example/a/1", "https://news.example/a/2"
SCREENSHOTS = REPOSITORY / "build" / "screenshots"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def base(original: Path) -> Iterator[str]:
    with served(original) as address:
        yield address


@pytest.fixture(scope="module")
def edited(original: Path) -> int:
    """The article with most revisions."""
    with Archive.open(original, read_only=True) as archive:
        statement = "SELECT article_id FROM revisions GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        (number,) = archive.db.execute(statement).fetchone()
    return int(number)


PAGES = {
    "start": "/",
    "search": f"/?q={quote('图书馆')}&sort=views",
    "nothing": f"/?q={quote('没有的词')}",
    "article": "/article/{edited}",
    "revision": "/article/{edited}/1",
    "compare": "/compare/{edited}/1/2",
    "inline": "/compare/{edited}/1/2?view=inline",
    "capture": f"/web/2026/{LIST}",
    "captures": f"/web/*/{LIST}",
    "lists": "/lists",
    "list": f"/list/{LIST}",
    "trends": f"/trends?q={quote('图书馆')}&q2={quote('书店')}",
    "graph": "/graph/{edited}?depth=2",
    "coverage": "/coverage",
    "crawls": "/crawls",
    "sites": "/crawls/sites",
    "sentence": "/article/1",
}
LOOKS = [
    ("phone", "light"),
    pytest.param("phone", "dark", marks=pytest.mark.long),
    pytest.param("desktop", "light", marks=pytest.mark.long),
    pytest.param("desktop", "dark", marks=pytest.mark.long),
]
"""Phones every day, and desktops in the long form: what does not fit, does not fit there."""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_says_nothing_wrong_and_keeps_nobody_out(
    browser: Browser, base: str, edited: int, name: str, size: str, scheme: str
) -> None:
    with watched(browser, base, viewport=SIZES[size], color_scheme=scheme, locale="zh-CN") as seen:
        seen.go(PAGES[name].format(edited=edited), status=404 if name == "sentence" else 200)
        seen.page.wait_for_load_state("networkidle")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        seen.page.screenshot(path=SCREENSHOTS / f"{name}-{size}-{scheme}.png", full_page=True)
        assert not seen.is_too_wide
        assert seen.barriers() == []


def test_an_archivist_finds_and_reads_by_keyboard_alone(browser: Browser, base: str) -> None:
    with watched(browser, base) as seen:
        seen.go("/")
        keys = seen.page.keyboard
        keys.press("Tab")
        assert seen.page.locator(":focus").inner_text() == "Skip to the content"
        keys.press("/")
        assert seen.page.locator("#q:focus").count() == 1
        keys.type("图书馆")
        keys.press("Enter")
        seen.page.wait_for_url("**/?q=*")
        first = seen.page.locator(".hits h2 a").first
        title = first.inner_text()
        for _ in range(40):
            keys.press("Tab")
            if seen.page.evaluate("document.activeElement.matches('.hits h2 a')"):
                break
        outline = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        keys.press("Enter")
        seen.page.wait_for_url("**/article/*")
        assert seen.page.locator("article h1").inner_text() == title


def test_nothing_happens_while_an_input_method_composes(browser: Browser, base: str) -> None:
    with watched(browser, base) as seen:
        seen.go("/")
        seen.page.focus("#q")
        devtools = seen.page.context.new_cdp_session(seen.page)
        devtools.send("Input.imeSetComposition", {"text": "tushu", "selectionStart": 5, "selectionEnd": 5})
        for key in ("Enter", "/", " "):
            pressed = {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229}
            devtools.send("Input.dispatchKeyEvent", pressed)
        assert seen.page.url == f"{base}/"
        devtools.send("Input.insertText", {"text": "图书馆"})
        assert (seen.page.input_value("#q"), seen.page.url) == ("图书馆", f"{base}/")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/?q=*")


def test_all_but_charts_works_without_scripts(browser: Browser, base: str, edited: int) -> None:
    with watched(browser, base, java_script_enabled=False) as seen:
        seen.go("/")
        seen.page.fill("#q", "图书馆")
        seen.page.click("form.search button")
        seen.page.locator(".facet a").first.click()
        assert seen.page.locator(".chip").count() == 1
        seen.page.locator(".hits h2 a").first.click()
        seen.page.locator("#cite summary", has_text="BibTeX").click()
        assert "@online" in seen.page.locator("#cite-bibtex").inner_text()
        seen.go(f"/article/{edited}")
        seen.page.locator(".contents a").first.click()
        assert "#s" in seen.page.url


@pytest.mark.parametrize("name", ["article", "trends", "graph", "coverage"])
def test_charts_are_drawn_in_the_colours_of_the_screen_and_fit_when_it_turns(
    browser: Browser, base: str, edited: int, name: str
) -> None:
    with watched(browser, base, viewport=SIZES["desktop"]) as seen:
        seen.go(PAGES[name].format(edited=edited))
        seen.page.locator(".drawing > div:first-child").wait_for()
        seen.page.emulate_media(color_scheme="dark")
        seen.page.set_viewport_size({"width": 390, "height": 844})
        seen.page.wait_for_function(
            """() => [...document.querySelectorAll(".drawing")].every((one) =>
                Math.abs(one.firstElementChild.clientWidth - one.clientWidth) < 2)"""
        )
        assert not seen.is_too_wide
        assert seen.page.locator(".drawing").first.get_attribute("aria-label")


def test_moving_the_slider_goes_to_the_look_and_the_form_does_so_without_scripts(browser: Browser, base: str) -> None:
    with watched(browser, base) as seen:
        seen.go(f"/list/{LIST}")
        seen.page.focus("#looks-slider")
        seen.page.keyboard.press("ArrowLeft")
        seen.page.wait_for_url("**?at=*")
        assert seen.page.locator("#looks-slider").is_visible()
        by_slider = seen.page.url
    with watched(browser, base, java_script_enabled=False) as seen:
        seen.go(f"/list/{LIST}")
        looks = seen.page.locator("#looks option").count()
        seen.page.select_option("#looks", index=looks - 2)
        seen.page.locator(".time button").first.click()
        assert (seen.page.url, seen.page.locator("#looks-slider").is_visible()) == (by_slider, False)


def test_copying_a_citation_is_told(browser: Browser, base: str, edited: int) -> None:
    with watched(browser, base, permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.go(f"/article/{edited}")
        button = seen.page.locator("#cite button").first
        button.click()
        seen.page.wait_for_function("document.querySelector('#cite button').textContent === 'Copied'")
        shown = seen.page.locator("#cite pre").first.inner_text()
        assert seen.page.evaluate("navigator.clipboard.readText()").strip() == shown.strip()


def test_nothing_that_a_page_printed_is_run(browser: Browser, hostile: Path) -> None:
    with Archive.open(hostile, read_only=True) as archive:
        numbers = [number for (number,) in archive.db.execute("SELECT id FROM articles")]
        lists = [url for (url,) in archive.db.execute("SELECT DISTINCT url FROM listings WHERE kind = 'page'")]
    with served(hostile) as base, watched(browser, base) as seen:
        pages = ("/", "/?q=script", "/lists", "/trends?q=script", "/graph", "/coverage", "/crawls", "/crawls/sites")
        for path in (*pages, *(f"/article/{number}" for number in numbers), *(list_path(url, str) for url in lists)):
            seen.go(path)
            assert seen.page.evaluate("document.querySelectorAll('main a[href^=\"javascript\" i]').length") == 0
            assert not seen.is_too_wide, path


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}{% raise %}'\"><svg onload=alert(3)>"

DANGEROUS = "a:is([href^='javascript' i], [href^='data' i]), main :is(img, svg[onload], script:not([type$='json']))"


def evil_looks() -> list[Observation]:
    """An article, edited once, and a list page: whatever a page can print breaks out of its text."""
    links = tuple(
        Link(position=number, url=url, title=EVIL, block=EVIL)
        for number, url in enumerate(
            ("javascript:alert(4)", "data:text/html,<script>alert(5)</script>", OTHER), start=1
        )
    )
    page = article(
        url=PAGE,
        title=EVIL,
        category=EVIL,
        source=EVIL,
        authors=(EVIL,),
        published_raw=EVIL,
        language=EVIL,
        summary=EVIL,
        image="javascript:alert(6)",
        views=1,
        sections=(Section(heading=EVIL, level=2, paragraphs=(EVIL * 3,)),),
        related=links,
    )
    edited = replace(page, title=EVIL[::-1], sections=(Section(heading="h", level=2, paragraphs=(EVIL,)),), views=2)
    where: dict[str, Any] = {
        "url": PAGE,
        "final_url": PAGE,
        "body": EVIL.encode(),
        "headers": {"X-Evil": EVIL, "Content-Type": EVIL},
    }
    front: dict[str, Any] = {"url": LIST, "final_url": LIST, "body": EVIL.encode()}
    listed = (replace(link, url=PAGE) for link in links[:1])
    return [
        observation(page, **where),
        observation(edited, minutes=5, **where | {"body": EVIL[:-1].encode()}),
        observation(Listing(url=LIST, title=EVIL, links=links), minutes=6, **front),
        observation(Listing(url=LIST, title=EVIL, links=tuple(listed)), minutes=7, **front),
    ]


def test_nothing_of_a_look_is_run(browser: Browser, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        number = archive.record(evil_looks())[0].article_id
    word = quote(EVIL[:40])
    paths = (
        *(
            "/",
            f"/?q={word}",
            f"/?category={word}&source={word}",
            "/lists",
            f"/list/{LIST}",
            f"/list/{LIST}?at=2026-03-01T08:06:00Z",
        ),
        *(f"/article/{number}", f"/article/{number}/1", f"/compare/{number}/1/2", f"/compare/{number}/1/2?view=inline"),
        *(
            f"/graph/{number}",
            "/graph",
            f"/trends?q={word}",
            f"/web/20260301080000/{PAGE}",
            f"/web/*/{PAGE}",
            "/coverage",
            "/crawls",
        ),
    )
    with served(tmp_path / "archive.db") as base, watched(browser, base, viewport=SIZES["phone"]) as seen:
        for path in paths:
            seen.go(path)
            seen.page.wait_for_load_state("networkidle")
            assert seen.page.locator(DANGEROUS).count() == 0, path
            assert not seen.is_too_wide, path
        for path, status in (("/trends?q=%s", 200), ("/?q=%s&site=%s", 200), ("/%s", 404), ("/coverage?site=%s", 404)):
            seen.go(path.replace("%s", "W" * 400), status)
            assert not seen.is_too_wide, path
