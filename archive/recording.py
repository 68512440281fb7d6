"""Writing one observation: the capture always, then what was read of it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from archive import captures, frontier, reprints
from archive.captures import Contents
from archive.database import Database
from archive.life import note_absence, why_absent
from archive.models import NOT_MODIFIED, Absence, Article, Link, Listing, Observation, Outcome, Page, as_json
from archive.prepared import Indexed
from archive.preparing import index
from archive.search.index import INDEX
from archive.search.past import add_past_text
from archive.search.writing import add_words, by_hand, remove_words
from archive.times import from_utc, minutes_since_2000, offset_minutes, to_utc
from archive.tombstones import blank_teasers_of, tombstone_at
from archive.urls import clean, is_front_page, site_of

CONTENT = ("title", "published_at", "category", "source", "authors", "sections")
"""What a revision is made of. Counters, adverts, recommendations and images move without an edit."""

_IDS_PER_MINUTE_BITS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What became of one observation."""

    capture_id: int
    outcome: Outcome
    article_id: int | None = None
    change: Literal["new", "revised", "same"] | None = None
    """``None`` when no article was read."""


def record(contents: Contents, observation: Observation, *, crawl_id: int | None) -> Recorded:
    """Write all that one fetch brought; to be called inside a transaction."""
    db = contents.db
    observation = _without_forgotten(db, observation)
    capture, page = observation.capture, observation.page
    capture_id, outcome = _keep(contents, observation, crawl_id=crawl_id)
    parts = [_keep(contents, part, crawl_id=crawl_id, part_of=capture_id) for part in observation.parts]
    if crawl_id is not None:
        frontier.finish(db, observation, outcome, crawl_id=crawl_id)
    moment = to_utc(capture.fetched_at)
    match page:
        case Article():
            same_bytes = {outcome, *(kept for _, kept in parts)} == {"unchanged"}
            seen = as_observed(page, capture.status)
            indexed = observation.prepared.indexed if observation.prepared else None
            article_id, change = record_article(db, seen, moment, capture_id, same_bytes=same_bytes, indexed=indexed)
            link_capture(db, capture_id, article_id, {page.url, capture.url, capture.final_url})
            for (part_id, _), part in zip(parts, observation.parts, strict=True):
                link_capture(db, part_id, article_id, {part.capture.url, part.capture.final_url})
            return Recorded(capture_id=capture_id, outcome=outcome, article_id=article_id, change=change)
        case Listing():
            record_list(db, "page", page.url, page.title, page.links, None, moment, capture_id)
    reason = why_absent(page, capture.url, capture.final_url, capture.status)
    if reason:
        note_absence(db, capture.url, moment, capture_id, reason)
    return Recorded(capture_id=capture_id, outcome=outcome)


def as_observed(article: Article, status: int | None) -> Article:
    """What a look saw of an article: where no bytes came, the counter is still that of an earlier look."""
    return replace(article, views=None, views_raw=None) if status == NOT_MODIFIED else article


def addresses_of(page: Page | Absence | None, *asked: str) -> set[str]:
    """The addresses that a fetch is of: those asked for, and the one of the article read."""
    return {*asked, address_of(page)} if isinstance(page, Article) else set(asked)


def _without_forgotten(db: Database, observation: Observation) -> Observation:
    """The observation as it is; of an article that was taken down, only that it was refused."""
    capture = observation.capture
    stone = tombstone_at(db, addresses_of(observation.page, capture.url, capture.final_url))
    if stone is None:
        return observation
    refused = replace(capture, body=None, headers={}, outcome="refused", reason=str(stone))
    return replace(observation, capture=refused, page=None, parts=())


def _keep(
    contents: Contents, observation: Observation, *, crawl_id: int | None, part_of: int | None = None
) -> tuple[int, Outcome]:
    """The id of the new capture, and its outcome: ``unchanged`` where the address gave the same bytes last time."""
    db, capture = contents.db, observation.capture
    outcome, content_hash = capture.outcome, None
    if capture.status == NOT_MODIFIED and outcome == "done":
        content_hash, outcome = captures.marked_hash(db, capture.url), "unchanged"
    elif capture.body is not None:
        packed = observation.prepared.packed if observation.prepared else None
        content_hash = contents.keep(capture.body, site_of(capture.final_url), packed)
        if outcome == "done" and captures.latest_hash(db, capture.url, capture.fetched_at) == content_hash:
            outcome = "unchanged"
    capture_id = captures.add_capture(
        db,
        capture,
        crawl_id=crawl_id,
        content_hash=content_hash,
        outcome=outcome,
        tries=observation.tries,
        part_of=part_of,
    )
    return capture_id, outcome


def address_of(article: Article) -> str:
    """The one address an article is known by: its own canonical one if that is of the same host, else its URL.

    A front page as canonical address is the mistake of a template and would melt all articles into one.
    """
    url, canonical = clean(article.url), clean(article.canonical_url or "")
    same_host = canonical and site_of(canonical) == site_of(url)
    return canonical if same_host and not is_front_page(canonical) else url


def record_article(
    db: Database,
    article: Article,
    moment: str,
    capture_id: int | None,
    *,
    same_bytes: bool,
    indexed: Indexed | None = None,
) -> tuple[int, Literal["new", "revised", "same"]]:
    """Write what one capture says of an article, as the newest that is known of it; returns the article's id.

    Without a capture it is what another program wrote.
    """
    url = address_of(article)
    row = db.execute("SELECT id, first_seen_at FROM articles WHERE url = ?", [url]).fetchone()
    article_id = row[0] if row else _free_id(db, article, moment)
    reading = _reading(article)
    fingerprint = fingerprint_of(reading)
    latest = db.execute(
        "SELECT fingerprint, reading, id FROM revisions WHERE article_id = ? ORDER BY id DESC LIMIT 1", [article_id]
    ).fetchone()
    # Equal bytes can still read differently ("3小时前" resolves against the clock); that is no edit.
    edited = latest is None or (latest[0] != fingerprint and not same_bytes)
    if edited:
        with by_hand(db):
            _write_article(db, article_id, url, article, moment, indexed)
            if latest:
                add_past_text(db, latest[2], latest[1])
            _add_revision(db, article_id, capture_id, moment, fingerprint, reading, latest[1] if latest else None)
        _replace_sections(db, article_id, article)
    db.execute(
        """
        UPDATE articles SET first_seen_at = min(first_seen_at, :moment), last_seen_at = :moment, state = 'live',
            gone_at = NULL, views = coalesce(:views, views), modified_at = coalesce(:modified_at, modified_at),
            image = coalesce(:image, image)
        WHERE id = :id
        """,
        {
            "moment": moment,
            "views": article.views,
            "modified_at": to_utc(article.modified_at) if article.modified_at else None,
            "image": article.image,
            "id": article_id,
        },
    )
    if article.views is not None:
        db.execute(
            "INSERT INTO view_counts (article_id, observed_at, value, raw, capture_id) VALUES (?, ?, ?, ?, ?)",
            [article_id, moment, article.views, article.views_raw, capture_id],
        )
    for label, links in groupby(article.related, key=lambda link: link.block):
        record_list(db, "related", url, label, links, article_id, moment, capture_id)
    return article_id, ("same" if not edited else "revised" if latest else "new")


def _free_id(db: Database, article: Article, moment: str) -> int:
    """An id that grows with the time of publication, so that "newest first" is the order of the table."""
    minutes = minutes_since_2000(article.published_at or from_utc(moment))
    wanted = (minutes << _IDS_PER_MINUTE_BITS) or 1
    row = db.execute(
        """
        WITH RECURSIVE candidate(id) AS (
            SELECT :wanted
            UNION ALL
            SELECT id + 1 FROM candidate
            WHERE EXISTS (SELECT 1 FROM articles WHERE articles.id = candidate.id)
                OR EXISTS (SELECT 1 FROM tombstones WHERE article_id = candidate.id)
        )
        SELECT max(id) FROM candidate
        """,
        {"wanted": wanted},
    ).fetchone()
    return int(row[0])


def _write_article(
    db: Database, article_id: int, url: str, article: Article, moment: str, indexed: Indexed | None
) -> None:
    """The row of an article and its words in the index, which the triggers would take ten times as long for."""
    before = db.execute("SELECT title, body FROM articles WHERE id = ?", [article_id]).fetchone()
    _upsert_article(db, article_id, url, article, moment)
    if before == (article.title, article.body):
        return
    if indexed is None or (indexed.title, indexed.body) != (article.title, article.body):
        indexed = index(db, article.title, article.body)
    if before:
        remove_words(db, INDEX, article_id, *before)
    add_words(db, INDEX, article_id, *indexed.words)
    if before is None or before[1] != article.body:
        was = before[1] if before and isinstance(before[1], str) else None  # a BLOB is no text of ours
        reprints.settle(db, article_id, was, article.body, indexed.keys)


def remove_article(db: Database, article_id: int) -> None:
    """Take an article out, with all that was read of it."""
    (body,) = db.execute("SELECT body FROM articles WHERE id = ?", [article_id]).fetchone()
    reprints.leave(db, article_id, body or "")
    db.execute("DELETE FROM articles WHERE id = ?", [article_id])


def _upsert_article(db: Database, article_id: int, url: str, article: Article, moment: str) -> None:
    published = article.published_at
    db.execute(
        """
        INSERT INTO articles
            (id, url, site, title, body, summary, category, source, authors, language, published_at,
             published_precision, published_raw, timezone_assumed, utc_offset, first_seen_at, last_seen_at, changed_at)
        VALUES
            (:id, :url, :site, :title, :body, :summary, :category, :source, :authors, :language, :published_at,
             :published_precision, :published_raw, :timezone_assumed, :utc_offset, :moment, :moment, :moment)
        ON CONFLICT(url) DO UPDATE SET
            title = excluded.title, body = excluded.body, summary = excluded.summary, category = excluded.category,
            source = excluded.source, authors = excluded.authors, language = excluded.language,
            published_at = excluded.published_at, published_precision = excluded.published_precision,
            published_raw = excluded.published_raw, timezone_assumed = excluded.timezone_assumed,
            utc_offset = excluded.utc_offset, changed_at = excluded.changed_at
        """,
        {
            "id": article_id,
            "url": url,
            "site": site_of(url),
            "title": article.title,
            "body": article.body,
            "summary": article.summary,
            "category": article.category,
            "source": article.source,
            "authors": json.dumps(article.authors, ensure_ascii=False),
            "language": article.language,
            "published_at": to_utc(published) if published else None,
            "published_precision": article.published_precision,
            "published_raw": article.published_raw,
            "timezone_assumed": article.timezone_assumed,
            "utc_offset": offset_minutes(published) if published else None,
            "moment": moment,
        },
    )


def _replace_sections(db: Database, article_id: int, article: Article) -> None:
    db.execute("DELETE FROM sections WHERE article_id = ?", [article_id])
    db.conn.executemany(
        "INSERT INTO sections (article_id, position, level, heading, text) VALUES (?, ?, ?, ?, ?)",
        [
            (article_id, position, section.level, section.heading, "\n".join(section.paragraphs))
            for position, section in enumerate(article.sections, start=1)
        ],
    )


def _reading(article: Article) -> dict[str, Any]:  # Any: nested JSON values
    """The article as the revision keeps it: without what moves at every visit or is kept in tables of its own."""
    values = as_json(article)
    for key in ("kind", "url", "views", "views_raw", "related", "next"):
        del values[key]
    return values


def _content(reading: dict[str, Any]) -> dict[str, Any]:
    return {key: reading[key] for key in CONTENT}


def fingerprint_of(reading: dict[str, Any]) -> str:
    """Equal for revisions that say the same."""
    text = json.dumps(_content(reading), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _add_revision(
    db: Database,
    article_id: int,
    capture_id: int | None,
    moment: str,
    fingerprint: str,
    reading: dict[str, Any],
    latest: str | None,
) -> None:
    text = json.dumps(reading, ensure_ascii=False)
    before, now = (json.loads(latest) if latest else None), json.loads(text)  # both as JSON: tuples become lists
    changed = [key for key in CONTENT if before is not None and before[key] != now[key]]
    db.execute(
        """
        INSERT INTO revisions (article_id, capture_id, observed_at, fingerprint, reading, changed_fields)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [article_id, capture_id, moment, fingerprint, text, json.dumps(changed)],
    )


def record_list(
    db: Database,
    kind: Literal["page", "related"],
    url: str,
    label: str | None,
    links: Iterable[Link],
    article_id: int | None,
    moment: str,
    capture_id: int | None,
) -> None:
    """Write one list as one capture showed it; ``article_id`` is whose block of recommendations it is."""
    (listing_id,) = db.execute(
        """
        INSERT INTO listings (url, kind, label, article_id, observed_at, capture_id)
        VALUES (?, ?, ?, ?, ?, ?) RETURNING id
        """,
        [clean(url), kind, label, article_id, moment, capture_id],
    ).fetchone()
    db.conn.executemany(
        """
        INSERT INTO links (listing_id, position, url, title, summary, source, image, article_id)
        VALUES (:listing_id, :position, :url, :title, :summary, :source, :image, coalesce(
            (SELECT id FROM articles WHERE url = :url),
            (
                SELECT article_id FROM captures WHERE url = :url AND article_id IS NOT NULL
                ORDER BY fetched_at DESC, id DESC LIMIT 1
            )
        ))
        """,
        [
            {
                "listing_id": listing_id,
                "position": position,
                "url": clean(link.url),
                "title": link.title,
                "summary": link.summary,
                "source": link.source,
                "image": link.image,
            }
            for position, link in enumerate(links, start=1)
        ],
    )
    blank_teasers_of(db, listing_id)


def link_capture(db: Database, capture_id: int, article_id: int, addresses: set[str]) -> None:
    """The capture names its article, and teasers seen earlier now lead to it."""
    db.execute("UPDATE captures SET article_id = ? WHERE id = ?", [article_id, capture_id])
    for address in addresses:
        db.execute("UPDATE links SET article_id = ? WHERE url = ? AND article_id IS NULL", [article_id, clean(address)])
