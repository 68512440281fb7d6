"""``yaowen plot``: what is written, and what is said where nothing is."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from lxml import html as lxml_html

from archive.store import Archive
from tests.conftest import Yaowen, article, observation
from tests.pictured import CHARACTERS, data_of, fill, made_font, marks, url


@pytest.fixture
def stored(tmp_path: Path) -> int:
    """An archive of the same as a file; the id of the article with the long title."""
    with Archive.open(tmp_path / "archive.db") as archive:
        fill(archive)
        return archive.article(url("long")).id


@pytest.fixture
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_font(tmp_path_factory.mktemp("font") / "ours.ttf", "Yaowen Test", CHARACTERS)


def test_the_command_writes_what_its_ending_says(yaowen: Yaowen, tmp_path: Path, stored: int, font: Path) -> None:
    finished = yaowen("plot", "views", url("hostile"), str(stored), "-o", "views.PNG", "--log", "--font", str(font))
    assert (finished.stdout, finished.returncode) == ("views.PNG: 2 articles, 4 counters\n", 0), finished.stderr
    assert (tmp_path / "views.PNG").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    finished = yaowen(
        "plot", "trend", "-夜间 运河", "夜间", "-o", "trend.html", "--by", "year", "--normalise", "--json"
    )
    told = json.loads(finished.stdout)
    assert told == {"file": "trend.html", "queries": 2, "periods": 1, "remarks": []}
    page = lxml_html.document_fromstring((tmp_path / "trend.html").read_text("utf-8"))
    assert [(row["query"], row["articles"], row["share"]) for row in data_of(page)] == [
        ("-夜间 运河", 2, 0.666667),
        ("夜间", 1, 0.333333),
    ]
    finished = yaowen("plot", "graph", str(stored), "--depth", "2", "-o", "graph.svg", "--font", str(font))
    assert finished.stdout == "graph.svg: 4 articles, 1 of them never fetched, 4 recommendations\n"
    finished = yaowen("plot", "coverage", "--site", "news.example", "--since", "2026-02", "-o", "days.svg")
    assert finished.stdout == "days.svg: 6 looks on 4 days\n"
    tree = etree.parse(tmp_path / "days.svg").getroot()
    assert len([mark for mark in marks(tree, "symbol") if "sign: no look" in mark.get("aria-label")]) == 28 + 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("views", "1", "-o", "x.jpg"), 2, "'x.jpg' ends in none of .svg, .png, .html"),
        (("views", "1", "-o", "archive.db", "--force"), 2, "'archive.db' ends in none of"),
        (("views", "1"), 2, "Missing option '-o'"),
        (("views", "12345", "-o", "x.svg"), 1, "holds no article 12345"),
        (("views", url("none"), "-o", "x.svg"), 1, "No counter was ever seen on these pages; nothing was written"),
        (("views", url("long"), "-o", "there.svg"), 1, "Cannot write there.svg: it is there already"),
        (("views", url("long"), "-o", "no/such/x.svg"), 1, "Cannot write no/such/x.svg"),
        (("views", url("long"), "-o", "x.svg", "--font", "empty"), 1, "empty holds no font with 一 (U+4E00)"),
        (("views", url("long"), "-o", "x.png", "--font", "there.svg"), 1, "characters. Install one that does"),
        (("views", url("long"), "-o", "x.png", "--font", "nowhere"), 2, "'nowhere' does not exist"),
        (("trend", "上海", "-o", "x.svg"), 1, "Nothing with a date was found; nothing was written"),
        (("trend", "(人", "-o", "x.svg"), 2, "the bracket is never closed"),
        (("trend", "运河", "--by", "hour", "-o", "x.svg"), 2, "is not one of"),
        (("graph", "--depth", "2", "-o", "x.svg"), 2, "--depth goes with an article"),
        (("graph", url("x"), "-o", "x.svg"), 1, "holds no article https://news.example/a/x"),
        (("coverage", "--since", "2030", "-o", "x.svg"), 1, "No page was looked at; nothing was written"),
        (("coverage", "--site", "no.example", "-o", "x.svg"), 1, "holds no page of no.example"),
        (("coverage", "-o", "x.svg", "--archive", "nowhere.db"), 3, "there is no such file"),
    ],
)
@pytest.mark.usefixtures("stored")
def test_what_goes_wrong_is_named_and_leaves_no_file(
    yaowen: Yaowen, tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    (tmp_path / "there.svg").write_text("mine")
    (tmp_path / "empty").mkdir()
    finished = yaowen("plot", *arguments)
    assert (finished.returncode, says in finished.stderr) == (code, True), finished.stderr
    assert "Traceback" not in finished.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"archive.db", "archive.db-wal", "archive.db-shm"} | {
        "there.svg",
        "empty",
    }
    assert (tmp_path / "there.svg").read_text() == "mine"


@pytest.mark.usefixtures("stored")
def test_a_library_that_is_not_there_is_named(tmp_path: Path) -> None:
    code = "import sys; sys.modules['altair'] = None; from yaowen.__main__ import main; main()"
    command = [sys.executable, "-c", code, "plot", "coverage", "-o", "x.svg"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "plot needs altair, which is not installed: pip install 'yaowen[plot]'" in finished.stderr
    assert not (tmp_path / "x.svg").exists()


def test_the_help_of_the_command_imports_no_chart_library() -> None:
    code = "import sys, yaowen.__main__, yaowen.commands.plot; print({'altair', 'networkx'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_a_trend_of_too_many_periods_says_how_to_have_fewer(yaowen: Yaowen, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        for number, year in enumerate((1900, 2026)):
            page = article(url=url(f"{number}"), title="运河", published_at=datetime(year, 1, 1, tzinfo=UTC))
            archive.record([observation(page, url=url(f"{number}"), final_url=url(f"{number}"))])
    finished = yaowen("plot", "trend", "运河", "--by", "day", "-o", "x.svg")
    assert (finished.returncode, "46,022 days, and a picture shows 2,000: take a longer --by" in finished.stderr) == (
        1,
        True,
    )
