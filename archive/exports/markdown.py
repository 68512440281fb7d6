"""Markdown: one file an article, with its facts in front as YAML, in folders by month."""

from pathlib import Path

from archive.commonmark import heading, paragraph
from archive.file_names import file_name
from archive.front_matter import front_matter
from archive.printed import PrintedArticle, printed_articles
from archive.selection import Selection
from archive.store import Archive

FOLDER = True
_ENDING = ".md"


def write(archive: Archive, selection: Selection, target: Path) -> dict[str, int]:
    """Write the selected articles into folders like ``2025-06`` and ``undated``."""
    articles = 0
    for article in printed_articles(archive, selection):
        folder = target / article.month
        folder.mkdir(exist_ok=True)
        (folder / file_name(article.id, article.title, _ENDING)).write_bytes(_page(article).encode())
        articles += 1
    return {"articles": articles}


def _page(article: PrintedArticle) -> str:
    blocks = [heading(1, article.title)]
    for section in article.sections:
        if section.heading:
            blocks.append(heading(section.level, section.heading))
        blocks.extend(map(paragraph, section.paragraphs))
    return "\n".join([_facts(article), *(f"{block}\n" for block in blocks)])


def _facts(article: PrintedArticle) -> str:
    return front_matter(
        {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "site": article.site,
            "published_at": article.published_on,
            "published_raw": None if article.published else article.date,
            "category": article.category,
            "source": article.source,
            "authors": article.authors,
            "tags": article.tags,
            "views": article.views,
            "language": article.language,
            "state": article.state,
            "gone_at": article.gone_at,
            "first_seen_at": article.first_seen_at,
            "last_seen_at": article.last_seen_at,
        }
    )
