"""What the archive raises.

ArchiveError
├── ArchiveUnreadable     cannot be opened: missing, junk, damaged or not permitted
│   └── ArchiveTooNew     written by a later version of the program
├── ArchiveInUse          another crawl holds it
├── ArchiveFull           the disk takes no more
├── CannotWrite           a file to be written is there already, or cannot be made
├── NothingSelected       an export has no article to write, and its format needs one
├── UnknownArticle        no article has this id or address
│   └── ForgottenArticle  it was taken down on request
├── UnknownList           it has seen no list at this address
├── UnknownSite           it holds no page of this site
├── UnknownRevision       the article has no revision of this number
├── UnknownSection        the article has no section of this number
├── UnknownNote           the article has no note of this id
├── UnknownWatch          no search is kept under this name
├── WatchExists           another search is
├── BadWord               a tag or name that could not be typed again
├── NotAHit               a page of hits is to begin after an article that is none
├── ContentPruned         the bytes were taken out to save room
├── ContentDamaged        kept bytes cannot be unpacked, or are not those of their hash
├── BadReaders            a file of those who may read has lines that name nobody
├── UnknownColumn         an export is asked for a column that its table does not have
├── WorseReading          new readings lose a field that the present ones have
└── QueryError            a search that cannot be understood
"""

import sqlite3
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path


class ArchiveError(Exception):
    """Anything that the archive cannot do; the message is for the user."""


class ArchiveUnreadable(ArchiveError):
    """The file is no archive that this program can open."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"Cannot open the archive {path}: {reason}")


class ArchiveTooNew(ArchiveUnreadable):
    """The file was written by a later version; reading it here might lose what that version added."""


class ArchiveInUse(ArchiveError):
    """Another crawl writes to the file."""

    def __init__(self, path: Path | str, pid: str) -> None:
        self.path, self.pid = path, pid
        super().__init__(f"Another crawl, import or reparse (process {pid}) holds {path}; wait for it or stop it")


class ArchiveFull(ArchiveError):
    """The disk is full; what was committed before is kept."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        super().__init__(f"The disk is full: {path} takes no more. All that was stored before is kept")


def has_no_room(error: Exception) -> bool:
    """Whether SQLite failed since the disk takes no more: it is full, or a quota or limit of file sizes is reached."""
    full = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in full


def is_of_file(error: sqlite3.Error) -> bool:
    """Whether SQLite failed since the file cannot be read any more: damaged, cut off, written over, or locked."""
    of_file = (
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_BUSY,
    )
    return (error.sqlite_errorcode & 0xFF) in of_file  # what stands above is of which kind


class CannotWrite(ArchiveError):
    """A backup or an export cannot be written there."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"Cannot write {path}: {reason}")


class NothingSelected(ArchiveError):
    """An export has no article to write, and a file of its format needs one."""

    def __init__(self, format_name: str) -> None:
        self.format_name = format_name
        super().__init__(f"No article is selected, and {format_name} has no file without one: nothing was written")


class UnknownArticle(ArchiveError):
    """No article has this id or address."""

    def __init__(self, wanted: int | str) -> None:
        self.wanted = wanted
        super().__init__(f"The archive holds no article {wanted}")


class ForgottenArticle(UnknownArticle):
    """The article was taken down on request."""

    def __init__(self, wanted: int | str, tombstone: str) -> None:
        self.wanted, self.tombstone = wanted, tombstone
        Exception.__init__(self, f"The article {wanted} was {tombstone}")


class UnknownList(ArchiveError):
    """The archive has seen no list at this address."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(f"The archive has seen no list at {url}")


class UnknownSite(ArchiveError):
    """The archive holds no page of this site."""

    def __init__(self, site: str) -> None:
        self.site = site
        super().__init__(f"The archive holds no page of {site}")


class UnknownRevision(ArchiveError):
    """The article has no revision of this number."""

    def __init__(self, article_id: int, number: int, revisions: int) -> None:
        self.article_id, self.number, self.revisions = article_id, number, revisions
        super().__init__(f"The article {article_id} has no revision {number}; it has {revisions}")


class UnknownSection(ArchiveError):
    """The article has no section of this number."""

    def __init__(self, article_id: int, position: int, sections: int) -> None:
        self.article_id, self.position, self.sections = article_id, position, sections
        super().__init__(f"The article {article_id} has no section {position}; it has {sections}")


class UnknownNote(ArchiveError):
    """The article has no note of this id."""

    def __init__(self, article_id: int, note_id: int) -> None:
        self.article_id, self.note_id = article_id, note_id
        super().__init__(
            f"The article {article_id} has no note {note_id}; `yaowen note {article_id}` lists those it has"
        )


class UnknownWatch(ArchiveError):
    """No search is kept under this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"The archive keeps no search {name!r}; `yaowen watch list` names those that it keeps")


class WatchExists(ArchiveError):
    """Another search is kept under this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"The archive keeps a search {name!r} already; `yaowen watch remove {name}` makes room for it")


class BadWord(ArchiveError):
    """A tag or a name that could not be typed in a query or a command."""

    def __init__(self, kind: str, word: str) -> None:
        self.kind, self.word = kind, word
        super().__init__(
            f"{word!r} is no {kind}: it has to be one word without spaces, quotation marks and brackets,"
            " and no article's id"
        )


class NotAHit(ArchiveError):
    """A page of hits is to begin after an article that the search does not find, or not any more."""

    def __init__(self, query: str, article_id: int) -> None:
        self.query, self.article_id = query, article_id
        super().__init__(f"The search for {query!r} does not find the article {article_id}, so nothing comes after it")


class ContentPruned(ArchiveError):
    """The bytes were taken out to save room; what was read of them stays."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(f"The bytes {sha256} were pruned")


class ContentDamaged(ArchiveError):
    """Kept bytes cannot be unpacked, or are not those of their hash."""

    def __init__(self, sha256: str, reason: str) -> None:
        self.sha256, self.reason = sha256, reason
        super().__init__(f"The kept bytes {sha256} are damaged: {reason}")


class BadReaders(ArchiveError):
    """A file of those who may read cannot be read, or has lines that name nobody; nobody is let in by it."""

    def __init__(self, path: Path, mistakes: Sequence[str]) -> None:
        self.path, self.mistakes = path, mistakes
        super().__init__("\n".join(f"{path}: {mistake}" for mistake in mistakes))


class UnknownColumn(ArchiveError):
    """An export is asked for a column that its table does not have."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name, self.known = name, known
        meant = get_close_matches(name.lower(), known, n=1)
        guess = f" (is {meant[0]} meant?)" if meant else ""
        super().__init__(f"There is no column {name!r}{guess}; there are {', '.join(known)}")


class WorseReading(ArchiveError):
    """The new readings lose a field on too many pages of a site; nothing was written."""

    def __init__(self, site: str, field: str, lost: int, pages: int) -> None:
        self.site, self.field, self.lost, self.pages = site, field, lost, pages
        super().__init__(
            f"Not written: {field} would be lost on {lost:,} of {pages:,} pages of {site} ({lost / pages:.0%})."
            " --force writes it all the same"
        )


class QueryError(ArchiveError):
    """A search that cannot be understood; ``position`` is the 0-based character where it breaks."""

    def __init__(self, query: str, position: int, reason: str) -> None:
        self.query, self.position, self.reason = query, position, reason
        shown = f"{query[max(0, position - 30) : position]}▸{query[position : position + 30]}"
        super().__init__(f"Cannot search for {shown!r}: {reason} (at ▸, character {position + 1})")
