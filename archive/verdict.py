"""Two readings of the same page beside each other: what the newer one lost, won and says otherwise."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from archive.models import Absence, Article, Link, Listing, Page, as_json
from archive.readings import Kept
from archive.recording import CONTENT, address_of
from archive.urls import clean

MOST_LOST = 0.05
"""Share of a site's pages on which a field may be lost before the newer reading counts as worse."""
EXAMPLES = 10
FIELDS = {
    "article": ("address", *CONTENT, "views", "related"),
    "listing": ("title", "links"),
    "absence": ("reason",),
}
"""What is compared of each kind of page."""
DETAILS = ("modified_at", "summary", "language", "image")
"""Fields beside the content of a revision; of an article that was seen unedited they are not known for each look."""

What = Literal["changed", "lost", "won"]


class Difference(NamedTuple):
    """One field of one page, in both readings."""

    field: str
    what: What
    before: Any  # Any: a JSON value, None where it was not read
    after: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One difference, and where it is."""

    site: str
    url: str
    capture_id: int
    field: str
    what: What
    before: Any  # Any: as in Difference
    after: Any


@dataclass(kw_only=True, slots=True)
class SiteVerdict:
    """What a newer reading does to the pages of one site."""

    site: str
    pages: int = 0
    changed_pages: int = 0
    fields: dict[str, Counter[What]] = field(default_factory=dict)

    @property
    def worse(self) -> dict[str, int]:
        """The fields that are lost on too many pages, and on how many."""
        losses = {name: counts["lost"] for name, counts in self.fields.items()}
        return {name: lost for name, lost in losses.items() if lost > MOST_LOST * self.pages}


class Verdict:
    """The differences of many pages, counted by site and field, with the first of each kind as examples."""

    def __init__(self) -> None:
        self.sites: dict[str, SiteVerdict] = {}
        self._examples: dict[tuple[str, What], list[Example]] = {}

    def add(self, site: str, url: str, capture_id: int, found: list[Difference]) -> None:
        """Count one page."""
        verdict = self.sites.setdefault(site, SiteVerdict(site=site))
        verdict.pages += 1
        verdict.changed_pages += bool(found)
        for one in found:
            verdict.fields.setdefault(one.field, Counter())[one.what] += 1
            kind = self._examples.setdefault((one.field, one.what), [])
            if len(kind) < EXAMPLES:
                kind.append(Example(site=site, url=url, capture_id=capture_id, **one._asdict()))

    @property
    def examples(self) -> list[Example]:
        """Ten, of as many kinds as there are; losses first."""
        kinds = sorted(self._examples, key=lambda kind: (kind[1] != "lost", kind))
        turns = [
            self._examples[kind][turn] for turn in range(EXAMPLES) for kind in kinds if turn < len(self._examples[kind])
        ]
        return turns[:EXAMPLES]


def differences(before: Kept | None, after: Page | Absence | None) -> Iterator[Difference]:
    """Field by field. A page that is not read any more, or is of another kind, differs in ``page`` alone."""
    was, now = before and before.page.kind, after and after.kind
    if before is None or after is None or was != now:
        if was != now:
            yield Difference("page", _what(was, now), was, now)
        return
    ours, theirs = _plain(before.page), _plain(after)
    for name in (*FIELDS[after.kind], *(DETAILS if before.is_exact and now == "article" else ())):
        if ours[name] != theirs[name]:
            yield Difference(name, _what(ours[name], theirs[name]), ours[name], theirs[name])


def _what(before: object, after: object) -> What:
    if before in (None, "", []):
        return "won"
    return "lost" if after in (None, "", []) else "changed"


def _plain(page: Page | Absence) -> dict[str, Any]:
    """The page as JSON values; links by what a table keeps of them."""
    values: dict[str, Any] = json.loads(json.dumps(as_json(page)))
    if isinstance(page, Article):
        return values | {"address": address_of(page), "related": [_slot(link, link.block) for link in page.related]}
    return values | {"links": [_slot(link, None) for link in page.links]} if isinstance(page, Listing) else values


def _slot(link: Link, block: str | None) -> list[str | None]:
    return [block, clean(link.url), link.title, link.summary, link.source, link.image]
