"""Articles are cited as a scholar types it."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import rispy
from bibtexparser.entrypoint import parse_file

from archive.citations import STYLES
from archive.forgetting import forget
from archive.store import Archive
from tests.conftest import MORNING, Yaowen, article, observation
from tests.looks import BASE

LIBRARY = f"{BASE}/a/canal-night-library.html"


@pytest.fixture
def stored(tmp_path: Path) -> int:
    """An archive with an article that was edited, one that another program wrote, and one that was taken down."""
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.record([observation(article(title="旧题")), observation(article(title="新题"), minutes=5)])
        archive.db.table("articles").insert({"id": 7, "url": "https://news.example/a/7", "title": "=cmd|'/c calc'!A1"})
        archive.record([observation(article(url=f"{BASE}/x"), url=f"{BASE}/x", final_url=f"{BASE}/x")])
        forget(archive, f"{BASE}/x", "asked for", now=MORNING)
        return archive.article("https://news.example/a/1").id


@pytest.mark.parametrize("style", STYLES)
def test_every_style_names_capture_time_hash_and_revision(yaowen: Yaowen, original: Path, style: str) -> None:
    with Archive.open(original, read_only=True) as archive:
        article_id = archive.article(LIBRARY).id
        revisions = archive.revisions(article_id)
        (sha256,) = archive.db.execute(
            "SELECT content_hash FROM captures JOIN revisions ON capture_id = captures.id WHERE revisions.id = ?",
            [revisions[1].id],
        ).fetchone()
    shown = yaowen("cite", str(article_id), "--revision", "2", "--style", style, "--archive", str(original))
    assert (shown.returncode, shown.stderr) == (0, "")
    told = shown.stdout
    seen_at = revisions[1].observed_at.astimezone(ZoneInfo("Asia/Shanghai")).isoformat()
    for fact in (revisions[1].reading["title"], "沈亦舟", "顾南乔", LIBRARY, sha256, seen_at):
        assert fact in told
    assert ("revision 2 of 3" in told.lower()) or ("存档第2版，共3版" in told)


def test_an_address_and_a_section_name_an_article_too(yaowen: Yaowen, stored: int) -> None:
    expected = yaowen("cite", str(stored)).stdout
    assert expected.startswith("新题[EB/OL]. [2026-03-01]. https://news.example/a/1. [存档第2版，共2版；")
    for wanted in (f"{stored}#1", "https://news.example/a/1"):
        assert yaowen("cite", wanted).stdout == expected


def test_several_make_a_list_of_references_each_of_them_once(yaowen: Yaowen, stored: int, tmp_path: Path) -> None:
    both = (str(stored), "7", "https://news.example/a/1")
    shown = yaowen("cite", *both)
    assert [line[:5] for line in shown.stdout.splitlines()] == ["[1] 新", "[2] ="]
    assert shown.stderr == "7 is cited without a hash: no look at its page is kept\n"
    assert yaowen("cite", *both, "--style", "bibtex", "-o", "list.bib").stdout == "list.bib: 2 citations\n"
    assert len(parse_file(str(tmp_path / "list.bib")).entries) == 2
    yaowen("cite", *both, "--style", "ris", "-o", "list.ris")
    assert b"\r\nER  - \r\nTY  - " in (tmp_path / "list.ris").read_bytes()
    assert len(rispy.loads((tmp_path / "list.ris").read_text("utf-8"))) == 2
    assert len(json.loads(yaowen("cite", *both, "--style", "csl-json").stdout)) == 2


def test_json_has_the_facts_and_every_style(yaowen: Yaowen, stored: int) -> None:
    edited, written = json.loads(yaowen("cite", str(stored), "7", "--json").stdout)
    assert (edited["id"], edited["title"], edited["revision"], edited["revisions"]) == (stored, "新题", 2, 2)
    assert (edited["seen_at"], edited["published_at"]) == ("2026-03-01T08:05:00Z", None)
    assert set(edited["citations"]) == {"apa", "bibtex", "csl-json", "gbt7714", "ris"}
    assert edited["content_hash"] in edited["citations"]["apa"]
    assert json.loads(edited["citations"]["csl-json"])["custom"]["sha256"] == edited["content_hash"]
    assert (written["content_hash"], written["unhashed"]) == (None, "no look at its page is kept")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "Missing argument"),
        (("12345",), 1, "holds no article 12345"),
        (("7", "12345"), 1, "holds no article 12345"),
        ((f"{BASE}/x",), 1, "was forgotten on 2026-03-01: asked for"),
        (("7", "--revision", "1"), 1, "The article 7 has no revision 1; it has 0"),
        (("7", "8", "--revision", "1"), 2, "--revision is that of one article"),
        (("7", "--style", "mla"), 2, "'mla' is not one of"),
        (("7", "-o", "archive.db", "--force"), 2, "archive.db is the archive itself"),
        (("7", "-o", "there.txt"), 1, "it is there already"),
        (("7", "-o", "."), 1, "it is a folder"),
        (("7", "--archive", "nowhere.db"), 3, "there is no such file"),
    ],
)
@pytest.mark.usefixtures("stored")
def test_what_goes_wrong_is_named_and_nothing_is_written(
    yaowen: Yaowen, tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    (tmp_path / "there.txt").write_text("mine")
    finished = yaowen("cite", *arguments)
    assert (finished.returncode, says in finished.stderr, finished.stdout) == (code, True, ""), finished.stderr
    assert (tmp_path / "there.txt").read_text() == "mine"
    assert not list(tmp_path.glob(".*"))
