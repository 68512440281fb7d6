"""Cite articles as scholars do."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from archive.citations import STYLES, Citation, bibliography, cite
from archive.citing import citation_of
from archive.files import real_path, whole
from archive.plurals import counted
from archive.store import Archive
from archive.times import to_utc
from crawler.sites import site_for
from yaowen.options import archive_option, json_option
from yaowen.output import json_text, remark


@click.command("cite")
@click.argument("articles", metavar="ID|URL ...", nargs=-1, required=True)
@click.option("--style", type=click.Choice(STYLES), default="gbt7714", show_default=True, help="The style.")
@click.option("--revision", type=int, metavar="N", help="This revision, as `yaowen history` counts; else the newest.")
@click.option("-o", "--output", default="-", metavar="FILE|-", help="Where to; standard output where nothing is named.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@json_option
@archive_option
def command(
    articles: tuple[str, ...],
    style: str,
    revision: int | None,
    output: str,
    force: bool,
    as_json: bool,
    archive_path: Path,
) -> None:
    """Cite the articles with these IDs or addresses: what stood there, when it was seen, and the hash of its bytes.

    gbt7714: GB/T 7714-2015. apa: APA 7. bibtex: BibTeX and biblatex. ris: EndNote and others. csl-json: Zotero, pandoc.
    With --json, all of them and the facts.
    """
    if revision is not None and len(articles) > 1:
        raise click.UsageError("--revision is that of one article")
    if output != "-" and archive_path.exists() and real_path(Path(output)) == archive_path.resolve():
        raise click.UsageError(f"{output} is the archive itself")
    with Archive.open(archive_path, read_only=True) as archive:
        citations = dict.fromkeys(_named(citation_of(archive, article, revision)) for article in articles)
    for citation in citations:
        if citation.unhashed:
            remark(f"{citation.article_id} is cited without a hash: {citation.unhashed}")
    text = f"{json_text([_as_json(one) for one in citations])}\n" if as_json else bibliography(style, citations)
    if output == "-":
        click.echo(text, nl=False)
        return
    with whole(Path(output), force=force) as path:
        path.write_bytes(text.encode())
    click.echo(f"{output}: {counted(len(citations), 'citation')}")


def _named(citation: Citation) -> Citation:
    """With the name of the site, where it has a file here."""
    site = site_for(citation.url)
    return replace(citation, site_name=site.name) if site else citation


def _as_json(citation: Citation) -> dict[str, Any]:  # Any: JSON values
    facts = {"id": citation.article_id} | asdict(citation)
    del facts["article_id"]
    for name in ("seen_at", "last_seen_at", "gone_at"):
        facts[name] = to_utc(facts[name]) if facts[name] else None
    published = citation.published_at.isoformat() if citation.published_at else None
    return facts | {"published_at": published, "citations": {style: cite(style, citation) for style in STYLES}}
