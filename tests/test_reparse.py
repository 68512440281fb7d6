"""``yaowen reparse`` as an operator runs it, on the pages of the sample site."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from archive.models import Article, Observation, Section
from archive.spool import ENDING
from archive.store import Archive
from crawler.parsers import read_page
from crawler.sample_site import SampleSite
from tests.conftest import Yaowen, observation

SITE = SampleSite(1)
BASE = "http://sample.example"
PAGES = [(f"{BASE}{article.path}", SITE.respond(article.path).body) for article in SITE.articles()[:12]]


@cache
def read(number: int) -> Article:
    url, body = PAGES[number]
    page = read_page(body, url)
    assert isinstance(page, Article)
    return page


def seen(url: str, body: bytes, page: Article, minutes: int) -> Observation:
    return observation(page, minutes=minutes, url=url, final_url=url, body=body)


@pytest.fixture
def badly_read(tmp_path: Path) -> Path:
    """An archive of pages whose titles and first sections an older parser misread."""
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        for number, (url, body) in enumerate(PAGES):
            wrong = replace(read(number), title="首页", sections=(Section(paragraphs=("登录 注册",)),), related=())
            archive.record([seen(url, body, wrong, number)])
    return path


def titles(path: Path) -> list[str]:
    with Archive.open(path, read_only=True) as archive:
        return [archive.article(url).title for url, _ in PAGES]


def test_a_dry_run_says_what_would_change_and_changes_nothing(yaowen: Yaowen, badly_read: Path) -> None:
    shown = yaowen("reparse", "--dry-run").stdout
    assert "sample.example: 12 pages, 12 read otherwise" in shown
    assert "   title: 12 changed" in shown
    assert "   related: 12 won" in shown
    assert "   − 首页\n" in shown
    assert "written" not in shown
    assert titles(badly_read) == ["首页"] * 12


def test_the_run_after_it_writes_without_reading_again(yaowen: Yaowen, badly_read: Path) -> None:
    told = json.loads(yaowen("reparse", "--dry-run", "--json").stdout)
    assert (told["dry_run"], told["sites"][0]["fields"]["title"]) == (True, {"changed": 12})
    assert len(told["examples"]) == 10
    assert badly_read.with_name(badly_read.name + ENDING).exists()
    assert "written: 12 articles and lists" in yaowen("reparse").stdout
    assert titles(badly_read) == [read(number).title for number in range(12)]
    assert not list(badly_read.parent.glob(f"*{ENDING}*"))
    assert "12 pages, 0 read otherwise" in yaowen("reparse").stdout


def test_only_the_site_that_was_named_is_read(yaowen: Yaowen, badly_read: Path) -> None:
    finished = yaowen("reparse", "--site", "no.example")
    assert (finished.returncode, "holds no page of no.example" in finished.stderr) == (1, True)
    assert "12 pages" in yaowen("reparse", "--site", "sample.example", "--since", "2026-03").stdout
    assert "read 0 pages" in yaowen("reparse", "--since", "2026-04").stdout
    assert titles(badly_read) != ["首页"] * 12


def test_a_worse_reading_is_refused_until_it_is_forced(yaowen: Yaowen, tmp_path: Path) -> None:
    url = f"{BASE}/b"
    lines = "".join(f"<p>运河边的图书馆第 {number} 天开门，来的人很多，灯亮到十一点。</p>" for number in range(9))
    page = f"<html><title>运河边的新馆</title><body><article><h1>运河边的新馆</h1>{lines}</article></body></html>"
    before = replace(read(1), url=url, related=(), views=None)
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([seen(url, page.encode(), before, 0)])
    finished = yaowen("reparse")
    assert (finished.returncode, "would be lost on 1 of 1 pages" in finished.stderr) == (1, True), finished.stdout
    assert titles_of(tmp_path / "archive.db") == {before.title}
    assert yaowen("reparse", "--force").returncode == 0
    assert titles_of(tmp_path / "archive.db") == {"运河边的新馆"}


def test_an_interrupted_run_is_gone_on_with(yaowen: Yaowen, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.record(_misread(number) for number in range(600))
    spool = path.with_name(path.name + ENDING)
    running = subprocess.Popen([sys.executable, "-m", "yaowen", "reparse"], cwd=tmp_path, stderr=subprocess.PIPE)
    while not (spool.exists() and _readings(spool)):
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    assert b"goes on from here" in running.communicate(timeout=60)[1]
    assert running.returncode == 7
    assert 0 < _readings(spool) < 600
    finished = yaowen("reparse")
    assert "600 pages, 600 read otherwise" in finished.stdout, finished.stderr
    assert titles_of(path) == {read(number).title for number in range(12)}


def _misread(number: int) -> Observation:
    url, body = PAGES[number % 12]
    wrong = replace(read(number % 12), url=f"{url}?{number}", canonical_url=None, title="首页")
    return seen(wrong.url, body + b"<!-- %d -->" % number, wrong, number)


def titles_of(path: Path) -> set[str]:
    with Archive.open(path, read_only=True) as archive:
        return {title for (title,) in archive.db.execute("SELECT title FROM articles")}


def _readings(spool: Path) -> int:
    """The readings that would survive a stop now."""
    with closing(sqlite3.connect(spool)) as db:
        try:
            return int(db.execute("SELECT count(*) FROM readings").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # the table is about to be made
