"""Any page: what it turns out to be decides."""

from archive.frontier import Kind
from spiders.recommendation import RecommendationSpider


class AutoSpider(RecommendationSpider):
    """A page that turns out to be a list is followed as a list, an article as an article."""

    name = "auto"
    kind: Kind = "auto"
