"""What the sample site is made of: articles as they stand in one state, and answers to requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

SITE_NAME = "柳塘时报"
"""An invented paper of an invented district."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """One of the site's four departments."""

    slug: str
    name: str

    @property
    def path(self) -> str:
        """The address of its newest list."""
        return f"/c/{self.slug}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleSection:
    """A part of an article's text, from one heading to the next."""

    heading: str | None = None
    """Without the brackets 【 】 that the pages print."""
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleArticle:
    """The truth about one article in one state: what a reader of its page should find."""

    slug: str
    title: str
    published: datetime
    """Aware, +08:00; every page prints it to the second."""
    category: Category
    views: int
    authors: tuple[str, ...] = ()
    source: str | None = None
    sections: tuple[SampleSection, ...]
    """All printed text: with 【来源:…】 at its beginning and the byline at its end, where there is one."""
    summary: str
    """As the lists print it."""
    related: tuple[str, ...] = ()
    """The paths of the recommended articles, in the order of the page."""

    @property
    def path(self) -> str:
        """The address of the article's page."""
        return f"/a/{self.slug}.html"

    @property
    def image(self) -> str:
        """The address of the lead image."""
        return f"/img/{self.slug}.png"

    @property
    def image_alt(self) -> str:
        """The caption under which readers copy the image."""
        return f"{self.title} - {SITE_NAME}"

    @property
    def related_label(self) -> str:
        """What stands above the recommendations."""
        return f"{self.category.name}分类资讯推荐"


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticlePage:
    """What a skin needs to print an article."""

    article: SampleArticle
    related: tuple[SampleArticle, ...]
    hot: tuple[SampleArticle, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage:
    """What a skin needs to print a list."""

    title: str
    articles: tuple[SampleArticle, ...]
    hot: tuple[SampleArticle, ...]
    next_path: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """One answer of the site."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes
