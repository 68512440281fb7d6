"""Pages that are served as good ones and say that what stood there is no more."""

import pytest

from archive.models import Article
from crawler.errors import PageGone, ParseError
from crawler.parsers import read_page

URL = "https://news.example/a/1.html"
HOT = "".join(f"<li><a href=/a/{n}.html>{n}号路灯的故事从前和现在都在这里</a></li>" for n in range(9))
TEXT = "<p>河边的路灯昨晚换了新的，行人说，亮了许多，走夜路不再怕了，孩子们也敢出门了，店家也关得晚了。</p>" * 4


@pytest.mark.parametrize(
    "page",
    [
        "<title>页面不存在 - 柳塘时报</title><p>抱歉，您访问的页面不存在或已被删除</p>",
        f"<title>柳塘时报</title><h2>抱歉，该文章已被删除</h2><h3>热门推荐</h3><ul>{HOT}</ul>",
        "<title>404 Not Found</title><h1>404</h1><p>The requested page could not be found.</p>",
        "<title>提示信息</title><div>您查看的内容已下线</div><a href=/>返回首页</a>",
        "<title>The Canal Times</title><h1>Sorry, the page you are looking for doesn’t exist</h1>",
        "<title>Error</title><p>This article is no longer available.</p>",
        "<title>お探しのページは見つかりません</title><p>URLをご確認ください。</p>",
        "<title>Seite nicht gefunden | Zeitung</title><p>Der Artikel wurde gelöscht.</p>",
        "<title></title><script>window.location.href = '/';</script>",
        '<meta http-equiv="refresh" content="0;url=https://news.example/">',
    ],
)
def test_a_page_that_says_that_it_is_not_there_is_gone(page: str) -> None:
    with pytest.raises(PageGone):
        read_page(page, URL)


@pytest.mark.parametrize(
    "title", ["网页不存在？图书馆回应：服务器昨晚检修", "某网站大量文章已被删除", "404 not found: why pages vanish"]
)
def test_news_that_speak_of_missing_pages_are_read(title: str) -> None:
    page = read_page(f"<title>{title}</title><h1>{title}</h1>{TEXT * 2}", URL)
    assert isinstance(page, Article)


def test_a_short_news_item_about_something_else_is_read() -> None:
    page = read_page(f"<title>路灯换新</title><h1>路灯换新</h1>{TEXT}<p>原链接已失效</p>", URL)
    assert isinstance(page, Article)


def test_flash_news_with_a_lost_video_is_read() -> None:
    flash = (
        "<p>记者从气象台获悉，今天下午到夜里，全市有一次明显降雨过程，局部地区有暴雨，请市民注意防范，减少外出。</p>"
    )
    page = read_page(f"<title>今天下午有暴雨</title><h1>今天下午有暴雨</h1>{flash}<p>该视频已失效</p>", URL)
    assert isinstance(page, Article)


def test_a_small_page_that_leads_elsewhere_is_not_gone() -> None:
    with pytest.raises(ParseError) as caught:
        read_page("<title></title><script>location.href = '/a/2.html';</script>", URL)
    assert not isinstance(caught.value, PageGone)
