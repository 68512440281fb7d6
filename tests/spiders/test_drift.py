"""A site that changes its markup between two crawls: the alarm, the old good readings, and the way back to new ones."""

import json
import re
import shutil
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from archive.alarms import alarms
from archive.store import Archive
from archive.times import from_utc
from crawler.sample_site import SampleSite
from crawler.sample_site.model import Response
from crawler.sample_site.server import SampleServer, running
from tests.conftest import REPOSITORY

PACKAGES = ("archive", "crawler", "spiders", "yaowen")
PRINTED = re.compile(r'<span class="date">(\S+) (\S+)</span>')
MENDED = '''
"""The sample site, whose new markup says the time in an attribute."""

from crawler.sites import FieldRule, Site

SITE = Site(
    name="柳塘时报",
    hosts=("127.0.0.1",),
    timezone="Asia/Shanghai",
    fields={"published_at": (FieldRule(select="b", read=lambda tag: f"{tag['data-day']} {tag['data-hour']}"),)},
)
'''


class Moving(SampleSite):
    """The same pages, each with other bytes at every visit, as where there are adverts."""

    def __init__(self, state: int) -> None:
        super().__init__(state)
        self.visits = count(1)

    def respond(self, path: str) -> Response:
        answer = super().respond(path)
        if path == "/robots.txt":
            return answer
        advert = f"<!-- advert {next(self.visits)} -->".encode()
        return Response(status=answer.status, headers=answer.headers, body=answer.body + advert)


class Redesigned(Moving):
    """The same articles in markup that tells the time to scripts only."""

    def respond(self, path: str) -> Response:
        answer = super().respond(path)
        if not path.startswith("/a/") or answer.status != 200:
            return answer
        body = PRINTED.sub(r'<b data-day="\1" data-hour="\2"></b>', answer.body.decode())
        return Response(headers=answer.headers, body=body.encode())


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real command, by the copy of the program that stands in the folder."""
    return subprocess.run(
        [sys.executable, "-m", "yaowen", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def crawl(folder: Path, site: SampleServer, *options: str) -> subprocess.CompletedProcess[str]:
    allowed = ("--allow-address", site.url.removeprefix("http://"))
    lists = (f"{site.url}/c/sports", f"{site.url}/c/culture")
    return run(folder, "crawl", *lists, "--spider", "recommendation", "--delay", "0", *allowed, *options)


def told(folder: Path) -> dict[str, tuple[str | None, int]]:
    """Of each article its date and the number of its revisions."""
    with Archive.open(folder / "archive.db", read_only=True) as archive:
        rows = archive.db.execute(
            """
            SELECT url, published_at, (SELECT count(*) FROM revisions WHERE article_id = articles.id)
            FROM articles ORDER BY url
            """
        )
        return {url: (published, revisions) for url, published, revisions in rows.fetchall()}


def withheld(folder: Path, name: str = "archive.db") -> list[tuple[int, str]]:
    """The captures whose readings do not count, with the address."""
    with Archive.open(folder / name, read_only=True) as archive:
        rows = archive.db.execute("SELECT id, url FROM captures WHERE reason LIKE 'withheld%' ORDER BY id")
        return [(capture, url) for capture, url in rows.fetchall()]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, so that its parser can be mended."""
    folder = tmp_path_factory.mktemp("program")
    for package in PACKAGES:
        shutil.copytree(REPOSITORY / package, folder / package)
    return folder


@pytest.mark.long
def test_a_redesign_raises_the_alarm_and_the_old_readings_stay_until_the_parser_is_mended(program: Path) -> None:
    with running(state=1) as site:
        site.site = Moving(1)
        for _ in range(3):
            assert crawl(program, site).returncode == 0
        before = told(program)
        site.site = Redesigned(3)

        drifted = crawl(program, site, "--json")
        result = json.loads(drifted.stdout)
        (alarm,) = result["alarms"]
        assert (drifted.returncode, result["exit_code"], alarm["figure"]) == (5, 5, "published_at")
        assert alarm["was"] == 1
        assert alarm["now"] < 0.5
        assert result["outcomes"]["unread"] == len(withheld(program)) >= 10
        assert f"first: {alarm['url']} (capture {alarm['capture_id']})" in alarm["says"]

        after = told(program)
        kept = {url for _, url in withheld(program)}
        assert {url: after[url] for url in kept} == {url: before[url] for url in kept}
        assert sum(url not in before for url in after) > 1  # new articles are there, as far as they are read

        again = crawl(program, site)
        assert again.returncode == 5
        assert "drift: 127.0.0.1" in again.stderr
        assert "100 % in the last 3 runs; first: " in again.stderr
        assert len(withheld(program)) == 2 * len(kept)
        assert {url: told(program)[url] for url in kept} == {url: before[url] for url in kept}

        listed = run(program, "alarms", "--site", site.url.removeprefix("http://"), "--since", "2020", "--json")
        assert [(one["crawl_id"], one["figure"]) for one in json.loads(listed.stdout)] == [
            (5, "published_at"),
            (4, "published_at"),
        ]

        unmended = run(program, "reparse")
        assert f"{2 * len(kept)} pages are still withheld" in unmended.stderr
        assert len(withheld(program)) == 2 * len(kept)

        shutil.copy(program / "archive.db", program / "forced.db")
        assert run(program, "reparse", "--force", "--archive", "forced.db").returncode == 0
        assert withheld(program, "forced.db") == []

        (program / "crawler" / "sites" / "sample_site.py").write_text(MENDED, encoding="utf-8")
        assert run(program, "reparse").returncode == 0
        assert withheld(program) == []
        _assert_the_looks_count(program, kept)
        assert crawl(program, site).returncode == 0
    assert run(program, "verify").returncode == 0


def _assert_the_looks_count(folder: Path, urls: set[str]) -> None:
    """All five crawls saw each article with its counter, and those of the redesign are told with their times."""
    with Archive.open(folder / "archive.db", read_only=True) as archive:
        for url in urls:
            article = archive.article(url)
            captures = archive.db.execute(
                "SELECT id, fetched_at, outcome FROM captures WHERE article_id = ? ORDER BY id", [article.id]
            ).fetchall()
            assert [outcome for _, _, outcome in captures] == ["done"] * 5
            assert article.published_at
            assert article.published_at.hour + article.published_at.minute + article.published_at.second > 0
            assert article.last_seen_at == from_utc(captures[-1][1])
            seen = [count.observed_at for count in archive.view_counts(article.id)]
            assert seen == [from_utc(fetched_at) for _, fetched_at, _ in captures]
            dates = {revision.reading["published_at"] for revision in archive.revisions(article.id)}
            assert dates == {article.published_at.isoformat()}


@pytest.mark.long
def test_a_stopped_crawl_is_judged_when_it_is_finished(program: Path, tmp_path: Path) -> None:
    with running(state=1) as site:
        archive = ("--archive", str(tmp_path / "archive.db"))
        site.site = Moving(1)
        for _ in range(3):
            assert crawl(program, site, *archive).returncode == 0
        site.site = Redesigned(3)
        asked = len(site.requests)
        allowed = ("--allow-address", site.url.removeprefix("http://"))
        lists = (f"{site.url}/c/sports", f"{site.url}/c/culture")
        arguments = ("crawl", *lists, "--spider", "recommendation", *allowed, *archive, "--delay", "0.05")
        process = subprocess.Popen([sys.executable, "-m", "yaowen", *arguments], cwd=tmp_path)
        while len(site.requests) < asked + 20 and process.poll() is None:
            pass  # the server's own list tells how far the crawl is
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 7
        with Archive.open(tmp_path / "archive.db", read_only=True) as stopped:
            assert alarms(stopped) == ()
        finished = crawl(tmp_path, site, *archive, "--json")
    assert finished.returncode == 5
    assert json.loads(finished.stdout)["resumed"]
