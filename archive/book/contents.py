"""What a book of the selected articles consists of: its chapters, and what its cover says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from archive.extracts import extract_of
from archive.printed import UNDATED, language_tag, one_line, title_of
from archive.selection import Selection
from archive.store import Archive
from archive.times import moment_of, to_utc

By = Literal["month", "category"]
_PUBLISHED = f"CASE WHEN published_at GLOB '????-??-??*' THEN {extract_of('articles').moment} END"
_SEEN = "CASE WHEN last_seen_at GLOB '????-??-??*' THEN last_seen_at END"
_CHAPTER: dict[By, str] = {
    "month": f"strftime('%Y-%m', {_PUBLISHED})",
    "category": "nullif(trim(CAST(category AS TEXT)), '')",
}
"""The SQL expression for the chapter of an article; null for those that have none."""
_WITHOUT: dict[By, str] = {"month": UNDATED, "category": "without a category"}
_UNSEEN = "1980-01-01T00:00:00Z"
"""When a book was last changed whose articles do not tell when they were seen."""


_LONGEST = 200
"""Characters of a headline in the table of contents."""


class Chapter(NamedTuple):
    """A part of the book."""

    number: int
    name: str
    articles: int


class Entry(NamedTuple):
    """An article in the order of the book."""

    id: int
    title: str
    language: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """What there is to say of the book as a whole."""

    title: str
    identifier: str
    """The same for the same selection of the same archive, whatever comes in later."""
    languages: tuple[str, ...]
    """The most frequent first."""
    sites: tuple[str, ...]
    modified: str
    """When the newest of it was last seen."""
    first_date: str | None
    """Of publication, by the pages' own clocks."""
    last_date: str | None
    chapters: tuple[Chapter, ...]

    @property
    def articles(self) -> int:
        """How many there are."""
        return sum(chapter.articles for chapter in self.chapters)


def book_of(archive: Archive, selection: Selection, by: By) -> Book:
    """The book of the selected articles. Raises ``QueryError``."""
    with selection.chosen(archive):
        seen, first, last = _rows(archive, f"max({_SEEN}), min(date({_PUBLISHED})), max(date({_PUBLISHED}))")[0]
        sites = tuple(map(one_line, selection.sites(archive)))
        newest = moment_of(seen)
        return Book(
            title=_title(selection, sites, first, last),
            identifier=_identifier(archive, selection, by),
            languages=_languages(archive) or ("und",),
            sites=sites,
            modified=to_utc(newest) if newest else _UNSEEN,
            first_date=first,
            last_date=last,
            chapters=_chapters(archive, by),
        )


def entries(archive: Archive, selection: Selection, by: By) -> Iterator[Entry]:
    """All articles, chapter by chapter in the order of ``Book.chapters``, in each the oldest first."""
    headlines = extract_of("articles", ("id", "title", "url", "language"))
    ordered = replace(headlines, order=f"{_CHAPTER[by]} IS NULL, {_CHAPTER[by]}, {_PUBLISHED}, articles.id")
    for row in ordered.rows(archive, selection.unwatched):
        yield Entry(row["id"], _shortened(title_of(row)), language_tag(row["language"]))


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…"


def _rows(archive: Archive, columns: str, rest: str = "") -> list[tuple[Any, ...]]:  # Any: the columns' values
    statement = f"SELECT {columns} FROM temp.chosen JOIN articles USING (id) {rest}"  # noqa: S608 - our own
    return archive.db.execute(statement).fetchall()


def _chapters(archive: Archive, by: By) -> tuple[Chapter, ...]:
    found = _rows(archive, f"{_CHAPTER[by]} AS name, count(*)", "GROUP BY name ORDER BY name IS NULL, name")
    return tuple(
        Chapter(number, one_line(name).strip() or _WITHOUT[by], articles)
        for number, (name, articles) in enumerate(found, start=1)
    )


def _languages(archive: Archive) -> tuple[str, ...]:
    found = _rows(archive, "CAST(language AS TEXT) AS tag", "GROUP BY tag ORDER BY count(*) DESC, tag")
    return tuple(dict.fromkeys(filter(None, (language_tag(tag) for (tag,) in found))))


def _title(selection: Selection, sites: tuple[str, ...], *dates: str | None) -> str:
    places = f"{len(sites)} sites" if len(sites) > 3 else ", ".join(sites)
    period = " to ".join(dict.fromkeys(filter(None, dates)))
    return ", ".join(filter(None, (one_line(selection.query).strip(), places, period))) or "Articles"


def _identifier(archive: Archive, selection: Selection, by: By) -> str:
    (begun,) = archive.db.execute("SELECT min(fetched_at) FROM captures").fetchone()
    return uuid5(NAMESPACE_URL, f"{begun} {by} {selection.query} {selection.values}").urn
