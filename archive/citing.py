"""What is cited of an article, and what vouches for it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from archive.citations import Citation
from archive.store import Archive, Revision, StoredArticle
from archive.times import moment_of, offset_minutes, to_utc
from archive.urls import clean, site_of

NO_LOOK = "no look at its page is kept"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
"""What no reader sees: it hides in words, or turns the direction of those that follow."""


def citation_of(archive: Archive, wanted: int | str, number: int | None = None) -> Citation:
    """What is cited of the article with this id or address: its revision of this number, or the newest one.

    A revision is cited as the look that showed it was read, whatever another program has written over it since. Raises
    ``UnknownArticle``, ``ForgottenArticle`` and ``UnknownRevision``.
    """
    article = archive.article(wanted)
    revisions = archive.revisions(article.id)
    if number is None and not revisions:
        seen_at = _by_clock_of(article, article.last_seen_at)
        return replace(_described(article), seen_at=seen_at, last_seen_at=seen_at, unhashed=NO_LOOK)
    number = len(revisions) if number is None else number
    article = archive.article_in(article, number)
    hashes, unhashed = _hashes(archive, revisions[number - 1])
    return replace(
        _described(article),
        revision=number,
        revisions=len(revisions),
        seen_at=_by_clock_of(article, revisions[number - 1].observed_at),
        last_seen_at=_by_clock_of(article, _last_seen(archive, article.id, revisions[number - 1 :])),
        content_hash=hashes[0] if hashes else None,
        part_hashes=tuple(hashes[1:]),
        unhashed=unhashed,
    )


def _described(article: StoredArticle) -> Citation:
    """What is cited of it, without what vouches for that."""
    site = one_line(article.site) or site_of(article.url)
    return Citation(
        article_id=article.id,
        url=one_line(clean(article.url)),
        site=site,
        site_name=site,
        title=one_line(article.title),
        authors=tuple(filter(None, map(one_line, article.authors))),
        source=one_line(article.source or "") or None,
        language=one_line(article.language or "") or None,
        published_at=article.published_at,
        published_precision=one_line(article.published_precision or "") or None,
        gone_at=_by_clock_of(article, article.gone_at) if article.state == "gone" else None,
    )


def _by_clock_of(article: StoredArticle, seen_at: datetime | None) -> datetime | None:
    """The look as the page's own clock told it: by another one its day might come before that of the publication."""
    published = article.published_at
    return moment_of(to_utc(seen_at), offset_minutes(published)) if seen_at and published else seen_at


def one_line(text: object) -> str:
    """What a page printed, on one line, without what steers a terminal or hides.

    >>> one_line("运河边\\n\\x1b[2J的  图书馆\\u202e")
    '运河边 [2J的 图书馆'
    """
    return " ".join(_UNSEEN.sub("", _CONTROL.sub(" ", str(text))).split())


def _hashes(archive: Archive, revision: Revision) -> tuple[list[str], str | None]:
    """The hashes of the pages that a revision was read from, the first page's first, or why there are none.

    Those of pruned bytes too: somebody else may have the bytes.
    """
    rows = archive.db.execute(
        """
        WITH looks(id) AS (
            SELECT capture_id FROM revisions WHERE id = :revision
            UNION ALL
            SELECT captures.id FROM captures JOIN revisions ON part_of = capture_id WHERE revisions.id = :revision
        )
        SELECT CAST(content_hash AS TEXT) FROM looks JOIN captures USING (id) ORDER BY part_of IS NOT NULL, captures.id
        """,
        {"revision": revision.id},
    ).fetchall()
    if not rows:
        return [], NO_LOOK
    if rows[0][0] is None:
        return [], "the look that showed it left no bytes"
    return [content_hash for (content_hash,) in rows if content_hash], None


def _last_seen(archive: Archive, article_id: int, revisions: Sequence[Revision]) -> datetime:
    """The last look that showed the first of these revisions, before it gave way to the next."""
    until = revisions[1].observed_at if len(revisions) > 1 else None
    (latest,) = archive.db.execute(
        """
        SELECT max(fetched_at) FROM captures
        WHERE article_id = :article AND part_of IS NULL AND outcome IN ('done', 'unchanged')
            AND (:until IS NULL OR fetched_at < :until)
        """,
        {"article": article_id, "until": to_utc(until) if until else None},
    ).fetchone()
    return max(revisions[0].observed_at, moment_of(latest) or revisions[0].observed_at)
