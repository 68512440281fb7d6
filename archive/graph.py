"""Recommendation edges in time: what a page showed where, from when to when."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from archive.errors import UnknownList
from archive.selection import in_time
from archive.stays import Slot, looks_at, runs, slots_of
from archive.store import Archive, StoredArticle
from archive.times import from_utc, to_utc
from archive.urls import clean

_CUT_OFF = re.compile(r"(?:…|\.{2,}|⋯)$")


class Seen(NamedTuple):
    """One slot at one look."""

    observed_at: datetime
    position: int
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """One headline in one list, from the look that first showed it to the last that did."""

    source_url: str
    """The page that showed it."""
    source_article_id: int | None
    """Whose block it stood in; ``None`` for a list page."""
    label: str | None
    url: str
    article_id: int | None
    """``None`` as long as that article was never fetched."""
    seen: tuple[Seen, ...]
    """Every look that showed it, oldest first."""
    gone_at: datetime | None
    """The first look after the last of these; ``None`` where the newest look still showed it."""

    @property
    def title(self) -> str:
        """As last printed."""
        return self.seen[-1].title

    @property
    def titles(self) -> tuple[Seen, ...]:
        """The look at which each wording was first seen."""
        changes = [self.seen[0]]
        for look in self.seen[1:]:
            if look.title != changes[-1].title:
                changes.append(look)
        return tuple(changes)


def recommended(archive: Archive, article: StoredArticle, as_of: datetime | None = None) -> tuple[Stay, ...]:
    """What an article recommended, in the order of first sight; ``as_of`` gives what stood there at that moment."""
    return _stays(archive, "listings.article_id = :id", {"id": article.id}, as_of)


def recommended_by(archive: Archive, article: StoredArticle, as_of: datetime | None = None) -> tuple[Stay, ...]:
    """Which articles and list pages showed an article, in the order of first sight."""
    is_shown = "(links.article_id = :id OR links.url = :url)"
    return _stays(archive, is_shown, {"id": article.id, "url": article.url}, as_of)


def slots(archive: Archive, url: str, as_of: datetime | None = None) -> tuple[Stay, ...]:
    """The headlines that a list page showed, in the order of first sight. Raises ``UnknownList``."""
    stays = _stays(archive, "listings.url = :url AND listings.kind = 'page'", {"url": clean(url)}, as_of)
    if (
        not stays
        and not archive.db.execute("SELECT 1 FROM listings WHERE url = ? AND kind = 'page'", [clean(url)]).fetchone()
    ):
        raise UnknownList(url)
    return stays


def same_headline(printed: str, title: str) -> bool:
    """Whether a teaser and an article say the same; marks, width and case apart, and one may be cut off.

    >>> same_headline("运河边的书店，开了…", "运河边的书店开了门")
    True
    """
    one, other = _letters(_CUT_OFF.sub("", printed)), _letters(title)
    return one == other or (bool(_CUT_OFF.search(printed)) and other.startswith(one))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _stays(archive: Archive, where: str, values: dict[str, object], as_of: datetime | None) -> tuple[Stay, ...]:
    values |= {"since": None, "until": to_utc(as_of) if as_of else None}
    found = f"links JOIN listings ON listings.id = links.listing_id WHERE {where} AND {in_time('listings.observed_at')}"
    by_page: dict[tuple[str, str, int | None], list[Slot]] = defaultdict(list)
    for slot in slots_of(archive, found, values):
        by_page[slot.kind, slot.source_url, slot.source_article_id].append(slot)
    shown = (
        run
        for (_, url, article_id), slots in by_page.items()
        for run in runs(slots, looks_at(archive, url, article_id, values), lambda slot: [slot])
    )
    standing = [(run, gone_at) for run, gone_at in shown if not (as_of and gone_at)]
    standing.sort(key=lambda stay: (stay[0][0].observed_at, stay[0][0].position, stay[0][0].listing_id))
    return tuple(_stay(run, gone_at) for run, gone_at in standing)


def _stay(run: Sequence[Slot], gone_at: str | None) -> Stay:
    last = run[-1]
    return Stay(
        source_url=last.source_url,
        source_article_id=last.source_article_id,
        label=last.label,
        url=last.url,
        article_id=last.article_id,
        seen=tuple(Seen(from_utc(slot.observed_at), slot.position, slot.title) for slot in run),
        gone_at=from_utc(gone_at) if gone_at else None,
    )
