"""Write the file of a site from one of its pages: name, host, time zone and what it puts behind each headline."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import click

from archive.models import Article, as_json
from crawler.parsers import read_page
from crawler.parsers.characters import decode
from crawler.parsers.dates import zone_for
from crawler.parsers.document import parse
from crawler.parsers.embedded import Embedded, read_embedded
from crawler.sites import site_for
from yaowen.fetching import fetch
from yaowen.options import allow_address_option

SITES = Path(__file__).parents[1] / "crawler" / "sites"

LAST_WORDS = re.compile(r"\s*[_|·»–—-]\s*([^_|·»–—-]+)$")
"""What stands behind a headline and its column: the site's name, and the mark before it."""


@click.command()
@click.argument("url")
@allow_address_option
@click.option(
    "--into", type=click.Path(file_okay=False, exists=True, path_type=Path), default=SITES, help="The folder."
)
def main(url: str, allowed: tuple[str, ...], into: Path) -> None:
    """Fetch the article at URL and write the stub of its site's file."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    path = into / f"{re.sub(r'[^a-z0-9]+', '_', host)}.py"
    if not host:
        raise click.UsageError(f"{url} is no web address")
    known = site_for(url)
    if known or path.exists():
        raise click.ClickException(f"{host} has a file already: {known.name if known else path}")
    fetched = fetch(url, allowed, {})
    page = read_page(fetched.html, fetched.url, content_type=fetched.content_type)
    if not isinstance(page, Article):
        raise click.ClickException(f"{url} is a list; the address of an article tells more about its site")
    told = read_embedded(parse(decode(fetched.html, fetched.content_type).text, fetched.url))
    path.write_text(stub(host, page, told), encoding="utf-8")
    click.echo(f"{path}\nThis is how the page reads without it; give a rule to each field that is wrong:\n")
    for field, value in as_json(page).items():
        click.echo(f"{field:20} {str(value)[:100]}")


def stub(host: str, page: Article, told: Embedded) -> str:
    """The file's text."""
    named = told.document_title.value if told.document_title else ""
    behind = LAST_WORDS.search(named.removeprefix(page.title)) if named.startswith(page.title) else None
    name = behind[1] if behind else host
    lines = [
        f'"""{name}."""',
        "",
        "from crawler.sites import Site",
        "",
        "SITE = Site(",
        f"    name={_quoted(name)},",
        f"    hosts=({_quoted(host)},),",
        f"    timezone={_quoted(zone_for(page.language))},",
    ]
    if behind:
        lines.append(f"    title_suffix={_quoted(behind[0])},")
    return "\n".join([*lines, ")", ""])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    main()
