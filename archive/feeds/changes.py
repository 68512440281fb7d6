"""What was edited, taken offline, and put back."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from archive.feeds.entry import Entry, Newest, permanent_id
from archive.feeds.html import diff_as_html, sentence_as_html
from archive.history import Diff, diff
from archive.selection import Selection, in_time
from archive.store import Archive, StoredArticle, revision_of
from archive.times import NEVER, moment_of, to_utc


class _Change(NamedTuple):
    """A row of the changes."""

    moment: str
    article_id: int
    revision_id: int | None
    """``None`` for what did not edit it."""
    reason: str | None
    """Why it was not found; ``None`` where it was again."""


def newest(archive: Archive, selection: Selection, limit: int) -> Newest:
    """The changes that were seen last, inside ``selection.chosen``."""
    rows = archive.db.execute(
        f"""
        WITH edits AS (
            SELECT observed_at AS moment, article_id, revisions.id AS revision_id, NULL AS reason
            FROM temp.chosen JOIN revisions ON article_id = chosen.id
            WHERE EXISTS (
                SELECT 1 FROM revisions AS earlier
                WHERE earlier.article_id = revisions.article_id AND earlier.id < revisions.id
            )
        ), looks AS (
            SELECT observed_at AS moment, article_id, reason FROM temp.chosen JOIN absences ON article_id = chosen.id
            UNION ALL
            SELECT fetched_at, article_id, NULL FROM captures
            WHERE part_of IS NULL AND article_id IN (
                SELECT article_id FROM temp.chosen JOIN absences ON article_id = chosen.id
            )
        ), turns AS (
            SELECT moment, article_id, NULL AS revision_id, reason
            FROM (
                SELECT *, lag(reason IS NULL, 1, TRUE) OVER (PARTITION BY article_id ORDER BY moment) AS was_there
                FROM looks
            )
            WHERE (reason IS NULL) <> was_there
        )
        SELECT * FROM (SELECT * FROM edits UNION ALL SELECT * FROM turns) WHERE {in_time("moment")}
        ORDER BY moment DESC, article_id DESC, revision_id DESC LIMIT :limit
        """,  # noqa: S608 - this module's own
        selection.values | {"limit": limit},
    ).fetchall()
    changes = [_Change(*row) for row in rows]
    updated = max((moment_of(change.moment) or NEVER for change in changes), default=NEVER)
    return Newest(updated, _entries(archive, changes))


def _entries(archive: Archive, changes: Iterable[_Change]) -> Iterator[Entry]:
    for change in changes:
        article = archive.article(change.article_id)
        yield _turn(article, change) if change.revision_id is None else _edit(archive, article, change.revision_id)


def _turn(article: StoredArticle, change: _Change) -> Entry:
    """It was not found any more, or it was again."""
    what, moment = "back" if change.reason is None else "gone", moment_of(change.moment) or NEVER
    sentence = f"At {to_utc(moment)} the article was there again."
    if change.reason is not None:
        sentence = f"At {to_utc(moment)} the article was not found any more: {change.reason}."
    return Entry(
        id=permanent_id(article.url, str(change.moment), what),
        article=article,
        title=f"{what}: {article.title or article.url}",
        published=moment,
        updated=moment,
        summary=sentence,
        html=sentence_as_html(sentence),
    )


def _edit(archive: Archive, article: StoredArticle, revision_id: int) -> Entry:
    """It said something else than before."""
    found = _diff(archive, article.id, revision_id)
    moment = found.after.observed_at
    number, of_moment = archive.db.execute(
        """
        SELECT count(*), count(*) FILTER (WHERE observed_at = (SELECT observed_at FROM revisions WHERE id = :id))
        FROM revisions WHERE article_id = :article AND id <= :id
        """,
        {"article": article.id, "id": revision_id},
    ).fetchone()
    kinds = ", ".join(found.kinds) or "edited"
    return Entry(
        # Not the revision's number: where an older look is taken in later, all numbers behind it move.
        id=permanent_id(article.url, to_utc(moment), "edit", str(of_moment)),
        article=article,
        title=f"{kinds}: {found.after.reading['title'] or article.url}",
        published=moment,
        updated=moment,
        summary=f"{kinds} · +{found.added} −{found.removed} characters of text",
        html=diff_as_html(number, found),
    )


def _diff(archive: Archive, article_id: int, revision_id: int) -> Diff:
    """What a revision changed; of those before the last two only one is read, and only if it says the same."""
    after, before = map(
        revision_of,
        archive.db.query(
            "SELECT * FROM revisions WHERE article_id = ? AND id <= ? ORDER BY id DESC LIMIT 2",
            [article_id, revision_id],
        ),
    )
    earlier = archive.db.query(
        "SELECT * FROM revisions WHERE article_id = ? AND id < ? AND fingerprint = ? LIMIT 1",
        [article_id, before.id, after.fingerprint],
    )
    return diff(before, after, tuple(map(revision_of, earlier)))
