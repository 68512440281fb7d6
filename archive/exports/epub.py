"""EPUB 3: the articles as a book, with a chapter for each month or category; its pages bring in nothing from the web.

It is written with ``zipfile`` alone: of the libraries for it one is under the AGPL, and the others hold all pages and
stamp the book with the time of its making.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from archive.book.contents import By, book_of, entries
from archive.book.navigation import NAVIGATION, NCX, by_chapter, write_navigation, write_ncx
from archive.book.package import PACKAGE, ROOT, write_container, write_package
from archive.book.pages import (
    STYLE_SHEET,
    TITLE_PAGE,
    place_of_article,
    place_of_chapter,
    write_article,
    write_chapter_page,
    write_title_page,
)
from archive.book.style import STYLE
from archive.errors import NothingSelected
from archive.markup import Markup
from archive.printed import printed_articles
from archive.selection import Selection
from archive.store import Archive

SEEKS = True
PACKED = True
_UNIX = 3
_READABLE = 0o644 << 16


def write(archive: Archive, selection: Selection, target: BinaryIO, *, by: By = "month") -> dict[str, int]:
    """Write the selected articles as a book; the same archive gives the same file. Raises ``NothingSelected``."""
    with selection.chosen(archive):
        book = book_of(archive, selection, by)
        if not book.articles:
            raise NothingSelected("epub")
        with ZipFile(target, "w", ZIP_DEFLATED) as zipped:
            _start(zipped)
            with _document(zipped, TITLE_PAGE) as x:
                write_title_page(x, book)
            for article in printed_articles(archive, selection):
                with _document(zipped, place_of_article(article.id)) as x:
                    write_article(x, article)
            for chapter, articles in by_chapter(book, entries(archive, selection, by)):
                with _document(zipped, place_of_chapter(chapter.number)) as x:
                    write_chapter_page(x, book, chapter, articles)
            with _document(zipped, NAVIGATION) as x:
                write_navigation(x, book, entries(archive, selection, by))
            with _document(zipped, NCX) as x:
                write_ncx(x, book, entries(archive, selection, by))
            with _document(zipped, PACKAGE) as x:
                write_package(x, book, entries(archive, selection, by), entries(archive, selection, by))
    return {"articles": book.articles, "chapters": len(book.chapters)}


def _start(zipped: ZipFile) -> None:
    """What readers look for first, in this order and the first of it not packed."""
    zipped.writestr(_entry("mimetype", ZIP_STORED), b"application/epub+zip")
    with zipped.open(_entry("META-INF/container.xml"), "w") as file, Markup(file) as x:
        write_container(x)
    zipped.writestr(_entry(f"{ROOT}/{STYLE_SHEET}"), STYLE)


@contextmanager
def _document(zipped: ZipFile, place: str) -> Iterator[Markup]:
    with zipped.open(_entry(f"{ROOT}/{place}"), "w") as file, Markup(file) as x:
        yield x


def _entry(name: str, packing: int = ZIP_DEFLATED) -> ZipInfo:
    """A file of the book, with nothing in it of the time and the system that it is written at."""
    entry = ZipInfo(name)
    entry.compress_type, entry.create_system, entry.external_attr = packing, _UNIX, _READABLE
    return entry
