"""Recommendation pages: lists, page after page, and the articles that they and their articles recommend."""

from collections.abc import Iterator

from archive.frontier import Kind, Target
from archive.models import Listing, Page
from spiders.base import NewsSpider


class RecommendationSpider(NewsSpider):
    """Follows a list to its end, its articles, and from them what they recommend, down to the depth."""

    name = "recommendation"
    kind: Kind = "recommendation"

    def follow(self, page: Page, found_on: Target) -> Iterator[Target]:
        """The further pages and lists of a list, then its articles; of an article what it recommends."""
        if isinstance(page, Listing):
            yield from self.next_page(page, found_on)
            yield from self.further_lists(page, found_on)
            yield from self.articles(page.links, found_on, "feature")
        else:
            yield from self.articles(page.related, found_on, "feature")
