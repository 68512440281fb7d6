"""Pages of one article that others fetched apart: found among what was taken in, and read as one."""

from collections.abc import Iterator
from datetime import timedelta

from archive.grouping import Readable
from archive.models import Article
from archive.spool import Spool
from archive.store import Archive
from archive.times import from_utc, to_utc
from archive.urls import clean
from crawler.parsers import joined, with_part

MOST_PARTS = 20
"""Pages of one article that are joined."""
NEAR = timedelta(days=1)
"""Time between the looks at two pages of an article; later, the one may be of another text."""


def join_parts(archive: Archive, spool: Spool, looks: list[Readable]) -> list[Readable]:
    """The looks without those at further pages of articles, whose text is put into the readings of the first ones."""
    going_on = {look: page for look in looks for page in _articles(spool, look.id) if page.next}
    further_addresses = {clean(page.next or "") for page in going_on.values()}
    further = set[int]()
    for look, page in going_on.items():
        if clean(look.asked) not in further_addresses:
            further.update(_join(archive, spool, look.id, page))
    return [look for look in looks if look.id not in further]


def _join(archive: Archive, spool: Spool, first: int, page: Article) -> list[int]:
    """Read the article that begins with this look as a whole; the looks at its further pages."""
    parts, found = [page], list[int]()
    while (url := parts[-1].next) and len(parts) < MOST_PARTS:
        part_id, part = next(_at(archive, spool, url, first), (None, None))
        if part_id is None or part is None or part_id in found:
            break
        pages = with_part(parts, part)
        if len(pages) == len(parts):
            break  # that page is of another article
        parts = pages
        found.append(part_id)
    if found:
        spool.put(first, joined(parts))
        with archive.writing() as db:
            db.conn.executemany("UPDATE captures SET part_of = ? WHERE id = ?", [(first, part) for part in found])
    return found


def _articles(spool: Spool, capture_id: int) -> Iterator[Article]:
    return (reading.page for reading in spool.get([capture_id]) if isinstance(reading.page, Article))


def _at(archive: Archive, spool: Spool, url: str, first: int) -> Iterator[tuple[int, Article]]:
    """The readings of looks at an address that are near in time to the first page's, the nearest first."""
    row = archive.db.execute("SELECT fetched_at FROM captures WHERE id = ?", [first]).fetchone()
    moment = from_utc(row[0])
    rows = archive.db.execute(
        """
        SELECT id, fetched_at FROM captures
        WHERE url = :url AND id <> :first AND part_of IS NULL AND fetched_at BETWEEN :since AND :until
        """,
        {"url": clean(url), "first": first, "since": to_utc(moment - NEAR), "until": to_utc(moment + NEAR)},
    ).fetchall()
    for capture_id, _ in sorted(rows, key=lambda row: abs(from_utc(row[1]) - moment)):
        for page in _articles(spool, capture_id):
            yield capture_id, page
