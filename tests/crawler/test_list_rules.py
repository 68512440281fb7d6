"""Lists of headlines, told from the text of an article that links much."""

import pytest

from archive.models import Article, Listing, Page
from crawler.parsers import read_page

FIRST = (
    "河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了，"
    "孩子们也敢出门了，店家也关得晚了，桥头的茶摊又摆到了半夜。"
)
SECOND = FIRST.replace("，", "、")
URL = "https://news.example/2025/06/lamps-of-the-town"


def read(body: str, url: str = URL, title: str = "路灯的故事") -> Page:
    return read_page(f"<title>{title}</title>{body}", url)


def headline(number: int) -> str:
    return f"<a href=/a/{number}.html>{number}号路灯的故事从前和现在</a>"


def text_of(page: Page) -> str:
    assert isinstance(page, Article)
    return "".join(text for section in page.sections for text in section.paragraphs)


def test_text_goes_on_below_links_that_stand_in_it() -> None:
    parts = "".join(f"<p>{headline(n)}</p><p>{n}{FIRST}</p><p>{n}{SECOND}</p>" for n in range(3))
    text = text_of(read(f"<h1>路灯的故事</h1><div><p>{SECOND}</p>{parts}</div>"))
    assert [f"{n}{SECOND}" in text for n in range(3)] == [True] * 3


def test_a_sentence_that_links_much_of_itself_is_no_headline() -> None:
    sentences = "".join(f"<p>{FIRST[:40]}<a href=/a/{n}.html>{FIRST[40:-1]}{n}</a>。</p>" for n in range(4))
    text = text_of(read(f"<h1>路灯的故事</h1><div><p>{SECOND}</p>{sentences}</div>"))
    assert text.count(FIRST[40:-1]) == 4


@pytest.mark.parametrize("mark", ["赞助", "3条评论", "Sponsored"])
def test_a_mark_between_headlines_divides_no_list(mark: str) -> None:
    items = "".join(f"<li><h3>{headline(n)}</h3><p>{mark}</p></li>" for n in range(12))
    page = read(f"<ul>{items}</ul>", "https://news.example/city/")
    assert isinstance(page, Listing)
    assert len(page.links) == 12


def test_short_headlines_printed_as_headings_are_listed() -> None:
    items = "".join(f"<li><h3><a href=/a/{n}.html>路灯新事{n}</a></h3></li>" for n in range(12))
    page = read(f"<ul>{items}</ul>", "https://news.example/city/")
    assert isinstance(page, Listing)
    assert len(page.links) == 12


ITEMS = "".join(f"<li><h3>{headline(n)}</h3></li>" for n in range(20))


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (f"<body class='archive category'><h1>路灯</h1><p>{FIRST}</p><p>{SECOND}</p><ul>{ITEMS}</ul>", URL),
        (
            f"<ul>{ITEMS}</ul><div><p>{FIRST}</p><p>{SECOND}</p></div><ol>{ITEMS.replace('/a/', '/b/')}</ol>",
            "https://news.example/",
        ),
        (f"<ul>{ITEMS}</ul><div class=footer><p>{FIRST[:30]}。</p><p>版权所有</p></div>", "https://news.example/"),
    ],
    ids=[
        "an archive of WordPress",
        "text without a headline amid headlines",
        "a foot that holds all the text there is",
    ],
)
def test_such_a_page_is_a_list(body: str, url: str) -> None:
    head = '<meta property="og:type" content="article">'
    assert isinstance(read(head + body, url, title="苏城晚报"), Listing)


def test_a_label_above_other_text_names_no_list() -> None:
    body = f"<h1>路灯的故事</h1><div><h4>推荐视频</h4><p>{FIRST}</p><p>{headline(1)}</p><p>{SECOND}</p></div>"
    page = read(body)
    assert isinstance(page, Article)
    assert page.related == ()
