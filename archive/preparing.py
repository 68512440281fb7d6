"""Making a page ready to be written: a third of the work of writing it, which needs no other row."""

from archive.captures import Contents
from archive.database import Database
from archive.models import Article, Page
from archive.prepared import Indexed, Prepared
from archive.reprints import keys_of
from archive.search.writing import words


def prepare(contents: Contents, body: bytes, site: str, page: Page) -> Prepared:
    """The bytes and the page ready for the archive of these contents, which is only read."""
    indexed = index(contents.db, page.title, page.body) if isinstance(page, Article) else None
    return Prepared(packed=contents.pack(body, site), indexed=indexed)


def index(db: Database, title: str, body: str) -> Indexed:
    """What search and reprints know a text by."""
    return Indexed(title=title, body=body, words=(words(db, title), words(db, body)), keys=keys_of(db, body))
