"""Every page of the sample site, in each of its states, reads as what the site says is true."""

from collections.abc import Iterator
from functools import cache

import pytest

from archive.models import Article, Listing
from crawler.parsers import read_page
from crawler.sample_site import SampleArticle, SampleSite

HOST = "http://127.0.0.1:8000"
STATES = (1, 2, 3)

pytestmark = pytest.mark.parametrize("state", STATES)


def read(site: SampleSite, path: str) -> Article | Listing:
    response = site.respond(path)
    return read_page(response.body, HOST + path, content_type=response.headers["Content-Type"])


@cache
def articles(state: int) -> tuple[tuple[SampleArticle, Article], ...]:
    return tuple(_articles(SampleSite(state)))


def _articles(site: SampleSite) -> Iterator[tuple[SampleArticle, Article]]:
    for truth in site.articles():
        page = read(site, truth.path)
        assert isinstance(page, Article), truth.path
        yield truth, page


@cache
def lists(state: int) -> tuple[tuple[str, Listing], ...]:
    site = SampleSite(state)
    pages = [(path, read(site, path)) for path in site.list_paths()]
    return tuple((path, page) for path, page in pages if isinstance(page, Listing))


def test_the_title_is_the_printed_headline(state: int) -> None:
    assert [page.title for _, page in articles(state)] == [truth.title for truth, _ in articles(state)]


def test_the_date_has_seconds_and_the_zone_of_china(state: int) -> None:
    for truth, page in articles(state):
        assert page.published_at == truth.published, truth.path
        assert page.published_precision == "second"
        printed_offset = (page.published_raw or "").endswith("+08:00")
        assert page.timezone_assumed == (None if printed_offset else "Asia/Shanghai")


def test_the_category_is_the_printed_column(state: int) -> None:
    assert [page.category for _, page in articles(state)] == [truth.category.name for truth, _ in articles(state)]


def test_the_counter_is_read_as_a_number(state: int) -> None:
    assert [page.views for _, page in articles(state)] == [truth.views for truth, _ in articles(state)]


def test_the_authors_are_those_of_the_byline(state: int) -> None:
    for truth, page in articles(state):
        assert page.authors == truth.authors, truth.path


def test_the_source_is_the_one_named_at_the_start_of_the_text(state: int) -> None:
    for truth, page in articles(state):
        assert page.source == truth.source, truth.path


def test_the_sections_hold_every_paragraph_once(state: int) -> None:
    for truth, page in articles(state):
        read_sections = [(section.heading, section.paragraphs) for section in page.sections]
        assert read_sections == [(section.heading, section.paragraphs) for section in truth.sections], truth.path


def test_the_lead_image_is_absolute(state: int) -> None:
    for truth, page in articles(state):
        assert page.image == HOST + truth.image, truth.path


def test_the_recommendations_come_in_order_with_their_label(state: int) -> None:
    for truth, page in articles(state):
        assert [link.url for link in page.related] == [HOST + path for path in truth.related], truth.path
        assert {link.block for link in page.related} <= {truth.related_label}


def test_the_recommendations_have_titles_and_summaries(state: int) -> None:
    by_url = {HOST + truth.path: truth for truth, _ in articles(state)}
    for _, page in articles(state):
        for link in page.related:
            assert (link.title, link.summary) == (by_url[link.url].title, by_url[link.url].summary), page.url


def test_every_list_page_is_a_listing(state: int) -> None:
    assert [path for path, _ in lists(state)] == list(SampleSite(state).list_paths())


def test_the_lists_hold_every_article_of_their_category_in_order(state: int) -> None:
    by_category: dict[str, list[str]] = {}
    for truth, _ in articles(state):
        by_category.setdefault(truth.category.path, []).append(HOST + truth.path)
    listed: dict[str, list[str]] = {}
    for path, page in lists(state):
        listed.setdefault("/".join(path.split("/")[:3]), []).extend(link.url for link in page.links)
    newest = [HOST + truth.path for truth, _ in articles(state)]
    assert {path: urls for path, urls in listed.items() if path != "/"} == by_category
    assert listed["/"] == newest[: len(listed["/"])]
    assert len(listed["/"]) >= 20


def test_the_lists_print_titles_and_summaries(state: int) -> None:
    by_url = {HOST + truth.path: truth for truth, _ in articles(state)}
    for path, page in lists(state):
        for link in page.links:
            truth = by_url[link.url]
            assert (link.title, link.summary) in ((truth.title, truth.summary), (truth.title, None)), path


def test_each_list_page_leads_to_the_next(state: int) -> None:
    paths = SampleSite(state).list_paths()
    for path, page in lists(state):
        base, number = ("/".join(path.split("/")[:3]), int(path.split("/")[3])) if path.count("/") == 3 else (path, 1)
        following = f"{base}/{number + 1}"
        assert page.next == (HOST + following if following in paths else None), path
