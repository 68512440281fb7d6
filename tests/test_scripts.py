"""The scripts that help with a new site, on the built-in sample site."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sample_site import SampleSite
from crawler.sample_site.server import running
from crawler.sites import Site

SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of an article that is served; the dot at its host's end makes it one of no known site."""
    with running() as server:
        yield server.url.replace("127.0.0.1", "localhost.") + SampleSite(1).articles()[0].path


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPTS / script), *arguments], capture_output=True, text=True, check=False
    )


def test_new_site_writes_what_the_page_tells_and_only_once(address: str, tmp_path: Path) -> None:
    arguments = (address, "--allow-address", address.split("/")[2], "--into", str(tmp_path))
    finished = run("new_site.py", *arguments)
    assert finished.returncode == 0, finished.stderr
    (path,) = tmp_path.glob("*.py")
    written: dict[str, Site] = {}
    exec(path.read_text(encoding="utf-8"), written)
    site = written["SITE"]
    assert (site.name, site.hosts, site.timezone) == ("柳塘时报", ("localhost.",), "Asia/Shanghai")
    assert site.title_suffix == "_柳塘时报"
    again = run("new_site.py", *arguments)
    assert (again.returncode, "localhost. has a file already" in again.stderr) == (1, True)


def test_save_page_keeps_the_bytes_and_what_is_read_of_them(address: str, tmp_path: Path) -> None:
    article = SampleSite(1).articles()[0]
    finished = run("save_page.py", address, "lamps", "--allow-address", address.split("/")[2], "--into", str(tmp_path))
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "lamps.html").read_bytes() == SampleSite(1).respond(article.path).body
    truth = json.loads((tmp_path / "lamps.json").read_text(encoding="utf-8"))
    assert (truth["url"], truth["title"], truth["kind"]) == (address.replace(".:", ":"), article.title, "article")
