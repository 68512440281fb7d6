import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from archive.models import Absence, Article, Capture, Observation, Page, Section
from archive.store import Archive

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"
MORNING = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

Yaowen = Callable[..., subprocess.CompletedProcess[str]]
Export = Callable[..., Path]


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive.open(":memory:") as opened:
        yield opened


def run_yaowen(folder: Path, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """The real command, run in this folder; its archive is ``archive.db`` there."""
    return subprocess.run(
        [sys.executable, "-m", "yaowen", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        input=text,
    )


@pytest.fixture
def yaowen(tmp_path: Path) -> Yaowen:
    """The real command in a folder of its own."""
    return partial(run_yaowen, tmp_path)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of labelled pages, where it stands beside the repository."""
    if not SHARED.is_dir():
        pytest.skip("the labelled pages are not here: no folder `shared` beside the repository")
    return SHARED


def observation(page: Page | Absence | None = None, *, minutes: int = 0, **capture: object) -> Observation:
    """One fetch of ``https://news.example/a/1``, some minutes after the first."""
    values: dict[str, object] = {
        "url": "https://news.example/a/1",
        "final_url": "https://news.example/a/1",
        "fetched_at": MORNING + timedelta(minutes=minutes),
        "status": 200,
        "body": f"<p>{minutes}</p>".encode(),
    }
    return Observation(capture=Capture(**(values | capture)), page=page)  # type: ignore[arg-type]  # by keyword


def article(**values: object) -> Article:
    defaults: dict[str, object] = {
        "url": "https://news.example/a/1",
        "title": "运河边的图书馆",
        "sections": (Section(paragraphs=("苏州的运河边开了一家图书馆。",)),),
    }
    return Article(**(defaults | values))  # type: ignore[arg-type]  # by keyword


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with looks of all kinds, to be read only."""
    from tests.looks import all_looks

    path = tmp_path_factory.mktemp("original") / "archive.db"
    with Archive.open(path) as archive:
        archive.record(all_looks())
    return path


@pytest.fixture
def out(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Export:
    """Export the archive with looks of all kinds, in this process; gives the path of what was written."""
    from yaowen.__main__ import yaowen

    monkeypatch.chdir(tmp_path)

    def export(name: str, *arguments: str, target: str | None = None, archive: Path = original) -> Path:
        path = tmp_path / (target or f"out.{name}")
        yaowen(["export", name, "-o", path.name, "--archive", str(archive), *arguments], standalone_mode=False)
        return path

    return export


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of texts that are no texts to programs, to be read only."""
    from tests.hostile import write_hostile_archive

    path = tmp_path_factory.mktemp("hostile") / "archive.db"
    write_hostile_archive(path)
    return path
