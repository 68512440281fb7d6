"""Readings that do not count: on a site that drifts, those that lost what their article had.

Their captures keep the bytes and are marked unread; the article is told from its other captures. Reading everything
again lets them count, as soon as what was lost is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from archive.captures import hash_before
from archive.database import Database
from archive.drift import KEPT
from archive.figures import FIELDS, has, looks
from archive.grouping import Readable
from archive.models import Absence, Article, Page
from archive.readings import kept_reading
from archive.recording import CONTENT, address_of
from archive.replay import replay
from archive.spool import Spool
from archive.store import Archive
from archive.urls import clean

LEAST_TEXT = 0.6
"""Share of its text that an article keeps when it is edited; a paragraph that went is no drift."""
WITHHELD = "withheld by the drift alarm, without"
"""How the reason of such a capture begins."""

_JUDGED = frozenset({*FIELDS} & {*CONTENT, "headings"})
"""What makes a revision; a counter or a recommendation that is missed does no harm to the text."""


class Withheld(NamedTuple):
    """A look whose reading does not count."""

    capture_id: int
    article_id: int | None
    was_edit: bool
    """It had made a revision."""
    lost: tuple[str, ...]


def withhold(db: Database, crawl_id: int, figures: Mapping[str, Set[str]]) -> tuple[Withheld, ...]:
    """Take back the readings of a crawl that lost what their article had; inside a transaction.

    ``figures`` are what raised an alarm, by site: a field counts as lost where it is among them, text on each of
    these sites.
    """
    found = tuple(_losing(db, crawl_id, figures))
    articles = defaultdict[int | None, list[int]](list)
    for one in found:
        _mark(db, one)
        articles[one.article_id].append(one.capture_id)
    for captures in articles.values():
        replay(db, dict.fromkeys(captures))
    return found


def _losing(db: Database, crawl_id: int, figures: Mapping[str, Set[str]]) -> Iterator[Withheld]:
    for look in looks(db, crawl_id):
        missing = lost(look.before, look.now.page, figures[look.site]) if look.now and look.site in figures else ()
        if look.now and missing:
            yield Withheld(look.capture_id, look.article_id, look.now.is_exact, tuple(missing))


def lost(before: Page | None, now: Page | Absence | None, figures: Set[str]) -> list[str]:
    """What an article had and has no more; nothing unless both are readings of an article."""
    if not isinstance(before, Article) or not isinstance(now, Article):
        return []
    fields = [name for name in FIELDS if name in _JUDGED & figures and has(before, name) and not has(now, name)]
    return fields + ["much of its text"] * (len(now.body) < LEAST_TEXT * len(before.body))


def _mark(db: Database, one: Withheld) -> None:
    db.execute(
        "UPDATE captures SET outcome = 'unread', reason = ? WHERE id = ?",
        [f"{WITHHELD} {' and '.join(one.lost)}", one.capture_id],
    )


def counting(archive: Archive, spool: Spool, captures: Iterable[Readable]) -> list[Readable]:
    """The captures without those that are withheld and whose new readings have not got back what was lost."""
    return [capture for capture in captures if not _still_loses(archive.db, spool, capture)]


def _still_loses(db: Database, spool: Spool, capture: Readable) -> bool:
    figures = _alarmed(db, capture)
    readings = spool.get([capture.id]) if figures else ()
    return any(lost(_before(db, capture, reading.page), reading.page, figures) for reading in readings)


def _alarmed(db: Database, capture: Readable) -> set[str]:
    """The figures for which the capture was withheld; none for any other capture."""
    rows = db.execute(
        """
        SELECT figure FROM captures JOIN alarms ON alarms.crawl_id = captures.crawl_id
        WHERE captures.id = :id AND outcome = 'unread' AND reason LIKE :withheld || '%'
            AND kind = 'articles' AND site = :site
        """,
        {"id": capture.id, "withheld": WITHHELD, "site": capture.site},
    )
    return {figure.removesuffix(KEPT) for (figure,) in rows.fetchall()}


def _before(db: Database, capture: Readable, page: Page | Absence | None) -> Page | None:
    """What the article was read as before the crawl of this capture."""
    address = address_of(page) if isinstance(page, Article) else None
    row = db.execute(
        """
        SELECT id FROM captures
        WHERE part_of IS NULL
            AND article_id IN (
                SELECT id FROM articles WHERE url = :address
                UNION ALL
                SELECT article_id FROM captures WHERE url = :asked
            )
            AND crawl_id IS NOT (SELECT crawl_id FROM captures WHERE id = :id)
            AND fetched_at <= (SELECT fetched_at FROM captures WHERE id = :id)
        ORDER BY fetched_at DESC, id DESC LIMIT 1
        """,
        {"id": capture.id, "asked": clean(capture.asked), "address": address},
    ).fetchone()
    kept = kept_reading(db, row[0]) if row else None
    return kept.page if kept and not isinstance(kept.page, Absence) else None


def count_again(db: Database, capture_ids: Iterable[int]) -> None:
    """Captures that were withheld and are read now count as what they are; inside a transaction."""
    for capture_id in capture_ids:
        row = db.execute(
            "SELECT content_hash FROM captures WHERE id = ? AND article_id IS NOT NULL AND reason LIKE ? || '%'",
            [capture_id, WITHHELD],
        ).fetchone()
        if row:
            outcome = "unchanged" if hash_before(db, capture_id) == row[0] else "done"
            db.execute("UPDATE captures SET outcome = ?, reason = NULL WHERE id = ?", [outcome, capture_id])
