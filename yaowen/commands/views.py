"""Show how often an article was read, over time."""

from pathlib import Path

import click

from archive.counters import Step, growth_per_day, steps
from archive.store import Archive
from archive.times import to_utc
from yaowen.options import archive_option, json_option
from yaowen.output import moment, print_json, remark, sparkline


@click.command("views")
@click.argument("article", metavar="ID|URL")
@json_option
@archive_option
def command(article: str, as_json: bool, archive_path: Path) -> None:
    """List every observed counter of an article: as printed, as a number, what it gained and how fast.

    A rate of over five times the usual one is marked as a jump, a counter that fell as a reset.
    """
    with Archive.open(archive_path, read_only=True) as archive:
        found = archive.article(article)
        counts = archive.view_counts(found.id)
        series, per_day = steps(counts), growth_per_day(counts)
        if as_json:
            print_json(
                {
                    "id": found.id,
                    "url": found.url,
                    "title": found.title,
                    "per_day": round(per_day, 1) if per_day is not None else None,
                    "counts": [_as_json(step) for step in series],
                }
            )
            return
        click.echo(f"{click.style(found.title, bold=True)} · id {found.id}")
        if not series:
            remark("No counter was ever seen on its page")
            return
        for step in series:
            click.echo(_line(step))
        rate = f" · {per_day:,.0f} a day" if per_day is not None else ""
        click.echo(f"{sparkline([count.value for count in counts])}  {counts[0].value:,} → {counts[-1].value:,}{rate}")


def _line(step: Step) -> str:
    count = step.count
    raw = f" ({count.raw})" if count.raw and count.raw != str(count.value) else ""
    gained = f"{step.gained:+,}" if step.gained is not None else ""
    rate = f"{step.per_day:,.0f} a day" if step.per_day is not None else ""
    mark = click.style(step.mark, bold=True) if step.mark else ""
    return f"{moment(count.observed_at)}  {count.value:>12,}{raw}  {gained:>9}  {rate:>16}  {mark}".rstrip()


def _as_json(step: Step) -> dict[str, str | int | float | None]:
    return {
        "observed_at": to_utc(step.count.observed_at),
        "value": step.count.value,
        "raw": step.count.raw,
        "gained": step.gained,
        "per_day": round(step.per_day, 1) if step.per_day is not None else None,
        "mark": step.mark,
    }
