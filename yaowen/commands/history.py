"""Tell what was edited in an article, and when."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive.history import Diff, history
from archive.life import Gone, absences
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
    text added, text removed, correction, rewritten, and back again for a content that stood there before. Between them
    stand the times in which the article was removed from its site.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = archive.article(article)
        revisions = archive.revisions(found.id)
        edits, absent = history(revisions), absences(archive.db, found.id)
        if as_json:
            first = [_as_json(1, revision) for revision in revisions[:1]]
            later = [_as_json(number, edit.after, edit) for number, edit in enumerate(edits, start=2)]
            told = {"id": found.id, "url": found.url, "title": found.title, "revisions": first + later}
            print_json(told | {"absences": [_absence_as_json(one) for one in absent]})
            return
    click.echo(f"{click.style(found.title, bold=True)} · id {found.id}")
    lines = [(revision.observed_at, f"1. {moment(revision.observed_at)}: first seen") for revision in revisions[:1]]
    lines += [line for one in absent for line in _absence_lines(one)]
    lines += [(edit.after.observed_at, _edit_text(number, edit)) for number, edit in enumerate(edits, start=2)]
    for _, line in sorted(lines, key=lambda line: line[0]):
        click.echo(line)


def _absence_lines(absent: Gone) -> Iterator[tuple[datetime, str]]:
    yield absent.gone_at, f"   {moment(absent.gone_at)}: removed ({absent.reason})"
    if absent.back_at:
        yield absent.back_at, f"   {moment(absent.back_at)}: back again"


def _edit_text(number: int, edit: Diff) -> str:
    kinds = ", ".join(edit.kinds) or "no change in what is compared"
    amount = f"+{edit.added} −{edit.removed} characters of text"
    fields = [f"   {change.field}: {change.before or 'none'} → {change.after or 'none'}" for change in edit.fields]
    sections = [f"   in {section or 'the text before the first heading'}" for section in _sections(edit)]
    return "\n".join([f"{number}. {moment(edit.after.observed_at)}: {kinds} · {amount}", *fields, *sections])


def _sections(edit: Diff) -> list[str | None]:
    """The headings of the sections in which something changed, in order."""
    return list(dict.fromkeys(block.section for block in edit.blocks if block.change != "same"))


def _absence_as_json(absent: Gone) -> dict[str, Any]:  # Any: JSON values
    back_at = to_utc(absent.back_at) if absent.back_at else None
    return {"gone_at": to_utc(absent.gone_at), "back_at": back_at, "reason": absent.reason}


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
