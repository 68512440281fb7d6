"""Archives made by earlier schema versions open with all they had; each file is named after its newest migration.

All of them hold the same: one article that was seen twice and edited in between, and one list that shows it.
"""

import sqlite3
from pathlib import Path

import pytest
import zstandard

from archive.readings import kept_reading
from archive.search import search
from archive.store import Archive
from tests.conftest import REPOSITORY

OLD = sorted((REPOSITORY / "tests" / "archives").glob("*.db.zst"))


@pytest.fixture(params=OLD, ids=lambda path: path.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    path.write_bytes(zstandard.decompress(request.param.read_bytes()))
    return path


@pytest.mark.parametrize("read_only", [True, False])
def test_it_has_all_that_it_had(old: Path, read_only: bool) -> None:
    with Archive.open(old, read_only=read_only) as archive:
        found = archive.article("https://news.example/a/1")
        assert [revision.reading["title"] for revision in archive.revisions(found.id)] == [
            "运河边的图书馆",
            "运河边的新图书馆",
        ]
        assert [count.value for count in archive.view_counts(found.id)] == [10, 12]
        assert [link.title for link in archive.recommended(found.id)] == ["另一条"]
        assert [hit.id for hit in search(archive, "運河").hits] == [found.id]
        hashes = archive.db.execute("SELECT content_hash FROM captures ORDER BY id").fetchall()
        assert [archive.contents.get(sha256) for (sha256,) in hashes] == [b"<p>1</p>", b"<p>2</p>", b"<ul></ul>"]
        assert kept_reading(archive.db, 3) is not None
        (hit,) = search(archive, "运河边的图书馆", revisions=True).hits
        assert hit.past
        assert hit.past.revision == 1


def test_its_index_follows_new_writes_of_any_program(old: Path) -> None:
    with Archive.open(old):
        pass
    with sqlite3.connect(old) as other:
        other.execute("UPDATE articles SET body = '人才'")
    with Archive.open(old) as archive:
        for index in ("articles_fts", "revisions_fts"):
            archive.db.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        assert search(archive, "人才").total == 1
    other.close()
