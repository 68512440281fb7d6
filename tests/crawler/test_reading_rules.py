"""One small page for each rule of the general reader that is not obvious."""

import json
from datetime import datetime

import pytest

from archive.models import Article, Listing
from crawler.errors import MissingPart
from crawler.parsers import read_page
from crawler.parsers.listing import address_kind

URL = "https://news.example/a/lamps.html"
TITLE = "河边的路灯换了新的"
FIRST = "河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了。"
SECOND = "新的路灯省电，也更亮，孩子们放学以后，还在灯下写作业。"
THIRD = "街道办说，明年春天，桥上的路灯也要换，预算已经批了下来。"
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"


def article(body: str, head: str = f"<title>{TITLE}</title>", url: str = URL) -> Article:
    page = read_page(f"{head}{body}", url)
    assert isinstance(page, Article)
    return page


def paragraphs(body: str) -> list[str]:
    return [text for section in article(body).sections for text in section.paragraphs]


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{TITLE}</h1><div>{TEXT}</div><div class=box><span>一盏路灯</span><span>热线</span></div>",
        f"<h1>{TITLE}</h1>{TEXT}<p>{SECOND}</p>",
        f"<h1>{TITLE}</h1>{TEXT}<h3>评论</h3><p>太好了，太好了，终于换了，这条路我天天走。</p>",
        f"<h1>{TITLE}</h1>{TEXT}<h3>Comments (12)</h3><p>Well done, at last, I walk there every day.</p>",
        f"<h1>{TITLE}</h1>{TEXT}<p>The lamps at the river, seen from the bridge (AP Photo/A. Marsh)</p>",
        f"<h1>{TITLE}</h1>{TEXT}<p>Create an account or sign in to continue with your reading experience.</p>",
        f"<h1>{TITLE}</h1><button class=menu>目录<div><main>{TEXT}</main></div>",
        f"<h1>{TITLE}</h1><div class=sidebar>{TEXT}</div>",
        f"<h1>{TITLE}</h1><p>Comments</p>{TEXT}",
    ],
    ids=[
        "short lines apart from the text",
        "a paragraph printed twice",
        "what follows 评论",
        "what follows Comments",
        "a caption with its agency",
        "a wall",
        "a button that nobody closes",
        "a sidebar that is the article",
        "a link to the comments above the text",
    ],
)
def test_the_text_is_the_article_alone(body: str) -> None:
    assert paragraphs(body)[-3:] == [FIRST, SECOND, THIRD]


def test_headlines_with_whole_paragraphs_under_them_are_an_article() -> None:
    part = f"<h2><a href=/lamp/N>N号路灯的故事，从前和现在</a></h2>{TEXT}".replace("，", "N，")
    parts = "".join(part.replace("N", number) for number in "123")
    page = article(f"<h1>{TITLE}</h1><p>{FIRST}</p>{parts}")
    assert len(page.sections) == 4


@pytest.mark.parametrize(
    ("names", "body", "title"),
    [
        (f"{TITLE}_城事_苏城晚报", f"<h1>{TITLE}</h1>", TITLE),
        (f"{TITLE} - 苏城晚报", f"<h1>苏城晚报</h1><div>{TITLE}</div>", TITLE),
        (
            "The lamps at the river",
            "<h1>New lamps at the river: brighter nights</h1>",
            "New lamps at the river: brighter nights",
        ),
        ("新闻动态--苏城路灯官网", f"<div>{TITLE}</div><p>发布时间：2022-10-15 来源：苏城晚报</p>", TITLE),
    ],
    ids=["name with column and site", "h1 is the site", "h1 says more", "named after the column"],
)
def test_the_title_is_the_printed_headline(names: str, body: str, title: str) -> None:
    assert article(f"{body}{TEXT}", head=f"<title>{names}</title>").title == title


def test_a_kicker_before_the_headline_is_no_part_of_the_title() -> None:
    head = f'<title>{TITLE}</title><meta property="og:title" content="{TITLE}">'
    assert article(f"<h1>城事：{TITLE}</h1>{TEXT}", head=head).title == TITLE


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        (
            '<meta name=pubdate content="2022-10-15T23:30:00Z">',
            "<p>2022年10月16日 07:30</p>",
            "2022-10-16T07:30:00+08:00",
        ),
        ('<meta name=pubdate content="2022-10-15T16:30:00Z">', "<p>2022年10月16日</p>", "2022-10-16T00:30:00+08:00"),
        ("", "<p><time datetime=2022-10-15T08:30:00+08:00>今天</time></p>", "2022-10-15T08:30:00+08:00"),
        ("", f"{TEXT}<p>发布日期：2022-10-15</p>", "2022-10-15T00:00:00+08:00"),
        ("", f"{TEXT}<div class=footer>veröffentlicht 15.10.2022 06:00</div>", "2022-10-15T06:00:00+08:00"),
        ('<script>{"datePublished":"2022-10-15T08:30:00+08:00"}</script>', "", "2022-10-15T08:30:00+08:00"),
    ],
    ids=[
        "in the printed offset",
        "on the printed day",
        "time element",
        "below the text",
        "labelled in the foot",
        "in a script",
    ],
)
def test_the_time_of_publication_is_found(head: str, body: str, published: str) -> None:
    page = article(f"<h1>{TITLE}</h1>{body}{TEXT}", head=f"<title>{TITLE}</title>{head}")
    assert page.published_at == datetime.fromisoformat(published)


def test_the_day_in_the_address_is_the_last_resort() -> None:
    page = article(f"<h1>{TITLE}</h1>{TEXT}", url="https://news.example/2022/10/15/lamps.html")
    assert page.published_raw == "2022/10/15"


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("石佳/中国青年报", "source", "中国青年报"),
        ("石佳/中国青年报", "authors", ("石佳",)),
        ("新华社", "source", "新华社"),
        ("胡平", "authors", ("胡平",)),
        ("2022-10-15 来源：证券时报网作者：李在山", "source", "证券时报网"),
        ("发表于2022-10-15 21:30| 1164次阅读| 来源苏城网| 作者魏星", "source", "苏城网"),
        ("发表于2022-10-15 21:30| 1164次阅读| 来源苏城网| 作者魏星", "authors", ("魏星",)),
        ("发表于2022-10-15 21:30| 1164次阅读| 来源苏城网| 作者魏星", "views", 1164),
        ("<a href=/c/>城事</a>棱镜2022-10-15 07:48", "category", "城事"),
        ("首页 - 城市新闻", "category", "城市新闻"),
        ("公開日：2022-10-15 11:30 更新日：2022-10-16", "category", None),
        ("Updated Thu 2022-10-15 11:30 ET", "category", None),
        ("By Maria Lang, PhD", "authors", ("Maria Lang",)),
    ],
)
def test_the_lines_beside_the_title_are_read(line: str, field: str, value: object) -> None:
    assert getattr(article(f"<h1>{TITLE}</h1><p>{line}</p>{TEXT}"), field) == value


@pytest.mark.parametrize(
    ("line", "field", "value"), [("（袁源）", "authors", ("袁源",)), ("阅读 15878", "views", 15_878)]
)
def test_the_lines_below_the_text_are_read(line: str, field: str, value: object) -> None:
    assert getattr(article(f"<h1>{TITLE}</h1>{TEXT}<p>{line}</p>"), field) == value


def test_a_page_that_calls_itself_an_article_at_an_articles_address_is_no_list() -> None:
    links = "".join(f"<li><a href=/a/{n}.html>{n}号路灯的故事从前和现在</a></li>" for n in range(30))
    data = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "河边的路灯换了新的"}</script>'
    body = f"<h1>{TITLE}</h1><p>{FIRST}</p><ul>{links}</ul><a href=?p=2>下一页</a>"
    assert isinstance(read_page(f"{data}{body}", "https://news.example/2022/10/15/lamps.html"), Article)
    assert isinstance(read_page(body, "https://news.example/city/"), Listing)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://news.example/a/1361.html", "article"),
        ("https://news.example/2022-10/15/c_112.htm", "article"),
        ("https://news.example/news/a-new-row-of-lamps", "article"),
        ("https://news.example/city/", "section"),
        ("https://news.example/", None),
        ("http://[broken/city/", "section"),
    ],
)
def test_addresses_tell_articles_from_sections(url: str, kind: str | None) -> None:
    assert address_kind(url) == kind


def headlines(numbers: range) -> str:
    return "".join(f"<li><h3><a href=/a/{n}.html>{n}号路灯的故事从前和现在</a></h3></li>" for n in numbers)


@pytest.mark.parametrize(
    "body",
    [
        f"<ul>{headlines(range(9))}<li><p>{FIRST}</p><p>{SECOND * 3}</p></li>{headlines(range(9, 12))}</ul>",
        f"<ul>{headlines(range(12))}</ul><div>{TEXT * 2}</div><a href=/lamps-and-bridges-of-the-town/page/2/>2</a>"
        "<a href=/lamps-and-bridges-of-the-town/page/2/>下一页</a>",
    ],
    ids=["the only text stands between headlines", "its further pages are numbered as a section's"],
)
def test_a_page_of_headlines_is_a_list(body: str) -> None:
    page = read_page(f"<title>路灯与桥</title>{body}", "https://news.example/lamps-and-bridges-of-the-town/")
    assert isinstance(page, Listing)
    assert len(page.links) == 12


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ("<a href=lamps_2.html>下一页</a>", "https://news.example/a/lamps_2.html"),
        ("<a href=?page=2>Next »</a>", "https://news.example/a/lamps.html?page=2"),
        ("<a href=bridges.html>下一页</a>", None),
        ("<a href=lamps_3.html>下一页</a>", None),
    ],
)
def test_the_next_page_of_an_article_has_its_address_and_the_next_number(link: str, following: str | None) -> None:
    assert article(f"<h1>{TITLE}</h1>{TEXT}{link}").next == following


LD = {"@type": "NewsArticle", "articleBody": f"{FIRST}\n{SECOND}\n{THIRD}"}
STATE = {"props": {"news": [{"Title": TITLE, "body_html": TEXT}]}}
BLOCKS = {"name": TITLE, "content": [{"text": FIRST}, SECOND, THIRD]}


@pytest.mark.parametrize(
    "script",
    [
        f"<script type=application/ld+json>{json.dumps(LD)}</script>",
        f"<script type=application/json>{json.dumps(STATE)}</script>",
        f"<script>var a = {{}}; window.__STATE__ = {json.dumps(STATE)};</script>",
        f"<script>state = JSON.parse({json.dumps(json.dumps(BLOCKS))})</script>",
        f"<div data-props='{json.dumps(STATE, ensure_ascii=False)}'></div>",
    ],
    ids=["JSON-LD", "a script of JSON", "an assignment", "JSON in a string", "an attribute"],
)
def test_a_text_that_only_scripts_print_is_read_from_their_data(script: str) -> None:
    assert paragraphs(f"<div id=app></div>{script}") == [FIRST, SECOND, THIRD]


def test_the_text_of_another_article_in_the_data_is_not_taken() -> None:
    other = json.dumps({"title": "山上的雪化了，溪水涨了三尺", "content": TEXT})
    with pytest.raises(MissingPart):
        read_page(f"<title>{TITLE}</title><div id=app></div><script>window.__STATE__ = {other};</script>", URL)
