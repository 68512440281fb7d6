import json
from datetime import datetime

import pytest

from archive import frontier
from archive.frontier import Target
from archive.models import Article, Link, Listing, Section
from archive.store import Archive
from tests.conftest import article, observation


def record(archive: Archive, *observations: object) -> None:
    archive.record(observations)  # type: ignore[arg-type]  # what observation() makes


def saying(text: str) -> Article:
    return article(sections=(Section(paragraphs=(text,)),))


def rows(archive: Archive, table: str) -> list[dict[str, object]]:
    return list(archive.db.table(table).rows)


def test_an_article_is_stored_with_its_sections(archive: Archive) -> None:
    sections = (Section(paragraphs=("导语。",)), Section(heading="背景", level=2, paragraphs=("一。", "二。")))
    record(archive, observation(article(sections=sections)))
    assert archive.article("https://news.example/a/1").sections == sections


def test_a_moved_view_counter_is_no_new_revision(archive: Archive) -> None:
    record(archive, observation(article(views=10)), observation(article(views=12, views_raw="12次"), minutes=5))
    (row,) = rows(archive, "articles")
    assert len(rows(archive, "revisions")) == 1
    assert [count.value for count in archive.view_counts(row["id"])] == [10, 12]  # type: ignore[arg-type]
    assert row["views"] == 12


@pytest.mark.parametrize(
    "change", [{"image": "https://news.example/i.jpg"}, {"modified_at": datetime.fromisoformat("2026-03-01T09:00Z")}]
)
def test_what_is_no_content_makes_no_revision(archive: Archive, change: dict[str, object]) -> None:
    record(archive, observation(article()), observation(article(**change), minutes=5))
    assert len(rows(archive, "revisions")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "运河边的新图书馆"),
        ("published_at", datetime.fromisoformat("2026-03-01T08:00+08:00")),
        ("category", "文化"),
        ("source", "城市晚报"),
        ("authors", ("林知远",)),
        ("sections", (Section(paragraphs=("苏州的运河边开了两家图书馆。",)),)),
    ],
)
def test_changed_content_is_a_revision_that_names_the_field(archive: Archive, field: str, value: object) -> None:
    record(archive, observation(article()), observation(article(**{field: value}), minutes=5))
    (row,) = rows(archive, "articles")
    first, second = archive.revisions(row["id"])  # type: ignore[arg-type]
    assert (first.changed_fields, second.changed_fields) == ((), (field,))


def test_back_to_the_first_text_makes_three_revisions(archive: Archive) -> None:
    record(archive, *(observation(saying(text), minutes=n) for n, text in enumerate(("甲。", "乙。", "甲。", "甲。"))))
    assert len(rows(archive, "revisions")) == 3
    assert archive.article("https://news.example/a/1").sections[0].paragraphs == ("甲。",)


def test_equal_bytes_are_kept_once_and_the_capture_says_unchanged(archive: Archive) -> None:
    record(archive, observation(article(), body=b"same"), observation(article(views=3), body=b"same", minutes=1))
    assert [row["outcome"] for row in rows(archive, "captures")] == ["done", "unchanged"]
    assert len(rows(archive, "contents")) == 1
    assert len(rows(archive, "view_counts")) == 1


def test_equal_bytes_that_read_differently_are_no_edit(archive: Archive) -> None:
    record(
        archive,
        observation(article(published_at=datetime.fromisoformat("2026-03-01T05:00Z")), body=b"3\xe5\xb0\x8f"),
        observation(
            article(published_at=datetime.fromisoformat("2026-03-01T06:00Z")), body=b"3\xe5\xb0\x8f", minutes=60
        ),
    )
    assert len(rows(archive, "revisions")) == 1


def test_a_page_that_cannot_be_read_is_kept_all_the_same(archive: Archive) -> None:
    record(archive, observation(None, outcome="unread", reason="no article", body=b"<html>"))
    (row,) = rows(archive, "captures")
    assert (row["outcome"], row["reason"], len(rows(archive, "contents"))) == ("unread", "no article", 1)


def test_an_address_that_answers_404_marks_its_article_as_gone_and_keeps_the_text(archive: Archive) -> None:
    record(archive, observation(article()), observation(None, status=404, outcome="failed", minutes=5))
    gone = archive.article("https://news.example/a/1")
    assert (gone.state, gone.sections[0].paragraphs) == ("gone", ("苏州的运河边开了一家图书馆。",))
    record(archive, observation(article(), minutes=9))
    assert archive.article("https://news.example/a/1").state == "live"


def test_an_alias_that_breaks_leaves_the_article_live(archive: Archive) -> None:
    alias = "https://news.example/old"
    record(archive, observation(article()), observation(article(), url=alias, minutes=1))
    record(archive, observation(None, url=alias, final_url=alias, status=404, outcome="failed", minutes=5))
    assert archive.article("https://news.example/a/1").state == "live"


def test_an_error_page_in_between_makes_equal_bytes_no_edit(archive: Archive) -> None:
    hours = [datetime.fromisoformat(f"2026-03-01T0{hour}:00Z") for hour in (5, 6)]
    before, after = (observation(article(published_at=hour), body=b"same", minutes=hour.hour) for hour in hours)
    record(archive, before, observation(None, status=500, outcome="failed", body=b"oops", minutes=330), after)
    assert len(rows(archive, "revisions")) == 1


def test_recommendations_are_dated_with_positions_and_lead_to_articles_fetched_later(archive: Archive) -> None:
    links = tuple(
        Link(position=n, block="相关", url=f"https://news.example/a/{n}#top", title=f"第{n}条") for n in (2, 3)
    )
    record(archive, observation(article(related=links)))
    other = "https://news.example/a/3"
    record(archive, observation(article(url=other), url=other, final_url=other, minutes=1))
    first, second = archive.recommended(archive.article("https://news.example/a/1").id)
    assert (first.position, first.label, first.article_id) == (1, "相关", None)
    assert (second.url, second.article_id) == (other, archive.article(other).id)


def test_a_list_page_keeps_its_links_in_order(archive: Archive) -> None:
    url = "https://news.example/list"
    links = tuple(Link(position=n, url=f"https://news.example/a/{n}", title=f"第{n}条") for n in (1, 2, 3))
    record(archive, observation(Listing(url=url, title="要闻", links=links), url=url, final_url=url))
    (listing,) = rows(archive, "listings")
    assert (listing["kind"], listing["label"], listing["article_id"]) == ("page", "要闻", None)
    assert [(row["position"], row["title"]) for row in rows(archive, "links")] == [
        (1, "第1条"),
        (2, "第2条"),
        (3, "第3条"),
    ]


@pytest.mark.parametrize(
    ("canonical", "stored"),
    [
        ("https://news.example/story/1", "https://news.example/story/1"),
        ("https://other.example/story/1", "https://news.example/a/1"),
        ("https://news.example/", "https://news.example/a/1"),
        (None, "https://news.example/a/1"),
    ],
)
def test_an_article_is_known_by_its_own_hosts_canonical_address(
    archive: Archive, canonical: str | None, stored: str
) -> None:
    record(archive, observation(article(canonical_url=canonical)))
    assert archive.article("https://news.example/a/1").url == stored


def test_ids_grow_with_the_time_of_publication(archive: Archive) -> None:
    for n, day in enumerate(("2026-02-03", "2020-01-01", "2026-02-03", "2023-07-01")):
        url = f"https://news.example/a/{n}"
        published = datetime.fromisoformat(f"{day}T10:00+08:00")
        record(archive, observation(article(url=url, published_at=published), url=url, final_url=url, minutes=n))
    days = [
        str(row["published_at"])[:4] for row in sorted(rows(archive, "articles"), key=lambda row: int(str(row["id"])))
    ]
    assert days == ["2020", "2023", "2026", "2026"]


def test_the_frontier_learns_the_outcome_in_the_same_transaction(archive: Archive) -> None:
    archive.db.execute("INSERT INTO crawls (id, spider, started_at) VALUES (1, 'auto', '2026-03-01T08:00:00Z')")
    with archive.writing() as db:
        frontier.add(db, [Target(url="https://news.example/a/1")], crawl_id=1)
    archive.record([observation(None, status=500, outcome="failed", reason="the server answered 500")], crawl_id=1)
    assert [(row["state"], row["tries"]) for row in rows(archive, "frontier")] == [("failed", 1)]


def test_times_are_kept_in_utc_with_the_printed_text_and_the_zone(archive: Archive) -> None:
    published = datetime.fromisoformat("2022-10-15T11:43:08+08:00")
    page = article(published_at=published, published_raw="2022年10月15日11:43:08", timezone_assumed="Asia/Shanghai")
    record(archive, observation(page))
    (row,) = rows(archive, "articles")
    assert (row["published_at"], row["utc_offset"]) == ("2022-10-15T03:43:08Z", 480)
    assert archive.article(int(str(row["id"]))).published_at == published


def test_a_batch_is_stored_whole_or_not_at_all(archive: Archive) -> None:
    lone_surrogate = article(title="\ud800", url="https://news.example/a/2")
    with pytest.raises(ValueError, match="surrogates"):
        record(archive, observation(article()), observation(lone_surrogate, url="https://news.example/a/2"))
    assert rows(archive, "captures") == []


def test_authors_are_a_json_array(archive: Archive) -> None:
    record(archive, observation(article(authors=("林知远", "周以宁"))))
    assert json.loads(str(rows(archive, "articles")[0]["authors"])) == ["林知远", "周以宁"]
