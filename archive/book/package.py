"""The package document: what the book is, what files it has, and in which order they are read."""

from collections.abc import Iterable

from archive.book.contents import Book, Entry
from archive.book.navigation import NAVIGATION, NCX, by_chapter
from archive.book.pages import STYLE_SHEET, TITLE_PAGE, direction_of, place_of_article, place_of_chapter
from archive.markup import Markup
from archive.urls import link_to

ROOT = "EPUB"
PACKAGE = "package.opf"
_XHTML = "application/xhtml+xml"
_ACCESS = {
    "accessMode": "textual",
    "accessModeSufficient": "textual",
    "accessibilityFeature": "structuralNavigation",
    "accessibilityHazard": "none",
    "accessibilitySummary": "Text alone, with headings and a table of contents.",
}
"""Who can read it, as stores and libraries ask (https://www.w3.org/TR/epub-a11y-11/)."""


def write_container(x: Markup) -> None:
    """Where a reader finds the package document."""
    root = {"xmlns": "urn:oasis:names:tc:opendocument:xmlns:container", "version": "1.0"}
    with x.element("container", root), x.element("rootfiles"):
        x.empty("rootfile", {"full-path": f"{ROOT}/{PACKAGE}", "media-type": "application/oebps-package+xml"})


def write_package(x: Markup, book: Book, listed: Iterable[Entry], ordered: Iterable[Entry]) -> None:
    """The package; it goes through the articles twice."""
    root = {"xmlns": "http://www.idpf.org/2007/opf", "version": "3.0", "unique-identifier": "book"}
    with x.element("package", root):
        _write_metadata(x, book)
        with x.element("manifest"):
            _write_item(x, "nav", NAVIGATION, properties="nav")
            _write_item(x, "ncx", NCX, kind="application/x-dtbncx+xml")
            _write_item(x, "style", STYLE_SHEET, kind="text/css")
            _write_item(x, "title", TITLE_PAGE)
            for chapter, articles in by_chapter(book, listed):
                _write_item(x, f"c{chapter.number}", place_of_chapter(chapter.number))
                for article in articles:
                    _write_item(x, f"a{article.id}", place_of_article(article.id))
        direction = direction_of(book.languages[0])
        with x.element("spine", {"toc": "ncx", "page-progression-direction": direction.replace("auto", "default")}):
            x.empty("itemref", {"idref": "title"})
            for chapter, articles in by_chapter(book, ordered):
                x.empty("itemref", {"idref": f"c{chapter.number}"})
                for article in articles:
                    x.empty("itemref", {"idref": f"a{article.id}"})


def _write_metadata(x: Markup, book: Book) -> None:
    with x.element("metadata", {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}):
        x.line("dc:identifier", book.identifier, {"id": "book"})
        x.line("dc:title", book.title)
        for language in book.languages:
            x.line("dc:language", language)
        for site in book.sites:
            x.line("dc:publisher", site)
            x.line("dc:source", link_to(f"https://{site}/") or site)
        x.line("meta", book.modified, {"property": "dcterms:modified"})
        for name, text in _ACCESS.items():
            x.line("meta", text, {"property": f"schema:{name}"})


def _write_item(x: Markup, name: str, place: str, *, kind: str = _XHTML, properties: str | None = None) -> None:
    x.empty("item", {"id": name, "href": place, "media-type": kind, "properties": properties})
