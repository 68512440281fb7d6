"""Which texts are searched: those that stand today, those that were edited away, or those of a moment."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from archive.database import Database
from archive.search.index import INDEX
from archive.search.past import PAST_INDEX
from archive.times import to_utc

Values = dict[str, str | int | None]

PRINTED = "texts.published_at, coalesce(texts.utc_offset, 0) || ' minutes'"
"""What SQLite's functions take for the time of the page's own clock, by which readers know an article."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """A kind of text, for SQL that calls its rows ``texts``."""

    kind: Literal["articles", "revisions"]
    index: str
    """The FTS5 table of its words; their rowid is ``texts.id``."""
    rows: str
    """What stands after FROM, with the columns of ``articles_slim``."""
    article: str
    """The column with the article's id."""
    headings: str
    """The statement for the headings of a text's sections."""
    views: str = "texts.views"
    """The counter."""
    counted: str = "1"
    """Which of the rows of ``view_counts`` are known."""
    where: str = "1"
    """Which of the rows."""
    values: Values = field(default_factory=dict)


# Rows of articles are wide; the index has every column that filters, facets and orders read.
TODAY = Texts(
    kind="articles",
    index=INDEX,
    rows="articles AS texts INDEXED BY articles_slim",
    article="texts.id",
    headings="SELECT heading FROM sections WHERE article_id = texts.id",
)
EDITED_AWAY = Texts(
    kind="revisions",
    index=PAST_INDEX,
    rows="past_articles AS texts",
    article="texts.article_id",
    headings="""
        SELECT json_extract(value, '$.heading') AS heading
        FROM revisions, json_each(iif(json_valid(reading), reading, '{}'), '$.sections')
        WHERE revisions.id = texts.id
    """,
    where="texts.until IS NOT NULL",
)

_VIEWS_THEN = """
    (
        SELECT value FROM view_counts WHERE article_id = {article} AND observed_at <= :as_of
        ORDER BY observed_at DESC, id DESC LIMIT 1
    )
"""


def views_at(db: Database, article_id: int, moment: datetime) -> int | None:
    """The counter of an article as it was last seen by then."""
    statement = f"SELECT {_VIEWS_THEN.format(article=':id')}"
    views = db.execute(statement, {"id": article_id, "as_of": to_utc(moment)}).fetchone()[0]
    return views if isinstance(views, int) else None


def texts_of(moment: datetime) -> tuple[Texts, Texts]:
    """The texts as they stood then: those that no later edit changed, and those that were edited away since."""
    unchanged = "coalesce(texts.changed_at, texts.first_seen_at) <= :as_of"
    edited = "texts.observed_at <= :as_of AND texts.until > :as_of"
    return _then(TODAY, unchanged, moment), _then(EDITED_AWAY, edited, moment)


def _then(texts: Texts, where: str, moment: datetime) -> Texts:
    return replace(
        texts,
        views=_VIEWS_THEN.format(article=texts.article),
        counted="observed_at <= :as_of",
        where=where,
        values={"as_of": to_utc(moment)},
    )
