"""TEI P5 (https://tei-c.org/guidelines/p5/): a ``teiCorpus`` with a ``TEI`` for each article, section by section."""

from collections.abc import Iterable
from typing import BinaryIO

from archive.errors import NothingSelected
from archive.markup import Markup
from archive.models import Section
from archive.printed import PrintedArticle, printed_articles
from archive.selection import Selection
from archive.store import Archive
from archive.urls import link_to

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
_UNPUBLISHED = "Written out of an archive of web pages, for study; not published."


def write(archive: Archive, selection: Selection, target: BinaryIO) -> dict[str, int]:
    """Write the selected articles, each known by its id: ``xml:id="a214088832"``. Raises ``NothingSelected``."""
    articles = 0
    with selection.chosen(archive), Markup(target) as x, x.element("teiCorpus", {"xmlns": _NAMESPACE}):
        _write_corpus_header(x, archive, selection)
        for article in printed_articles(archive, selection):
            _write_article(x, article)
            articles += 1
        if not articles:
            raise NothingSelected("tei")
    return {"articles": articles}


def _write_corpus_header(x: Markup, archive: Archive, selection: Selection) -> None:
    with x.element("teiHeader"), x.element("fileDesc"):
        with x.element("titleStmt"):
            x.line("title", f"Articles that match {selection.query}" if selection.query else "Articles of an archive")
        with x.element("publicationStmt"):
            x.line("p", _UNPUBLISHED)
        with x.element("sourceDesc"), x.element("p"):
            x.text(f"Web pages of {', '.join(selection.sites(archive))}")


def _write_article(x: Markup, article: PrintedArticle) -> None:
    with x.element("TEI", {"xml:id": f"a{article.id}", "xml:lang": article.language}):
        with x.element("teiHeader"):
            _write_file_description(x, article)
            _write_profile(x, article)
        with x.element("text"), x.element("body"):
            x.line("head", article.title)
            _write_sections(x, article.sections)


def _write_file_description(x: Markup, article: PrintedArticle) -> None:
    with x.element("fileDesc"):
        with x.element("titleStmt"):
            x.line("title", article.title)
            _write_lines(x, "author", article.authors)
        with x.element("publicationStmt"):
            x.line("p", _UNPUBLISHED)
        with x.element("sourceDesc"), x.element("bibl"):
            _write_source(x, article)


def _write_source(x: Markup, article: PrintedArticle) -> None:
    """Where it was published, when, and what the page said of it."""
    x.line("title", article.title, {"level": "a"})
    _write_lines(x, "author", article.authors)
    x.line("publisher", article.site)
    if article.date:
        x.line("date", article.date, {"type": "published", "when": article.published_on})
    for name, moment in (("firstSeen", article.first_seen_at), ("lastSeen", article.last_seen_at)):
        if moment:
            x.line("date", moment, {"type": name, "when": moment})
    x.line("ref", article.url, {"target": link_to(article.url)})
    for name, text in (("source", article.source), ("views", article.views), ("gone", article.gone_at)):
        if text is not None:
            x.line("note", str(text), {"type": name})


def _write_profile(x: Markup, article: PrintedArticle) -> None:
    if not (article.language or article.category or article.tags):
        return
    with x.element("profileDesc"):
        if article.language:
            with x.element("langUsage"):
                x.line("language", article.language, {"ident": article.language})
        if article.category or article.tags:
            with x.element("textClass"), x.element("keywords"):
                _write_lines(x, "term", [article.category] if article.category else [], "category")
                _write_lines(x, "term", article.tags, "tag")


def _write_sections(x: Markup, sections: tuple[Section, ...]) -> None:
    for number, section in enumerate(sections or (Section(paragraphs=("",)),), start=1):
        level = f"h{section.level}" if section.heading else None
        with x.element("div", {"type": "section", "subtype": level, "n": str(number)}):
            if section.heading:
                x.line("head", section.heading)
            _write_lines(x, "p", section.paragraphs)


def _write_lines(x: Markup, name: str, lines: Iterable[str], kind: str | None = None) -> None:
    for line in lines:
        x.line(name, line, {"type": kind})
