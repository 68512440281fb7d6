"""What other programs wrote into the tables keeps nothing else from being exported."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from archive.store import Archive
from archive.verification import verify
from tests.conftest import Export, Yaowen

_CHANGES = ("atom --what changes", "jsonfeed --what changes")
_REVISIONS = ("jsonl --what revisions", "parquet --what revisions", "wacz", *_CHANGES)
_READINGS = (
    "{",
    "[1]",
    "null",
    '{"sections": "x", "title": [1]}',
    '{"sections": ["a", 1, null], "title": {}}',
    '{"sections": [{"heading": {"a": 1}, "level": "x", "paragraphs": "y"}, {"paragraphs": [1]}, {"level": 1e12}]}',
    r'{"sections": [{"heading": "\ud800", "level": 1, "paragraphs": ["\udfff"]}], "title": "\ud800"}',
)
_WARC = ("warc", "wacz")


@pytest.mark.parametrize(
    ("statement", "formats"),
    [
        ("UPDATE articles SET published_at = x'ff'", ("csv", "markdown")),
        ("UPDATE sections SET level = 1 << 40", ("parquet", "jsonl")),
        ("UPDATE sections SET heading = x'ff', text = x'ff'", ("jsonl", "atom")),
        ("INSERT INTO tags (article_id, tag) SELECT id, x'ff' FROM articles", ("jsonl", "epub")),
        *((f"UPDATE revisions SET reading = '{reading}'", _REVISIONS) for reading in _READINGS),
        ("UPDATE revisions SET reading = x'ff', changed_fields = x'ff', observed_at = x'ff'", _REVISIONS),
        ("UPDATE revisions SET changed_fields = '{', observed_at = '5'", _REVISIONS),
        ("UPDATE absences SET observed_at = '5', reason = x'ff'", _CHANGES),
        ("UPDATE captures SET headers = '{', status = NULL, fetched_at = '5'", _WARC),
        ("UPDATE captures SET headers = x'ff', status = x'ff', fetched_at = x'ff'", _WARC),
        ('UPDATE captures SET headers = \'{"a": 1, "b": ["\\ud800"], "c\\r\\nd": "e"}\'', _WARC),
        ("UPDATE captures SET url = x'ff', final_url = x'ff'", (*_WARC, "sqlite --site sample.example")),
        ("UPDATE captures SET part_of = 99", _WARC),
        ("UPDATE listings SET observed_at = id % 60", ("gexf", "graphml")),
        ("UPDATE listings SET observed_at = '0000-01-01T00:00:00Z'", ("gexf", "graphml")),
        ("UPDATE listings SET url = CAST(url AS BLOB), label = x'ff'", ("gexf --site sample.example", "wacz")),
    ],
)
def test_odd_rows_are_exported_as_far_as_they_can_be_read(
    out: Export, original: Path, tmp_path: Path, statement: str, formats: tuple[str, ...]
) -> None:
    odd = _changed(original, tmp_path, statement)
    for number, arguments in enumerate(formats):
        name, *options = arguments.split()
        assert out(name, *options, target=f"{number}", archive=odd).stat().st_size


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE captures SET part_of = 99",
        "UPDATE captures SET part_of = 9999, crawl_id = 9999",
        "UPDATE captures SET article_id = 99",
        "UPDATE contents SET sha256 = 'f' || substr(sha256, 2)",
    ],
)
def test_what_leads_nowhere_does_not_come_along(out: Export, original: Path, tmp_path: Path, statement: str) -> None:
    path = out("sqlite", archive=_changed(original, tmp_path, statement))
    with Archive.open(path) as archive:
        assert dict(verify(archive))["links between tables"] == []


def test_a_line_break_in_an_address_begins_no_field_of_a_record(out: Export, original: Path, tmp_path: Path) -> None:
    statement = "UPDATE captures SET final_url = final_url || char(13, 10) || 'WARC-Forged: x'"
    path = out("warc", target="forged.warc", archive=_changed(original, tmp_path, statement))
    assert b"\r\nWARC-Forged" not in path.read_bytes()


def test_a_number_in_the_place_of_a_date_is_in_no_month(out: Export, original: Path, tmp_path: Path) -> None:
    odd = _changed(original, tmp_path, "UPDATE articles SET published_at = '5'")
    folder = out("parquet", "--partition", "month", archive=odd)
    assert [path.name for path in (folder / "data").iterdir()] == ["month=__HIVE_DEFAULT_PARTITION__"]


def test_a_name_that_is_no_utf_8_is_on_the_card_as_far_as_it_is(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    finished = yaowen("export", "csv", "-o", "\udcff.csv", "--archive", str(original))
    assert finished.returncode == 0, finished.stderr
    card = json.loads((tmp_path / "\udcff.csv.datapackage.json").read_bytes())
    assert card["resources"][0]["path"] == "\ufffd.csv"


@pytest.mark.parametrize("narrowed", [("a\udcff",), ("--site", "\udcff"), ("--tag", "\udcff")])
def test_a_selection_that_is_no_utf_8_is_wrong_use(yaowen: Yaowen, original: Path, narrowed: tuple[str, ...]) -> None:
    finished = yaowen("export", "csv", *narrowed, "-o", "x.csv", "--archive", str(original))
    assert (finished.returncode, "is no UTF-8" in finished.stderr) == (2, True), finished.stderr


def _changed(original: Path, folder: Path, statement: str) -> Path:
    odd = folder / "odd.db"
    shutil.copy(original, odd)
    db = sqlite3.connect(odd)
    db.execute("PRAGMA foreign_keys = OFF")
    for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {trigger}")
    db.execute(statement)
    db.commit()
    db.close()
    return odd


def test_an_article_is_cited_whatever_its_revisions_hold(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    reading = '{"published_at": 7, "sections": "x"}'
    odd = _changed(original, tmp_path, f"UPDATE revisions SET reading = '{reading}', observed_at = '5'")
    with Archive.open(odd, read_only=True) as archive:
        (number,) = archive.db.execute("SELECT max(article_id) FROM revisions").fetchone()
    finished = yaowen("cite", str(number), "--archive", str(odd))
    assert finished.returncode == 0, finished.stderr
