"""Reading kept captures again. The readings that are replaced are what an older parser might have made of the bytes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import UnknownSite, WorseReading
from archive.models import Article, Link, Listing, Observation, Page, Section, as_json, page_from_json
from archive.readings import kept_reading
from archive.rereading import judge, readable, refuse_worse, write
from archive.spool import Spool
from archive.store import Archive
from tests.conftest import MORNING, article, observation

RELATED = (Link(position=1, block="相关阅读", url="https://news.example/a/2", title="另一条", summary="短"),)


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened


def seen(page: Page | None, minutes: int, **capture: object) -> Observation:
    return observation(page, minutes=minutes, **({"outcome": "done" if page else "unread"} | capture))


def read_as(archive: Archive, *pages: Page | None, parser: str = "new") -> list[int]:
    """Let the captures, oldest first, be read as these pages; the numbers of articles written."""
    captures = readable(archive)
    with Spool(archive.path, parser) as spool:
        for capture, page in zip(captures, pages, strict=True):
            spool.put(capture.id, page)
        _, changed = judge(archive, spool, captures)
        return list(write(archive, spool, captures, changed))


def everything(archive: Archive) -> dict[str, list[dict[str, object]]]:
    tables = ("articles", "sections", "revisions", "view_counts", "listings", "links", "captures")
    return {table: list(archive.db.table(table).rows) for table in tables}


def test_a_page_survives_its_json() -> None:
    page = article(published_at=MORNING, modified_at=MORNING, authors=("林",), views=3, views_raw="3", related=RELATED)
    listing = Listing(url="https://news.example/", title="要闻", links=RELATED, next="https://news.example/?p=2")
    for one in (page, listing):
        assert page_from_json(json.loads(json.dumps(as_json(one)))) == one


def test_what_a_capture_was_read_as_stands_in_the_tables(on_disk: Archive) -> None:
    page = article(views=3, views_raw="3次", related=RELATED, summary="短", authors=("林",), published_at=MORNING)
    listing = Listing(url="https://news.example/c", title="要闻", links=(replace(RELATED[0], block=None),))
    first, second, third, fourth = on_disk.record(
        [seen(page, 0), seen(page, 1), seen(listing, 2, url=listing.url, final_url=listing.url), seen(None, 3)]
    )
    assert kept_reading(on_disk.db, first.capture_id) == (page, True)
    assert kept_reading(on_disk.db, second.capture_id) == (page, False)
    assert kept_reading(on_disk.db, third.capture_id) == (listing, True)
    assert kept_reading(on_disk.db, fourth.capture_id) is None


def test_two_looks_within_one_second_keep_their_own_readings(on_disk: Archive) -> None:
    pages = [article(title="旧题"), article(title="新题")]
    done = on_disk.record([seen(pages[0], 0, body=b"1"), seen(pages[1], 0, body=b"2")])
    assert [kept_reading(on_disk.db, one.capture_id) for one in done] == [(page, True) for page in pages]


def test_a_better_reading_takes_the_place_of_the_old_one_and_keeps_the_times(on_disk: Archive) -> None:
    wrong = [article(title=f"运河边的图书馆-{minutes}", source=None) for minutes in (0, 5, 9)]
    on_disk.record(seen(page, minutes) for page, minutes in zip(wrong, (0, 5, 9), strict=True))
    before = on_disk.article("https://news.example/a/1")
    captures = list(on_disk.db.table("captures").rows)
    edited = article(title="改过的标题", source="要闻社", views=7, related=RELATED)
    assert read_as(on_disk, article(source="要闻社"), edited, edited) == [1]
    after = on_disk.article("https://news.example/a/1")
    assert (after.id, after.title, after.source, after.views) == (before.id, "改过的标题", "要闻社", 7)
    assert (after.first_seen_at, after.last_seen_at) == (before.first_seen_at, before.last_seen_at)
    revisions = on_disk.revisions(after.id)
    assert [revision.observed_at.minute for revision in revisions] == [0, 5]
    assert [revision.changed_fields for revision in revisions] == [(), ("title",)]
    assert [count.observed_at.minute for count in on_disk.view_counts(after.id)] == [5, 9]
    assert [link.title for link in on_disk.recommended(after.id)] == ["另一条"]
    assert list(on_disk.db.table("captures").rows) == captures
    assert on_disk.db.execute("SELECT count(*) FROM pragma_foreign_key_check").fetchone() == (0,)


def test_the_same_readings_change_nothing(on_disk: Archive) -> None:
    pages: list[Page] = [
        article(views=3, related=RELATED),
        article(views=4, title="改过"),
        Listing(url="https://c.example/"),
    ]
    on_disk.record(seen(page, minutes, url=page.url, final_url=page.url) for minutes, page in enumerate(pages))
    before = everything(on_disk)
    assert read_as(on_disk, *pages) == []
    assert everything(on_disk) == before


def test_a_capture_that_is_not_read_any_more_keeps_its_reading(on_disk: Archive) -> None:
    on_disk.record([seen(article(title="旧题"), 0), seen(article(title="新题"), 5)])
    read_as(on_disk, None, article(title="新题目"))
    found = on_disk.article("https://news.example/a/1")
    assert [one.reading["title"] for one in on_disk.revisions(found.id)] == ["旧题", "新题目"]


def test_an_unedited_look_is_no_edit_after_its_neighbours_were_read_better(on_disk: Archive) -> None:
    on_disk.record([seen(article(title="旧题"), 0), seen(article(title="旧题", views=8), 5)])
    read_as(on_disk, article(title="新题"), None)
    found = on_disk.article("https://news.example/a/1")
    assert [one.reading["title"] for one in on_disk.revisions(found.id)] == ["新题"]
    assert [count.value for count in on_disk.view_counts(found.id)] == [8]


def test_an_article_known_by_a_better_address_keeps_its_id(on_disk: Archive) -> None:
    on_disk.record([seen(article(), 0), seen(article(), 1)])
    before = on_disk.article("https://news.example/a/1").id
    better = article(canonical_url="https://news.example/article/1")
    read_as(on_disk, better, better)
    assert on_disk.article("https://news.example/article/1").id == before
    assert on_disk.article("https://news.example/a/1").id == before


def test_two_articles_that_are_one_become_one(on_disk: Archive) -> None:
    other = "https://m.news.example/a/1"
    one, two = article(canonical_url=None), article(url="https://news.example/m/1", title="运河")
    on_disk.record([seen(two, 0, url=other, final_url=two.url), seen(one, 5)])
    assert on_disk.counts()["articles"] == 2
    read_as(on_disk, replace(two, canonical_url=one.url), one)
    found = on_disk.article(other)
    assert (on_disk.counts()["articles"], found.url) == (1, one.url)
    assert found.first_seen_at == MORNING
    assert [revision.observed_at.minute for revision in on_disk.revisions(found.id)] == [0, 5]


def test_an_article_that_is_a_list_is_no_article(on_disk: Archive) -> None:
    on_disk.record([seen(article(), 0)])
    listing = Listing(url="https://news.example/a/1", title="要闻", links=RELATED)
    read_as(on_disk, listing)
    assert (on_disk.counts()["articles"], on_disk.counts()["links"]) == (0, 1)
    read_as(on_disk, article(), parser="newer")
    assert (on_disk.counts()["articles"], on_disk.counts()["links"]) == (1, 0)


def test_what_could_not_be_read_becomes_an_article(on_disk: Archive) -> None:
    on_disk.record([seen(None, 0)])
    read_as(on_disk, article())
    assert on_disk.article("https://news.example/a/1").title == "运河边的图书馆"


def test_an_article_that_is_gone_stays_gone(on_disk: Archive) -> None:
    on_disk.record([seen(article(), 0), observation(None, minutes=5, status=404, outcome="failed")])
    read_as(on_disk, article(title="新题"))
    found = on_disk.article("https://news.example/a/1")
    assert (found.title, found.state) == ("新题", "gone")


def test_the_verdict_counts_by_site_and_field_and_refuses_what_loses_too_much(on_disk: Archive) -> None:
    urls = [f"https://news.example/a/{number}" for number in range(20)]
    pages = [article(url=url, source="要闻社", summary=None) for url in urls]
    on_disk.record(seen(page, n, url=page.url, final_url=page.url) for n, page in enumerate(pages))
    captures = readable(on_disk)
    with Spool(on_disk.path, "new") as spool:
        for lost in (1, 2):
            for number, capture in enumerate(captures):
                worse = {"source": None, "summary": "短"} if number < lost else {"title": "别的"}
                spool.put(capture.id, replace(pages[number], **worse))
            verdict, changed = judge(on_disk, spool, captures)
            (site,) = verdict.sites.values()
            assert (site.site, site.pages, site.changed_pages, len(changed)) == ("news.example", 20, 20, 20)
            assert site.fields["source"] == {"lost": lost}
            assert site.fields["title"] == {"changed": 20 - lost}
            assert site.fields["summary"] == {"won": lost}
            assert len(verdict.examples) == 10
            assert verdict.examples[0].what == "lost"
            if lost == 1:
                refuse_worse(verdict)  # 5 % is not more than 5 %
            else:
                with pytest.raises(WorseReading, match=r"source would be lost on 2 of 20 pages of news\.example"):
                    refuse_worse(verdict)


def test_an_article_seen_since_a_time_comes_with_all_its_captures(on_disk: Archive) -> None:
    other = "https://other.example/b"
    on_disk.record(
        [seen(article(), 0), seen(article(url=other), 1, url=other, final_url=other), seen(article(title="改过"), 9)]
    )
    late = [capture.id for capture in readable(on_disk, since=MORNING.replace(minute=5))]
    assert late == [1, 3]
    assert [capture.id for capture in readable(on_disk, site="other.example")] == [2]
    with pytest.raises(UnknownSite):
        readable(on_disk, site="no.example")


def test_the_spool_keeps_the_readings_of_one_parser(tmp_path: Path) -> None:
    page = article(sections=(Section(paragraphs=("\ud800 半个字",)),))
    with Spool(tmp_path / "archive.db", "one") as spool:
        spool.put(1, page)
        spool.put(2, None)
    with Spool(tmp_path / "archive.db", "one") as spool:
        assert [spool.has(number) for number in (1, 2, 3)] == [True, True, False]
        assert [(one.capture_id, one.page) for one in spool.get([1, 2, 3])] == [(1, page), (2, None)]
        assert spool.address(1) == page.url
        assert isinstance(page, Article)
    with Spool(tmp_path / "archive.db", "two") as spool:
        assert not spool.has(1)
    spool.remove()
    assert not list(tmp_path.iterdir())
