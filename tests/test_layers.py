"""Imports go down only: yaowen -> spiders -> crawler -> archive."""

import ast
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

FLOORS = ("archive", "crawler", "spiders", "yaowen")
FILES = sorted(path for floor in FLOORS for path in (REPOSITORY / floor).rglob("*.py"))
FORBIDDEN = {
    "archive": {"scrapy", "bs4", "lxml", "twisted", "aiohttp", "click", "rich"},
    "crawler/parsers": {"scrapy", "sqlite3", "twisted", "aiohttp", "requests", "time", "socket"},
    "yaowen/commands/search.py": {"scrapy", "twisted"},
}
PARSERS_MAY_IMPORT = ("archive.models", "archive.urls", "crawler.errors", "crawler.sites", "crawler.parsers")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def relative(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_floor_imports_only_what_lies_below_it(path: Path) -> None:
    floor = FLOORS.index(path.relative_to(REPOSITORY).parts[0])
    above = {name for name in imported(path) if name.partition(".")[0] in FLOORS[floor + 1 :]}
    assert not above


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_floor_knows_only_its_own_libraries(path: Path) -> None:
    forbidden = {name for place, names in FORBIDDEN.items() if relative(path).startswith(place) for name in names}
    assert not forbidden & {name.partition(".")[0] for name in imported(path)}


def test_sqlite_utils_is_imported_in_one_place() -> None:
    assert [relative(path) for path in FILES if "sqlite_utils" in imported(path)] == ["archive/database.py"]


@pytest.mark.parametrize("path", [p for p in FILES if "/parsers/" in p.as_posix()], ids=relative)
def test_the_parsers_know_of_the_project_only_the_words_and_the_sites(path: Path) -> None:
    ours = {name for name in imported(path) if name.partition(".")[0] in FLOORS}
    assert all(name.startswith(PARSERS_MAY_IMPORT) for name in ours)


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400
