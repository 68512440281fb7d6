"""The page that the project started from, in two renderings, reads as its description says."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive.models import Article
from crawler.parsers import read_page

SEED = Path(__file__).parents[2].parent / "shared" / "seed"
RENDERINGS = ("feature-semantic.html", "feature-br-gbk.html")
URL = "https://news.example/a/1.html"

pytestmark = [
    pytest.mark.skipif(not SEED.is_dir(), reason="the seed pages do not lie beside this repository"),
    pytest.mark.parametrize("rendering", RENDERINGS),
]


@pytest.fixture
def page(rendering: str) -> Article:
    page = read_page((SEED / rendering).read_bytes(), URL)
    assert isinstance(page, Article)
    return page


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:  # Any: nested JSON values
    described: dict[str, Any] = json.loads((SEED / "feature.json").read_text(encoding="utf-8"))
    return described


def test_the_title(page: Article, truth: dict[str, Any]) -> None:
    assert page.title == truth["title"]


def test_the_date_with_the_assumed_zone(page: Article, truth: dict[str, Any]) -> None:
    assert page.published_at == datetime.fromisoformat(truth["published_at"] + "+08:00")
    assert page.published_precision == "second"
    assert page.published_raw == "2022年10月15日11:43:08"
    assert page.timezone_assumed == "Asia/Shanghai"


def test_the_category(page: Article, truth: dict[str, Any]) -> None:
    assert page.category == truth["category"]


def test_the_counter(page: Article, truth: dict[str, Any]) -> None:
    assert page.views == truth["views"]
    assert str(truth["views"]) in (page.views_raw or "")


def test_the_authors(page: Article, truth: dict[str, Any]) -> None:
    assert page.authors == tuple(truth["authors"])


def test_no_source_is_invented(page: Article) -> None:
    assert page.source is None


def test_the_sections(page: Article, truth: dict[str, Any]) -> None:
    sections = [{"heading": section.heading, "paragraphs": list(section.paragraphs)} for section in page.sections]
    assert sections == truth["sections"]


def test_the_recommendations(page: Article, truth: dict[str, Any]) -> None:
    related = [{"title": link.title, "summary": link.summary, "url": link.url} for link in page.related]
    assert related == [link | {"url": "https://news.example" + link["url"]} for link in truth["related"]]


def test_the_label_of_the_recommendations(page: Article) -> None:
    assert {link.block for link in page.related} == {"国际分类资讯推荐"}


def test_the_lead_image_where_there_is_one(page: Article, rendering: str) -> None:
    lead = "https://news.example/i/lead.jpg" if rendering == "feature-semantic.html" else None
    assert page.image == lead
