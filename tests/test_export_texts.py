"""Articles as texts to read: independent readers find in the files what is in the archive, and nothing else."""

import csv
import hashlib
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree
from markdown_it import MarkdownIt

from archive.models import Section, body_of
from archive.printed import one_line
from archive.store import Archive, StoredArticle
from archive.times import to_utc
from tests.conftest import REPOSITORY, Yaowen, article, observation

T = "{http://www.tei-c.org/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
FOLDERS = ("markdown", "text")
ALL = (*FOLDERS, "tei", "epub")
markdown_reader = MarkdownIt("js-default", {"html": True})


@cache
def articles(path: Path) -> dict[int, StoredArticle]:
    with Archive.open(path, read_only=True) as archive:
        ids = [number for (number,) in archive.db.execute("SELECT id FROM articles").fetchall()]
        return {number: archive.article(number) for number in ids}


def lines_of(article: StoredArticle) -> list[str]:
    """The lines of the text as a reader gets them."""
    return [line for line in map(one_line, body_of(article.sections).split("\n")) if line.strip()]


def exported(yaowen: Yaowen, format_name: str, archive: Path, folder: Path, *options: str) -> Path:
    finished = yaowen("export", format_name, "-o", "out", "--archive", str(archive), "--json", *options)
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["articles"] == len(articles(archive))
    return folder / "out"


@pytest.fixture(params=["original", "hostile"])
def source(request: pytest.FixtureRequest) -> Path:
    """An archive of a news site, and one of all that breaks out of a text."""
    path: Path = request.getfixturevalue(request.param)
    return path


def pages(folder: Path) -> Iterator[tuple[Path, dict[str, Any], str]]:
    """Each Markdown file with its facts, as a reader of YAML has them, and the text below."""
    for path in folder.glob("*/*.md"):
        start, facts, text = re.split(r"^---\n", path.read_text("utf-8"), maxsplit=2, flags=re.MULTILINE)
        assert start == ""
        yield path, yaml.safe_load(facts), text


def test_a_markdown_file_has_the_facts_of_its_article(yaowen: Yaowen, source: Path, tmp_path: Path) -> None:
    found = {facts["id"]: (path, facts) for path, facts, _ in pages(exported(yaowen, "markdown", source, tmp_path))}
    assert set(found) == set(articles(source))
    for number, (path, facts) in found.items():
        stored = articles(source)[number]
        expected = {
            "url": stored.url,
            "site": stored.site,
            "category": stored.category and one_line(stored.category).strip(),
            "source": stored.source,
            "views": stored.views,
            "state": stored.state,
        }
        assert {name: facts.get(name) for name in expected} == {k: v or None for k, v in expected.items()}
        assert stored.published_at is None or path.parent.name == stored.published_at.isoformat()[:7]
        assert path.name.startswith(str(number))


def test_a_markdown_file_names_times_authors_and_tags(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    for _, facts, _ in pages(exported(yaowen, "markdown", original, tmp_path)):
        stored = articles(original)[facts["id"]]
        printed, seen = stored.published_at, stored.last_seen_at
        assert printed is not None
        assert seen is not None
        is_day = stored.published_precision == "day"
        assert facts["published_at"] == (printed.date() if is_day else printed).isoformat()
        assert facts["last_seen_at"] == to_utc(seen)
        assert (facts["title"], tuple(facts.get("authors", ()))) == (stored.title, stored.authors)


def test_rendered_markdown_is_the_text_and_no_markup(yaowen: Yaowen, source: Path, tmp_path: Path) -> None:
    for _, facts, text in pages(exported(yaowen, "markdown", source, tmp_path)):
        tokens = markdown_reader.parse(text)
        assert {token.type for token in tokens} <= {
            f"{block}_{part}" for block in ("heading", "paragraph") for part in ("open", "close")
        } | {"inline"}
        inlines = [token.children or [] for token in tokens if token.type == "inline"]
        assert {child.type for children in inlines for child in children} == {"text"}
        title, *lines = ["".join(child.content for child in children) for children in inlines]
        assert (title, lines) == (facts["title"], lines_of(articles(source)[facts["id"]]))


def test_headings_have_their_levels_below_the_headline(yaowen: Yaowen, tmp_path: Path) -> None:
    sections = tuple(Section(heading=f"{level}", level=level, paragraphs=("x",)) for level in (1, 2, 3, 6))
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(article(sections=sections))])
    ((_, _, text),) = pages(exported(yaowen, "markdown", tmp_path / "archive.db", tmp_path))
    found = [token.tag for token in markdown_reader.parse(text) if token.type == "heading_open"]
    assert found == ["h1", "h2", "h2", "h3", "h6"]


@pytest.mark.parametrize("format_name", FOLDERS)
def test_no_file_leaves_the_folder_and_every_system_takes_its_name(
    yaowen: Yaowen, hostile: Path, tmp_path: Path, format_name: str
) -> None:
    folder = exported(yaowen, format_name, hostile, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert (
        len({name.casefold() for name in names}) == len(names) == len(articles(hostile)) + 2 + (format_name == "text")
    )
    for name in names:
        assert not re.search(r'[\x00-\x1f\x7f-\x9f<>:"\\|?*\s\u200b-\u202e\ufeff]|[. ](/|$)|^[./]|/[./]', name), name
        assert not re.search(r"(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", name, re.IGNORECASE), name
        assert len(name.encode()) < 150


def test_a_text_file_is_the_headline_and_the_text(yaowen: Yaowen, source: Path, tmp_path: Path) -> None:
    folder = exported(yaowen, "text", source, tmp_path)
    for number, stored in articles(source).items():
        title, empty, *lines = (folder / "texts" / f"{number}.txt").read_bytes().decode().removesuffix("\n").split("\n")
        assert (empty, [line for line in lines if line]) == ("", lines_of(stored))
        assert title == (stored.title if source.parent.name.startswith("original") else title) != ""


def test_the_metadata_name_each_file_and_no_cell_is_a_formula(yaowen: Yaowen, source: Path, tmp_path: Path) -> None:
    folder = exported(yaowen, "text", source, tmp_path)
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:3] == ["file", "id", "url"]
    assert {row["file"] for row in rows} == {path.name for path in (folder / "texts").iterdir()}
    for row in rows:
        stored = articles(source)[int(row["id"])]
        assert (row["file"], row["title"].removeprefix("'")) == (f"{stored.id}.txt", stored.title)
    texts = [cell for row in rows for name, cell in row.items() if name not in ("utc_offset", "views")]
    assert not [cell for cell in texts if cell.startswith(tuple("=+-@\t\r\n"))]


def test_tei_is_valid_and_has_the_texts(yaowen: Yaowen, source: Path, tmp_path: Path) -> None:
    corpus = etree.parse(exported(yaowen, "tei", source, tmp_path))
    schema = etree.RelaxNG(etree.parse(REPOSITORY / "tests" / "tei.rng"))
    assert schema.validate(corpus), schema.error_log
    found = {int(text.get(f"{XML}id", "")[1:]): text for text in corpus.iter(f"{T}TEI")}
    assert set(found) == set(articles(source))
    for number, text in found.items():
        lines = [element.text for element in text.iterfind(f".//{T}div/*") if element.text]
        assert lines == lines_of(articles(source)[number])


def test_tei_says_where_an_article_comes_from(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    corpus = etree.parse(exported(yaowen, "tei", original, tmp_path))
    for text in corpus.iter(f"{T}TEI"):
        stored = articles(original)[int(text.get(f"{XML}id", "")[1:])]
        described = text.find(f"{T}teiHeader/{T}fileDesc/{T}sourceDesc/{T}bibl")
        assert described is not None
        assert [author.text for author in described.iterfind(f"{T}author")] == list(stored.authors)
        assert described.findtext(f"{T}publisher") == stored.site
        assert described.find(f"{T}ref").get("target") == stored.url  # type: ignore[union-attr]
        when = described.find(f"{T}date[@type='published']").get("when")  # type: ignore[union-attr]
        assert stored.published_at is not None
        assert when in (stored.published_at.isoformat(), stored.published_at.date().isoformat())
        assert text.findtext(f".//{T}term[@type='category']") == stored.category
        assert text.get(f"{XML}lang") == stored.language
        views = described.findtext(f"{T}note[@type='views']")
        assert (int(views) if views else None) == stored.views


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("format_name", ALL)
def test_the_same_archive_gives_the_same_files_and_the_card_their_hashes(
    yaowen: Yaowen, original: Path, tmp_path: Path, format_name: str
) -> None:
    made = []
    for _ in range(2):
        exported(yaowen, format_name, original, tmp_path, "--force")
        files = files_in(tmp_path)
        (card,) = [name for name in files if name.endswith("datapackage.json")]
        listed = {file["path"]: file["hash"] for file in json.loads(files.pop(card))["resources"]}
        files = {name.removeprefix("out/"): body for name, body in files.items()}
        assert listed == {name: f"sha256:{hashlib.sha256(body).hexdigest()}" for name, body in files.items()}
        files.pop("CARD.md", None)  # it says when it was made
        made.append(files)
    assert made[0] == made[1]


def test_only_a_folder_of_ours_is_replaced_and_only_by_force(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    command = ("export", "markdown", "--archive", str(original), "-o")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    refused = yaowen(*command, "mine", "--force")
    assert (refused.returncode, refused.stderr) == (
        1,
        "Cannot write mine: it is a folder that holds something else: letter.txt\n",
    )
    assert yaowen(*command, "out").returncode == 0
    note = tmp_path / "out" / "note.md"
    note.write_text("mine too")
    assert yaowen(*command, "out", "--force").returncode == 1
    assert note.read_text() == "mine too"
    note.unlink()
    assert yaowen(*command, "out").returncode == 1
    assert yaowen(*command, "out", "--force").returncode == 0
    assert yaowen(*command[:-1]).returncode == 2


def test_where_nothing_is_selected_no_book_and_no_corpus_is_made(
    yaowen: Yaowen, original: Path, tmp_path: Path
) -> None:
    for format_name in ALL:
        finished = yaowen("export", format_name, "-o", format_name, "--archive", str(original), "nosuchword")
        if format_name in FOLDERS:
            assert (finished.returncode, finished.stdout) == (0, f"{format_name}: nothing\n")
        else:
            told = f"No article is selected, and {format_name} has no file without one: nothing was written\n"
            assert (finished.returncode, finished.stderr) == (1, told)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FOLDERS)
    assert (tmp_path / "text" / "metadata.csv").read_text().startswith("file,id,url,")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that takes a while to go through."""
    path = tmp_path_factory.mktemp("many") / "archive.db"
    with Archive.open(path) as archive:
        archive.db.table("articles").insert_all(
            {"url": f"https://news.example/{number}", "body": "x"} for number in range(6_000)
        )
    return path


@pytest.mark.parametrize(("format_name", "how"), [("markdown", signal.SIGTERM), ("tei", signal.SIGINT)])
def test_a_stopped_export_leaves_nothing(many: Path, tmp_path: Path, format_name: str, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "yaowen", "export", format_name, "-o", "out", "--archive", str(many)]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
    until = time.monotonic() + 30
    while not is_begun(tmp_path / ".out.part") and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(how)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told.decode().splitlines()[-1]) == (7, "Stopped")
    assert list(tmp_path.iterdir()) == []


def is_begun(unfinished: Path) -> bool:
    """Whether something was written of a file or folder that is not finished."""
    return any(unfinished.iterdir()) if unfinished.is_dir() else unfinished.exists() and unfinished.stat().st_size > 0
