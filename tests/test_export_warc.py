"""What goes out as WARC is a WARC file, and comes in again as it was."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive.pruning import prune
from archive.store import Archive
from tests.conftest import MORNING, Yaowen, article, observation
from tests.looks import TABLES, told

WARCIO = Path(sys.executable).with_name("warcio")


@pytest.mark.parametrize("name", ["out.warc.gz", pytest.param("out.warc", marks=pytest.mark.long)])
def test_an_export_as_warc_comes_in_again_as_it_was(yaowen: Yaowen, original: Path, tmp_path: Path, name: str) -> None:
    written = json.loads(yaowen("export", "warc", "-o", name, "--json", "--archive", str(original)).stdout)
    assert (written["responses"] > 100, written["revisits"] > 5) == (True, True)
    checked = subprocess.run([WARCIO, "check", name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")
    (result,) = json.loads(yaowen("import", name, "--json").stdout)
    assert result["looks"] == written["responses"] + written["revisits"]
    before, after = told(original), told(tmp_path / "archive.db")
    for table in TABLES:
        assert after[table] == before[table], table
    again = yaowen("import", name)
    assert f"looks taken in: 0, there already: {result['looks']}; new articles: 0" in again.stdout
    assert told(tmp_path / "archive.db") == after


def test_the_same_archive_gives_the_same_file_and_a_part_of_it_a_part(
    yaowen: Yaowen, original: Path, tmp_path: Path
) -> None:
    for name in ("one.warc.gz", "two.warc.gz"):
        yaowen("export", "warc", "-o", name, "--archive", str(original))
    assert (tmp_path / "one.warc.gz").read_bytes() == (tmp_path / "two.warc.gz").read_bytes()
    part = yaowen(
        "export", "warc", "-o", "part.warc.gz", "--json", "--archive", str(original), "--since", "2026-03-01T23"
    )
    assert 0 < json.loads(part.stdout)["responses"] < 20
    none = yaowen("export", "warc", "-o", "none.warc", "--archive", str(original), "--site", "nowhere.example")
    assert (none.returncode, none.stderr) == (1, "The archive holds no page of nowhere.example\n")
    assert not (tmp_path / "none.warc").exists()


def test_pruned_bytes_are_left_out_and_said_so(yaowen: Yaowen, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(article())])
        prune(archive, MORNING.replace(year=2027), every=True)
    assert json.loads(yaowen("export", "warc", "-o", "x.warc", "--json").stdout)["pruned"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("export", "warc", "-o", "."), 1, "Cannot write .: it is a folder"),
        (("export", "warc", "-o", "there.txt"), 1, "it is there already"),
        (("export", "warc", "-o", "archive.db", "--force"), 2, "is the archive itself"),
        (("import", "there.txt", "--url-prefix", "foo"), 2, "is no web address"),
        (("export", "warc", "-o", "no/such/x.warc"), 1, "Cannot write no/such/x.warc"),
        (("export", "warc", "--json"), 2, "name a file with -o FILE"),
        (("export", "mp3", "-o", "x"), 2, "is not"),
        (("import", "nowhere.warc"), 2, "does not exist"),
        (("import", "archive.db"), 1, "is the archive itself"),
    ],
)
def test_what_goes_wrong_is_named(
    yaowen: Yaowen, tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(article())])
    (tmp_path / "there.txt").write_text("mine")
    finished = yaowen(*arguments)
    assert (finished.returncode, says in finished.stderr) == (code, True), finished.stderr
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name or path.suffix == ".warc"] == []


def test_a_file_that_is_a_link_is_written_through(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    (tmp_path / "real.warc").write_text("old")
    (tmp_path / "link.warc").symlink_to("real.warc")
    assert yaowen("export", "warc", "-o", "link.warc", "--force", "--archive", str(original)).returncode == 0
    assert (tmp_path / "link.warc").is_symlink()
    assert (tmp_path / "real.warc").read_bytes().startswith(b"WARC/1.1")


def test_an_output_that_cannot_be_written_is_told(original: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = [sys.executable, "-m", "yaowen", "export", "warc", "--archive", str(original)]
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        finished = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    told = "Cannot write to the standard output: No space left on device; what was stored is kept\n"
    assert (finished.returncode, finished.stderr) == (1, told)
