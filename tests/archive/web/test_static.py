import hashlib
from importlib.resources import files
from pathlib import Path

import pytest

from tests.archive.web.conftest import Room

STATIC = files("archive.web") / "static"


def test_the_library_of_charts_is_the_one_that_was_published() -> None:
    assert hashlib.sha256((STATIC / "echarts.min.js").read_bytes()).hexdigest() in (STATIC / "README.md").read_text()


@pytest.mark.parametrize("name", ["echarts.min.js", "charts.js", "lists.js", "room.js", "room.css"])
def test_what_pages_load_is_served(room: Room, original: Path, name: str) -> None:
    answer = room(original)(f"/-/static-plugins/yaowen/{name}")
    assert (answer.status_code, answer.content) == (200, (STATIC / name).read_bytes())


@pytest.mark.parametrize("name", ["charts.js", "lists.js", "room.js"])
@pytest.mark.parametrize("way", ["innerHTML", "eval(", "new Function", "document.write", 'setAttribute("style"'])
def test_our_scripts_make_no_markup_of_texts(name: str, way: str) -> None:
    assert way not in (STATIC / name).read_text()
