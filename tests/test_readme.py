"""What README and tutorial tell a newcomer to type exists and works."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from archive.search import search
from archive.store import Archive
from crawler.errors import BadPlan
from crawler.plan.reading import CRAWL_KEYS, PLAN_KEYS, SITE_KEYS, read_plan
from crawler.sample_site import SampleSite
from crawler.sample_site.server import SampleServer, running
from tests.conftest import REPOSITORY, run_yaowen
from yaowen.__main__ import yaowen

BIN = Path(sys.executable).parent
PAGES = (
    "README.md",
    "README.zh.md",
    "docs/tutorial.md",
    "docs/commands.md",
    "docs/search.md",
    "docs/operations.md",
    "docs/reading-room.md",
)
_PROMPT = re.compile(r"^    \$ (.+)$", re.MULTILINE)
_SCRIPT = re.compile(r"\bscripts/[a-z_]+\b(?!/)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_DEMO_HOST = "127.0.0.1:8765"


def text(page: str) -> str:
    return (REPOSITORY / page).read_text("utf-8")


def commands(page: str) -> list[list[str]]:
    return [shlex.split(line) for line in _PROMPT.findall(text(page))]


CHAPTER = text("docs/tutorial.md").partition("## 8. ")[2].partition("\n## ")[0]
"""The chapter that goes from step to step; a test of its own runs it as a whole."""
PLAN = text("docs/operations.md").partition("```toml\n")[2].partition("```")[0]
RUNNABLE = [
    (page, command)
    for page in PAGES
    for command in commands(page)
    if not {"sample-site", "serve"} & {*command} and not any("news.example" in word for word in command)
    if page != "docs/tutorial.md" or command not in map(shlex.split, _PROMPT.findall(CHAPTER))
]


ANALYSIS = text("docs/analysis.md")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", ANALYSIS, re.DOTALL)
_ENDED = "== example ended =="


def options_of(name: str) -> set[str]:
    command = yaowen.get_command(click.Context(yaowen), name)
    assert command is not None, name
    several = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    return {option for one in several for parameter in one.params for option in parameter.opts}


@pytest.mark.parametrize("page", PAGES)
def test_every_script_named_exists_and_can_be_run(page: str) -> None:
    scripts = set(_SCRIPT.findall(text(page)))
    assert page.startswith("docs/") or scripts >= {"scripts/demo", "scripts/test"}
    assert all(os.access(REPOSITORY / script, os.X_OK) for script in scripts)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_named_exists(page: str) -> None:
    ours = [command for command in commands(page) if command[0].endswith("/yaowen")]
    assert ours
    for _, name, *words in ours:
        if name != "--help":
            assert {word for word in words if word.startswith("--")} <= options_of(name)
    known = {option for name in yaowen.list_commands(click.Context(yaowen)) for option in options_of(name)}
    assert set(_OPTION.findall(text(page))) <= known | {"--help", "--all", "--state", "--limit"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, SampleServer]]:
    """A folder as the demo leaves it, at another port."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "yaowen.toml").write_text(PLAN, "utf-8")
    with running() as server:
        lists = [server.url + path for path in SampleSite(1).list_paths() if path.count("/") == 2]
        options = ("--delay", "0", "--allow-address", server.url.removeprefix("http://"))
        visited = ("--spider", "recommendation", "--depth", "2", *lists)
        crawls = (("--spider", "feature", f"{server.url}/"), visited, (*visited, "--known"), (*visited, "--known"))
        for state, crawl in zip((1, 1, 2, 3), crawls, strict=True):
            server.state = state
            crawled = run_yaowen(folder, "crawl", *crawl, *options)
            assert crawled.returncode == 0, crawled.stderr
        shutil.copy(folder / "archive.db", folder / "paper.db")
        yield folder, server


def test_the_notebook_prints_what_it_says(demo: tuple[Path, SampleServer]) -> None:
    folder, _ = demo  # as nothing has changed it yet
    for command in commands("docs/analysis.md"):
        assert run_yaowen(folder, *command[1:]).returncode == 0, command
    assert len(EXAMPLES) == ANALYSIS.count("```python") > 5
    notebook = "".join(f"{code}\nprint({_ENDED!r})\n" for code, _ in EXAMPLES)
    finished = subprocess.run([sys.executable, "-c", notebook], cwd=folder, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    for (code, expected), printed in zip(EXAMPLES, finished.stdout.split(_ENDED), strict=False):
        assert printed.split() == expected.split(), code


@pytest.mark.parametrize(("page", "command"), RUNNABLE, ids=lambda value: value if isinstance(value, str) else value[1])
def test_every_command_shown_does_what_it_should(
    demo: tuple[Path, SampleServer], page: str, command: list[str]
) -> None:
    folder, server = demo
    here = [word.replace(_DEMO_HOST, server.url.removeprefix("http://")) for word in command]
    program = BIN / Path(here[0]).name
    finished = subprocess.run([program, *here[1:]], cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.strip()


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_search_result_shown_is_what_comes(demo: tuple[Path, SampleServer], page: str) -> None:
    folder, server = demo
    shown = re.search(r"\$ \.venv/bin/yaowen search (\S+) --limit 1\n(.*?)\n\n(?!\s)", text(page), re.DOTALL)
    assert shown
    finished = run_yaowen(folder, "search", shown[1], "--limit", "1")
    found = finished.stdout + finished.stderr
    expected = re.sub(r"^    ", "", shown[2], flags=re.MULTILINE)
    assert found.replace(server.url.removeprefix("http://"), _DEMO_HOST).split() == expected.split()


_VARYING = (  # in what is printed: times, durations and sizes, and how far a table stretches
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "TIME"),
    (re.compile(r"\d+(?:\.\d+)?(?= (?:s|minutes|MB)\b)"), "N"),
    (re.compile("─+"), "─"),
)


def as_compared(printed: str) -> list[list[str]]:
    for varying, same in _VARYING:
        printed = varying.sub(same, printed)
    return [line.split() for line in printed.splitlines() if line.strip()]


def test_the_chapter_on_the_plan_goes_as_it_is_printed(tmp_path: Path) -> None:
    (written,) = re.findall(r"```toml\n(.*?)```", CHAPTER, re.DOTALL)
    plan = tmp_path / "yaowen.toml"
    steps = re.findall(r"^    \$ (.+)\n((?:    (?!\$).+\n)*)", CHAPTER, re.MULTILINE)
    assert len(steps) == len(_PROMPT.findall(CHAPTER)) > 5
    with running() as server:
        here = server.url.removeprefix("http://")
        for command, shown in steps:
            words = [word.replace(_DEMO_HOST, here) for word in shlex.split(command)]
            finished = run_yaowen(tmp_path, *words[1:])
            assert finished.returncode == 0, finished.stderr
            printed = (finished.stdout + finished.stderr).replace(here, _DEMO_HOST)
            assert as_compared(printed) == as_compared(shown), command
            if "add" in words:
                assert plan.read_text("utf-8").replace(here, _DEMO_HOST) == written


def test_every_key_of_the_plan_is_shown_and_explained() -> None:
    shown = set(re.findall(r"^(\w+) = ", PLAN, re.MULTILINE))
    tables = text("docs/operations.md").partition("## The schedule")[0]
    explained = {key for row in _KEYS.findall(tables) for key in re.findall(r"`(\w+)`", row)}
    assert set(PLAN_KEYS) | set(SITE_KEYS) | set(CRAWL_KEYS) == explained | {"sites", "crawls"}
    assert explained - shown == {"headers"}  # a table


def test_the_mistakes_shown_are_those_that_are_told(tmp_path: Path) -> None:
    path = tmp_path / "yaowen.toml"
    path.write_text(PLAN.replace("0 6 *", "0 66 *").replace("depth = 2", "dept = 2"))
    with pytest.raises(BadPlan) as wrong:
        read_plan(path)
    for sentence in wrong.value.mistakes:
        assert f"    {sentence.removeprefix(f'{tmp_path}/')}\n" in text("docs/operations.md")


_KEYS = re.compile(r"^\| (`[^|]+) \|", re.MULTILINE)
_ROW = re.compile(r"^\| `([^`]+)` \| ([^|`]+) \| ([^|`]+) \|$", re.MULTILINE)


@pytest.mark.parametrize(("query", "found", "missed"), _ROW.findall(text("docs/search.md")))
def test_every_query_shown_finds_what_the_table_says(archive: Archive, query: str, found: str, missed: str) -> None:
    bodies = {"https://news.example/found": found, "https://news.example/missed": missed}
    archive.db.table("articles").insert_all({"url": url, "body": body} for url, body in bodies.items())
    assert [hit.url for hit in search(archive, query).hits] == ["https://news.example/found"]


def test_the_table_of_queries_is_read() -> None:
    assert len(_ROW.findall(text("docs/search.md"))) > 10


def test_the_python_shown_runs(demo: tuple[Path, SampleServer]) -> None:
    code = re.search(r"```python\n(.*?)```", text("docs/search.md"), re.DOTALL)
    assert code
    finished = subprocess.run([sys.executable, "-c", code[1]], cwd=demo[0], capture_output=True, text=True, check=True)
    assert finished.stdout.strip()
