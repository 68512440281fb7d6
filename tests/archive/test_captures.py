import json

import pytest

from archive.captures import Contents
from archive.compaction import compact, replace_dictionaries
from archive.errors import ContentDamaged
from archive.models import Observation
from archive.store import Archive
from tests.conftest import Yaowen, article, observation

FRAME = "".join(f"<li><a href=/c/{n}.html>第{n}个栏目，每天更新，每周一期，欢迎投稿</a></li>" for n in range(300))
SITE = "news.example"


def page(number: int) -> bytes:
    return f"<html><ul>{FRAME}</ul><p>第{number}页的正文，说的是{number * 7}号桥的事。</p></html>".encode()


def pages(count: int, *, start: int = 0) -> list[Observation]:
    return [
        observation(
            article(url=f"https://{SITE}/a/{number}"),
            url=f"https://{SITE}/a/{number}",
            final_url=f"https://{SITE}/a/{number}",
            body=page(number),
        )
        for number in range(start, start + count)
    ]


def hashes(archive: Archive) -> list[str]:
    return [sha256 for (sha256,) in archive.db.execute("SELECT sha256 FROM contents")]


def room(archive: Archive) -> int:
    (size,) = archive.db.execute(
        "SELECT (SELECT sum(length(body)) FROM contents) + (SELECT coalesce(sum(length(body)), 0) FROM dictionaries)"
    ).fetchone()
    return int(size)


def test_a_sites_pages_get_a_dictionary_once_there_are_enough(archive: Archive) -> None:
    archive.record(pages(63))
    assert archive.db.table("dictionaries").count == 0
    archive.record(pages(10, start=63))
    assert archive.db.table("dictionaries").count == 1
    (with_it,) = archive.db.execute("SELECT count(*) FROM contents WHERE dictionary_id IS NOT NULL").fetchone()
    assert with_it == 9
    assert {archive.contents.get(sha256) for sha256 in hashes(archive)} == {page(number) for number in range(73)}


def test_compacting_packs_every_page_anew_and_changes_no_byte(archive: Archive) -> None:
    archive.record(pages(73))
    before = room(archive)
    (done,) = compact(archive)
    assert (done.site, done.pages, done.before, done.after) == (SITE, 73, before, room(archive))
    assert done.after < before / 3
    assert {archive.contents.get(sha256) for sha256 in hashes(archive)} == {page(number) for number in range(73)}


def test_compacting_again_finds_nothing_to_do(archive: Archive) -> None:
    archive.record(pages(40))
    list(compact(archive))
    kept = archive.db.execute("SELECT sha256, body FROM contents").fetchall()
    (again,) = compact(archive)
    assert again.after == again.before
    assert archive.db.execute("SELECT sha256, body FROM contents").fetchall() == kept


def test_a_dictionary_of_a_transaction_that_was_taken_back_is_forgotten(archive: Archive) -> None:
    archive.record(pages(63))
    with pytest.raises(KeyError), archive.writing():
        archive.contents.get(archive.contents.keep(page(63), SITE)[::-1])
    assert archive.db.table("dictionaries").count == 0
    archive.record(pages(3, start=70))
    assert {archive.contents.get(sha256) for sha256 in hashes(archive)} >= {page(70), page(71), page(72)}


def test_a_dictionary_that_another_process_took_out_leaves_its_number_to_none(archive: Archive) -> None:
    archive.record(pages(73))
    list(compact(archive))
    other = Contents(archive.db)
    other.keep(page(100), SITE)
    with archive.writing() as db:
        db.execute("DELETE FROM contents WHERE dictionary_id IS NULL")
        packed = [sha256 for (sha256,) in db.execute("SELECT sha256 FROM contents").fetchall()]
        db.execute("UPDATE contents SET site = 'elsewhere.example'")  # too few are left to learn from
        replace_dictionaries(archive, SITE, lambda dictionary: True)
        db.execute("UPDATE contents SET site = ?", [SITE])
    assert [archive.contents.checked(sha256) for sha256 in packed]
    archive.record(pages(300, start=200))
    list(compact(archive))
    digest = other.keep(page(101), SITE)
    assert Contents(archive.db).checked(digest) == page(101)


def test_a_dictionary_that_another_process_dropped_is_used_no_more(archive: Archive) -> None:
    archive.record(pages(73))
    list(compact(archive))
    other = Contents(archive.db)
    other.keep(page(100), SITE)
    archive.record(pages(300, start=200))
    archive.contents.pack_anew(hashes(archive), None)
    archive.db.execute("DELETE FROM dictionaries")
    digest = other.keep(page(101), SITE)
    assert Contents(archive.db).get(digest) == page(101)


@pytest.mark.parametrize(
    "damage",
    ["UPDATE contents SET body = x'00'", "UPDATE contents SET dictionary_id = 99", "UPDATE contents SET body = x''"],
)
def test_damaged_bytes_are_named_by_their_hash_and_never_written_again(archive: Archive, damage: str) -> None:
    archive.record(pages(1))
    (digest,) = hashes(archive)
    archive.db.execute(damage)
    archive.contents.forget()
    with pytest.raises(ContentDamaged) as error:
        archive.contents.get(digest)
    assert digest in str(error.value) or "99" in str(error.value)


def test_bytes_with_another_hash_stop_the_compaction(archive: Archive) -> None:
    archive.record(pages(40))
    first, second, *_ = hashes(archive)
    archive.db.execute(
        "UPDATE contents SET body = (SELECT body FROM contents WHERE sha256 = ?), size = ? WHERE sha256 = ?",
        [second, 1_000_000, first],
    )
    with pytest.raises(ContentDamaged, match=first):
        list(compact(archive))


def test_an_archive_from_before_dictionaries_knows_the_site_of_each_content() -> None:
    with Archive.open(":memory:") as archive:
        archive.record(pages(2))
        assert archive.db.execute("SELECT DISTINCT site FROM contents").fetchall() == [(SITE,)]


def test_the_command_prints_what_each_site_takes(yaowen: Yaowen, tmp_path: object) -> None:
    with Archive.open(f"{tmp_path}/archive.db") as archive:
        archive.record(pages(40))
    shown = json.loads(yaowen("compact", "--json").stdout)
    assert [(site["site"], site["pages"]) for site in shown] == [(SITE, 40)]
    assert shown[0]["after"] < shown[0]["before"]
    unknown = yaowen("compact", "--site", "other.example")
    assert (unknown.returncode, "other.example" in unknown.stderr) == (1, True)
