"""A site's own rules: each reads its field, only as long as it is valid, and leaves the others alone."""

from datetime import UTC, date, datetime

import pytest
from bs4 import Tag

from archive.models import Article, Listing, Section
from crawler.parsers import explain_page, read_page
from crawler.sites import Field, FieldRule, Site

URL = "https://news.example/a/1.html"
PAGE = """
<title>河边的路灯换了新的</title><h1>河边的路灯换了新的</h1>
<p class=when>二〇二二年秋 / 2022-10-15 08:30</p><b class=who>朱琦</b><b class=who>陆飞龙</b>
<i class=desk>城事</i><i class=paper>苏城晚报</i><i class=seen>1.2万</i><img class=lead src=/p/1.jpg>
<div class=text><p>河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了。</p><h2>路灯</h2>
<p>新的路灯省电，也更亮。</p></div>
<p>河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了，这一段不在正文的格子里，读者照样看得见它。</p>
<div class=more><a href=/a/2.html>桥</a> <a href=/a/3.html>船</a></div>
"""


def site(field: Field, *rules: FieldRule) -> Site:
    return Site(name="A paper", hosts=("news.example",), timezone="Asia/Shanghai", fields={field: rules})


def read(field: Field, *rules: FieldRule, fetched_at: datetime | None = None) -> Article:
    page = read_page(PAGE, URL, site=site(field, *rules), fetched_at=fetched_at)
    assert isinstance(page, Article)
    return page


def first_half(tag: Tag) -> str:
    return tag.get_text().partition("换")[0]


@pytest.mark.parametrize(
    ("field", "rule", "value"),
    [
        ("title", FieldRule(select="h1", read=first_half), "河边的路灯"),
        ("published_at", FieldRule(select=".when"), datetime.fromisoformat("2022-10-15T08:30:00+08:00")),
        ("modified_at", FieldRule(select=".when"), datetime.fromisoformat("2022-10-15T08:30:00+08:00")),
        ("category", FieldRule(select=".desk"), "城事"),
        ("source", FieldRule(select=".paper"), "苏城晚报"),
        ("authors", FieldRule(select=".who"), ("朱琦", "陆飞龙")),
        ("views", FieldRule(select=".seen"), 12_000),
        ("summary", FieldRule(select=".text p"), "河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了。"),
        ("language", FieldRule(read=lambda tag: "zh-Hans"), "zh-Hans"),
        ("image", FieldRule(select="img.lead"), "https://news.example/p/1.jpg"),
    ],
)
def test_a_rule_reads_its_field(field: Field, rule: FieldRule, value: object) -> None:
    assert getattr(read(field, rule), field) == value


def test_the_text_is_that_of_the_elements_named() -> None:
    sections = read("sections", FieldRule(select=".text")).sections
    assert [(part.heading, len(part.paragraphs)) for part in sections] == [(None, 1), ("路灯", 1)]


def test_a_function_may_make_sections() -> None:
    made = Section(heading="路灯", level=2, paragraphs=("亮",))
    assert read("sections", FieldRule(select="h1", read=lambda tag: [made])).sections == (made,)


def test_links_too_short_for_the_general_reader_are_related_where_a_rule_says_so() -> None:
    related = read("related", FieldRule(select=".more")).related
    assert [(link.position, link.url, link.title) for link in related] == [
        (1, "https://news.example/a/2.html", "桥"),
        (2, "https://news.example/a/3.html", "船"),
    ]


def test_a_rule_for_links_makes_the_page_a_list_with_its_next_page() -> None:
    own = Site(
        name="A paper",
        hosts=("news.example",),
        timezone="Asia/Shanghai",
        fields={"links": (FieldRule(select=".more"),), "next": (FieldRule(select=".more a:last-child"),)},
    )
    page = read_page(PAGE, URL, site=own)
    assert isinstance(page, Listing)
    assert [link.title for link in page.links] == ["桥", "船"]
    assert page.next == "https://news.example/a/3.html"


@pytest.mark.parametrize(
    ("fetched_at", "category"),
    [(datetime(2021, 5, 1, tzinfo=UTC), "苏城晚报"), (datetime(2021, 5, 2, tzinfo=UTC), "城事"), (None, "城事")],
)
def test_an_old_rule_reads_only_what_was_fetched_while_it_was_valid(fetched_at: datetime | None, category: str) -> None:
    old = FieldRule(select=".paper", valid_until=date(2021, 5, 1))
    assert read("category", old, FieldRule(select=".desk"), fetched_at=fetched_at).category == category


def test_where_no_rule_matches_the_general_reader_answers() -> None:
    assert read("title", FieldRule(select=".headline")).title == "河边的路灯换了新的"


def test_the_evidence_names_the_rule_and_the_others_stay_the_general_ones() -> None:
    found = {
        one.field: one for one in explain_page(PAGE, URL, site=site("category", FieldRule(select=".desk"))).evidence
    }
    assert (found["category"].rule, found["category"].raw, found["category"].place) == (
        "the rules of A paper",
        "城事",
        ".desk",
    )
    assert found["title"].rule == "the only h1, which the page's names agree with"
