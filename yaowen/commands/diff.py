"""Show the words that an edit of an article changed."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from archive.errors import UnknownRevision
from archive.history import BlockChange, Diff, diff
from archive.store import Archive, Revision
from archive.times import to_utc
from archive.words import Span
from yaowen.options import archive_option, json_option
from yaowen.output import moment, print_json, remark

COLOURS = {"-": "red", "+": "green"}
MARKS = {"-": ("[-", "-]"), "+": ("{+", "+}"), "=": ("", "")}
"""Around what was taken out and put in, where there are no colours."""


@click.command("diff")
@click.argument("article", metavar="ID|URL")
@click.argument("revisions", metavar="[REV REV]", nargs=-1, type=click.IntRange(min=1))
@json_option
@archive_option
def command(article: str, revisions: tuple[int, ...], as_json: bool, archive_path: Path) -> None:
    """Compare two revisions of an article, numbered as `yaowen history` prints them.

    One number compares that revision with the one before it; none compares the last two.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = archive.article(article)
        known = archive.revisions(found.id)
        if len(known) < 2:
            remark(
                f"{found.url} has one revision; nothing was edited since {moment(known[0].observed_at)}"
                if known
                else f"{found.url} has no revision"
            )
            sys.exit(1)
        before, after = _chosen(found.id, revisions, known)
        found_diff = diff(known[before - 1], known[after - 1], known[: min(before, after) - 1])
        if as_json:
            print_json({"id": found.id, "url": found.url} | _as_json(before, after, found_diff))
        else:
            _print(before, after, found_diff)


def _chosen(article_id: int, numbers: tuple[int, ...], known: tuple[Revision, ...]) -> tuple[int, int]:
    if len(numbers) > 2:
        raise click.UsageError("Two revisions can be compared, not more")
    for number in numbers:
        if number > len(known):
            raise UnknownRevision(article_id, number, len(known))
    if not numbers:
        return len(known) - 1, len(known)
    if len(numbers) == 2:
        return numbers
    if numbers[0] == 1:
        raise click.UsageError("Nothing stands before revision 1; give two numbers, such as 1 2")
    return numbers[0] - 1, numbers[0]


def _print(before: int, after: int, found: Diff) -> None:
    click.echo(f"Revision {before} of {moment(found.before.observed_at)}")
    click.echo(f"Revision {after} of {moment(found.after.observed_at)}")
    kinds = ", ".join(found.kinds) or "no change in what is compared"
    click.echo(f"{kinds} · +{found.added} −{found.removed} characters of text")
    for change in found.fields:
        click.echo(f"\n{change.field}: {_shown(change.words)}")
    section: str | None = ""
    for block in found.blocks:
        if block.change == "same":
            continue
        if block.section != section and not block.is_heading:
            click.echo(
                "\n" + click.style(f"【{block.section}】" if block.section else "(before the first heading)", bold=True)
            )
        section = block.section
        click.echo(f"\n【{_shown(block.words)}】" if block.is_heading else _shown(block.words))


def _shown(words: Iterable[Span]) -> str:
    if sys.stdout.isatty():
        return "".join(click.style(span.text, fg=COLOURS.get(span.operation)) for span in words)
    return "".join(span.text.join(MARKS[span.operation]) for span in words)


def _as_json(before: int, after: int, found: Diff) -> dict[str, Any]:  # Any: JSON values
    return {
        "before": {"number": before, "id": found.before.id, "observed_at": to_utc(found.before.observed_at)},
        "after": {"number": after, "id": found.after.id, "observed_at": to_utc(found.after.observed_at)},
        "kinds": list(found.kinds),
        "added": found.added,
        "removed": found.removed,
        "share": round(found.share, 4),
        "fields": [
            {"field": one.field, "before": one.before, "after": one.after, "words": _words(one.words)}
            for one in found.fields
        ],
        "text": [_block(block) for block in found.blocks if block.change != "same"],
    }


def _block(block: BlockChange) -> dict[str, Any]:
    return {
        "change": block.change,
        "section": block.section,
        "is_heading": block.is_heading,
        "words": _words(block.words),
    }


def _words(words: Iterable[Span]) -> list[list[str]]:
    return [[span.operation, span.text] for span in words]
