"""Where an article's text begins and ends, and what in between is none of it: one small page for each rule."""

import pytest

from archive.models import Article
from crawler.parsers import read_page

TITLE = "河边的路灯换了新的"
FIRST = "河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了。"
SECOND = "新的路灯省电，也更亮，孩子们放学以后，还在灯下写作业，一写写到九点。"
THIRD = "街道办说，明年春天，桥上的路灯也要换，预算已经批了下来，五月动工。"
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
DECK = "街道办用了三个月，把两岸一百二十盏旧灯全部换下"


def article(body: str, head: str = "") -> Article:
    page = read_page(f"<title>{TITLE}</title>{head}{body}", "https://news.example/a/lamps.html")
    assert isinstance(page, Article)
    return page


def paragraphs(page: Article) -> list[str]:
    return [text for section in page.sections for text in section.paragraphs]


def headings(page: Article) -> list[str]:
    return [section.heading for section in page.sections if section.heading]


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>{TITLE}</h1><h2>{DECK}</h2>{TEXT}</article>",
        f"<header><h1>{TITLE}</h1><p class=lead>{DECK}</p></header><div><article>{TEXT * 2}</article></div>",
        f"<header><h1>{TITLE}</h1><div class=teaser-text>{DECK}</div></header><div><article>{TEXT * 2}</article></div>",
        f"<article><h1>{TITLE}</h1><h3>{DECK}。</h3>{TEXT}</article>",
    ],
    ids=["a deck as h2", "a lead beside the text's own element", "a standfirst called teaser", "a sentence as h3"],
)
def test_the_standfirst_is_the_first_paragraph(body: str) -> None:
    page = article(body)
    assert paragraphs(page)[0].rstrip("。") == DECK
    assert headings(page) == []


@pytest.mark.parametrize(
    "line",
    [
        "<div>法新社</div>",
        "<div>Published Jun 04, 2026 • Last updated 1 day ago • 2 minute read</div>",
        "<h2>河边路灯换了新的，更亮</h2>",
        "<h2><a href=/c/city>城事</a></h2>",
        "<dl><dt>文</dt><dd>街灯</dd></dl>",
    ],
    ids=["an agency", "times", "the headline in other words", "a linked column", "a list of roles"],
)
def test_what_stands_above_the_text_is_no_text(line: str) -> None:
    assert paragraphs(article(f"<article><h1>{TITLE}</h1><div>{line}</div><div>{TEXT}</div></article>"))[0] == FIRST


@pytest.mark.parametrize(
    "tail",
    [
        "<section><h3>关于我们的读者</h3><p>一位读者写道，这份报纸他看了三十年，天天看。</p></section>",
        "<ul class=tags><li><a href=/t/1>路灯</a></li><li><a href=/t/2>桥</a></li></ul><h3>主题</h3>",
        "<p><a href=/>返回首页看看</a></p>",
        "<form><p>留下邮箱，每天早上七点，收到我们的早报，随时可以退订。</p></form>",
        "<dialog><p>您本月还可以送出五篇文章，收到的人不用付钱，就能读到。</p></dialog>",
        "<div class=sr-only>本段之后是广告，读屏的读者，可以跳过它，接着往下听。</div>",
    ],
    ids=["a box of letters", "tags", "a link home", "a form", "a dialog", "words for screen readers"],
)
def test_what_stands_below_the_text_is_no_text(tail: str) -> None:
    body = f"<article><h1>{TITLE}</h1><div class=body>{TEXT * 2}</div>{tail}</article>"
    assert paragraphs(article(body))[-1] == THIRD
    assert headings(article(body)) == []


def test_a_correction_right_below_the_text_is_text() -> None:
    note = "更正：本文初稿把路灯的数目写错了，应为一百二十盏，特此说明。"
    page = article(f"<article><h1>{TITLE}</h1><div class=body>{TEXT * 2}</div><p>{note}</p></article>")
    assert paragraphs(page)[-1] == note


@pytest.mark.parametrize("name", ["Maria Lang", "陈立秋"])
def test_lines_about_the_authors_are_no_text(name: str) -> None:
    about = "Maria Lang is a reporter in Vienna, and writes about towns, lamps and light." if name[0] == "M" else ""
    about = about or "陈立秋，现任本报城事部记者，长年跑街道和河道，写过一本书。"
    head = f'<meta name=author content="{name}">'
    body = f"<article><h1>{TITLE}</h1><p>{name}</p>{TEXT}<p>{about}</p></article>"
    assert paragraphs(article(body, head)) == [FIRST, SECOND, THIRD]


def test_a_teaser_in_an_article_element_of_its_own_is_no_text() -> None:
    teaser = (
        "<article><h3><a href=/a/bridge.html>桥上的灯也要换了，明年春天动工</a></h3><p>预算已经批下。</p></article>"
    )
    page = article(f"<article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>{teaser}<p>{THIRD}</p></article>")
    assert paragraphs(page) == [FIRST, SECOND, THIRD]
    assert headings(page) == []


def test_a_zone_of_recommendations_that_holds_no_link_is_text() -> None:
    body = f"<article><h1>{TITLE}</h1><div class=cmp-teaser>{TEXT}</div>{TEXT.replace('，', '、') * 2}</article>"
    assert paragraphs(article(body))[:3] == [FIRST, SECOND, THIRD]


def test_a_class_for_spacing_names_no_zone() -> None:
    body = (
        f"<article><h1>{TITLE}</h1><p>{FIRST}</p><p class=uk-margin-large-bottom>{SECOND}</p><p>{THIRD}</p></article>"
    )
    assert paragraphs(article(body)) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<p>{FIRST}</p><h2>灯下</h2>{TEXT.replace('，', '、')}", ["灯下"]),
        (f"<p>{FIRST}</p><h2>一、灯下</h2><h3>（一）河西</h3><p>{SECOND}</p>", ["一、灯下", "（一）河西"]),
        (f"<p>{FIRST}</p><h2>更多视频</h2><h2>灯下</h2><p>{SECOND}</p>", ["灯下"]),
        (f"<p>{FIRST}</p><p>{SECOND}</p><h3>视频</h3>", []),
        (f"<p>{FIRST}</p><span class='x br'></span><span class='y strong'>灯下</span><br>{SECOND}", ["灯下"]),
    ],
    ids=["a heading", "a heading above a lesser one", "a heading above another", "the last line", "marked by classes"],
)
def test_headings_head_text(body: str, expected: list[str]) -> None:
    assert headings(article(f"<div><h1>{TITLE}</h1>{body}</div>")) == expected


def test_the_cells_of_a_row_are_one_line() -> None:
    rows = "<tr><td>1998</td><td>煤气灯</td></tr><tr><td>2025</td><td>节能灯</td></tr>"
    page = article(f"<div><h1>{TITLE}</h1><p>{FIRST}</p><table>{rows}</table><p>{SECOND}</p></div>")
    assert paragraphs(page) == [FIRST, "1998 煤气灯", "2025 节能灯", SECOND]


CAPTION = "十月十五日，工人在河边安装新的路灯，行人停下来看，有人拍照，有人鼓掌。记者 陈立秋 摄"


def test_captions_are_no_text_unless_they_are_all_of_it() -> None:
    assert CAPTION not in paragraphs(article(f"<div><h1>{TITLE}</h1>{TEXT}<p>{CAPTION}</p></div>"))
    other = CAPTION.replace("河边", "桥头")
    story = article(f"<div><h1>{TITLE}</h1><p>{CAPTION}</p><p>{other}</p><p>（完）</p></div>")
    assert paragraphs(story)[:2] == [CAPTION, other]


def test_soft_hyphens_break_no_word() -> None:
    assert paragraphs(article(f"<h1>{TITLE}</h1>{TEXT}<p>Die Grund\u00adgebühr steigt, sagt die Stadt.</p>"))[-1] == (
        "Die Grundgebühr steigt, sagt die Stadt."
    )
