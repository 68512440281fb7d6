"""What was exported comes in again as it was, and what others fetched comes in as if we had."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.forgetting import forget
from archive.models import Article, Observation
from archive.pruning import prune
from archive.store import Archive
from crawler.parsers import joined, read_page, with_part
from crawler.sample_site import SampleSite
from tests.conftest import MORNING, Yaowen, article, observation

BASE = "http://sample.example"
WARCIO = Path(sys.executable).with_name("warcio")
HTML = [("Content-Type", "text/html; charset=utf-8")]

TABLES = {
    "articles": "SELECT * FROM articles ORDER BY url",
    "sections": "SELECT article_id, position, level, heading, text FROM sections ORDER BY 1, 2",
    "revisions": "SELECT article_id, observed_at, fingerprint, reading, changed_fields FROM revisions ORDER BY 1, 2",
    "view_counts": "SELECT article_id, observed_at, value, raw FROM view_counts ORDER BY 1, 2",
    "links": """
        SELECT listings.url, kind, label, listings.article_id, observed_at, position, links.url, links.title,
            links.summary, links.source, links.image, links.article_id
        FROM listings JOIN links ON links.listing_id = listings.id ORDER BY 1, 5, 3, 6
    """,
    "absences": "SELECT article_id, observed_at, reason FROM absences ORDER BY 1, 2",
    "captures": """
        SELECT url, final_url, fetched_at, status, content_hash, outcome, reason, article_id, part_of IS NULL
        FROM captures WHERE content_hash IS NOT NULL ORDER BY fetched_at, url
    """,
}


def told(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with Archive.open(path, read_only=True) as archive:
        return {table: archive.db.execute(statement).fetchall() for table, statement in TABLES.items()}


def read(body: bytes, url: str) -> Article:
    page = read_page(body, url)
    assert isinstance(page, Article)
    return page


def looks_at_sample_site() -> list[Observation]:
    """Every article in every state of the site; the front page; what is gone."""
    found, minutes = [], 0
    urls = sorted({path for state in (1, 2, 3) for path in SampleSite(state).article_paths()})
    for state in (1, 2, 3):
        site = SampleSite(state)
        for path in ("/", "/c/local", *urls):
            minutes += 1
            answer = site.respond(path)
            page = read_page(answer.body, BASE + path, fetched_at=MORNING) if answer.status == 200 else None
            capture = {"status": answer.status, "body": answer.body, "headers": dict(answer.headers)}
            if answer.status != 200:
                capture |= {"outcome": "failed", "reason": f"the server answered {answer.status}"}
            found.append(observation(page, minutes=minutes, url=BASE + path, final_url=BASE + path, **capture))
    return found


def page_of(number: int, following: str = "") -> bytes:
    text = "书店的主人姓沈，早先在邮局做事，攒了二十年的书，这回都摆到了架上，谁都可以翻。"
    further = f'<p><a href="{following}">下一页</a></p>' if following else ""
    return (
        f'<html lang="zh"><title>运河边开了一家新书店</title><h1>运河边开了一家新书店</h1><p>2025-06-10 09:12</p>'
        f"<div><p>第{number}页。{text}</p><p>第{number}页的第二段，说的是别的事情，也是真的。</p></div>{further}"
    ).encode()


def article_on_two_pages() -> Observation:
    first, second = (f"{BASE}/b/{name}.html" for name in ("1361", "1361_2"))
    bodies = page_of(1, second), page_of(2)
    page = joined(with_part([read(bodies[0], first)], read(bodies[1], second)))
    part = observation(None, minutes=900, url=second, final_url=second, body=bodies[1])
    return replace(observation(page, minutes=900, url=first, final_url=first, body=bodies[0]), parts=(part,))


def others() -> list[Observation]:
    """A redirect, a soft 404, an error of a server, no answer at all, and a page with nothing to read."""
    path, gone = SampleSite(1).article_paths()[:2]
    body = SampleSite(1).respond(path).body
    url, soft = f"{BASE}{path}", "<title>您访问的页面不存在</title>".encode()
    no_more = read_page(SampleSite(1).respond(gone).body, BASE + gone)
    from archive.models import Absence

    said = "the page says: 您访问的页面不存在"
    absence: Any = Absence(url=BASE + gone, reason=said)
    return [
        observation(read(body, url), minutes=901, url=f"{BASE}/short", final_url=url, body=body),
        observation(no_more, minutes=902, url=BASE + gone, final_url=BASE + gone, body=b"x"),
        observation(
            absence, minutes=903, url=BASE + gone, final_url=BASE + gone, body=soft, outcome="unread", reason=said
        ),
        observation(
            None,
            minutes=904,
            url=url,
            final_url=url,
            status=500,
            body=b"oops",
            outcome="failed",
            reason="the server answered 500",
        ),
        observation(None, minutes=905, url=url, final_url=url, status=None, body=None, outcome="failed", reason="late"),
        observation(
            None,
            minutes=906,
            url=f"{BASE}/x",
            final_url=f"{BASE}/x",
            body=b"",
            outcome="unread",
            reason="the page is empty",
        ),
    ]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("original") / "archive.db"
    with Archive.open(path) as archive:
        archive.record([*looks_at_sample_site(), article_on_two_pages(), *others()[:1], *others()[2:]])
    return path


@pytest.mark.parametrize("name", ["out.warc.gz", "out.warc"])
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
    assert f"0 looks taken in, {result['looks']} were there already; 0 new articles" in again.stdout
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
    none = yaowen(
        "export", "warc", "-o", "none.warc", "--json", "--archive", str(original), "--site", "nowhere.example"
    )
    assert json.loads(none.stdout)["responses"] == 0


def test_pruned_bytes_are_left_out_and_said_so(yaowen: Yaowen, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(article())])
        prune(archive, MORNING.replace(year=2027), every=True)
    assert json.loads(yaowen("export", "warc", "-o", "x.warc", "--json").stdout)["pruned"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("export", "warc", "-o", "."), 1, "Cannot write .: it is a folder"),
        (("export", "warc", "-o", "archive.db"), 1, "it is there already"),
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
    finished = yaowen(*arguments)
    assert (finished.returncode, says in finished.stderr) == (code, True), finished.stderr
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name or path.suffix == ".warc"] == []


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


def test_a_folder_tells_the_addresses_in_many_ways(yaowen: Yaowen, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    single = b"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://news.example/a/2 \n saved date: "
    pages = {
        "by-browser.html": b"<!-- saved from url=(0024)https://news.example/a/1 -->" + page_of(1),
        "single.htm": single + b"Sun Mar 01 2020 10:00:00 GMT+0200 (CET)\n-->" + page_of(2),
        "canonical.html": b'<link rel="canonical" href="https://news.example/a/3">' + page_of(3),
        "news.example/a/4.html": page_of(4),
        "nothing.html": page_of(5),
        "picture.png": b"\x89PNG",
    }
    for number, (name, body) in enumerate(pages.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        os.utime(path, (MORNING.timestamp() + number,) * 2)
    (result,) = json.loads(yaowen("import", "saved", "--json").stdout)
    assert (result["looks"], [problem["name"] for problem in result["problems"]]) == (4, ["saved/nothing.html"])
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        paths = {1: "1", 2: "2", 3: "3", 4: "4.html"}
        seen = {n: archive.article(f"https://news.example/a/{path}").first_seen_at for n, path in paths.items()}
    assert (seen[1], seen[2] and seen[2].isoformat()) == (MORNING, "2020-03-01T08:00:00+00:00")
    prefixed = yaowen("import", "saved", "--url-prefix", "https://copy.example/x/", "--archive", "other.db")
    assert prefixed.returncode == 0
    assert "https://copy.example/x/nothing.html" in yaowen("search", "书店", "--json", "--archive", "other.db").stdout
    (tmp_path / "empty").mkdir()
    refused = yaowen("import", "empty")
    assert (refused.returncode, "there is no page in it" in refused.stderr) == (1, True)


def test_two_archives_become_one(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    looks = [*looks_at_sample_site(), article_on_two_pages(), *others()[:1], *others()[2:]]
    for name, picks in (("archive.db", looks[::2]), ("other.db", looks[1::2])):
        with Archive.open(tmp_path / name) as archive:
            archive.record(picks)
    (result,) = json.loads(yaowen("import", "other.db", "--json").stdout)
    assert result["looks"] == len(looks[1::2])
    both, whole = told(tmp_path / "archive.db"), told(original)
    for table in ("sections", "revisions", "view_counts", "links", "absences"):
        assert both[table] == whole[table], table
    assert yaowen("verify").returncode == 0
    assert json.loads(yaowen("import", "other.db", "--json").stdout)[0]["looks"] == 0


def test_what_was_taken_down_stays_down_in_a_merge(yaowen: Yaowen, tmp_path: Path) -> None:
    first, second = article(), article(url="https://news.example/a/2")
    looks = [observation(first), observation(second, url=second.url, final_url=second.url, body=b"2")]
    for name, down in (("archive.db", first.url), ("other.db", second.url)):
        with Archive.open(tmp_path / name) as archive:
            archive.record(looks)
            forget(archive, down, "a request", now=MORNING)
    finished = yaowen("import", "other.db")
    assert "it was taken down in the other archive and stays here" in finished.stderr
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        rows = archive.db.execute("SELECT url, content_hash IS NULL FROM captures ORDER BY id").fetchall()
        assert archive.article(second.url).title == second.title
    assert (first.url, 0) not in rows


def test_an_archive_of_an_earlier_version_is_taken_in_and_left_as_it_is(yaowen: Yaowen, tmp_path: Path) -> None:
    import zstandard

    from tests.conftest import REPOSITORY

    older = tmp_path / "older.db"
    older.write_bytes(zstandard.decompress((REPOSITORY / "tests/archives/m004.db.zst").read_bytes()))
    before = older.read_bytes()
    (result,) = json.loads(yaowen("import", "older.db", "--json").stdout)
    assert (result["looks"], result["articles"], older.read_bytes() == before) == (3, 1, True)


def test_an_interrupted_import_goes_on(tmp_path: Path, original: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "yaowen", "export", "warc", "-o", "x.warc.gz", "--archive", str(original)],
        cwd=tmp_path,
        check=True,
    )
    command = [sys.executable, "-m", "yaowen", "import", "x.warc.gz", "--processes", "1"]
    for sent in (signal.SIGKILL, signal.SIGINT):
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            lock = tmp_path / "archive.db.lock"
            while not (lock.exists() and lock.read_text() == str(process.pid)):
                time.sleep(0.01)
            time.sleep(0.2)  # it takes in or reads, as it comes
            process.send_signal(sent)
    assert process.returncode in (0, 7)
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    before, after = told(original), told(tmp_path / "archive.db")
    for table in TABLES:
        assert after[table] == before[table], table
    assert not (tmp_path / "archive.db.import").exists()
