"""Citations say what the archive has, as each style writes it, and its readers understand them."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import (
    LatexDecodingMiddleware,
    MonthIntMiddleware,
    NameParts,
    SeparateCoAuthors,
    SplitNameParts,
)
from citeproc import Citation as Cited
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from archive.citations import STYLES, Citation, bibliography, cite
from archive.citing import citation_of, one_line
from archive.errors import ForgottenArticle, UnknownArticle, UnknownRevision
from archive.forgetting import forget
from archive.models import Absence
from archive.pruning import prune
from archive.store import Archive
from tests.conftest import MORNING, article, observation

URL = "https://news.example/a/1"
HASH = sha256(b"<p>0</p>").hexdigest()
CHINA = datetime.fromisoformat("2026-03-01T07:30:00+08:00")
ZH = f"{URL}. [存档第1版，共1版；抓取时间：2026-03-01T16:00:00+08:00；SHA-256：{HASH}]."
EN = f"Revision 1 of 1; captured 2026-03-01T08:00:00+00:00; SHA-256 {HASH}"
SOURCED = EN.replace("Rev", "Source named: 柳塘社; rev")
HOSTILE = (
    "=cmd|'/c calc'!A1 <script>alert(1)</script> ../../x",
    '50 % of {Q&A} _a_ #1 $x$ \\input{x} ~^ "q" `b` }{',
    "#MeToo: {NASA} and others, and iPhone",
    "\\end{document} @online{x, title = {y}}",
    "ER  - \r\nTY  - BOOK\nTI  - \x1b[2J\u202egpj\u2028\x00 运河",
    "好" * 5_000,
)


def cited(archive: Archive, minutes: int = 0, /, **values: object) -> Citation:
    """What is cited of an article that was seen once."""
    archive.record([observation(article(**values), minutes=minutes)])
    return citation_of(archive, URL)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"authors": ("林知远", "沈平")}, f"林知远, 沈平. 运河边的图书馆[EB/OL]. (2026-03-01)[2026-03-01]. {ZH}"),
        ({}, f"运河边的图书馆[EB/OL]. (2026-03-01)[2026-03-01]. {ZH}"),
        ({"authors": tuple("甲乙丙")}, f"甲, 乙, 丙. 运河边的图书馆[EB/OL]. (2026-03-01)[2026-03-01]. {ZH}"),
        ({"authors": tuple("甲乙丙丁")}, f"甲, 乙, 丙, 等. 运河边的图书馆[EB/OL]. (2026-03-01)[2026-03-01]. {ZH}"),
        ({"title": ""}, f"[无题名][EB/OL]. (2026-03-01)[2026-03-01]. {ZH}"),
        (
            {"source": "柳塘社"},
            f"运河边的图书馆[EB/OL]. (2026-03-01)[2026-03-01]. {ZH.replace('[存', '[来源：柳塘社；存')}",
        ),
        (
            {"source": "柳塘社", "authors": ("柳塘社",)},
            f"柳塘社. 运河边的图书馆[EB/OL]. (2026-03-01)[2026-03-01]. {ZH}",
        ),
        ({"source": "news.example"}, f"运河边的图书馆[EB/OL]. (2026-03-01)[2026-03-01]. {ZH}"),
    ],
)
def test_gbt_7714_of_a_chinese_page(archive: Archive, values: dict[str, object], expected: str) -> None:
    assert cite("gbt7714", cited(archive, language="zh-CN", published_at=CHINA, **values)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"authors": ("Anna M. Meyer", "Jean-Paul de la Cruz"), "published_at": MORNING},
            f"MEYER A M, DE LA CRUZ J P. Night library[EB/OL]. (2026-03-01)[2026-03-01]. {URL}. [{EN}].",
        ),
        (
            {"authors": ("Martin King Jr.", "Li Jianning", "Reuters", "Tom Hill")},
            f"KING M, Jr, LI J N, Reuters, et al. Night library[EB/OL]. [2026-03-01]. {URL}. [{EN}].",
        ),
        ({"title": ""}, f"[Untitled][EB/OL]. [2026-03-01]. {URL}. [{EN}]."),
    ],
)
def test_gbt_7714_of_a_page_in_another_language(archive: Archive, values: dict[str, object], expected: str) -> None:
    citation = cited(archive, **({"title": "Night library", "language": "en"} | values))
    assert cite("gbt7714", citation) == expected


TWENTY = tuple(f"Ann {letter}mith" for letter in "ABCDEFGHIJKLMNOPQRST")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"authors": ("Anna M. Meyer",), "published_at": MORNING},
            f"Meyer, A. M. (2026, March 1). Night library. news.example. {URL} ({EN})",
        ),
        (
            {"authors": ("Jean-Paul Hill", "Martin King Jr."), "title": "Who “reads”?"},
            f"Hill, J.-P., & King, M., Jr. (n.d.). Who “reads”? news.example. {URL} ({EN})",
        ),
        ({"published_at": MORNING}, f"Night library. (2026, March 1). news.example. {URL} ({EN})"),
        ({}, f"Night library. (n.d.). news.example. {URL} ({EN})"),
        ({"authors": ("news.example",)}, f"news.example. (n.d.). Night library. {URL} ({EN})"),
        (
            {"authors": TWENTY},
            ", ".join(f"{letter}mith, A." for letter in "ABCDEFGHIJKLMNOPQRS")
            + f", & Tmith, A. (n.d.). Night library. news.example. {URL} ({EN})",
        ),
        (
            {"authors": (*TWENTY, "Li Jianning")},
            ", ".join(f"{letter}mith, A." for letter in "ABCDEFGHIJKLMNOPQRS")
            + f", . . . Li, J. (n.d.). Night library. news.example. {URL} ({EN})",
        ),
        (
            {"authors": ("林知远", "沈平"), "title": "图书馆关了？", "source": "柳塘社"},
            f"林知远, & 沈平. (n.d.). 图书馆关了？ news.example. {URL} ({SOURCED})",
        ),
        ({"title": ""}, f"[Untitled webpage]. (n.d.). news.example. {URL} ({EN})"),
    ],
)
def test_apa_7(archive: Archive, values: dict[str, object], expected: str) -> None:
    assert cite("apa", cited(archive, **({"title": "Night library", "language": "en"} | values))) == expected


def edited(archive: Archive) -> None:
    """An article seen at 8:00 and 8:05, edited at 8:10, seen at 8:15."""
    for minutes, title in ((0, "旧题"), (5, "旧题"), (10, "新题"), (15, "新题")):
        archive.record([observation(article(title=title, published_at=CHINA), minutes=minutes)])


def test_each_revision_is_cited_with_the_look_that_showed_it(archive: Archive) -> None:
    edited(archive)
    citations = [citation_of(archive, URL, number) for number in (1, 2)]
    assert [
        (one.title, one.revision, one.revisions, one.seen_at, one.last_seen_at, one.content_hash) for one in citations
    ] == [
        ("旧题", 1, 2, MORNING, MORNING + timedelta(minutes=5), HASH),
        ("新题", 2, 2, MORNING + timedelta(minutes=10), MORNING + timedelta(minutes=15), hash_of(b"<p>10</p>")),
    ]
    assert citation_of(archive, URL) == citations[1]
    assert archive.contents.get(citations[0].content_hash or "") == b"<p>0</p>"
    assert "新题. (2026, March 1). news.example. Retrieved March 1, 2026, from https" in cite("apa", citations[1])


def hash_of(body: bytes) -> str:
    return sha256(body).hexdigest()


def test_an_article_that_is_gone_has_a_date_of_retrieval(archive: Archive) -> None:
    cited(archive, published_at=CHINA)
    archive.record([observation(status=404, outcome="failed", minutes=60, body=None)])
    assert f"Retrieved March 1, 2026, from {URL}" in cite("apa", citation_of(archive, URL))


def test_a_look_is_dated_by_the_page_s_own_clock(archive: Archive) -> None:
    evening = 15 * 60 + 45  # 23:45 UTC, 7:45 the next day in China
    published = datetime.fromisoformat("2026-03-02T07:30:00+08:00")
    citation = cited(archive, evening, published_at=published, published_precision="minute")
    assert "(2026-03-02)[2026-03-02]" in cite("gbt7714", citation)
    assert "DA  - 2026/03/02/\r\nY2  - 2026/03/02/\r\n" in cite("ris", citation)


def test_the_further_pages_of_an_article_have_their_hashes_too(archive: Archive) -> None:
    part = observation(url=f"{URL}?p=2", final_url=f"{URL}?p=2", body=b"second")
    archive.record([replace(observation(article()), parts=(part,))])
    citation = citation_of(archive, URL)
    assert (citation.content_hash, citation.part_hashes) == (HASH, (hash_of(b"second"),))
    for style in STYLES:
        assert hash_of(b"second") in cite(style, citation)


def test_a_look_that_brought_no_bytes_anew_is_cited_with_those_that_it_vouched_for(archive: Archive) -> None:
    answer = {"status": 304, "body": None, "headers": {"ETag": '"1"'}}
    archive.record([observation(article(), headers={"ETag": '"1"'}), observation(article(), minutes=5, **answer)])
    citation = citation_of(archive, URL)
    assert (citation.content_hash, citation.last_seen_at) == (HASH, MORNING + timedelta(minutes=5))


def without_look(archive: Archive) -> None:
    archive.db.table("articles").insert({"url": URL, "title": "运河边的图书馆"})


def without_capture(archive: Archive) -> None:
    archive.record([observation(article())])
    archive.db.execute("UPDATE revisions SET capture_id = NULL")


def without_bytes(archive: Archive) -> None:
    archive.record([observation(article())])
    archive.db.execute("UPDATE captures SET content_hash = NULL")


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (without_look, "no look at its page is kept"),
        (without_capture, "no look at its page is kept"),
        (without_bytes, "the look that showed it left no bytes"),
    ],
)
def test_where_no_bytes_are_kept_there_is_no_hash(archive: Archive, fill: Any, reason: str) -> None:
    fill(archive)
    citation = citation_of(archive, URL)
    assert (citation.content_hash, citation.unhashed) == (None, reason)
    assert (citation.revision, citation.revisions) == ((None, 0) if fill is without_look else (1, 1))
    for style in STYLES:
        text = cite(style, citation)
        assert ("SHA-256" in text, "sha256" in text) == (False, False)
        assert "未存网页字节" in text or "ytes not kept" in text


def test_pruned_bytes_have_their_hash_still(archive: Archive) -> None:
    archive.record([observation(article())])
    prune(archive, MORNING.replace(year=2027), every=True)
    assert (citation_of(archive, URL).content_hash, citation_of(archive, URL).unhashed) == (HASH, None)


def test_what_is_not_there_is_told_as_everywhere(archive: Archive) -> None:
    with pytest.raises(UnknownArticle):
        citation_of(archive, URL)
    edited(archive)
    for number in (0, 3, -1):
        with pytest.raises(UnknownRevision):
            citation_of(archive, URL, number)
    forget(archive, URL, "asked", now=MORNING)
    with pytest.raises(ForgottenArticle):
        citation_of(archive, URL)


def test_odd_values_of_other_programs_are_cited_as_far_as_they_tell_anything(archive: Archive) -> None:
    row = {"url": "http://x{y/a b\n}", "title": b"\xe5\xa5\xbd\xff", "authors": "nobody", "published_at": "soon"}
    archive.db.table("articles").insert(row | {"site": b"x", "language": b"??", "last_seen_at": b"never"})
    ((article_id,),) = archive.db.execute("SELECT id FROM articles").fetchall()
    citation = citation_of(archive, article_id)
    assert (citation.title, citation.authors, citation.published_at, citation.seen_at) == (
        "好\ufffd",
        ("nobody",),
        None,
        None,
    )
    assert cite("gbt7714", citation).startswith("nobody. 好\ufffd[EB/OL]. http://x{y/a%20b%7D. [未存")
    (entry,) = parse_string(bibliography("bibtex", [citation])).entries  # addresses are no LaTeX, but as they are
    assert entry["url"] == "http://x%7By/a%20b%7D"


def read_bibtex(text: str) -> dict[str, Any]:
    """The one entry, as an independent reader has it; its LaTeX knows no braces and takes ``^`` for an accent."""
    macros = get_default_latex_context_db()
    names = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^", "textasciigrave": "`"}
    macros.add_context_category("ours", prepend=True, macros=[MacroTextSpec(*one) for one in names.items()])
    decoder = LatexNodes2Text(latex_context=macros, keep_braced_groups=False)
    library = parse_string(
        text,
        append_middleware=[
            SeparateCoAuthors(),
            SplitNameParts(),
            LatexDecodingMiddleware(decoder=decoder),
            MonthIntMiddleware(),
        ],
    )
    (entry,) = library.entries
    assert not library.failed_blocks
    assert (entry.entry_type, entry.key.isascii()) == ("online", True)
    return {field.key: field.value for field in entry.fields}


@pytest.mark.parametrize("title", HOSTILE)
def test_what_a_page_printed_comes_back_from_every_format(archive: Archive, title: str) -> None:
    citation = cited(archive, title=title, authors=(title, "林知远"), published_at=CHINA, source=f"{title}!")
    expected = one_line(title)
    assert citation.title == expected
    bibtex, (ris,) = read_bibtex(cite("bibtex", citation)), rispy.loads(cite("ris", citation))
    (csl,) = json.loads(bibliography("csl-json", [citation]))
    assert (bibtex["title"], ris["title"], csl["title"]) == (expected, expected, expected)
    assert (ris["authors"], len(bibtex["author"])) == ([expected, "林知远"], 2)
    assert csl["author"] == [{"literal": expected}, {"literal": "林知远"}]
    for style in ("gbt7714", "apa"):
        assert cite(style, citation).count(expected) == 3
        assert len(bibliography(style, [citation]).splitlines()) == 1


def test_bibtex_is_read_back_as_the_archive_has_it(archive: Archive) -> None:
    edited(archive)
    authors = ("Ludwig van Beethoven", "Martin King Jr.", "A and B", "林知远", "and")
    citation = replace(citation_of(archive, URL, 1), authors=authors, language="zh-CN", source="柳塘_社")
    entry = read_bibtex(bibliography("bibtex", [citation]))
    assert entry.pop("author") == [
        NameParts(first=["Ludwig"], von=["van"], last=["Beethoven"], jr=[]),
        NameParts(first=["Martin"], von=[], last=["King"], jr=["Jr."]),
        NameParts(first=[], von=[], last=["{A and B}"], jr=[]),
        NameParts(first=[], von=[], last=["林知远"], jr=[]),
        NameParts(first=[], von=[], last=["{and}"], jr=[]),
    ]
    note = f"Source named: 柳塘_社; revision 1 of 2; captured 2026-03-01T16:00:00+08:00; SHA-256 {HASH}"
    assert entry == {
        "title": "旧题",
        "organization": "news.example",
        "date": "2026-03-01",
        "year": "2026",
        "month": 3,
        "url": URL,
        "urldate": "2026-03-01",
        "howpublished": f"news.example, <{URL}>",  # the reader writes \\url{…} so
        "note": note,
        "langid": "chinese",
    }


def test_the_keys_of_a_bibliography_differ(archive: Archive) -> None:
    edited(archive)
    other = "https://news.example/a/2"
    archive.record([observation(article(url=other), url=other, final_url=other)])
    citations = [citation_of(archive, URL, 1), citation_of(archive, URL, 2), citation_of(archive, other)]
    library = parse_string(bibliography("bibtex", citations))
    assert (len(library.entries), len({entry.key for entry in library.entries})) == (3, 3)
    assert [item["id"] for item in json.loads(bibliography("csl-json", citations))] == [one.key for one in citations]
    assert len(rispy.loads(bibliography("ris", citations))) == 3
    assert bibliography("gbt7714", citations).splitlines()[2].startswith("[3] 运河边的图书馆[EB/OL]. [2026")


def test_ris_is_read_back_as_the_archive_has_it(archive: Archive) -> None:
    values = {"authors": ("Anna Meyer", "林知远"), "source": "柳塘社", "language": "zh", "published_at": CHINA}
    citation = cited(archive, **values)
    (record,) = rispy.loads(bibliography("ris", [replace(citation, url=f"{URL};p=1")]))
    assert record == {
        "type_of_reference": "ELEC",
        "id": f"{citation.article_id}r1",
        "authors": ["Meyer, Anna", "林知远"],
        "title": "运河边的图书馆",
        "secondary_title": "news.example",
        "publisher": "news.example",
        "original_publication": "柳塘社",
        "year": "2026",
        "date": "2026/03/01/",
        "access_date": "2026/03/01/",
        "urls": [f"{URL}%3Bp=1"],
        "language": "zh",
        "notes": [f"Source named: 柳塘社; revision 1 of 1; captured 2026-03-01T16:00:00+08:00; SHA-256 {HASH}"],
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"authors": ("Ludwig van Beethoven",), "published_at": MORNING},
            f"van Beethoven, L. (2026) 运河边的图书馆, news.example. Available at: {URL} (Accessed: March 1, 2026).",
        ),
        (
            {"authors": ("林知远", "沈平"), "published_at": CHINA},
            f"林知远 and 沈平 (2026) 运河边的图书馆, news.example. Available at: {URL} (Accessed: March 1, 2026).",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:The following arguments for Reference are unsupported. custom:UserWarning")
def test_a_processor_of_csl_understands_the_json(archive: Archive, values: dict[str, object], expected: str) -> None:
    citation = cited(archive, **values)
    items = json.loads(bibliography("csl-json", [citation]))
    assert items[0]["custom"]["sha256"] == HASH
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    rendered = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    rendered.register(Cited([CitationItem(citation.key)]))
    assert [str(entry) for entry in rendered.bibliography()] == [expected]


def test_csl_json_has_days_names_and_provenance_as_values(archive: Archive) -> None:
    (item,) = json.loads(bibliography("csl-json", [cited(archive, authors=("Martin King Jr.",), published_at=CHINA)]))
    assert item["author"] == [{"family": "King", "given": "Martin", "suffix": "Jr."}]
    assert (item["issued"], item["accessed"]) == ({"date-parts": [[2026, 3, 1]]}, {"date-parts": [[2026, 3, 1]]})
    assert item["custom"] == {"captured": "2026-03-01T16:00:00+08:00", "revision": 1, "revisions": 1, "sha256": HASH}


def test_of_an_article_that_is_gone_that_is_said(archive: Archive) -> None:
    archive.record([observation(article(published_at=CHINA)), observation(Absence(url=URL, reason="404"), minutes=1)])
    citation = citation_of(archive, URL)
    assert cite("gbt7714", citation).endswith("；已不可访问：2026-03-01T16:01:00+08:00].")
    assert cite("apa", citation).endswith("; not found any more 2026-03-01T16:01:00+08:00)")
