"""What was edited away, and its index: the text of every revision that a later one took the place of.

Kept like that of the articles, by triggers for other programs and by hand for this one.
"""

import json

from archive.database import Database
from archive.models import Section, body_of
from archive.search.index import TOKENIZE, words_in
from archive.search.writing import add_words, by_hand, remove_words, words

PAST_INDEX = "revisions_fts"


def create_past_index(db: Database) -> None:
    """Makes the texts of superseded revisions and their index, with the views and the triggers that keep them."""
    for statement in (_TABLE, _PAST_ARTICLES, _WORDS, _INDEX, *_TRIGGERS):
        db.execute(statement)
    rebuild_past_index(db)


def rebuild_past_index(db: Database) -> None:
    """Makes texts and index anew from the revisions as they are now; inside a transaction."""
    with by_hand(db):
        db.execute("DELETE FROM past_texts")
        db.execute(f"INSERT INTO {PAST_INDEX}({PAST_INDEX}) VALUES ('delete-all')")
        for revision_id, reading in db.execute(_SUPERSEDED).fetchall():
            add_past_text(db, revision_id, reading)


def past_is_whole(db: Database) -> bool:
    """Whether there is a text for each revision that a later one took the place of, and for no other."""
    wanted = f"SELECT id FROM revisions WHERE {_LATER}"
    there = "SELECT revision_id FROM past_texts"
    strays = f"SELECT * FROM ({wanted} EXCEPT {there}) UNION ALL SELECT * FROM ({there} EXCEPT {wanted}) LIMIT 1"
    return db.execute(strays).fetchone() is None


def add_past_text(db: Database, revision_id: int, reading: str) -> None:
    """Keep and index the text of a revision whose place another one takes; inside ``by_hand``."""
    title, body = _text(reading)
    db.execute("INSERT INTO past_texts (revision_id, title, body) VALUES (?, ?, ?)", [revision_id, title, body])
    add_words(db, PAST_INDEX, revision_id, words(db, title), words(db, body))


def remove_revisions(db: Database, article_id: int) -> None:
    """Delete all revisions of an article that were read of captures; those that another program wrote stay."""
    with by_hand(db):
        past = "FROM past_texts WHERE revision_id IN (SELECT id FROM revisions WHERE article_id = ?)"
        for row in db.execute(f"SELECT revision_id, title, body {past}", [article_id]).fetchall():
            remove_words(db, PAST_INDEX, *row)
        db.execute(f"DELETE {past}", [article_id])
        db.execute("DELETE FROM revisions WHERE article_id = ? AND capture_id IS NOT NULL", [article_id])
        for revision_id, reading in db.execute(f"{_SUPERSEDED} AND article_id = ?", [article_id]).fetchall():
            add_past_text(db, revision_id, reading)


def _text(reading: str) -> tuple[str, str]:
    """The title and the text of a revision."""
    try:
        values = json.loads(reading)
        sections = (Section(heading=one["heading"], paragraphs=tuple(one["paragraphs"])) for one in values["sections"])
        return values["title"], body_of(sections)
    except (ValueError, KeyError, TypeError):
        return "", ""  # another program wrote it; verify tells


_LATER = """
    EXISTS (
        SELECT 1 FROM revisions AS later WHERE later.article_id = revisions.article_id AND later.id > revisions.id
    )
"""

_SUPERSEDED = f"SELECT id, reading FROM revisions WHERE {_LATER}"

# FTS5 checks an index only against what is made without table-valued functions, so the texts are kept as they are.
_TABLE = """
CREATE TABLE past_texts (
    revision_id INTEGER PRIMARY KEY REFERENCES revisions(id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    body TEXT NOT NULL
)
"""

_WORDS = f"""
CREATE VIEW revision_words AS
SELECT revision_id AS id, {words_in("title")} AS title, {words_in("body")} AS body FROM past_texts
"""

_INDEX = f"""
CREATE VIRTUAL TABLE {PAST_INDEX} USING FTS5 /* content="past_texts" */ (
    title,
    body,
    content='revision_words',
    content_rowid='id',
    tokenize="{TOKENIZE}"
)
"""

_READING = "iif(json_valid(reading), reading, '{}')"
_PUBLISHED = f"json_extract({_READING}, '$.published_at')"

_PAST_ARTICLES = f"""
CREATE VIEW past_articles AS
SELECT
    revisions.id,
    article_id,
    url,
    site,
    past_texts.title,
    past_texts.body,
    json_extract({_READING}, '$.category') AS category,
    json_extract({_READING}, '$.source') AS source,
    json_extract({_READING}, '$.authors') AS authors,
    strftime('%Y-%m-%dT%H:%M:%SZ', {_PUBLISHED}) AS published_at,
    CAST(round(1440 * (julianday(substr({_PUBLISHED}, 1, 19)) - julianday({_PUBLISHED}))) AS INTEGER) AS utc_offset,
    views,
    cluster_id,
    observed_at,
    (
        SELECT later.observed_at FROM revisions AS later
        WHERE later.article_id = revisions.article_id AND later.id > revisions.id ORDER BY later.id LIMIT 1
    ) AS until
FROM past_texts JOIN revisions ON revisions.id = revision_id JOIN articles ON articles.id = article_id
"""


def _moved_by(row: str) -> str:
    """The revision that comes in or goes with a row: itself, or the one before the newest."""
    return f"""
    CASE
        WHEN EXISTS (SELECT 1 FROM revisions WHERE article_id = {row}.article_id AND id > {row}.id) THEN {row}.id
        ELSE (SELECT max(id) FROM revisions WHERE article_id = {row}.article_id AND id < {row}.id)
    END
    """


# The text as models.body_of gives it: json_tree walks through a section's heading and its paragraphs in their order.
_ADD = f"""
    INSERT INTO past_texts (revision_id, title, body)
    SELECT
        id,
        coalesce(json_extract({_READING}, '$.title'), ''),
        coalesce((
            SELECT group_concat(atom, char(10)) FROM json_tree({_READING}, '$.sections') WHERE type = 'text'
        ), '')
    FROM revisions
"""
_REMOVE = "DELETE FROM past_texts"


def _trigger(table: str, name: str, event: str, action: str) -> str:
    return f"""
    CREATE TRIGGER {table}_{name} {event} ON {table}
    WHEN NOT (SELECT is_by_hand FROM search_state)
    BEGIN
        {action};
    END
    """


_INDEX_NEW = f"INSERT INTO {PAST_INDEX}(rowid, title, body) SELECT * FROM revision_words WHERE id = NEW.revision_id"
_INDEX_OLD = f"""
    INSERT INTO {PAST_INDEX}({PAST_INDEX}, rowid, title, body)
    VALUES ('delete', OLD.revision_id, {words_in("OLD.title")}, {words_in("OLD.body")})
"""

_TRIGGERS = (
    _trigger("revisions", "after_insert", "AFTER INSERT", f"{_ADD} WHERE id = {_moved_by('NEW')}"),
    _trigger("revisions", "before_delete", "BEFORE DELETE", f"{_REMOVE} WHERE revision_id = {_moved_by('OLD')}"),
    _trigger("revisions", "before_update", "BEFORE UPDATE OF reading", f"{_REMOVE} WHERE revision_id = OLD.id"),
    _trigger("revisions", "after_update", "AFTER UPDATE OF reading", f"{_ADD} WHERE id = NEW.id AND {_LATER}"),
    _trigger("past_texts", "after_insert", "AFTER INSERT", _INDEX_NEW),
    _trigger("past_texts", "after_delete", "AFTER DELETE", _INDEX_OLD),
    _trigger("past_texts", "after_update", "AFTER UPDATE", f"{_INDEX_OLD}; {_INDEX_NEW}"),
)
