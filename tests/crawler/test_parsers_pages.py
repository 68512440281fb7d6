"""Each page of ``tests/pages`` shows one behaviour; only the fields in its json are compared, one test per field."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.models import Article, Link, Listing, Page, as_json
from crawler.parsers import read_page

PAGES = Path(__file__).parents[1] / "pages"
ABOUT_THE_FILE = ("url", "content_type")


def links(page: Page) -> tuple[Link, ...]:
    return page.links if isinstance(page, Listing) else page.related


def sections(page: Page) -> list[dict[str, Any]]:  # Any: nested JSON values
    assert isinstance(page, Article)
    return json.loads(json.dumps(as_json(page)["sections"]))  # type: ignore[no-any-return]  # tuples become lists


FIELDS: dict[str, Callable[[Page], object]] = {
    "sections": sections,
    "headings": lambda page: [section["heading"] for section in sections(page)],
    "paragraphs": lambda page: [text for section in sections(page) for text in section["paragraphs"]],
    "related": lambda page: list(links(page)),
    "urls": lambda page: [link.url for link in links(page)],
    "titles": lambda page: [link.title for link in links(page)],
    "summaries": lambda page: [link.summary for link in links(page)],
    "labels": lambda page: sorted({link.block or "" for link in links(page)}),
    "authors": lambda page: list(as_json(page)["authors"]),
}
"""How a field of the json is taken from a reading; the others have the names of the models."""


def cases() -> list[tuple[str, str]]:
    names = sorted(path.stem for path in PAGES.glob("*.json") if path.with_suffix(".html").exists())
    return [(name, field) for name in names for field in truth(name) if field not in ABOUT_THE_FILE]


def truth(name: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    return values


@pytest.mark.parametrize(("name", "field"), cases())
def test_the_page_reads_as_its_json_says(name: str, field: str) -> None:
    expected = truth(name)
    html = (PAGES / f"{name}.html").read_bytes()
    page = read_page(html, expected["url"], content_type=expected.get("content_type"))
    found = FIELDS[field](page) if field in FIELDS else as_json(page)[field]
    assert found == expected[field]
