"""List pages: which there are, and each as it stood at a time, with what came, went and moved."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby, pairwise
from math import ceil
from urllib.parse import unquote

from archive.graph import same_headline
from archive.list_pages import Headline, ListPage, known_lists, list_page
from archive.store import Archive
from archive.times import end_of, to_utc
from archive.web.answers import Answer, Asked, BadValue, Page, View
from archive.web.formats import list_path
from archive.words import Span, word_diff

_PER_PAGE = 50
_OURS = ("at", "history", "lang")
"""Names of the query string that are the room's; all else is of the list's own address."""
_MOST_CHOICES = 300
"""Looks that the slider tells apart."""
_SLOTS = 15
"""Positions whose history is shown."""
_LOOKS = 12
_MOST_LOOKS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One headline as the page shows it."""

    headline: Headline
    rewordings: tuple[tuple[datetime, tuple[Span, ...]], ...]
    """When each new wording was first seen, and what it changed."""
    article_says: str | None
    """The article's own title, where that says something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One headline in one slot, for as many looks as it stood there."""

    title: str
    """Blank where the slot was not there."""
    article_id: int | None
    looks: int


def lists(archive: Archive, asked: Asked) -> Answer:
    """All list pages that were seen, or those of a site."""
    site, number = asked.values.get("site"), asked.number("page", 1)
    found = known_lists(archive, site=site, limit=_PER_PAGE, offset=(number - 1) * _PER_PAGE)
    pages = ceil(found.total / _PER_PAGE)
    to = partial(asked.at, "/lists", site=site)
    return Page(
        "lists.html",
        {
            "found": found,
            "site": site,
            "page": number,
            "pages": pages,
            "previous": to(page=number - 1 if number > 2 else None) if number > 1 else None,
            "next": to(page=number + 1) if number < pages else None,
        },
    )


def one(archive: Archive, asked: Asked) -> Answer:
    """A list page as it stood at a time."""
    at, most = asked.values.get("at"), asked.number("history", _LOOKS, least=2, most=_MOST_LOOKS)
    found = list_page(archive, _address(asked), _moment("at", at))
    titles = _titles(archive, found.headlines)
    to = partial(list_path, found.url, asked.at)
    by_look = partial(_to_look, found, to)
    looks, choices = list(found.slots)[-most:], _choices(found)
    return Page(
        "list.html",
        {
            "list": found,
            "to": to(),
            "is_early": bool(at) and end_of(str(at)) < found.look.fetched_at,
            "choices": choices,
            "here": [is_here for _, _, is_here in choices].index(True),
            "first": by_look(0) if found.number else None,
            "previous": by_look(found.number - 1) if found.number else None,
            "next": by_look(found.number + 1) if found.number + 1 < len(found.looks) else None,
            "newest": to() if found.number + 1 < len(found.looks) else None,
            "headlines": [_shown(headline, titles) for headline in found.headlines],
            "came": sum(headline.before is None for headline in found.headlines) if found.number else 0,
            "slot_looks": [(look, to(at=to_utc(look))) for look in looks],
            "slots": list(_slots(found, looks)),
            "more_looks": to(at=at, history=_MOST_LOOKS) if most < _MOST_LOOKS and len(found.slots) > most else None,
        },
    )


def _address(asked: Asked) -> str:
    """The list's own address: the rest of the path, unpacked once, and what of the query string is not the room's."""
    url = re.sub("^(https?):/+", r"\1://", unquote(asked.parts["url"]), count=1, flags=re.IGNORECASE)
    own = [pair for pair in asked.query_string.split("&") if pair and pair.partition("=")[0] not in _OURS]
    return url + ("&" if "?" in url else "?") * bool(own) + "&".join(own)


def _moment(name: str, text: str | None) -> datetime | None:
    """The last second of a date or time. Raises ``BadValue``."""
    try:
        return end_of(text) if text else None
    except (ValueError, OverflowError):
        raise BadValue(name, text or "") from None


def _to_look(found: ListPage, to: partial[str], number: int) -> str:
    return to(at=to_utc(found.looks[number]))


def _choices(found: ListPage) -> list[tuple[str, datetime, bool]]:
    """The looks of the slider, and whether it stands there: all of them, or some evenly spread and those around it."""
    last, here = len(found.looks) - 1, found.number
    step = ceil(len(found.looks) / _MOST_CHOICES)
    numbers = {*range(0, last + 1, step), *range(max(0, here - 2), min(last, here + 2) + 1), last}
    return [(to_utc(found.looks[number]), found.looks[number], number == here) for number in sorted(numbers)]


def _titles(archive: Archive, headlines: Iterable[Headline]) -> dict[int, str]:
    """What the articles call themselves."""
    ids = ",".join(str(headline.article_id) for headline in headlines if headline.article_id)
    rows = archive.db.execute(
        "SELECT id, title FROM articles WHERE id IN (SELECT value FROM json_each(?))", [f"[{ids}]"]
    )
    return {number: title for number, title in rows.fetchall() if isinstance(title, str)}


def _shown(headline: Headline, titles: Mapping[int, str]) -> Shown:
    wordings = headline.wordings
    title = titles.get(headline.article_id or 0)
    return Shown(
        headline=headline,
        rewordings=tuple((seen_at, word_diff(before, after)) for (_, before), (seen_at, after) in pairwise(wordings)),
        article_says=title if title and headline.title and not same_headline(headline.title, title) else None,
    )


def _slots(found: ListPage, looks: Iterable[datetime]) -> Iterator[tuple[int, list[Run]]]:
    """Of each of the first positions, which headlines stood there one after the other."""
    at_look = [{slot.position: slot for slot in found.slots[look]} for look in looks]
    deepest = max((position for slots in at_look for position in slots), default=0)
    for position in range(1, min(deepest, _SLOTS) + 1):
        stood = (slots.get(position) for slots in at_look)
        runs = []
        for _, same in groupby(stood, key=lambda slot: slot.url if slot else ""):
            run = list(same)
            last = run[-1]
            runs.append(
                Run(
                    title=last.title or last.url if last else "",
                    article_id=last.article_id if last else None,
                    looks=len(run),
                )
            )
        yield position, runs


ROUTES: Mapping[str, View] = {r"/lists$": lists, r"/list/(?P<url>.+)$": one}
