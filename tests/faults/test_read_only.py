"""An archive that may not be written is read all the same, and what would write it says so by its name."""

import ctypes
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from archive.store import Archive
from tests.faults.server import FaultyServer, article, serving, whole

pytestmark = pytest.mark.long

_DROP, _OVERRIDES = 24, (1, 2)  # PR_CAPBSET_DROP; CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH of linux/capability.h
READING = [
    "search 书店",
    "show {id}",
    "history {id}",
    "views {id}",
    "status",
    "stats",
    "due",
    "crawls",
    "verify",
    "tag",
]
WRITING = ["tag {id} 书店", "compact", "watch add books 书店", "prune --captures-older-than 5y", "crawl {url}"]


def obey_modes() -> None:
    """Before a program is started: root too may do only what the modes of files allow."""
    for override in _OVERRIDES:
        ctypes.CDLL(None).prctl(_DROP, override, 0, 0, 0)  # fails for others than root, who have no such right


def obedient(*words: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, timeout=60, check=False, preexec_fn=obey_modes
    )


def restrict(folder: Path, file_mode: int, folder_mode: int) -> None:
    for path in folder.iterdir():
        path.chmod(file_mode)
    folder.chmod(folder_mode)
    if file_mode == 0o444 and obedient("/bin/sh", "-c", "true >> archive.db", folder=folder).returncode == 0:
        pytest.skip("modes of files hold for nobody here")


@pytest.fixture
def site() -> Iterator[FaultyServer]:
    with serving({"/a": whole(article(1))}) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path, site: FaultyServer) -> Iterator[Path]:
    """A folder with an archive of one article, and nothing else."""
    path = tmp_path / "kept"
    path.mkdir()
    words = ("crawl", f"http://{site.host}/a", "--delay", "0", "-q", "--allow-address", site.host)
    made = obedient(sys.executable, "-m", "yaowen", *words, folder=path)
    assert made.returncode == 0, made.stderr
    for name in ("lock", "wal", "shm"):  # what crawls and readers leave beside it
        (path / f"archive.db{'.' if name == 'lock' else '-'}{name}").unlink(missing_ok=True)
    yield path
    path.chmod(0o755)


def run(folder: Path, site: FaultyServer, command: str) -> "subprocess.CompletedProcess[str]":
    # So that looking leaves nothing beside the file.
    with closing(sqlite3.connect(f"file:{folder}/archive.db?immutable=1", uri=True)) as db:
        ((number,),) = db.execute("SELECT id FROM articles").fetchall()
    words = command.format(id=number, url=f"http://{site.host}/a --allow-address {site.host}").split()
    return obedient(sys.executable, "-m", "yaowen", *words, folder=folder)


@pytest.mark.parametrize("is_left", [False, True], ids=["alone", "beside what a reader left"])
@pytest.mark.parametrize("modes", [(0o444, 0o755), (0o444, 0o555)], ids=["file", "file and folder"])
def test_an_archive_that_may_not_be_written_is_read(
    folder: Path, site: FaultyServer, modes: tuple[int, int], is_left: bool
) -> None:
    before = (folder / "archive.db").read_bytes()
    if is_left:
        Archive.open(folder / "archive.db", read_only=True).close()
        assert (folder / "archive.db-shm").exists()
    restrict(folder, *modes)
    for command in READING:
        finished = run(folder, site, command)
        assert (finished.returncode, "Traceback" in finished.stderr) == (0, False), (command, finished.stderr)
    assert (folder / "archive.db").read_bytes() == before


@pytest.mark.parametrize(
    ("modes", "says"),
    [
        ((0o444, 0o755), "it cannot be written: Permission denied"),
        ((0o444, 0o555), "Permission denied"),
        ((0o644, 0o555), "cannot be written, where SQLite needs a file more"),
    ],
    ids=["file", "file and folder", "folder"],
)
def test_what_would_write_it_ends_with_its_name(
    folder: Path, site: FaultyServer, modes: tuple[int, int], says: str
) -> None:
    restrict(folder, *modes)
    asked = len(site.moments)
    for command in WRITING:
        finished = run(folder, site, command)
        assert finished.returncode == 3, (command, finished.stderr)
        assert finished.stderr.startswith("Cannot open the archive archive.db: "), (command, finished.stderr)
        own = "archive.db.lock beside it: Permission denied"  # a crawl takes the lock first
        assert says in finished.stderr or own in finished.stderr, (command, finished.stderr)
        assert finished.stderr.count("\n") == 1
    assert len(site.moments) == asked


def test_a_crawl_that_was_killed_cannot_be_read_whole_in_a_folder_that_may_not_be_written(
    folder: Path, site: FaultyServer
) -> None:
    path = folder / "archive.db"
    with Archive.open(path) as archive:
        archive.db.execute("UPDATE articles SET title = 'x'")
        shutil.copy(f"{path}-wal", f"{path}-left")  # closing in order would take it away
    Path(f"{path}-left").rename(f"{path}-wal")
    restrict(folder, 0o444, 0o555)
    finished = obedient(sys.executable, "-m", "yaowen", "stats", folder=folder)
    assert (finished.returncode, "the folder . cannot be written to read it whole" in finished.stderr) == (3, True)


def test_an_archive_of_an_earlier_version_says_that_it_has_to_be_written(tmp_path: Path) -> None:
    old = Path(__file__).parents[1] / "archives" / "m008.db.zst"
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "archive.db").write_bytes(zstandard.ZstdDecompressor().decompressobj().decompress(old.read_bytes()))
    restrict(folder, 0o444, 0o555)
    finished = obedient(sys.executable, "-m", "yaowen", "stats", folder=folder)
    folder.chmod(0o755)
    assert (finished.returncode, "an earlier version wrote it, which this one has" in finished.stderr) == (3, True)
