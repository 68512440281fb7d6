"""Pictures of the reading room for the README; started by scripts/screenshots.

The sample site stands in three states; here each is seen on several days, so that counters and lists have a history.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import sync_playwright

from archive.models import Capture, Observation
from archive.store import Archive
from crawler.browser import NAMES
from crawler.parsers import read_page
from crawler.sample_site import SampleSite

SITE = "http://liutang.example"
FIRST = datetime(2025, 6, 13, 8, tzinfo=UTC)
DAYS = {1: (0, 2, 4), 2: (7, 9, 11), 3: (14, 17, 20)}
"""The days on which each state of the site is seen."""
FOLDER = Path("docs/pictures")
WIDTH, HEIGHT = 1200, 820


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with Archive.open(path) as archive:
            for state, days in DAYS.items():
                for day in days:
                    archive.record(looks(SampleSite(state), FIRST + timedelta(days=day)))
            edited = "SELECT article_id FROM revisions GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
            (number,) = archive.db.execute(edited).fetchone()
        with served(path) as base:
            take(base, {"search": f"?q={quote('图书馆')}", "article": f"article/{number}"})


def looks(site: SampleSite, moment: datetime) -> Iterator[Observation]:
    """Every page of the site at one moment."""
    for path in ("/", *site.list_paths(), *site.article_paths()):
        answer, url = site.respond(path), SITE + path
        capture = Capture(
            url=url,
            final_url=url,
            fetched_at=moment,
            status=answer.status,
            headers=dict(answer.headers),
            body=answer.body,
            outcome="done" if answer.status == 200 else "failed",
        )
        page = read_page(answer.body, url, fetched_at=moment) if answer.status == 200 else None
        yield Observation(capture=capture, page=page)


@contextmanager
def served(path: Path) -> Iterator[str]:
    """The address of the reading room."""
    command = [sys.executable, "-m", "yaowen", "serve", "--archive", str(path), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()


def take(base: str, pages: dict[str, str]) -> None:
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        sys.exit("scripts/screenshots needs Chromium; on Debian, `apt-get install chromium` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--lang=zh-CN"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN")
        for name, path in pages.items():
            page.goto(base + path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(2_000)  # charts come in slowly
            page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
            print(FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
