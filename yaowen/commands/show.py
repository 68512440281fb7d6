"""Show one article: its text, its counters, its edits, what it recommended."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive.errors import UnknownSection
from archive.marks import notes_of, tags_of
from archive.plurals import counted
from archive.reprints import Cluster, cluster_of
from archive.store import Archive, StoredArticle
from archive.times import to_utc
from yaowen.options import archive_option, json_option
from yaowen.output import headline, moment, print_json


@click.command("show")
@click.argument("article", metavar="ID|ID#SECTION|URL")
@click.option("--revision", type=int, metavar="N", help="As it stood in this revision, as `yaowen history` counts.")
@json_option
@archive_option
def command(article: str, revision: int | None, as_json: bool, archive_path: Path) -> None:
    """Show the article with this ID (as `yaowen search` prints it) or address, or from one of its sections on."""
    with Archive.open(archive_path, read_only=True) as archive:
        found = archive.article(article)
        position = _position(article)
        if revision is not None:
            found = archive.article_in(found, revision)
        if not 1 <= position <= max(1, len(found.sections)):
            raise UnknownSection(found.id, position, len(found.sections))
        if as_json:
            print_json(_as_json(archive, found, position))
        else:
            _print_article(found, position)
            _print_marks(archive, found)
            _print_history(archive, found)


def _position(typed: str) -> int:
    """The section that is asked for, from 1.

    >>> _position("214088832#3"), _position("https://news.example/a#3")
    (3, 1)
    """
    found = re.fullmatch(r"\d+#(\d+)", typed)
    return int(found[1]) if found else 1


def _print_article(article: StoredArticle, position: int) -> None:
    click.echo(click.style(article.title, bold=True))
    click.echo(
        " · ".join(
            fact
            for fact in (
                article.published_raw or moment(article.published_at),
                article.category,
                counted(article.views, "view") if article.views is not None else None,
                f"source {article.source}" if article.source else None,
                "by " + ", ".join(article.authors) if article.authors else None,
                f"gone since {moment(article.gone_at)}".rstrip() if article.state == "gone" else None,
            )
            if fact
        )
    )
    click.echo(f"{article.url} · id {article.id}")
    if position > 1:
        click.echo(f"… from section {position} of {len(article.sections)} on; `yaowen show {article.id}` shows all")
    for section in article.sections[position - 1 :]:
        click.echo()
        if section.heading:
            click.echo(click.style(f"【{section.heading}】", bold=True))
        for paragraph in section.paragraphs:
            click.echo(paragraph)


def _print_marks(archive: Archive, article: StoredArticle) -> None:
    tags, notes = tags_of(archive.db, article.id), notes_of(archive.db, article.id)
    if tags or notes:
        click.echo()
    if tags:
        click.echo(f"Tags: {' · '.join(tags)}")
    for note in notes:
        click.echo(f"Note {note.id}, {moment(note.noted_at)}: {note.text}")


def _print_history(archive: Archive, article: StoredArticle) -> None:
    click.echo()
    click.echo(f"First seen {moment(article.first_seen_at)}, last seen {moment(article.last_seen_at)}")
    counts = archive.view_counts(article.id)
    if counts:
        click.echo("Views: " + " → ".join(f"{count.value:,} ({moment(count.observed_at)})" for count in counts))
    _print_reprints(cluster_of(archive.db, article.id), article)
    revisions = archive.revisions(article.id)
    for number, revision in enumerate(revisions, start=1):
        changed = ", ".join(revision.changed_fields)
        click.echo(
            f"Revision {number} of {len(revisions)}: {moment(revision.observed_at)}"
            + (f", changed: {changed}" if changed else "")
        )
        if "title" in revision.changed_fields:
            click.echo(f"  title now: {revision.reading['title']}")
    links = archive.recommended(article.id)
    if links:
        click.echo(f"It recommended ({links[0].label or 'no label'}):")
        for link in links:
            known = f"id {link.article_id}" if link.article_id else "never fetched"
            click.echo(f"  {link.position}. {headline(link.title)} · {known}")


def _print_reprints(cluster: Cluster | None, article: StoredArticle) -> None:
    if cluster is None:
        return
    first = "this one" if cluster.first.id == article.id else f"id {cluster.first.id} of {cluster.first.site}"
    named = f"; {cluster.named_by} name {cluster.named_source} as source" if cluster.named_source else ""
    click.echo(f"{len(cluster.reprints)} articles print this text, probably first {first}{named}:")
    for one in cluster.reprints:
        original = f" · originally {one.original_title}" if one.original_title else ""
        click.echo(f"  {moment(one.earliest)} · {one.site} · {one.title} · id {one.id}{original}")


def _utc(moment: datetime | None) -> str | None:
    return to_utc(moment) if moment else None


def _as_json(archive: Archive, article: StoredArticle, position: int) -> dict[str, Any]:  # Any: JSON values
    return {
        "id": article.id,
        "url": article.url,
        "site": article.site,
        "title": article.title,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "published_precision": article.published_precision,
        "published_raw": article.published_raw,
        "timezone_assumed": article.timezone_assumed,
        "category": article.category,
        "source": article.source,
        "authors": list(article.authors),
        "views": article.views,
        "summary": article.summary,
        "language": article.language,
        "image": article.image,
        "state": article.state,
        "gone_at": _utc(article.gone_at),
        "first_seen_at": _utc(article.first_seen_at),
        "last_seen_at": _utc(article.last_seen_at),
        "changed_at": _utc(article.changed_at),
        "sections": [
            {"position": number, "heading": one.heading, "level": one.level, "paragraphs": list(one.paragraphs)}
            for number, one in enumerate(article.sections, start=1)
            if number >= position
        ],
        "view_counts": [
            {"observed_at": to_utc(count.observed_at), "value": count.value, "raw": count.raw}
            for count in archive.view_counts(article.id)
        ],
        "revisions": [
            {"observed_at": to_utc(revision.observed_at), "changed_fields": list(revision.changed_fields)}
            for revision in archive.revisions(article.id)
        ],
        "related": [
            {
                "position": link.position,
                "block": link.label,
                "url": link.url,
                "title": link.title,
                "article_id": link.article_id,
            }
            for link in archive.recommended(article.id)
        ],
        "tags": list(tags_of(archive.db, article.id)),
        "notes": [
            {"note": note.id, "noted_at": to_utc(note.noted_at), "text": note.text}
            for note in notes_of(archive.db, article.id)
        ],
        "reprints": _reprints_as_json(cluster_of(archive.db, article.id)),
    }


def _reprints_as_json(cluster: Cluster | None) -> dict[str, Any] | None:  # Any: JSON values
    if cluster is None:
        return None
    return {
        "first_id": cluster.first.id,
        "named_source": cluster.named_source,
        "named_by": cluster.named_by,
        "articles": [
            {
                "id": one.id,
                "url": one.url,
                "site": one.site,
                "title": one.title,
                "source": one.source,
                "original_title": one.original_title,
                "earliest": _utc(one.earliest),
            }
            for one in cluster.reprints
        ],
    }
