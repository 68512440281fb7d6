"""What other crawlers fetched comes in as if we had, and what is good in a broken file."""

import gzip
import io
import json
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.store import Archive
from crawler.sample_site import SampleSite
from tests.conftest import Yaowen
from tests.looks import BASE, page_of, read

HTML = [("Content-Type", "text/html; charset=utf-8")]


class Warc:
    """A file as another crawler would write it."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")
        self.writer = WARCWriter(self.file, gzip=path.suffix == ".gz")

    def put(self, url: str, body: bytes, *headers: tuple[str, str], status: str = "200 OK", **fields: str) -> None:
        kind, date = fields.pop("kind", "response"), fields.pop("date", "2026-03-01T08:00:00Z")
        head = None if kind == "resource" else StatusAndHeaders(status, [*(headers or HTML)], protocol="HTTP/1.1")
        values = {"WARC-Date": date} | {name.replace("_", "-"): value for name, value in fields.items()}
        record = self.writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), length=len(body), http_headers=head, warc_headers_dict=values
        )
        self.writer.write_record(record)

    def close(self) -> Path:
        self.file.close()
        return Path(self.file.name)


def test_a_file_of_another_crawler_is_read_as_if_we_had_fetched(yaowen: Yaowen, tmp_path: Path) -> None:
    paths = SampleSite(1).article_paths()[:6]
    bodies = [SampleSite(1).respond(path).body for path in paths]
    types = [SampleSite(1).respond(path).headers["Content-Type"] for path in paths]
    warc = Warc(tmp_path / "other.warc.gz")
    warc.put("https://news.example/robots.txt", b"User-agent: *", ("content-type", "text/plain"))
    warc.put("https://news.example/i.png", b"\x89PNG", ("content-type", "image/png"))
    warc.put("dns:news.example", b"1.2.3.4", kind="resource")
    warc.put("http://news.example/1", b"", ("Location", "https://news.example/1"), status="301 Moved")
    warc.put("https://news.example/1", b"", ("Location", paths[0]), status="302 Found")
    for path, body, served in zip(paths[:1], bodies, types, strict=False):
        packed = gzip.compress(body)
        warc.put(f"https://news.example{path}", packed, ("content-type", served), ("content-encoding", "gzip"))
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(bodies[1]), bodies[1])
    warc.put(f"https://news.example{paths[1]}", chunked, ("content-type", types[1]), ("transfer-encoding", "chunked"))
    warc.put(
        f"https://news.example{paths[2]}", bodies[2], ("content-type", types[2]), date="2026-03-02T08:00:00.123456Z"
    )
    warc.put(f"https://news.example{paths[3]}", bodies[3], kind="resource", Content_Type="text/html")
    warc.put("https://news.example/strange", b"?", ("content-type", "text/html"), ("content-encoding", "rot13"))
    revisit = warc.writer.create_revisit_record(
        f"https://news.example{paths[2]}",
        "sha1:" + "A" * 32,
        f"https://news.example{paths[2]}",
        "2026-03-02T08:00:00Z",
        http_headers=StatusAndHeaders("200 OK", HTML, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": "2026-03-03T08:00:00Z"},
    )
    warc.writer.write_record(revisit)
    warc.close()
    (result,) = json.loads(yaowen("import", "other.warc.gz", "--json").stdout)
    assert (result["looks"], result["articles"]) == (5, 4)
    assert result["problems"] == [{"name": "https://news.example/strange", "reason": "it is packed as rot13"}]
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        for path, body in zip(paths[:4], bodies, strict=False):
            found = archive.article(f"https://news.example{path}")
            assert found.title == read(body, f"https://news.example{path}").title
        assert archive.article("http://news.example/1").url == f"https://news.example{paths[0]}"
        outcomes = archive.db.execute("SELECT outcome FROM captures WHERE url LIKE '%' || ?", [paths[2]]).fetchall()
        assert outcomes == [("done",), ("unchanged",)]
        assert len(archive.view_counts(archive.article(f"https://news.example{paths[2]}").id)) == 2


def test_the_pages_of_one_article_are_joined_whoever_fetched_them(yaowen: Yaowen, tmp_path: Path) -> None:
    warc = Warc(tmp_path / "parts.warc")
    warc.put(f"{BASE}/b/1_2.html", page_of(2, f"{BASE}/b/1_3.html"), date="2026-03-01T07:59:00Z")
    warc.put(f"{BASE}/b/1.html", page_of(1, f"{BASE}/b/1_2.html"))
    warc.put(f"{BASE}/b/1_3.html", page_of(3), date="2026-03-01T08:01:00Z")
    warc.close()
    (result,) = json.loads(yaowen("import", "parts.warc", "--json").stdout)
    assert result["articles"] == 1
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        found = archive.article(f"{BASE}/b/1.html")
        text = "".join(line for section in found.sections for line in section.paragraphs)
        assert [f"第{number}页的第二段" in text for number in (1, 2, 3)] == [True] * 3
        assert archive.article(f"{BASE}/b/1_3.html").id == found.id
    assert json.loads(yaowen("reparse", "--dry-run", "--json").stdout)["sites"][0]["changed_pages"] == 0


def test_older_looks_come_before_what_is_there(yaowen: Yaowen, tmp_path: Path) -> None:
    url = "https://news.example/a/1"
    texts = [page_of(1).replace("二十年".encode(), f"{years}年".encode()) for years in ("十", "十五", "二十")]
    for name, picks in (("late.warc", (1,)), ("early.warc", (0, 2))):
        warc = Warc(tmp_path / name)
        for pick in picks:
            warc.put(url, texts[pick], date=f"2026-03-0{pick + 1}T08:00:00Z")
        warc.close()
        assert yaowen("import", name).returncode == 0
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        revisions = archive.revisions(archive.article(url).id)
        days = [revision.observed_at.day for revision in revisions]
        said = [
            "攒了" + revision.reading["sections"][0]["paragraphs"][0].split("攒了")[1][:3] for revision in revisions
        ]
    assert (days, said) == ([1, 2, 3], ["攒了十年的", "攒了十五年", "攒了二十年"])


def broken(path: Path, how: str) -> None:
    warc = Warc(path)
    for number in (1, 2):
        warc.put(f"{BASE}/b/{number}.html", page_of(number))
    warc.close()
    if how == "cut":
        path.write_bytes(path.read_bytes()[:-300])
    elif how == "junk":
        path.write_bytes(b"not a warc file at all\n" * 50)
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "a byte is another":
        path.write_bytes(path.read_bytes().replace("第2页。".encode(), "第3页。".encode()))


@pytest.mark.parametrize(
    ("name", "how", "code", "taken", "says"),
    [
        ("x.warc", "cut", 1, 1, "breaks off"),
        ("x.warc.gz", "cut", 1, 1, "breaks off"),
        ("x.warc", "junk", 1, 0, "Cannot import x.warc"),
        ("x.warc.gz", "empty", 1, 0, "Cannot import x.warc.gz"),
        ("x.warc", "a byte is another", 0, 1, "not those of its digest"),
    ],
)
def test_what_is_good_in_a_broken_file_comes_in(
    yaowen: Yaowen, tmp_path: Path, name: str, how: str, code: int, taken: int, says: str
) -> None:
    broken(tmp_path / name, how)
    finished = yaowen("import", name)
    assert (finished.returncode, says in finished.stderr) == (code, True), finished.stderr
    assert "Traceback" not in finished.stderr
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        assert archive.counts()["articles"] == taken
