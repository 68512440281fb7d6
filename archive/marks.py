"""What archivists say of articles: tags and notes, kept apart from what pages say."""

from dataclasses import dataclass
from datetime import datetime

from archive.database import Database
from archive.errors import BadWord, QueryError, UnknownNote
from archive.search.folding import load_folding
from archive.search.lexing import tokens
from archive.store import Archive
from archive.times import NEVER, moment_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A text about an article."""

    id: int
    article_id: int
    text: str
    noted_at: datetime


def one_word(kind: str, typed: str) -> str:
    """What was typed, if it is one word to the query language. Raises ``BadWord``."""
    word = typed.strip()
    try:
        (token, _) = tokens(word)
    except (QueryError, ValueError):
        raise BadWord(kind, typed) from None
    if token.kind != "word" or len(token.text) != len(word):
        raise BadWord(kind, typed)
    return word


def tag(archive: Archive, article_id: int, word: str) -> bool:
    """Put a tag on an article; ``False`` if it has it, however written.

    Raises ``UnknownArticle``, and ``BadWord`` for what is not one word, or the id of another article.
    """
    word = one_word("tag", word)
    archive.article(article_id)
    if word.isdecimal() and archive.db.execute("SELECT 1 FROM articles WHERE id = ?", [word]).fetchone():
        raise BadWord("tag", word)
    if _known(archive.db, article_id, word):
        return False
    with archive.writing() as db:
        db.execute("INSERT INTO tags (article_id, tag) VALUES (?, ?)", [article_id, word])
    return True


def untag(archive: Archive, article_id: int, word: str) -> bool:
    """Take a tag off an article; ``False`` if it has none such."""
    known = _known(archive.db, article_id, word.strip())
    with archive.writing() as db:
        for other in known:
            db.execute("DELETE FROM tags WHERE article_id = ? AND tag = ?", [article_id, other])
    return bool(known)


def tags_of(db: Database, article_id: int) -> tuple[str, ...]:
    """The tags of an article, the oldest first."""
    rows = db.execute("SELECT CAST(tag AS TEXT) FROM tags WHERE article_id = ? ORDER BY tagged_at, rowid", [article_id])
    return tuple(word for (word,) in rows.fetchall())


def all_tags(db: Database) -> dict[str, int]:
    """Every tag with the number of its articles, the most used first."""
    return dict(db.execute("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY 2 DESC, 1").fetchall())


def note(archive: Archive, article_id: int, text: str) -> int:
    """Write a note on an article; returns its id. Raises ``UnknownArticle``."""
    archive.article(article_id)
    with archive.writing() as db:
        row = db.execute(
            "INSERT INTO notes (article_id, text) VALUES (?, ?) RETURNING id", [article_id, text]
        ).fetchone()
    return int(row[0])


def remove_note(archive: Archive, article_id: int, note_id: int) -> None:
    """Take a note off an article. Raises ``UnknownNote``."""
    with archive.writing() as db:
        statement = "DELETE FROM notes WHERE article_id = ? AND id = ? RETURNING id"
        if db.execute(statement, [article_id, note_id]).fetchone() is None:
            raise UnknownNote(article_id, note_id)


def notes_of(db: Database, article_id: int | None = None) -> tuple[Note, ...]:
    """The notes on an article, or all notes; the oldest first."""
    rows = db.query(
        "SELECT * FROM notes WHERE :article IS NULL OR article_id = :article ORDER BY id", {"article": article_id}
    )
    return tuple(Note(**{**row, "noted_at": moment_of(row["noted_at"]) or NEVER}) for row in rows)


def _known(db: Database, article_id: int, word: str) -> list[str]:
    """The tags of an article that are this one, however written."""
    fold = load_folding(db).fold
    return [other for other in tags_of(db, article_id) if fold(other) == fold(word)]


def take_marks(archive: Archive, other: Archive) -> None:
    """Take in the tags and notes of another archive, of articles that are here; to be called inside a transaction."""
    tagged = "SELECT tag, tagged_at, url FROM tags JOIN articles ON articles.id = article_id ORDER BY tags.rowid"
    for word, tagged_at, url in other.db.execute(tagged).fetchall():
        row = archive.db.execute("SELECT id FROM articles WHERE url = ?", [url]).fetchone()
        if row and not _known(archive.db, row[0], word):
            archive.db.execute("INSERT INTO tags VALUES (?, ?, ?)", [row[0], word, tagged_at])
    noted = "SELECT text, noted_at, url FROM notes JOIN articles ON articles.id = article_id ORDER BY notes.id"
    archive.db.conn.executemany(
        """
        INSERT INTO notes (text, noted_at, article_id) SELECT :text, :noted_at, id FROM articles
        WHERE url = :url AND NOT EXISTS (
            SELECT 1 FROM notes WHERE article_id = articles.id AND text = :text AND noted_at = :noted_at
        )
        """,
        other.db.query(noted),
    )
