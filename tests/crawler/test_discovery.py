"""Which addresses of a site may be lists, and which of them a crawl should visit."""

import pytest

from archive.models import Link, Listing
from crawler.discovery import Find, guesses, in_order, judge, named_sitemaps, proposed, read_leads, telling_list
from crawler.discovery.leads import MOST_SECTIONS, MOST_SITEMAPS
from crawler.parsers import Explained, explain_page
from crawler.sample_site import SampleSite

FRONT = "https://www.news.example/"
HEAD = """<link rel="alternate" type="application/rss+xml" href="/feed" title="要闻">
<link rel="alternate" type="application/rss+xml" href="/comments/feed" title="评论">
<link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://feeds.example/news">
<link rel="alternate" hreflang="en" href="/en/">"""


def sections(menu: str) -> list[str]:
    return list(read_leads(f"<html>{menu}</html>".encode(), FRONT)[1])


def test_the_feeds_of_the_news_are_found_and_not_those_of_comments() -> None:
    assert read_leads(HEAD.encode(), FRONT)[0] == ("https://www.news.example/feed", "https://feeds.example/news")


def test_the_sections_of_a_menu_come_before_other_short_links() -> None:
    html = '<p><a href="/topics">Topics</a></p><div class="main-nav"><a href="/business/">Business</a></div>'
    assert sections(html) == ["https://www.news.example/business/", "https://www.news.example/topics"]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/">首页</a>',
        '<a href="/index.html">首页</a>',
        '<a href="/a/12345.html">要闻</a>',
        '<a href="/2026/03/harvest-festival-opens-in-town">Harvest</a>',
        '<a href="https://other.example/news">伙伴</a>',
        '<a href="/staff" rel="nofollow">编辑部</a>',
        '<a href="/login">Sign in</a>',
        '<a href="/u">登录</a>',
        '<a href="/paper.pdf">电子版</a>',
        '<a href="javascript:void(0)">更多</a>',
        '<a href="/local"><img src="/i.png"></a>',
        '<a href="/local">柳塘运河边的路灯昨晚全部换成了新的</a>',
        '<a href="http://[broken">本地</a>',
    ],
)
def test_what_is_no_section_is_not_looked_at(link: str) -> None:
    assert sections(f"<nav>{link}</nav>") == []


@pytest.mark.parametrize("url", ["/local", "/us/", "https://tech.news.example/", "/list.html", "/list.php?id=3"])
def test_a_section_may_have_a_host_of_its_own(url: str) -> None:
    assert len(sections(f'<nav><a href="{url}">本地</a></nav>')) == 1


def test_a_huge_menu_is_looked_at_in_part() -> None:
    assert len(sections("".join(f"<a href=/s{n}>栏目</a>" for n in "abcdefghijklmnopqrstuvwxyz"))) == MOST_SECTIONS


def test_the_sample_site_shows_its_feed_and_its_sections() -> None:
    body = SampleSite(1).respond("/").body
    feeds, found = read_leads(body, "https://news.example/")
    assert feeds == ("https://news.example/feed.xml",)
    assert found == tuple(f"https://news.example/c/{slug}" for slug in ("local", "tech", "culture", "sports"))


def test_the_sitemaps_of_robots_are_found_those_of_news_first() -> None:
    robots = "User-agent: *\nDisallow: /x\nSITEMAP : /all.xml\n sitemap:https://news.example/news.xml # new\nSitemap:\n"
    assert named_sitemaps(robots, "https://news.example/robots.txt") == (
        "https://news.example/news.xml",
        "https://news.example/all.xml",
    )
    many = "".join(f"Sitemap: https://news.example/{n}.xml\n" for n in range(100))
    assert len(named_sitemaps(many, "https://news.example/robots.txt")) == MOST_SITEMAPS


def test_guesses_stand_at_the_root_of_the_site() -> None:
    assert {"https://news.example/feed", "https://news.example/sitemap.xml"} < set(guesses("https://news.example/a/1"))


def test_of_an_index_the_sitemap_of_news_tells_most() -> None:
    assert telling_list(["https://news.example/2026.xml", "https://news.example/new-news.xml"]).endswith("news.xml")
    assert telling_list(["https://news.example/2026.xml", "https://news.example/2025.xml"]).endswith("2026.xml")


@pytest.mark.parametrize(
    ("path", "kind", "links", "articles"),
    [
        ("/", "front page", 20, 20),
        ("/c/local", "list page", 8, 8),
        ("/feed.xml", "feed", 20, 20),
        ("/sitemap.xml", "sitemap", 54, 45),
    ],
)
def test_the_lists_of_the_sample_site_are_judged(path: str, kind: str, links: int, articles: int) -> None:
    url = f"https://news.example{path}"
    find = judge(explain_page(SampleSite(1, "https://news.example").respond(path).body, url), url)
    assert find is not None
    assert (find.kind, find.links, find.articles, find.newest is not None) == (kind, links, articles, "xml" in path)


def test_an_article_and_a_page_of_two_links_are_no_find() -> None:
    article = SampleSite(1).articles()[0].path
    assert judge(explain_page(SampleSite(1).respond(article).body, FRONT), FRONT) is None
    links = (Link(position=1, url=f"{FRONT}a", title="a"),) * 2
    assert judge(Explained(page=Listing(url=FRONT, links=links), evidence=()), FRONT) is None


def find(kind: str, links: int = 9) -> Find:
    return Find(kind=kind, url=f"{FRONT}{kind.replace(' ', '-')}", links=links)  # type: ignore[arg-type]  # by row


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        (["sitemap", "feed", "front page", "list page"], ["front page", "list page", "feed"]),
        (["news sitemap", "sitemap"], ["news sitemap"]),
        (["front page", "sitemap", "sitemap index"], ["front page", "sitemap index"]),
        (["sitemap"], ["sitemap"]),
        ([], []),
    ],
)
def test_the_whole_sitemap_is_proposed_only_where_nothing_else_is(found: list[str], chosen: list[str]) -> None:
    assert [one.kind for one in proposed(map(find, found))] == chosen


def test_an_empty_feed_is_not_proposed_and_an_address_counts_once() -> None:
    assert proposed([find("feed", links=0)]) == ()
    assert len(in_order([find("feed"), find("feed")])) == 1
