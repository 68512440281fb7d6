"""The pages of the book that are read, as XHTML."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from archive.book.contents import Book, Chapter, Entry
from archive.markup import Attributes, Markup
from archive.printed import PrintedArticle
from archive.urls import link_to

_XHTML = "http://www.w3.org/1999/xhtml"
TITLE_PAGE = "title.xhtml"
STYLE_SHEET = "style.css"
OURS: Attributes = {"lang": "en", "xml:lang": "en", "dir": "ltr"}
"""Of what this program says, on the pages of any language."""
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


def place_of_chapter(number: int) -> str:
    """The name of its file in the book."""
    return f"chapter-{number}.xhtml"


def place_of_article(article_id: int) -> str:
    """The name of its file in the book."""
    return f"articles/{article_id}.xhtml"


def direction_of(language: str | None) -> str:
    """How lines run: ``ltr`` or ``rtl``, ``auto`` where the text itself has to tell."""
    if language is None or language == "und":
        return "auto"
    return "rtl" if language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def write_entries(x: Markup, book: Book, articles: Iterable[Entry]) -> None:
    """A list of links to articles, each in its own language."""
    with x.element("ol"):
        for article in articles:
            own = article.language if article.language != book.languages[0] else None
            with x.element("li", {"lang": own, "xml:lang": own, "dir": "auto"}):
                x.line("a", article.title, {"href": place_of_article(article.id)})


@contextmanager
def page(x: Markup, title: str, *, language: str | None, style: str = STYLE_SHEET) -> Iterator[None]:
    """A document around the content of its body."""
    direction = direction_of(language)
    root = {"xmlns": _XHTML, "xmlns:epub": "http://www.idpf.org/2007/ops", "lang": language, "xml:lang": language}
    with x.element("html", root | {"dir": direction}):
        with x.element("head"):
            x.line("title", title)
            x.empty("link", {"rel": "stylesheet", "type": "text/css", "href": style})
        with x.element("body"):
            yield


def write_title_page(x: Markup, book: Book) -> None:
    """The first page: what the book is, and its chapters."""
    with page(x, book.title, language=book.languages[0]):
        x.line("h1", book.title, {"dir": "auto"})
        _write_facts(x, _told_of(book), OURS)
        with x.element("ul"):
            for chapter in book.chapters:
                with x.element("li"):
                    x.line("a", chapter.name, {"href": place_of_chapter(chapter.number), "dir": "auto"})
                    x.text(f" ({chapter.articles:,})")


def write_chapter_page(x: Markup, book: Book, chapter: Chapter, articles: Iterable[Entry]) -> None:
    """The page before the articles of a chapter, which lists them."""
    with page(x, chapter.name, language=book.languages[0]):
        x.line("h1", chapter.name, {"dir": "auto"})
        write_entries(x, book, articles)


def write_article(x: Markup, article: PrintedArticle) -> None:
    """An article: its headline, facts and text, and where it was seen when."""
    with page(x, article.title, language=article.language, style=f"../{STYLE_SHEET}"):
        x.line("h1", article.title)
        facts = (article.date, article.source, *article.authors, article.category)
        _write_facts(x, [fact for fact in facts if fact])
        for section in article.sections:
            with x.element("section"):
                if section.heading:
                    x.line(f"h{section.level}", section.heading)
                for paragraph in section.paragraphs:
                    x.line("p", paragraph, {"class": "text"})
        _write_seen(x, article)


def _write_seen(x: Markup, article: PrintedArticle) -> None:
    with x.element("p", {"class": "seen", **OURS}):
        if address := link_to(article.url):
            x.line("a", article.url, {"href": address})
        else:
            x.line("bdi", article.url)
        for what, moment in (
            ("first seen", article.first_seen_at),
            ("last seen", article.last_seen_at),
            ("gone since", article.gone_at),
        ):
            if moment:
                x.text(f" · {what} {_in_words(moment)}")


def _write_facts(x: Markup, facts: list[str], attributes: Attributes | None = None) -> None:
    if not facts:
        return
    with x.element("p", {"class": "facts", **(attributes or {})}):
        for number, fact in enumerate(facts):
            x.text(" · " if number else "")
            x.line("bdi", fact)


def _told_of(book: Book) -> list[str]:
    dates = dict.fromkeys(filter(None, (book.first_date, book.last_date)))
    count = f"{book.articles:,} article{'s' if book.articles > 1 else ''}"
    return list(filter(None, (count, " to ".join(dates), f"as of {_in_words(book.modified)}")))


def _in_words(moment: str) -> str:
    """A moment of the tables, for a person to read."""
    return f"{moment[:10]} {moment[11:16]} UTC"
