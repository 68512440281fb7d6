"""The commands as users type them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.models import Link, Listing, Section
from archive.store import Archive
from crawler import __version__
from crawler.sample_site import SampleSite
from crawler.sample_site.server import running
from tests.conftest import Yaowen, article, observation
from yaowen.__main__ import yaowen as program

COMMANDS = (
    "add",
    "alarms",
    "backup",
    "cite",
    "compact",
    "coverage",
    "crawl",
    "crawls",
    "diff",
    "due",
    "export",
    "forget",
    "forgotten",
    "history",
    "import",
    "note",
    "parse",
    "plot",
    "prune",
    "recommended",
    "reparse",
    "sample-site",
    "schedule",
    "search",
    "serve",
    "show",
    "similar",
    "slots",
    "stats",
    "status",
    "tag",
    "trend",
    "verify",
    "views",
    "watch",
)


@pytest.fixture
def stored(tmp_path: Path) -> int:
    """An archive with one article, seen twice, edited in between; its id."""
    link = Link(position=1, block="相关阅读", url="https://news.example/a/2", title="另一条")
    before = article(views=10, related=(link,), authors=("林知远",))
    sections = (Section(paragraphs=("苏州的运河边开了一家图书馆。",)), Section(heading="人才", paragraphs=("来了。",)))
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(before), observation(article(views=12, sections=sections), minutes=5)])
        return archive.article("https://news.example/a/1").id


def test_help_lists_every_command_with_a_line(yaowen: Yaowen) -> None:
    shown = yaowen("--help").stdout
    for name in COMMANDS:
        (line,) = [line for line in shown.splitlines() if line.startswith(f"  {name} ")]
        assert len(line.split()) > 2


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    shown = CliRunner().invoke(program, [name, "--help"])
    assert (shown.exit_code, shown.output.startswith("Usage: ")) == (0, True)


def test_the_version_is_told(yaowen: Yaowen) -> None:
    assert yaowen("--version").stdout == f"yaowen, version {__version__}\n"


def test_searching_imports_no_scrapy() -> None:
    code = "import sys, yaowen.__main__, yaowen.commands.search as s; print('scrapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.usefixtures("stored")
def test_search_prints_title_facts_and_snippet(yaowen: Yaowen) -> None:
    shown = yaowen("search", "蘇州").stdout
    assert "1 found" in shown
    assert "运河边的图书馆" in shown
    assert "12 views" in shown
    assert "苏州的运河边" in shown


def test_search_json_has_the_promised_shape(yaowen: Yaowen, stored: int) -> None:
    result = json.loads(yaowen("search", "人才", "--json").stdout)
    assert (result["query"], result["total"]) == ("人才", 1)
    (hit,) = result["hits"]
    assert list(hit) == [
        "id",
        "url",
        "title",
        "published_at",
        "category",
        "source",
        "site",
        "views",
        "section",
        "snippet",
    ]
    assert (hit["id"], hit["section"], "<mark>人才</mark>" in hit["snippet"]) == (
        stored,
        {"position": 2, "heading": "人才", "count": 1},
        True,
    )


def test_show_tells_text_and_history(yaowen: Yaowen, stored: int) -> None:
    shown = yaowen("show", str(stored)).stdout
    for text in ("运河边的图书馆", "【人才】", "10 (", "→ 12 (", "Revision 2 of 2", "sections", "另一条"):
        assert text in shown


def test_show_json_holds_the_series_and_the_revisions(yaowen: Yaowen, stored: int) -> None:
    result = json.loads(yaowen("show", "https://news.example/a/1", "--json").stdout)
    assert result["id"] == stored
    assert [count["value"] for count in result["view_counts"]] == [10, 12]
    assert [revision["changed_fields"] for revision in result["revisions"]] == [[], ["authors", "sections"]]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("search", '"人才'), 2, "Cannot search for"),
        (("search", "人才", "--archive", "nowhere.db"), 3, "there is no such file"),
        (("show", "12345"), 1, "holds no article 12345"),
        (("show",), 2, "Missing argument"),
        (("parse", "nowhere.html", "--url", "https://news.example/"), 1, "nowhere.html cannot be read"),
        (("parse", "-"), 2, "--url is needed"),
        (("crawle",), 2, "No such command"),
        (("alarms", "--site", "other.example"), 1, "holds no page of other.example"),
        (("due", "--site", "other.example"), 1, "holds no page of other.example"),
        (("due", "--site", "https://www.news.example/a/2"), 0, "Nothing is due"),
        (("alarms", "--since", "soon"), 2, "'soon' is no date"),
        (("alarms",), 0, "No alarm was raised"),
    ],
)
@pytest.mark.usefixtures("stored")
def test_what_goes_wrong_is_named_with_its_exit_code(
    yaowen: Yaowen, arguments: tuple[str, ...], code: int, says: str
) -> None:
    finished = yaowen(*arguments)
    assert (finished.returncode, says in finished.stderr) == (code, True), finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_damaged_archive_is_exit_3(yaowen: Yaowen, stored: int, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 8192)
    finished = yaowen("search", "人才")
    assert (finished.returncode, "Traceback" in finished.stderr) == (3, False), finished.stderr


@pytest.fixture(scope="module")
def page() -> Iterator[tuple[str, str, bytes]]:
    """The address, the title and the bytes of a page that is served."""
    newest = SampleSite(1).articles()[0]
    with running() as server:
        yield server.url + newest.path, newest.title, SampleSite(1).respond(newest.path).body


def test_parse_reads_a_file(yaowen: Yaowen, tmp_path: Path, page: tuple[str, str, bytes]) -> None:
    (tmp_path / "page.html").write_bytes(page[2])
    reading = json.loads(yaowen("parse", "page.html", "--url", page[0]).stdout)
    assert (reading["kind"], reading["url"], reading["title"]) == ("article", page[0], page[1])


def test_parse_explains_each_field(yaowen: Yaowen, tmp_path: Path, page: tuple[str, str, bytes]) -> None:
    (tmp_path / "page.html").write_bytes(page[2])
    table = yaowen("parse", "page.html", "--url", page[0], "--explain").stdout
    fields = [line.split()[0] for line in table.splitlines()[3:] if line.startswith("  ") and line[2:3].strip()]
    assert fields[:2] == ["charset", "title"]
    assert page[1] in table


def test_parse_fetches_an_address(yaowen: Yaowen, page: tuple[str, str, bytes]) -> None:
    finished = yaowen("parse", page[0], "--allow-address", page[0].split("/")[2])
    assert (json.loads(finished.stdout)["title"], finished.returncode) == (page[1], 0)


def test_parse_names_why_an_address_was_not_fetched(yaowen: Yaowen, page: tuple[str, str, bytes]) -> None:
    finished = yaowen("parse", page[0])
    assert (finished.returncode, "--allow-address" in finished.stderr) == (1, True)


def test_a_page_without_news_is_exit_1(yaowen: Yaowen, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("<html></html>")
    finished = yaowen("parse", "empty.html", "--url", "https://news.example/x")
    assert (finished.returncode, "https://news.example/x" in finished.stderr) == (1, True)


def test_history_tells_kind_and_amount_of_each_edit(yaowen: Yaowen, stored: int) -> None:
    shown = yaowen("history", str(stored)).stdout
    assert "authors changed, text added · +5 −0 characters of text" in shown
    told = json.loads(yaowen("history", str(stored), "--json").stdout)
    assert [revision["kinds"] for revision in told["revisions"]] == [[], ["authors changed", "text added"]]
    assert told["revisions"][1]["sections"] == ["人才"]


def test_diff_marks_the_words(yaowen: Yaowen, stored: int) -> None:
    assert "{+来了。+}" in yaowen("diff", str(stored)).stdout
    told = json.loads(yaowen("diff", str(stored), "1", "2", "--json").stdout)
    assert told["text"][1] == {"change": "added", "section": "人才", "is_heading": False, "words": [["+", "来了。"]]}


@pytest.mark.parametrize(
    ("arguments", "exit_code", "reason"),
    [
        (["3"], 1, "has no revision 3; it has 2"),
        (["1"], 2, "Nothing stands before revision 1"),
        (["1", "2", "2"], 2, "not more"),
        (["0"], 2, "0"),
    ],
)
def test_a_diff_that_cannot_be_made_says_why(
    yaowen: Yaowen, stored: int, arguments: list[str], exit_code: int, reason: str
) -> None:
    refused = yaowen("diff", str(stored), *arguments)
    assert (refused.returncode, reason in refused.stderr) == (exit_code, True)


def test_an_article_that_was_never_edited_has_no_diff(yaowen: Yaowen, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(article())])
    refused = yaowen("diff", "https://news.example/a/1")
    assert (refused.returncode, "has one revision" in refused.stderr) == (1, True)


def test_views_prints_the_series(yaowen: Yaowen, stored: int) -> None:
    shown = yaowen("views", str(stored)).stdout
    assert "10 → 12" in shown
    told = json.loads(yaowen("views", str(stored), "--json").stdout)
    assert [(count["value"], count["gained"]) for count in told["counts"]] == [(10, None), (12, 2)]


@pytest.mark.parametrize("name", ["diff", "history", "recommended", "views"])
def test_an_unknown_article_is_named(yaowen: Yaowen, stored: int, name: str) -> None:
    refused = yaowen(name, str(stored + 1))
    assert (refused.returncode, str(stored + 1) in refused.stderr) == (1, True)


def test_recommended_tells_where_each_stood_and_for_how_long(yaowen: Yaowen, stored: int) -> None:
    shown = yaowen("recommended", str(stored)).stdout
    assert "另一条 · 相关阅读" in shown
    assert "at 1 · since 2026-03-01 08:00:00 UTC · gone by 2026-03-01 08:05:00 UTC · never fetched" in shown
    told = json.loads(yaowen("recommended", str(stored), "--json").stdout)
    assert told["recommended"][0]["positions"] == [{"observed_at": "2026-03-01T08:00:00Z", "position": 1}]
    refused = yaowen("recommended", str(stored), "--as-of", "heute")
    assert (refused.returncode, "no date" in refused.stderr) == (2, True)


def test_slots_tells_when_a_headline_was_reworded_and_what_the_article_says(yaowen: Yaowen, tmp_path: Path) -> None:
    url = "https://news.example/c/city"
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(article())])
        for minute, title in enumerate(("运河边的图书馆", "图书馆关了？")):
            links = (Link(position=1, url="https://news.example/a/1", title=title),)
            archive.record([observation(Listing(url=url, links=links), minutes=minute, url=url, final_url=url)])
    shown = yaowen("slots", url).stdout
    assert "reworded 2026-03-01 08:01:00 UTC: 图书馆关了？" in shown
    assert "the article says: 运河边的图书馆" in shown
    (headline,) = json.loads(yaowen("slots", url, "--json").stdout)["headlines"]
    assert (headline["differs"], headline["reworded"], headline["article_title"]) == (True, True, "运河边的图书馆")


def test_verify_and_backup_tell_what_they_did(yaowen: Yaowen, stored: int, tmp_path: Path) -> None:
    assert yaowen("verify").stdout.count("sound") == 5
    assert yaowen("backup", "copy.db").stdout.startswith("copy.db: ")
    assert json.loads(yaowen("show", str(stored), "--json", "--archive", "copy.db").stdout)["id"] == stored
    again = yaowen("backup", "copy.db")
    assert (again.returncode, "copy.db: it is there already" in again.stderr) == (1, True)
    with Archive.open(tmp_path / "copy.db") as archive:
        archive.db.execute("DELETE FROM articles_fts_data WHERE id > 10")
    broken = yaowen("verify", "--archive", "copy.db", "--json")
    assert (broken.returncode, json.loads(broken.stdout)["faults"][0]["part"]) == (1, "search index")
    assert yaowen("verify", "--archive", "copy.db", "--repair-index").returncode == 0


@pytest.mark.usefixtures("stored")
def test_stats_count_by_table_and_site(yaowen: Yaowen, tmp_path: Path) -> None:
    told = json.loads(yaowen("stats", "--json").stdout)
    assert (told["counts"]["articles"], told["counts"]["revisions"]) == (1, 2)
    (site,) = told["sites"]
    assert (site["site"], site["articles"], site["captures"], site["size"]) == ("news.example", 1, 2, 16)
    assert sum(table["size"] for table in told["tables"]) == (tmp_path / "archive.db").stat().st_size
    assert {"articles", "articles_fts", "contents"} < {table["table"] for table in told["tables"]}
    shown = yaowen("stats").stdout
    assert "news.example: 1 article, 2 pages fetched, 16 bytes packed into" in shown


def test_no_command_waits_for_libraries_of_notebooks(stored: int, tmp_path: Path) -> None:
    program = f"""
import sys
from yaowen.__main__ import yaowen
yaowen(["show", "{stored}"], standalone_mode=False)
print([name for name in ("pandas", "numpy") if name in sys.modules])
import pandas
"""
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (finished.returncode, finished.stdout.splitlines()[-1]) == (0, "[]"), finished.stderr
