"""What goes out as WACZ opens in the viewers of others, at every page that the archive has read."""

import gzip
import json
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.models import Article, Link, Listing, body_of, page_from_json
from archive.pruning import prune
from archive.store import Archive
from crawler.parsers import read_page
from tests.conftest import MORNING, Export, article, observation

NOT_MODIFIED = "304"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What a viewer finds in a WACZ file."""

    warc: bytes
    index: list[dict[str, Any]]
    """The lines, each with its ``timestamp``."""
    blocks: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    package: dict[str, Any]

    def record(self, line: dict[str, Any]) -> Any:
        """The one record that a line of the index points at."""
        begin = int(line["offset"])
        (record,) = _records(self.warc[begin : begin + int(line["length"])])
        return record

    def lines_of(self, page: dict[str, Any]) -> list[dict[str, Any]]:
        when = "".join(filter(str.isdecimal, page["ts"]))
        return [line for line in self.index if (line["url"], line["timestamp"]) == (page["url"], when)]


def _records(warc: bytes) -> list[Any]:
    found = []
    for record in ArchiveIterator(BytesIO(warc)):
        record.body = record.content_stream().read()
        found.append(record)
    return found


def opened(path: Path) -> Opened:
    with ZipFile(path) as zipped:
        assert zipped.testzip() is None
        lines = gzip.decompress(zipped.read("indexes/index.cdx.gz")).decode().splitlines()
        assert lines == sorted(lines)
        split = [line.split(" ", 2) for line in lines]
        blocks = zipped.read("indexes/index.idx").decode().splitlines()[1:]
        head, *pages = map(json.loads, zipped.read("pages/pages.jsonl").splitlines())
        assert head["format"] == "json-pages-1.0"
        return Opened(
            warc=zipped.read("archive/data.warc.gz"),
            index=[json.loads(values) | {"timestamp": timestamp} for _, timestamp, values in split],
            blocks=[json.loads(block[block.index("{") :]) for block in blocks],
            pages=pages,
            package=json.loads(zipped.read("datapackage.json")),
        )


@pytest.fixture(scope="module")
def whole(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of the archive with looks of all kinds."""
    from yaowen.__main__ import yaowen

    path = tmp_path_factory.mktemp("whole") / "all.wacz"
    yaowen(["export", "wacz", "-o", str(path), "--archive", str(original)], standalone_mode=False)
    return path


_VALIDATE = "import sys; from wacz.main import main; sys.exit(any(main(['validate', '-f', f]) for f in sys.argv[1:]))"
"""In a process of its own: it leaves its folders to the end."""


def test_the_validator_of_the_format_finds_nothing_wrong(whole: Path, out: Export) -> None:
    files = [whole, out("wacz", "图书馆", target="part.wacz"), out("wacz", "没有人写过的词", target="none.wacz")]
    command = [sys.executable, "-c", _VALIDATE, *map(str, files)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert finished.stdout.count("the passed WACZ is valid") == len(files)


def test_it_says_what_it_is(whole: Path, original: Path) -> None:
    package = opened(whole).package
    with Archive.open(original, read_only=True) as archive:
        (newest,) = archive.db.execute("SELECT max(fetched_at) FROM captures WHERE content_hash IS NOT NULL").fetchone()
    assert (package["profile"], package["wacz_version"], package["created"]) == ("data-package", "1.1.1", newest)


def test_the_warc_file_in_it_is_the_one_of_the_other_export(whole: Path, out: Export) -> None:
    assert opened(whole).warc == out("warc", target="all.warc.gz").read_bytes()


def test_every_line_of_the_index_points_at_its_record(whole: Path) -> None:
    file = opened(whole)
    for line in file.index:
        record = file.record(line)
        assert record.rec_headers.get_header("WARC-Target-URI") == line["url"]
        assert "".join(filter(str.isdecimal, record.rec_headers.get_header("WARC-Date"))) == line["timestamp"]
        assert record.rec_headers.get_header("WARC-Payload-Digest") == line["digest"]
        assert (line.get("mime") == "warc/revisit") == (record.rec_type == "revisit")
    looks = [record for record in _records(file.warc) if record.rec_type in ("response", "revisit")]
    to_see = [record for record in looks if record.http_headers.get_statuscode() != NOT_MODIFIED]
    assert len(file.index) == len(to_see) == len(looks) - 2


def test_every_page_is_found_by_the_index_and_shows_its_title(whole: Path) -> None:
    file = opened(whole)
    for page in file.pages:
        bodies = []
        for line in file.lines_of(page):
            record = file.record(line)
            if record.rec_type == "revisit":
                fields = ("WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
                url, ts = map(record.rec_headers.get_header, fields)
                (record,) = map(file.record, file.lines_of({"url": url, "ts": ts}))
            bodies.append(record.body)
        titles = {read_page(body, page["url"]).title for body in bodies}
        assert page["title"] in titles


def test_every_content_that_an_article_had_is_a_page_with_its_text(whole: Path, original: Path) -> None:
    with Archive.open(original, read_only=True) as archive:
        revisions = [
            (row["url"], page_from_json(json.loads(row["reading"]) | {"url": row["url"]}))
            for row in archive.db.query("SELECT url, reading FROM revisions JOIN articles ON articles.id = article_id")
        ]
    expected = {(url, page.title, body_of(page.sections)) for url, page in revisions if isinstance(page, Article)}
    found = [(page["url"], page["title"], page["text"]) for page in opened(whole).pages if "text" in page]
    assert set(found) == expected
    assert len({page["id"] for page in opened(whole).pages}) == len(opened(whole).pages)


def test_a_list_is_a_page_once_as_it_was_last_sent(whole: Path) -> None:
    lists = [page for page in opened(whole).pages if "text" not in page]
    assert [page["url"] for page in lists] == ["http://sample.example/", "http://sample.example/c/local"]
    assert all(page["title"] and page["ts"] < "2026-03-01T12" for page in lists)  # the 304 came at night


def test_the_same_archive_gives_the_same_file(whole: Path, out: Export) -> None:
    assert out("wacz", target="again.wacz").read_bytes() == whole.read_bytes()


def test_viewers_can_read_parts_of_it(whole: Path) -> None:
    content = whole.read_bytes()
    with ZipFile(whole) as zipped:
        for about in zipped.infolist():
            assert (about.compress_type == ZIP_STORED) == about.filename.endswith(".gz")
            # ReplayWeb.page counts on no more fields before a small file than in the directory.
            fields_begin = about.header_offset + 28
            assert content[fields_begin : fields_begin + 2] == b"\0\0"
        index = zipped.read("indexes/index.cdx.gz")
    for block in opened(whole).blocks:
        assert gzip.decompress(index[block["offset"] :][: block["length"]]).count(b"\n") <= 300


@pytest.mark.parametrize("arguments", [("图书馆",), ("--since", "2026-03-01T09:30"), ("--site", "sample.example")])
def test_a_part_of_the_archive_is_a_whole_file_too(out: Export, whole: Path, arguments: tuple[str, ...]) -> None:
    part = opened(out("wacz", *arguments))
    assert 0 < len(part.pages) <= len(opened(whole).pages)
    assert all(part.lines_of(page) for page in part.pages)
    if arguments == ("图书馆",):
        assert all("text" in page for page in part.pages)
        assert part.package["title"] == "Yaowen · 图书馆"


def test_nothing_selected_is_a_file_without_pages(out: Export) -> None:
    empty = opened(out("wacz", "没有人写过的词"))
    assert (empty.index, empty.blocks, empty.pages) == ([], [], [])
    assert [record.rec_type for record in _records(empty.warc)] == ["warcinfo"]


def test_a_block_that_is_just_full_is_the_last(out: Export, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "full.db") as archive:
        archive.record([observation(minutes=number, outcome="unread") for number in range(300)])
    full = opened(out("wacz", archive=tmp_path / "full.db"))
    assert (len(full.index), len(full.blocks)) == (300, 1)


def test_pruned_bytes_are_no_page(out: Export, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "pruned.db") as archive:
        archive.record([observation(article())])
        prune(archive, MORNING.replace(year=2027), every=True)
    assert opened(out("wacz", archive=tmp_path / "pruned.db")).pages == []


def test_a_look_that_was_sent_nothing_stands_for_the_page_where_the_earlier_one_is_left_out(
    out: Export, tmp_path: Path
) -> None:
    same = {"status": 304, "body": None}
    with Archive.open(tmp_path / "304.db") as archive:
        archive.record([observation(article()), observation(article(), minutes=60, **same)])
    both = opened(out("wacz", target="both", archive=tmp_path / "304.db"))
    late = opened(out("wacz", "--since", "2026-03-01T08:30", target="late", archive=tmp_path / "304.db"))
    assert [page["ts"] for page in both.pages] == ["2026-03-01T08:00:00Z"]
    assert [page["ts"] for page in late.pages] == ["2026-03-01T09:00:00Z"]
    (line,) = late.lines_of(late.pages[0])
    assert (line["status"], late.record(line).body) == ("200", b"<p>0</p>")


def test_pages_are_what_a_browser_shows_under_the_address_that_answered(out: Export, tmp_path: Path) -> None:
    title = '<script>"\u202e\x1b长' * 100
    links = (Link(position=1, url="https://news.example/a/1", title="一"),)
    feed = Listing(url="https://news.example/feed", title="最新", links=links)
    with Archive.open(tmp_path / "kinds.db") as archive:
        archive.record(
            [
                observation(article(title=title), url="https://news.example/short"),
                observation(
                    feed,
                    minutes=1,
                    url="https://news.example/feed",
                    final_url="https://news.example/feed",
                    headers={"content-type": "application/rss+xml"},
                ),
            ]
        )
    kinds = opened(out("wacz", archive=tmp_path / "kinds.db"))
    (page,) = kinds.pages
    assert (page["url"], page["title"]) == ("https://news.example/a/1", title)
    assert kinds.lines_of(page)
    assert len(kinds.index) == 2


def test_it_goes_to_standard_output_too(original: Path, whole: Path) -> None:
    command = [sys.executable, "-m", "yaowen", "export", "wacz", "--archive", str(original)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == whole.read_bytes()
