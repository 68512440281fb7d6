"""What stands around every page, and what a skin is."""

from typing import Protocol

from crawler.sample_site.model import SITE_NAME, ArticlePage, ListPage
from crawler.sample_site.newsroom import CATEGORIES

LINKS = (("/", "首页"), *((category.path, category.name) for category in CATEGORIES))
HOT_LABEL = "热点排行"
EDITOR = "责任编辑：方既明"
SHARE = "分享到：微信 微博 QQ空间"
COPYRIGHT = f"Copyright &copy; 2016-2025 {SITE_NAME} 版权所有 未经书面许可不得转载"
HOTLINE = "新闻热线：0000-1234567 互联网新闻信息服务许可证：样例000号"
STAFF_LINK = ("/private/", "编辑部登录")
"""Behind robots.txt: a crawler that asks for it does not obey."""


class Skin(Protocol):
    """One file of this folder: pages in one kind of markup."""

    CHARSET: str
    """How Python encodes the page."""
    CONTENT_TYPE: str

    def article(self, page: ArticlePage) -> str:
        """The page of one article."""

    def listing(self, page: ListPage) -> str:
        """The page of one list."""
