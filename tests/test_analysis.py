"""The notebook of docs/analysis.md runs, and prints what stands below its examples."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from crawler.sample_site import SampleSite
from crawler.sample_site.server import running
from tests.conftest import REPOSITORY, run_yaowen

PAGE = (REPOSITORY / "docs" / "analysis.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
_MARK = "== example ended =="


def crawled(folder: Path) -> None:
    """The archive of the demo."""
    with running() as server:
        lists = [server.url + path for path in SampleSite(1).list_paths() if path.count("/") == 2]
        options = ("--delay", "0", "--allow-address", server.url.removeprefix("http://"))
        steps = [
            ("--spider", "feature", f"{server.url}/"),
            *[("--spider", "recommendation", "--depth", "2", *lists)] * 3,
        ]
        for state, step in zip((1, 1, 2, 3), steps, strict=True):
            server.state = state
            known = ["--known"] if state > 1 else []
            assert run_yaowen(folder, "crawl", *step, *known, *options).returncode == 0


def test_the_notebook_prints_what_it_says(tmp_path: Path) -> None:
    crawled(tmp_path)
    for command in re.findall(r"^    \$ \.venv/bin/yaowen (.+)$", PAGE, re.MULTILINE):
        assert run_yaowen(tmp_path, *shlex.split(command)).returncode == 0, command
    assert len(EXAMPLES) == PAGE.count("```python") > 5
    notebook = "".join(f"{code}\nprint({_MARK!r})\n" for code, _ in EXAMPLES)
    finished = subprocess.run(
        [sys.executable, "-c", notebook], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    for (code, expected), printed in zip(EXAMPLES, finished.stdout.split(_MARK), strict=False):
        assert printed.split() == expected.split(), code
