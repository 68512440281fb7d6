"""Feature pages: one article, or a front page whose articles are followed."""

from collections.abc import Iterator

from archive.frontier import Kind, Target
from archive.models import Listing, Page
from spiders.base import NewsSpider


class FeatureSpider(NewsSpider):
    """Fetches articles; of a list it follows what stands on that one page."""

    name = "feature"
    kind: Kind = "feature"

    def follow(self, page: Page, found_on: Target) -> Iterator[Target]:
        """The articles of a list; what an article recommends is noted, not followed."""
        if isinstance(page, Listing):
            yield from self.articles(page.links, found_on, "feature")
