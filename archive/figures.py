"""What the pages of one crawl were read as, in the figures that a drift is seen by."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import fmean, median

from archive.database import Database
from archive.drift import KEPT, MEASURE_FLOORS, Figure, Kind, spread
from archive.models import Absence, Article, Listing, Page
from archive.readings import Kept, kept_reading
from archive.urls import site_of

FIELDS = ("title", "published_at", "category", "source", "authors", "views", "related", "headings")
"""What an article may have, as the models call it; headings are those of its sections."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One page of a crawl that was answered with bytes, and what stood there when another crawl looked last."""

    capture_id: int
    article_id: int | None
    site: str
    kind: Kind
    """What it was when it was read before; of a new page, what it was asked for as, or read as."""
    now: Kept | None
    before: Page | None


def looks(db: Database, crawl_id: int) -> Iterator[Look]:
    """The pages of a crawl, in the order in which they came.

    Not those that answered 304 or an error, or said that the article is no more: nothing was there to be read.
    """
    for row in db.query(_LOOKS, {"crawl": crawl_id}):
        now, before = kept_reading(db, row["id"]), kept_reading(db, row["before"]) if row["before"] else None
        yield Look(
            capture_id=row["id"],
            article_id=row["article_id"],
            site=site_of(row["final_url"]),
            kind=_kind(before, now, row["asked_as"]),
            now=now,
            before=before.page if before and not isinstance(before.page, Absence) else None,
        )


_LOOKS = """
    SELECT captures.id, captures.article_id, captures.final_url, frontier.kind AS asked_as,
        coalesce(
            (
                SELECT id FROM captures AS earlier
                WHERE earlier.article_id = captures.article_id AND earlier.part_of IS NULL
                    AND earlier.crawl_id IS NOT captures.crawl_id
                ORDER BY fetched_at DESC, id DESC LIMIT 1
            ),
            (
                SELECT id FROM captures AS earlier
                WHERE earlier.url = captures.url AND earlier.part_of IS NULL
                    AND earlier.crawl_id IS NOT captures.crawl_id
                    AND (
                        earlier.article_id IS NOT NULL
                        OR EXISTS (SELECT 1 FROM listings WHERE capture_id = earlier.id AND kind = 'page')
                    )
                ORDER BY fetched_at DESC, id DESC LIMIT 1
            )
        ) AS before
    FROM captures LEFT JOIN frontier ON frontier.url = captures.url
    WHERE captures.crawl_id = :crawl AND part_of IS NULL AND outcome IN ('done', 'unchanged', 'unread')
        AND content_hash IS NOT NULL AND status IS NOT 304
        AND NOT EXISTS (SELECT 1 FROM absences WHERE capture_id = captures.id)
    ORDER BY captures.id
"""


def _kind(before: Kept | None, now: Kept | None, asked_as: str | None) -> Kind:
    known = before or now
    if known is not None:
        return "lists" if isinstance(known.page, Listing) else "articles"
    return "lists" if asked_as == "recommendation" else "articles"


def marks(look: Look) -> Iterator[tuple[str, float]]:
    """What one page adds to the figures: 1 or 0 to a share, a number to a median."""
    now = look.now.page if look.now else None
    is_read = isinstance(now, Article if look.kind == "articles" else Listing)
    yield "unread", not is_read
    if look.before is not None:
        yield "reread", is_read
    if look.kind == "lists":
        yield from _of_list(now if isinstance(now, Listing) else Listing(url=""), look.before)
    elif isinstance(now, Article):
        yield from _of_article(now, look.before)


def _of_list(now: Listing, before: Page | None) -> Iterator[tuple[str, float]]:
    """A list that is not read any more shows no links: of most sites a run has one list only, and no share tells it."""
    yield "links", len(now.links)
    if isinstance(before, Listing) and before.links:
        yield f"links{KEPT}", 100 * len(now.links) / len(before.links)


def _of_article(now: Article, before: Page | None) -> Iterator[tuple[str, float]]:
    for name in FIELDS:
        yield name, has(now, name)
        if isinstance(before, Article) and has(before, name):
            yield name + KEPT, has(now, name)
    yield "text", len(now.body)
    yield "sections", len(now.sections)
    if isinstance(before, Article) and before.body:
        yield f"text{KEPT}", 100 * len(now.body) / len(before.body)


def has(article: Article, name: str) -> bool:
    """Whether the article has one of the ``FIELDS``."""
    if name == "headings":
        return any(section.heading for section in article.sections)
    return getattr(article, name) not in (None, "", ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One figure page by page."""

    captures: "array[int]" = field(default_factory=lambda: array("q"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, capture_id: int, value: float) -> None:
        """Take what one page adds."""
        self.captures.append(capture_id)
        self.values.append(value)

    def figure(self, name: str) -> Figure:
        """All of it as one figure."""
        if name in MEASURE_FLOORS:
            return Figure(value=median(self.values), of=len(self.values), spread=spread(self.values))
        return Figure(value=fmean(self.values), of=len(self.values))

    def first_like(self, now: float, was: float) -> int:
        """The first capture whose value is nearer to what the figure is than to what it was."""
        pairs = zip(self.captures, self.values, strict=True)
        return next((capture for capture, value in pairs if abs(value - now) < abs(value - was)), self.captures[0])
