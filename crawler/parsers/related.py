"""The articles that a page recommends, told apart from navigation, rankings and footers."""

from archive.models import Link
from crawler.parsers.document import Document
from crawler.parsers.found import Found
from crawler.parsers.labels import label_kind
from crawler.parsers.lists import LinkList, links_of

NEVER_RELATED = frozenset({"menu", "comment", "advert"})
"""Zones whose lists recommend nothing, whatever stands above them; a foot may hold 推荐阅读."""


def find_related(lists: list[LinkList], document: Document) -> Found[tuple[Link, ...]] | None:
    """The links of every list whose label says that it recommends, in page order; an address counts once."""
    chosen = [linked for linked in lists if recommends(linked)]
    return links_of(chosen, document, rule="lists whose label or place recommends") if chosen else None


def recommends(linked: LinkList) -> bool:
    """Whether a list is one of recommended articles."""
    if linked.zone in NEVER_RELATED:
        return False
    kind = label_kind(linked.label)
    return kind == "related" or (kind is None and linked.zone == "related")
