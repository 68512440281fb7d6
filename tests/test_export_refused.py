"""An export that cannot be made says why, and leaves nothing behind."""

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.card import files_of
from archive.errors import CannotWrite
from archive.files import whole, whole_folder
from archive.store import Archive
from tests.conftest import Export, Yaowen, article, observation

CARD = "datapackage.json"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A folder with an archive and what stands in the way."""
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(article())])
    (tmp_path / "there.csv").write_text("mine")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    return tmp_path


def left_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")} - {"archive.db-wal", "archive.db-shm"}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("mp3", "-o", "x"), 2, "'mp3' is not one of"),
        (
            ("csv", "--columns", "id,titel", "-o", "x.csv"),
            2,
            "no column 'titel' (is title meant?); there are id, url",
        ),
        (("csv", "--what", "films", "-o", "x.csv"), 2, "--what films is not there for csv; there are articles"),
        (("jsonl", "--excel", "-o", "x.jsonl"), 2, "--excel is not for jsonl"),
        (("csv", "--partition", "month", "-o", "x"), 2, "--partition is not for csv"),
        (("json", "--schema-org", "--what", "views", "-o", "x.json"), 2, "--schema-org is for whole articles"),
        (("csv", "人才 (", "-o", "x.csv"), 2, "Cannot search for"),
        (("csv", "--category", 'a"b', "-o", "x.csv"), 2, "cannot have a quotation mark"),
        (("csv", "--since", "heute", "-o", "x.csv"), 2, "'heute' is no date"),
        (("csv", "--until", "9999-12-31T23:59-08:00", "-o", "x.csv"), 2, "'9999-12-31T23:59-08:00' is no date"),
        (("csv", "--watch", "none", "-o", "x.csv"), 1, "keeps no search 'none'"),
        (("csv", "--site", "nowhere.example", "-o", "x.csv"), 1, "holds no page of nowhere.example"),
        (("csv", "--since", "2027", "--until", "2026", "-o", "x.csv"), 2, "--since is later than --until"),
        (("csv", "--columns", "", "-o", "x.csv"), 2, "a name is missing"),
        (("csv", "--site", "nowhere.example"), 1, "holds no page of nowhere.example"),
        (("csv", "-o", ""), 2, "name a file with -o FILE"),
        (("sqlite", "-o", "x.db.gz"), 2, "sqlite is not packed again"),
        (("parquet", "-o", "x.parquet.gz"), 2, "parquet is not packed again"),
        (("csv", "-o", "there.csv"), 1, "Cannot write there.csv: it is there already"),
        (("csv", "-o", "mine", "--force"), 1, "Cannot write mine: it is a folder"),
        (("csv", "-o", "no/such/x.csv"), 1, "Cannot write no/such/x.csv"),
        (("parquet", "--partition", "month", "-o", "mine", "--force"), 1, "it is a folder that holds something else"),
        (("parquet", "--partition", "month", "-o", "there.csv"), 1, "it is a file, and a folder is to be written"),
        (("parquet", "--partition", "month"), 2, "parquet is a folder; name it with -o"),
        (("sqlite",), 2, "sqlite is a file; name it with -o"),
        (("sqlite", "-o", "archive.db", "--force"), 2, "is the archive itself"),
        (("csv", "-o", "archive.db-wal", "--force"), 2, "archive.db-wal is the archive itself"),
        (("csv", "-o", "circle", "--force"), 1, "Cannot write circle: Too many levels of symbolic links"),
        (("markdown", "-o", "circle"), 1, "Cannot write circle: Too many levels of symbolic links"),
        (("csv", "-o", "x" * 250), 1, "xx: File name too long"),
        (("csv", "--json"), 2, "name a file with -o FILE"),
        (("csv", "-o", "x.csv", "--archive", "there.csv"), 3, "it is no SQLite file"),
    ],
)
def test_what_goes_wrong_is_named(
    yaowen: Yaowen, there: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    before = left_in(there)
    finished = yaowen("export", *arguments)
    assert (finished.returncode, says in finished.stderr) == (code, True), finished.stderr
    assert left_in(there) == before
    assert (there / "there.csv").read_text() == (there / "mine" / "letter.txt").read_text() == "mine"


def test_a_card_that_is_there_is_not_written_over(yaowen: Yaowen, there: Path) -> None:
    (there / f"x.csv.{CARD}").write_text("mine")
    finished = yaowen("export", "csv", "-o", "x.csv")
    assert (finished.returncode, f"x.csv.{CARD}: it is there already" in finished.stderr) == (1, True)
    assert not (there / "x.csv").exists()


def test_what_we_wrote_is_replaced_with_force_and_nothing_else(out: Export, tmp_path: Path) -> None:
    out("parquet", "--partition", "month", target="months")
    first = left_in(tmp_path / "months")
    with pytest.raises(CannotWrite, match="--force writes over it"):
        out("parquet", "--partition", "month", target="months")
    (tmp_path / "months" / "data" / "my notes.md").write_text("x")
    with pytest.raises(CannotWrite, match=r"holds something else: data/my notes\.md"):
        out("parquet", "--partition", "month", "--force", target="months")
    (tmp_path / "months" / "data" / "my notes.md").unlink()
    out("parquet", "--partition", "month", "--force", target="months")
    assert left_in(tmp_path / "months") == first
    out("csv")
    out("csv", "--force")
    assert {path.name for path in tmp_path.iterdir()} == {"months", "out.csv", f"out.csv.{CARD}"}


def test_what_another_process_writes_is_left_to_it(yaowen: Yaowen, there: Path) -> None:
    with whole(there / "x.csv") as unfinished, whole_folder(there / "pages", ours=files_of) as folder:
        unfinished.write_text("half")
        (folder / "page").write_text("half")
        for arguments in (("csv", "-o", "x.csv", "--force"), ("markdown", "-o", "pages", "--force")):
            finished = yaowen("export", *arguments)
            assert (finished.returncode, "another process writes it now" in finished.stderr) == (1, True)
        assert unfinished.read_text() == (folder / "page").read_text() == "half"
    assert not list(there.glob(".*"))


def test_the_data_package_of_another_is_never_replaced(yaowen: Yaowen, there: Path) -> None:
    (there / "mine" / CARD).write_text('{"name": "mine"}')
    finished = yaowen("export", "text", "-o", "mine", "--force")
    assert (finished.returncode, "holds something else" in finished.stderr) == (1, True)
    assert (there / "mine" / "letter.txt").read_text() == "mine"


def test_a_folder_that_the_archive_was_put_into_is_never_replaced(yaowen: Yaowen, there: Path) -> None:
    assert yaowen("export", "text", "-o", "texts").returncode == 0
    (there / "archive.db").rename(there / "texts" / "archive.db")
    finished = yaowen("export", "text", "-o", "texts", "--force", "--archive", "texts/archive.db")
    assert (finished.returncode, "texts holds the archive" in finished.stderr) == (2, True)
    assert (there / "texts" / "archive.db").exists()


def test_the_card_for_readers_is_no_table(out: Export) -> None:
    card = json.loads((out("parquet", "--partition", "month") / CARD).read_bytes())
    assert {one["path"] for one in card["resources"] if "schema" not in one} == {"CARD.md"}


def test_an_empty_folder_is_written_into(out: Export, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert (out("parquet", "--partition", "month", target="empty") / CARD).is_file()


@pytest.mark.parametrize(
    ("name", "target"), [("csv", "x.csv"), ("parquet", "x.parquet"), ("sqlite", "x.db"), ("wacz", "x.wacz")]
)
def test_a_full_disk_leaves_nothing_behind(original: Path, tmp_path: Path, name: str, target: str) -> None:
    def limit_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))  # the archive's -shm has 32 kB

    command = [sys.executable, "-m", "yaowen", "export", name, "-o", target, "--archive", str(original)]
    finished = subprocess.run(
        command, cwd=tmp_path, preexec_fn=limit_room, capture_output=True, text=True, check=False, timeout=60
    )
    assert (finished.returncode, "The disk is full" in finished.stderr) == (8, True), finished.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_export_leaves_nothing_behind(tmp_path: Path, how: signal.Signals) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.db.table("articles").insert_all(
            {"url": f"https://news.example/{number}", "summary": "x" * 20_000} for number in range(5_000)
        )
    command = [sys.executable, "-m", "yaowen", "export", "json", "-o", "x.json"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    unfinished = tmp_path / ".x.json.part"
    while not (unfinished.exists() and unfinished.stat().st_size):
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(how)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (7, "Stopped\n")
    assert {path.name for path in tmp_path.iterdir() if "archive" not in path.name} == set()


def test_a_reader_that_has_enough_is_no_failure(original: Path) -> None:
    command = f"{sys.executable} -m yaowen export jsonl --archive {original} | head -n 1"
    finished = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert json.loads(finished.stdout)["id"]
    assert finished.stderr == ""
