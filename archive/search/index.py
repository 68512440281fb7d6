"""The full-text index: stock FTS5 over pairs of characters, kept by triggers in plain SQL.

苏州人才 is indexed as the words 苏州 州人 人才 才: every character of a run with its successor, the last one alone.
So a word of two or more characters is a phrase, a single character the beginning of a word, and whatever program
writes to ``articles`` keeps the index right. Latin words and numbers stay whole.
"""

from archive.database import Database
from archive.search.characters import RUN, folds

INDEX = "articles_fts"

# substr() counts UTF-8 characters from the start of its text. Cutting first into pages, then into pieces keeps each of
# those texts short: 500,000 characters take 2 s instead of 15 s with pieces alone.
_PIECE = 48
_PAGE = _PIECE * _PIECE


def create_index(db: Database) -> None:
    """Makes the index of ``articles``, with the tables, the view and the triggers that keep it."""
    for statement in _TABLES:
        db.execute(statement)
    db.conn.executemany("INSERT INTO search_folds VALUES (?, ?)", sorted(folds().items()))
    db.conn.executemany("INSERT INTO search_places VALUES (?)", [(place,) for place in range(1, _PIECE + 1)])
    for statement in (_VIEW, _INDEX, *_TRIGGERS):
        db.execute(statement)
    rebuild_index(db)


def let_index_be_written_by_hand(db: Database) -> None:
    """Makes the triggers of an archive from before heed ``search_state.is_by_hand``."""
    if "is_by_hand" in db.table("search_state").columns_dict:
        return
    db.execute("ALTER TABLE search_state ADD COLUMN is_by_hand INTEGER NOT NULL DEFAULT 0")
    for name in ("before_insert", "after_insert", "after_delete", "after_update"):
        db.execute(f"DROP TRIGGER articles_{name}")
    for statement in _TRIGGERS:
        db.execute(statement)


def rebuild_index(db: Database) -> None:
    """Makes the index anew from the articles as they are now."""
    db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
    db.execute("UPDATE search_state SET stale = 0, watched = NULL")


def index_is_stale(db: Database) -> bool:
    """Whether another program's ``INSERT OR REPLACE`` left words in the index whose text is gone."""
    return bool(db.execute("SELECT stale FROM search_state").fetchone()[0])


def words_in(text: str) -> str:
    """The SQL expression that turns ``text`` (a column) into the words to index.

    Each piece begins with the last character before it, since whether a character continues a run depends on that.
    """
    return f"""(
        WITH RECURSIVE
        page(place, characters, rest) AS (
            SELECT 0, substr(' ' || coalesce({text}, ''), 1, {_PAGE + 1}), substr(coalesce({text}, ''), {_PAGE})
            UNION ALL
            SELECT place + {_PAGE}, substr(rest, 1, {_PAGE + 1}), substr(rest, {_PAGE + 1})
            FROM page WHERE substr(rest, 2, 1) <> ''
        ),
        piece(place, characters, rest) AS (
            SELECT place, substr(characters, 1, {_PIECE + 1}), substr(characters, {_PIECE + 1}) FROM page
            UNION ALL
            SELECT place + {_PIECE}, substr(rest, 1, {_PIECE + 1}), substr(rest, {_PIECE + 1})
            FROM piece WHERE substr(rest, 2, 1) <> ''
            ORDER BY 1
        )
        SELECT group_concat(
            CASE
                WHEN pair GLOB '[{RUN}][{RUN}]' THEN folded || ' ' || folded
                WHEN pair GLOB '[{RUN}]?' OR pair GLOB '?[{RUN}]' THEN ' ' || folded
                ELSE folded
            END,
            ''
        )
        FROM (
            SELECT
                substr(characters, search_places.place, 2) AS pair,
                coalesce(folded, substr(characters, search_places.place + 1, 1)) AS folded
            FROM piece
            CROSS JOIN search_places
            LEFT JOIN search_folds ON character = substr(characters, search_places.place + 1, 1)
            WHERE search_places.place < length(characters)
        )
    )"""


_TABLES = (
    "CREATE TABLE search_folds (character TEXT PRIMARY KEY, folded TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE search_places (place INTEGER PRIMARY KEY)",
    "CREATE TABLE search_state (stale INTEGER NOT NULL, watched INTEGER, is_by_hand INTEGER NOT NULL DEFAULT 0)",
    "INSERT INTO search_state (stale) VALUES (0)",
)

_VIEW = f"""
CREATE VIEW search_words AS
SELECT id, {words_in("title")} AS title, {words_in("body")} AS body
FROM articles
"""

# Accents are folded by search_folds; letters and numbers make words, as \w does in Python, and private characters (icon
# fonts) do not.
TOKENIZE = "unicode61 remove_diacritics 0 categories 'L* N*'"

# The comment is where sqlite-utils and Datasette look for the table that an index belongs to.
_INDEX = f"""
CREATE VIRTUAL TABLE articles_fts USING FTS5 /* content="articles" */ (
    title,
    body,
    content='search_words',
    content_rowid='id',
    tokenize="{TOKENIZE}"
)
"""

_REMOVE_OLD = f"""
    INSERT INTO articles_fts(articles_fts, rowid, title, body)
    VALUES ('delete', OLD.id, {words_in("OLD.title")}, {words_in("OLD.body")});
"""

_ADD_NEW = "INSERT INTO articles_fts(rowid, title, body) SELECT id, title, body FROM search_words WHERE id = NEW.id;"

# INSERT OR REPLACE removes a row without its delete trigger, and then nobody knows the words to take out. With the same
# id, the index still holds that id; with the same url and another id, the id seen before the insert is gone after it.
_BEFORE_INSERT = """
CREATE TRIGGER articles_before_insert BEFORE INSERT ON articles
WHEN NOT (SELECT is_by_hand FROM search_state) AND EXISTS (SELECT 1 FROM articles WHERE url = NEW.url)
BEGIN
    UPDATE search_state SET watched = (SELECT id FROM articles WHERE url = NEW.url);
END
"""

_AFTER_INSERT = f"""
CREATE TRIGGER articles_after_insert AFTER INSERT ON articles
WHEN NOT (SELECT is_by_hand FROM search_state)
BEGIN
    UPDATE search_state SET stale = 1
    WHERE EXISTS (SELECT 1 FROM articles_fts_docsize WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM articles_fts_docsize WHERE id = watched AND id NOT IN (SELECT id FROM articles));
    {_ADD_NEW}
END
"""

_AFTER_DELETE = f"""
CREATE TRIGGER articles_after_delete AFTER DELETE ON articles
BEGIN
    {_REMOVE_OLD}
END
"""

_AFTER_UPDATE = f"""
CREATE TRIGGER articles_after_update AFTER UPDATE OF id, title, body ON articles
WHEN NOT (SELECT is_by_hand FROM search_state)
    AND (OLD.id <> NEW.id OR OLD.title IS NOT NEW.title OR OLD.body IS NOT NEW.body)
BEGIN
    {_REMOVE_OLD}
    {_ADD_NEW}
END
"""
_TRIGGERS = (_BEFORE_INSERT, _AFTER_INSERT, _AFTER_DELETE, _AFTER_UPDATE)
