"""Kept captures read with today's parsers, by all processors."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple

from archive.captures import content_type_of
from archive.errors import ContentDamaged, ContentPruned
from archive.grouping import Readable
from archive.models import Absence, Article, Listing, Page
from archive.spool import Spool
from archive.store import Archive
from archive.times import from_utc
from crawler.errors import PageGone
from crawler.parsers import joined, read_page, with_part
from crawler.workers import Readers, failure

AHEAD = 4
"""Pages that wait for each process."""
KEEP_EVERY = 200
"""Readings that an interruption may cost."""


class _Asked(NamedTuple):
    """A page on its way through a process."""

    url: str
    future: "Future[Page] | None"
    """``None`` where the bytes are damaged or pruned."""


def parser_fingerprint() -> str:
    """The same for the same parsers: a hash of their source."""
    here = Path(__file__).parent
    sources = sorted([*here.glob("parsers/*.py"), *here.glob("sites/*.py")])
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def read_again(archive: Archive, spool: Spool, captures: Iterable[Readable], processes: int) -> Iterator[int]:
    """Read the captures that are not in the spool; yields a 1 for each of all."""
    waiting = deque[tuple[int, list[_Asked]]]()
    with Readers(read_page, processes) as readers:
        for number, capture in enumerate(captures):
            if not spool.has(capture.id):
                waiting.append((capture.id, _asked(archive, readers, capture.id)))
            if len(waiting) > AHEAD * processes:
                _take(spool, *waiting.popleft())
            if number % KEEP_EVERY == 0:
                spool.keep()
            yield 1
        while waiting:
            _take(spool, *waiting.popleft())
    spool.keep()


def _asked(archive: Archive, readers: Readers[Page], capture_id: int) -> list[_Asked]:
    """The capture and its further pages, handed to the processes."""
    rows = archive.db.query(
        "SELECT * FROM captures WHERE id = :id OR part_of = :id ORDER BY part_of IS NOT NULL, id", {"id": capture_id}
    )
    asked = []
    for row in rows:
        try:
            body = archive.contents.get(row["content_hash"]) if row["content_hash"] else b""
        except (ContentDamaged, ContentPruned):
            asked.append(_Asked(row["final_url"], None))
            continue
        content_type = content_type_of(row["headers"])
        future = readers.start(body, row["final_url"], content_type, from_utc(row["fetched_at"]))
        asked.append(_Asked(row["final_url"], future))
    return asked


def _take(spool: Spool, capture_id: int, asked: list[_Asked]) -> None:
    (first, reason), *others = [_result(one) for one in asked]
    if not isinstance(first, Article):
        spool.put(capture_id, first, reason)
        return
    parts = [first]
    for page, _ in others:
        if not isinstance(page, Article | Listing):
            break  # as in a crawl: the text says where it would go on
        parts = with_part(parts, page)
    spool.put(capture_id, joined(parts) if others else first)


def _result(asked: _Asked) -> tuple[Page | Absence | None, str | None]:
    """What was read, or why nothing was."""
    if asked.future is None:
        return None, "its bytes are damaged or pruned"
    try:
        return asked.future.result(), None
    except PageGone as error:
        return Absence(url=asked.url, reason=error.reason), error.reason
    except Exception as error:
        return None, failure(error, asked.url).reason
