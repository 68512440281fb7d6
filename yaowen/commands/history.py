"""Tell what was edited in an article, and when."""

from pathlib import Path
from typing import Any

import click

from archive.history import Diff, history
from archive.store import Archive, Revision
from archive.times import to_utc
from yaowen.options import archive_option, json_option
from yaowen.output import moment, print_json


@click.command("history")
@click.argument("article", metavar="ID|URL")
@json_option
@archive_option
def command(article: str, as_json: bool, archive_path: Path) -> None:
    """List the revisions of an article with the kind and the amount of each edit.

    `yaowen diff` shows the words. Kinds are: headline, date moved, source changed, category changed, authors changed,
    text added, text removed, correction, rewritten, and back again for a content that stood there before.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = archive.article(article)
        revisions = archive.revisions(found.id)
        edits = history(revisions)
        if as_json:
            first = [_as_json(1, revision) for revision in revisions[:1]]
            later = [_as_json(number, edit.after, edit) for number, edit in enumerate(edits, start=2)]
            print_json({"id": found.id, "url": found.url, "title": found.title, "revisions": first + later})
            return
        click.echo(f"{click.style(found.title, bold=True)} · id {found.id}")
        for revision in revisions[:1]:
            click.echo(f"1. {moment(revision.observed_at)}: first seen")
        for number, edit in enumerate(edits, start=2):
            _print_edit(number, edit)


def _print_edit(number: int, edit: Diff) -> None:
    kinds = ", ".join(edit.kinds) or "no change in what is compared"
    click.echo(
        f"{number}. {moment(edit.after.observed_at)}: {kinds} · +{edit.added} −{edit.removed} characters of text"
    )
    for change in edit.fields:
        click.echo(f"   {change.field}: {change.before or 'none'} → {change.after or 'none'}")
    for section in _sections(edit):
        click.echo(f"   in {section or 'the text before the first heading'}")


def _sections(edit: Diff) -> list[str | None]:
    """The headings of the sections in which something changed, in order."""
    return list(dict.fromkeys(block.section for block in edit.blocks if block.change != "same"))


def _as_json(number: int, revision: Revision, edit: Diff | None = None) -> dict[str, Any]:  # Any: JSON values
    values = edit.fields if edit else ()
    return {
        "number": number,
        "id": revision.id,
        "observed_at": to_utc(revision.observed_at),
        "kinds": list(edit.kinds) if edit else [],
        "fields": [{"field": one.field, "before": one.before, "after": one.after} for one in values],
        "sections": _sections(edit) if edit else [],
        "added": edit.added if edit else 0,
        "removed": edit.removed if edit else 0,
        "share": round(edit.share, 4) if edit else 0.0,
    }
