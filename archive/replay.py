"""Readings written anew: every article told again from all its captures, in the order of their times."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from archive.database import Database
from archive.life import note_absence, why_absent
from archive.models import Absence, Article, Listing, Page
from archive.readings import kept_reading
from archive.recording import (
    address_of,
    addresses_of,
    as_observed,
    link_capture,
    record_article,
    record_list,
    remove_article,
)
from archive.search.past import remove_revisions
from archive.times import from_utc, to_utc
from archive.tombstones import strip_captures, tombstone_at

_Row = dict[str, Any]  # Any: a row's values


def replay(db: Database, readings: Mapping[int, Page | Absence | None]) -> None:
    """Let these captures be read as these pages, or as nothing; to be called inside a transaction.

    The other captures of the articles they touch keep their reading. Articles keep their ids, and revisions the times
    of their captures; an article whose captures all say something else now is no more.
    """
    addresses = {address_of(page) for page in readings.values() if isinstance(page, Article)}
    addresses |= _not_found(db, readings)
    articles = _articles(db, readings, addresses)
    captures = _captures(db, readings, [row["id"] for row in articles], addresses | {row["url"] for row in articles})
    kept = {row["id"]: kept_reading(db, row["id"]) for row in captures if row["id"] not in readings}
    pages = {**readings, **{capture_id: one.page for capture_id, one in kept.items() if one}}
    _take_back(db, [row["id"] for row in articles], [capture["id"] for capture in captures])
    _rename(db, articles, captures, pages)
    previous: _Row | None = None
    for capture in captures:
        before = kept.get(capture["id"])
        says_what_was_said = (before is not None and not before.is_exact) or _is_unchanged(db, capture)
        if previous and previous["id"] in readings and previous["article_id"] is None:  # it was not there before
            says_what_was_said = previous["content_hash"] == capture["content_hash"]
        _record(db, capture, pages.get(capture["id"]), is_edit=not says_what_was_said)
        previous = capture
    _settle(db, articles)


def _is_unchanged(db: Database, capture: _Row) -> bool:
    """Whether the look brought the same bytes as the one before, the article's further pages too."""
    parts = db.execute("SELECT outcome FROM captures WHERE part_of = ?", [capture["id"]]).fetchall()
    return {capture["outcome"], *(outcome for (outcome,) in parts)} == {"unchanged"}


def _not_found(db: Database, readings: Mapping[int, Page | Absence | None]) -> set[str]:
    """The addresses at which these captures did not find what stood there."""
    rows = ((page, _rows(db, ("SELECT * FROM captures WHERE id = :id", capture))) for capture, page in readings.items())
    return {
        row["url"]
        for page, found in rows
        for row in found
        if why_absent(page, row["url"], row["final_url"], row["status"])
    }


def _articles(db: Database, captures: Iterable[int], addresses: Iterable[str]) -> list[_Row]:
    """The articles that these captures or addresses are of."""
    by_capture = "SELECT * FROM articles WHERE id = (SELECT article_id FROM captures WHERE id = :id)"
    by_address = "SELECT * FROM articles WHERE url = :id"
    return _rows(db, *((by_capture, capture) for capture in captures), *((by_address, url) for url in addresses))


def _captures(db: Database, ids: Iterable[int], articles: Iterable[int], addresses: Iterable[str]) -> list[_Row]:
    """These captures, all of these articles and those that found nothing there; further pages apart, oldest first."""
    by_id = "SELECT * FROM captures WHERE id = :id AND part_of IS NULL"
    by_article = "SELECT * FROM captures WHERE article_id = :id AND part_of IS NULL"
    by_absence = "SELECT * FROM captures WHERE id IN (SELECT capture_id FROM absences WHERE article_id = :id)"
    nobodys = (
        "SELECT * FROM captures WHERE id IN (SELECT capture_id FROM absences WHERE url = :id AND article_id IS NULL)"
    )
    by_articles = ((query, article) for article in articles for query in (by_article, by_absence))
    found = _rows(db, *((by_id, one) for one in ids), *by_articles, *((nobodys, url) for url in addresses))
    return sorted(found, key=lambda row: (row["fetched_at"], row["id"]))


def _rows(db: Database, *queries: tuple[str, int | str]) -> list[_Row]:
    """What the queries find, each row once."""
    found = {row["id"]: row for query, value in queries for row in db.query(query, {"id": value})}
    return list(found.values())


def _take_back(db: Database, articles: Collection[int], captures: Collection[int]) -> None:
    """Everything that was read of the captures. What another program wrote without a capture stays."""
    for capture_id in captures:
        db.execute("DELETE FROM listings WHERE capture_id = ?", [capture_id])
        db.execute("DELETE FROM absences WHERE capture_id = ?", [capture_id])
        db.execute("UPDATE captures SET article_id = NULL WHERE id = :id OR part_of = :id", {"id": capture_id})
    for article_id in articles:
        remove_revisions(db, article_id)
        db.execute("DELETE FROM view_counts WHERE article_id = ? AND capture_id IS NOT NULL", [article_id])
        db.execute("UPDATE articles SET views = NULL, modified_at = NULL, image = NULL WHERE id = ?", [article_id])


def _rename(
    db: Database, articles: Collection[_Row], captures: Collection[_Row], pages: Mapping[int, Page | Absence | None]
) -> None:
    """An article whose newest capture knows it by another address takes that one, and keeps its id."""
    newest: dict[int, str] = {}
    for capture in captures:
        page = pages.get(capture["id"])
        if isinstance(page, Article) and capture["article_id"] is not None:
            newest[capture["article_id"]] = address_of(page)
    for row in articles:
        address = newest.get(row["id"], row["url"])
        if db.execute("SELECT 1 FROM articles WHERE url = ?", [address]).fetchone() is None:
            db.execute("UPDATE articles SET url = ? WHERE id = ?", [address, row["id"]])


def _record(db: Database, capture: _Row, page: Page | Absence | None, *, is_edit: bool) -> None:
    """Write the reading of one capture; what is no edit makes no revision, however it reads today."""
    parts = list(db.query("SELECT * FROM captures WHERE part_of = ?", [capture["id"]]))
    stone = tombstone_at(db, addresses_of(page, capture["url"], capture["final_url"]))
    if stone:
        strip_captures(db, [capture["id"], *(part["id"] for part in parts)], stone)
        return
    moment = to_utc(from_utc(capture["fetched_at"]))
    match page:
        case Article():
            seen = as_observed(page, capture["status"])
            article_id, _ = record_article(db, seen, moment, capture["id"], same_bytes=not is_edit)
            link_capture(db, capture["id"], article_id, {page.url, capture["url"], capture["final_url"]})
            for part in parts:
                link_capture(db, part["id"], article_id, {part["url"], part["final_url"]})
            return
        case Listing():
            record_list(db, "page", page.url, page.title, page.links, None, moment, capture["id"])
    reason = why_absent(page, capture["url"], capture["final_url"], capture["status"])
    if reason:
        note_absence(db, capture["url"], moment, capture["id"], reason)


def _settle(db: Database, articles: Collection[_Row]) -> None:
    """An article that nothing speaks of any more goes; one that somebody marked stays."""
    for row in articles:
        spoken_of = " UNION ALL ".join(
            f"SELECT 1 FROM {table} WHERE article_id = :id"  # noqa: S608 - the names stand here
            for table in ("captures", "revisions", "tags", "notes")
        )
        if db.execute(spoken_of, row).fetchone() is None:
            remove_article(db, row["id"])
