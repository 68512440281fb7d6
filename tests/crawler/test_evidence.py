"""Every field that a reading gives has its rule, the characters read and the place where they stood."""

from pathlib import Path

import pytest

from archive.models import Article, as_json
from crawler.parsers import explain_page

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*.html"))
WITHOUT_A_RULE = {"kind", "url", "published_precision", "published_raw", "timezone_assumed", "views_raw"}
"""Parts of a field that has evidence of its own, and what the reader was told."""


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_no_field_is_without_a_rule(page: Path) -> None:
    explained = explain_page(page.read_bytes(), "https://news.example/a/1.html")
    given = {name for name, value in as_json(explained.page).items() if value not in (None, [], ())} - WITHOUT_A_RULE
    told = {one.field for one in explained.evidence if one.rule and one.place}
    assert given <= told
    assert "charset" in told


def test_the_evidence_shows_what_was_read_and_where_it_stood() -> None:
    html = """<title>河边的路灯换了新的</title><div id=main><h1>河边的路灯换了新的</h1>
    <p class=meta>2022年10月15日11:43:08 来源：苏城晚报 阅读 1.3万</p>
    <p>河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了。</p>
    <p>新的路灯省电，也更亮，孩子们放学以后，还在灯下写作业。</p></div>"""
    explained = explain_page(html, "https://news.example/a/1.html")
    found = {one.field: (one.rule, one.raw, one.place) for one in explained.evidence}
    line = "2022年10月15日11:43:08 来源：苏城晚报 阅读 1.3万"
    assert found["published_at"] == ("beside the title", line, "div#main > p.meta")
    assert found["source"] == ("beside the title", line, "div#main > p.meta")
    assert found["views"] == ("beside the title", line, "div#main > p.meta")
    assert isinstance(explained.page, Article)
    assert explained.page.views == 13_000
