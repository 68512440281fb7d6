"""Add a golden page to the tests: the bytes as they came, and the reading of today as the truth to be corrected."""

import json
from pathlib import Path
from typing import Any

import click

from archive.models import Article, Page, as_json
from crawler.parsers import read_page
from yaowen.fetching import fetch
from yaowen.options import allow_address_option

PAGES = Path(__file__).parents[1] / "tests" / "pages"
TOLD = ("kind", "title", "published_at", "category", "source", "authors", "views")


@click.command()
@click.argument("url")
@click.argument("name")
@allow_address_option
@click.option(
    "--into", type=click.Path(file_okay=False, exists=True, path_type=Path), default=PAGES, help="The folder."
)
def main(url: str, name: str, allowed: tuple[str, ...], into: Path) -> None:
    """Fetch the page at URL and keep it as NAME.html, with NAME.json saying how it reads."""
    html, truth = into / f"{name}.html", into / f"{name}.json"
    if html.exists() or truth.exists() or Path(name).name != name:
        raise click.UsageError(f"{name} is taken or no plain name")
    fetched = fetch(url, allowed, {})
    page = read_page(fetched.html, fetched.url, content_type=fetched.content_type)
    values = {"url": fetched.url, "content_type": fetched.content_type, **told(page)}
    html.write_bytes(fetched.html)
    truth.write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    click.echo(f"{html}\n{truth}\nThe second says how the page reads today. Correct it by what a reader sees.")


def told(page: Page) -> dict[str, Any]:  # Any: JSON values
    """The fields that the test of golden pages compares."""
    values = {name: value for name, value in as_json(page).items() if name in TOLD}
    if isinstance(page, Article):
        links = page.related
        values["headings"] = [section.heading for section in page.sections]
        values["paragraphs"] = [text for section in page.sections for text in section.paragraphs]
    else:
        links = page.links
    return {**values, "urls": [link.url for link in links], "titles": [link.title for link in links]}


if __name__ == "__main__":
    main()
