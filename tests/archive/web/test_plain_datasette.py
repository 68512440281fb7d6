"""The room where Datasette itself serves the files."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import zstandard
from datasette.app import Datasette

from archive.store import Archive
from tests.archive.web.conftest import Room
from tests.archive.web.visitor import written
from tests.conftest import REPOSITORY, article


def other(folder: Path, name: str = "other.db") -> Path:
    """A file of another program."""
    with sqlite3.connect(folder / name) as db:
        db.execute("CREATE TABLE shelf (book TEXT)")
    db.close()
    return folder / name


def ask(served: Datasette, address: str, **more: object) -> httpx.Response:
    answer: httpx.Response = asyncio.run(served.client.get(address, **more))
    return answer


def test_the_plugin_keeps_out_of_the_way_where_no_file_is_an_archive(tmp_path: Path) -> None:
    served = Datasette([str(other(tmp_path))])
    start = ask(served, "/")
    assert ("other" in start.text, "要闻" in start.text) == (True, False)
    assert "content-security-policy" not in start.headers
    assert ask(served, "/search.json").status_code == 404
    assert ask(served, "/nothing").text.count("Powered by") == 1
    assert ask(served, "/other/shelf?_sort=nope").status_code == 500  # as Datasette has it


@pytest.mark.parametrize("archive_first", [True, False])
def test_other_files_are_served_beside_an_archive(tmp_path: Path, archive_first: bool) -> None:
    files = [str(written(tmp_path)), str(other(tmp_path))]
    served = Datasette(files if archive_first else files[::-1])
    assert "运河边的图书馆" in ask(served, "/").text
    assert ask(served, "/other/shelf").status_code == 200
    assert ask(served, "/archive/articles.json?_shape=array").json()[0]["title"] == "运河边的图书馆"


def test_of_several_archives_the_first_has_the_room(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, article(title=f"档案 {name}"))
        (tmp_path / name / "archive.db").rename(tmp_path / f"{name}.db")
    served = Datasette([str(tmp_path / "two.db"), str(tmp_path / "one.db")])
    assert [title in ask(served, "/").text for title in ("档案 one", "档案 two")] == [False, True]
    assert "档案 one" in ask(served, "/one/articles").text


def test_a_prefix_of_datasette_is_that_of_the_room(room: Room, tmp_path: Path) -> None:
    page = room(written(tmp_path), base_url="/shelf/")("/")
    assert 'href="/shelf/-/static-plugins/yaowen/room.css"' in page.text
    assert 'action="/shelf/"' in page.text


@pytest.mark.parametrize(("actor", "status"), [(None, 403), ("eva", 200), ("mallory", 403)])
def test_the_rooms_pages_are_for_those_whom_the_metadata_allow(tmp_path: Path, actor: str | None, status: int) -> None:
    for metadata in ({"allow": {"id": "eva"}}, {"databases": {"archive": {"allow": {"id": "eva"}}}}):
        served = Datasette([str(written(tmp_path))], metadata=metadata)
        cookies = {"ds_actor": served.sign({"a": {"id": actor}}, "actor")} if actor else {}
        for address in ("/", "/search.json", "/feed.atom", "/archive/articles"):
            assert ask(served, address, cookies=cookies).status_code == status


def test_an_archive_of_an_earlier_version_is_brought_up_to_date(room: Room, tmp_path: Path) -> None:
    packed = (REPOSITORY / "tests/archives/m002.db.zst").read_bytes()
    path = tmp_path / "archive.db"
    path.write_bytes(zstandard.ZstdDecompressor().decompress(packed, max_output_size=100_000_000))
    get = room(path)
    assert get("/search.json").json()["total"] > 0
    assert get("/archive/watches").status_code == 200  # a table of a later version
    with Archive.open(path, read_only=True) as archive:
        assert archive.counts()["articles"] > 0


def datasette(*words: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-m", "datasette", *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_the_command_of_datasette_gets_a_page(tmp_path: Path) -> None:
    assert '"total": 1' in datasette("serve", str(written(tmp_path)), "--get", "/search.json")


def test_the_command_of_datasette_inspects_an_archive(tmp_path: Path) -> None:
    assert '"articles"' in datasette("inspect", str(written(tmp_path)))
