"""The sample site as a pure function from a path to an answer."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files

from crawler.sample_site import newsroom
from crawler.sample_site.feeds import FEED_PATH, FEED_TYPE, SITEMAP_PATH, feed, sitemap
from crawler.sample_site.images import picture
from crawler.sample_site.model import ArticlePage, Category, ListPage, Response, SampleArticle
from crawler.sample_site.skins import semantic, soup, table
from crawler.sample_site.skins.frame import Skin

SKINS: dict[str, Skin] = {"local": table, "tech": semantic, "culture": soup, "sports": soup}
"""The markup of each category; the home page has the modern one."""

HOME_LENGTH = 20
LIST_LENGTH = 8
HOT_LENGTH = 8
FEED_LENGTH = 20

ROBOTS = "User-agent: *\nDisallow: /private/\n\nSitemap: {address}{sitemap}\n"

Pages = Iterator[tuple[str, Callable[[], Response]]]


class SampleSite:
    """A small news site in one of its three states (1, 2, 3); from each to the next, time has passed.

    All counters rise, recommendations move, five articles are new on top, one is gone and two read otherwise.
    ``address`` is what it calls itself in its feed and its sitemap, without a slash at its end.
    """

    def __init__(self, state: int = 1, address: str = "http://127.0.0.1:8765") -> None:
        if state not in newsroom.STATES:
            raise ValueError(f"The sample site has the states {newsroom.STATES}, not {state}")
        self.state = state
        self.address = address
        self._articles = newsroom.articles(state)
        self._by_path = {article.path: article for article in self._articles}
        popular = sorted(self._articles, key=lambda article: article.views, reverse=True)
        self._hot = tuple(popular[:HOT_LENGTH])
        self._lists = dict(self._list_pages())
        self._pages = dict(self._other_pages()) | self._lists | dict(self._article_pages())

    def respond(self, path: str) -> Response:
        """The answer to a GET of this path; what follows a question mark is ignored."""
        page = self._pages.get(path.partition("?")[0], _not_found)
        return page()

    def articles(self) -> tuple[SampleArticle, ...]:
        """The truth about every article that stands on the site, newest first."""
        return self._articles

    def article_paths(self) -> tuple[str, ...]:
        """The addresses of all articles, newest first."""
        return tuple(self._by_path)

    def list_paths(self) -> tuple[str, ...]:
        """The addresses of the home page and of every page of every category."""
        return tuple(self._lists)

    def _article_pages(self) -> Pages:
        for article in self._articles:
            yield article.path, partial(self._article, article)

    def _list_pages(self) -> Pages:
        home = ListPage(title="最新要闻", articles=self._articles[:HOME_LENGTH], hot=self._hot)
        yield "/", partial(_listing, semantic, home)
        for category in newsroom.CATEGORIES:
            yield from self._category_pages(category)

    def _category_pages(self, category: Category) -> Pages:
        skin = SKINS[category.slug]
        articles = tuple(article for article in self._articles if article.category == category)
        for number, start in enumerate(range(0, len(articles), LIST_LENGTH), start=1):
            end = start + LIST_LENGTH
            page = ListPage(
                title=f"{category.name}资讯",
                articles=articles[start:end],
                hot=self._hot,
                next_path=f"{category.path}/{number + 1}" if end < len(articles) else None,
            )
            path = category.path if number == 1 else f"{category.path}/{number}"
            yield path, partial(_listing, skin, page)

    def _other_pages(self) -> Pages:
        robots = ROBOTS.format(address=self.address, sitemap=SITEMAP_PATH)
        newest = feed(self._articles[:FEED_LENGTH], self.address)
        yield "/robots.txt", partial(_text, robots, "text/plain; charset=utf-8")
        yield FEED_PATH, partial(_text, newest, FEED_TYPE)
        yield SITEMAP_PATH, partial(_text, sitemap(self.list_paths(), self._articles, self.address), "application/xml")
        yield "/style.css", partial(_text, _style(), "text/css; charset=utf-8")
        yield "/private/", partial(_text, "编辑部登录", "text/plain; charset=utf-8")
        for article in self._articles:
            yield article.image, partial(_image, article.slug)

    def _article(self, article: SampleArticle) -> Response:
        related = tuple(self._by_path[path] for path in article.related)
        skin = SKINS[article.category.slug]
        return _html(skin, skin.article(ArticlePage(article=article, related=related, hot=self._hot)))


def _listing(skin: Skin, page: ListPage) -> Response:
    return _html(skin, skin.listing(page))


def _html(skin: Skin, html: str) -> Response:
    return Response(headers={"Content-Type": skin.CONTENT_TYPE}, body=html.encode(skin.CHARSET))


def _text(text: str, content_type: str) -> Response:
    return Response(headers={"Content-Type": content_type}, body=text.encode())


def _style() -> str:
    return (files("crawler.sample_site") / "style.css").read_text(encoding="utf-8")


def _image(name: str) -> Response:
    return Response(headers={"Content-Type": "image/png"}, body=picture(name))


def _not_found() -> Response:
    body = (
        '<!doctype html>\n<html lang="zh-CN"><meta charset="utf-8"><title>404</title><p>您要的页面不在了。</p></html>\n'
    )
    return Response(status=404, headers={"Content-Type": "text/html; charset=utf-8"}, body=body.encode())
