"""The table of contents: the navigation document, and the NCX for readers of EPUB 2."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count, islice

from archive.book.contents import Book, Chapter, Entry
from archive.book.pages import OURS, TITLE_PAGE, page, place_of_article, place_of_chapter, write_entries
from archive.markup import Markup

NAVIGATION = "nav.xhtml"
NCX = "toc.ncx"


def by_chapter(book: Book, entries: Iterable[Entry]) -> Iterator[tuple[Chapter, Iterator[Entry]]]:
    """Each chapter with its articles, which must be read before the next one's."""
    left = iter(entries)
    for chapter in book.chapters:
        yield chapter, islice(left, chapter.articles)


def write_navigation(x: Markup, book: Book, entries: Iterable[Entry]) -> None:
    """Chapters, and below each its articles."""
    with page(x, book.title, language=book.languages[0]), x.element("nav", {"epub:type": "toc", "id": "toc"}):
        x.line("h1", "Contents", OURS)
        with x.element("ol"):
            for chapter, articles in by_chapter(book, entries):
                with x.element("li", {"dir": "auto"}):
                    x.line("a", chapter.name, {"href": place_of_chapter(chapter.number)})
                    write_entries(x, book, articles)


def write_ncx(x: Markup, book: Book, entries: Iterable[Entry]) -> None:
    """The same for readers that do not know the navigation document."""
    with x.element("ncx", {"xmlns": "http://www.daisy.org/z3986/2005/ncx/", "version": "2005-1"}):
        with x.element("head"):
            x.empty("meta", {"name": "dtb:uid", "content": book.identifier})
        with x.element("docTitle"):
            x.line("text", book.title)
        with x.element("navMap"):
            order = count(1)
            with _point(x, next(order), book.title, TITLE_PAGE):
                pass
            for chapter, articles in by_chapter(book, entries):
                with _point(x, next(order), chapter.name, place_of_chapter(chapter.number)):
                    for article in articles:
                        with _point(x, next(order), article.title, place_of_article(article.id)):
                            pass


@contextmanager
def _point(x: Markup, order: int, label: str, place: str) -> Iterator[None]:
    with x.element("navPoint", {"id": f"n{order}", "playOrder": str(order)}):
        with x.element("navLabel"):
            x.line("text", label)
        x.empty("content", {"src": place})
        yield
