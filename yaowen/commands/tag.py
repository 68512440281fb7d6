"""Put tags on articles, or take them off."""

from pathlib import Path

import click

from archive import marks
from archive.store import Archive
from yaowen.options import archive_option, json_option
from yaowen.output import print_json, remark


@click.command("tag")
@click.argument("article", metavar="[ID|URL]", required=False)
@click.argument("tags", nargs=-1, metavar="[WORD]...")
@click.option("--remove", is_flag=True, help="Take these tags off.")
@json_option
@archive_option
def command(article: str | None, tags: tuple[str, ...], remove: bool, as_json: bool, archive_path: Path) -> None:
    """Put each WORD on an article, and list its tags; without an article, list all tags with their numbers.

    Tags are yours: no page says them, no crawl changes them, and `yaowen search tag:WORD` finds them.

    \b
    Examples:
      yaowen tag 214088832 核对 专题
      yaowen tag 214088832 专题 --remove
      yaowen tag
    """
    with Archive.open(archive_path, read_only=not tags, must_exist=True) as archive:
        if article is None:
            _print_all(marks.all_tags(archive.db), as_json=as_json)
            return
        found = archive.article(article)
        if tags:
            _change(archive, found.id, tags, remove=remove)
        now = marks.tags_of(archive.db, found.id)
    if as_json:
        print_json({"id": found.id, "title": found.title, "tags": list(now)})
        return
    click.echo(f"{click.style(found.title, bold=True)} · id {found.id}: {' · '.join(now) or 'no tag'}")


def _change(archive: Archive, article_id: int, tags: tuple[str, ...], *, remove: bool) -> None:
    """All of them or none."""
    with archive.writing():
        for word in tags:
            if remove and not marks.untag(archive, article_id, word):
                remark(f"It has no tag {word}")
            elif not remove:
                marks.tag(archive, article_id, word)


def _print_all(tags: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json({"tags": [{"tag": tag, "articles": count} for tag, count in tags.items()]})
        return
    for tag, count in tags.items():
        click.echo(f"{tag} {count:,}")
