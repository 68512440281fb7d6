"""Plain text for corpus tools: one file an article in ``texts``, and ``metadata.csv`` with a row for each of them."""

from dataclasses import replace
from pathlib import Path

from archive.columns import Column, Extract
from archive.exports.csv import write_table
from archive.extracts import extract_of
from archive.printed import PrintedArticle, printed_articles
from archive.selection import Selection
from archive.store import Archive

FOLDER = True
_ENDING = ".txt"
_TEXTS = "texts"
_METADATA = "metadata.csv"
_FILE = Column(name="file", kind="text", sql=f"articles.id || '{_ENDING}'", meaning="the name of its file")


def write(archive: Archive, selection: Selection, target: Path) -> dict[str, int]:
    """Write each selected article as its headline, an empty line and its text: a heading or a paragraph a line."""
    folder, articles = target / _TEXTS, 0
    folder.mkdir()
    with selection.chosen(archive):
        for article in printed_articles(archive, selection):
            (folder / f"{article.id}{_ENDING}").write_bytes(_text(article).encode())
            articles += 1
        with (target / _METADATA).open("wb") as file:
            write_table(_metadata(), archive, selection.unwatched, file)
    return {"articles": articles}


def _text(article: PrintedArticle) -> str:
    return f"{article.title}\n\n{article.body}\n"


def _metadata() -> Extract:
    """What CSV says of the articles, with the file that has the text in the place of the text."""
    extract = extract_of("articles").without_wide()
    told = (column for column in extract.columns if column.name != "body")
    return replace(extract, columns=(_FILE, *told))
