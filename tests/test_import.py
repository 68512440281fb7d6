"""Folders of saved pages and other archives come in; an interrupted import goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
import zstandard

from archive.forgetting import forget
from archive.merging import Merged, merge
from archive.models import Observation
from archive.store import Archive
from tests.conftest import MORNING, REPOSITORY, Yaowen, article, observation
from tests.looks import TABLES, all_looks, page_of, told


def test_a_folder_tells_the_addresses_in_many_ways(yaowen: Yaowen, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    single = b"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://news.example/a/2 \n saved date: "
    pages = {
        "by-browser.html": b"<!-- saved from url=(0024)https://news.example/a/1 -->" + page_of(1),
        "single.htm": single + b"Sun Mar 01 2020 10:00:00 GMT+0200 (CET)\n-->" + page_of(2),
        "canonical.html": b'<link rel="canonical" href="https://news.example/a/3">' + page_of(3),
        "news.example/a/4.html": page_of(4),
        "nothing.html": page_of(5),
        "picture.png": b"\x89PNG",
    }
    for number, (name, body) in enumerate(pages.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        os.utime(path, (MORNING.timestamp() + number,) * 2)
    (result,) = json.loads(yaowen("import", "saved", "--json").stdout)
    assert (result["looks"], [problem["name"] for problem in result["problems"]]) == (4, ["saved/nothing.html"])
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        paths = {1: "1", 2: "2", 3: "3", 4: "4.html"}
        seen = {n: archive.article(f"https://news.example/a/{path}").first_seen_at for n, path in paths.items()}
    assert (seen[1], seen[2] and seen[2].isoformat()) == (MORNING, "2020-03-01T08:00:00+00:00")
    prefixed = yaowen("import", "saved", "--url-prefix", "https://copy.example/x/", "--archive", "other.db")
    assert prefixed.returncode == 0
    assert "https://copy.example/x/nothing.html" in yaowen("search", "书店", "--json", "--archive", "other.db").stdout
    (tmp_path / "empty").mkdir()
    refused = yaowen("import", "empty")
    assert (refused.returncode, "there is no page in it" in refused.stderr) == (1, True)


def test_two_archives_become_one(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    looks = all_looks()
    for name, picks in (("archive.db", looks[::2]), ("other.db", looks[1::2])):
        with Archive.open(tmp_path / name) as archive:
            archive.record(picks)
    (result,) = json.loads(yaowen("import", "other.db", "--json").stdout)
    assert result["looks"] == len(looks[1::2])
    both, whole = told(tmp_path / "archive.db"), told(original)
    for table in ("sections", "revisions", "view_counts", "links", "absences"):
        assert both[table] == whole[table], table
    assert yaowen("verify").returncode == 0
    assert json.loads(yaowen("import", "other.db", "--json").stdout)[0]["looks"] == 0


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 40))])
def test_however_looks_are_spread_over_archives_they_become_what_one_would_hold(
    tmp_path: Path, original: Path, seed: int
) -> None:
    chance = Random(seed)
    parts: list[list[Observation]] = [[] for _ in range(chance.choice([2, 3]))]
    for look in all_looks():
        chance.choice(parts).append(look)
    for number, part in enumerate(parts):
        with Archive.open(tmp_path / f"{number}.db") as archive:
            archive.record(part)
    with Archive.open(tmp_path / "0.db") as archive:
        for number in range(1, len(parts)):
            with Archive.open(tmp_path / f"{number}.db", read_only=True) as other:
                assert sum(merge(archive, other, Merged())) == other.counts()["captures"] - _further_pages(other)
    both, whole = told(tmp_path / "0.db"), told(original)
    for table in ("articles", "sections", "revisions", "view_counts", "links", "absences"):
        assert both[table] == whole[table], table


def _further_pages(archive: Archive) -> int:
    return archive.db.table("captures").count_where("part_of IS NOT NULL")


def test_what_was_taken_down_stays_down_in_a_merge(yaowen: Yaowen, tmp_path: Path) -> None:
    first, second = article(), article(url="https://news.example/a/2")
    looks = [observation(first), observation(second, url=second.url, final_url=second.url, body=b"2")]
    for name, down in (("archive.db", first.url), ("other.db", second.url)):
        with Archive.open(tmp_path / name) as archive:
            archive.record(looks)
            forget(archive, down, "a request", now=MORNING)
    finished = yaowen("import", "other.db")
    assert "it was taken down in the other archive and stays here" in finished.stderr
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        rows = archive.db.execute("SELECT url, content_hash IS NULL FROM captures ORDER BY id").fetchall()
        assert archive.article(second.url).title == second.title
    assert (first.url, 0) not in rows


def test_an_archive_of_an_earlier_version_is_taken_in_and_left_as_it_is(yaowen: Yaowen, tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    older.write_bytes(zstandard.decompress((REPOSITORY / "tests/archives/m004.db.zst").read_bytes()))
    before = older.read_bytes()
    (result,) = json.loads(yaowen("import", "older.db", "--json").stdout)
    assert (result["looks"], result["articles"], older.read_bytes() == before) == (3, 1, True)


def test_an_interrupted_import_goes_on(tmp_path: Path, original: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "yaowen", "export", "warc", "-o", "x.warc.gz", "--archive", str(original)],
        cwd=tmp_path,
        check=True,
    )
    command = [sys.executable, "-m", "yaowen", "import", "x.warc.gz", "--processes", "1"]
    for sent in (signal.SIGKILL, signal.SIGINT):
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            lock = tmp_path / "archive.db.lock"
            while not (lock.exists() and lock.read_text() == str(process.pid)):
                time.sleep(0.01)
            time.sleep(0.2)  # it takes in or reads, as it comes
            process.send_signal(sent)
    assert process.returncode in (0, 7)
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    before, after = told(original), told(tmp_path / "archive.db")
    for table in TABLES:
        assert after[table] == before[table], table
    assert not (tmp_path / "archive.db.import").exists()
