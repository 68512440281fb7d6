"""An article that stands on several pages, read as one."""

from collections.abc import Sequence
from dataclasses import replace

from archive.models import Article, Page, Section
from crawler.parsers.sections import SHORTEST_REPEATED, texts, up_to_longest
from crawler.parsers.text import letters, pairs, share_of_pairs, weight

LEAST_SHARED = 0.5
"""Share of the first page's title that a further page's title must have in common with it: (2) may stand behind."""


def belongs(part: Article, parts: Sequence[Article]) -> bool:
    """Whether a further page is of the same article and says something new; a site may answer with the first again."""
    same_title = share_of_pairs(pairs(parts[0].title), part.title) >= LEAST_SHARED
    said = {letters(text) for one in parts for text in texts(one.sections)}
    return same_title and any(letters(text) not in said for text in texts(part.sections))


def with_part(parts: Sequence[Article], part: Page) -> list[Article]:
    """The pages of an article with the one that they say is next; where that is not of it, the article ends."""
    if isinstance(part, Article) and belongs(part, parts):
        return [*parts, part]
    return [*parts[:-1], replace(parts[-1], next=None)]


def joined(parts: Sequence[Article]) -> Article:
    """The pages of one article, in order, as the first with the text of all; what two of them print is text once.

    It is no longer than that of one page may be.
    """
    sections: list[Section] = list(parts[0].sections)
    for part in parts[1:]:
        said = {text for text in texts(sections) if weight(text) > SHORTEST_REPEATED}
        for section in part.sections:
            fresh = tuple(text for text in section.paragraphs if text not in said)
            if sections and section.heading in (None, sections[-1].heading):
                sections[-1] = replace(sections[-1], paragraphs=sections[-1].paragraphs + fresh)
            elif fresh or not section.paragraphs:
                sections.append(replace(section, paragraphs=fresh))
    return replace(
        parts[0],
        sections=up_to_longest(sections),
        related=next((part.related for part in parts if part.related), ()),
        authors=next((part.authors for part in parts if part.authors), ()),
        next=parts[-1].next,
    )
