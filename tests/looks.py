"""Looks of all kinds, for archives that go out and come in again; what such an archive says."""

from dataclasses import replace
from pathlib import Path

from archive.models import Absence, Article, Observation
from archive.store import Archive
from crawler.parsers import joined, read_page, with_part
from crawler.sample_site import SampleSite
from tests.conftest import MORNING, observation

BASE = "http://sample.example"

TABLES = {
    "articles": "SELECT * FROM articles ORDER BY url",
    "sections": "SELECT article_id, position, level, heading, text FROM sections ORDER BY 1, 2",
    "revisions": "SELECT article_id, observed_at, fingerprint, reading, changed_fields FROM revisions ORDER BY 1, 2",
    "view_counts": "SELECT article_id, observed_at, value, raw FROM view_counts ORDER BY 1, 2",
    "links": """
        SELECT listings.url, kind, label, listings.article_id, observed_at, position, links.url, links.title,
            links.summary, links.source, links.image, links.article_id
        FROM listings JOIN links ON links.listing_id = listings.id ORDER BY 1, 5, 3, 6
    """,
    "absences": "SELECT article_id, observed_at, reason FROM absences ORDER BY 1, 2",
    "captures": """
        SELECT url, final_url, fetched_at, status, content_hash, outcome, reason, article_id, part_of IS NULL
        FROM captures WHERE content_hash IS NOT NULL ORDER BY fetched_at, url
    """,
}


def told(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with Archive.open(path, read_only=True) as archive:
        return {table: archive.db.execute(statement).fetchall() for table, statement in TABLES.items()}


def read(body: bytes, url: str) -> Article:
    page = read_page(body, url)
    assert isinstance(page, Article)
    return page


def looks_at_sample_site() -> list[Observation]:
    """Every article in every state of the site; the front page; what is gone."""
    found, minutes = [], 0
    urls = sorted({path for state in (1, 2, 3) for path in SampleSite(state).article_paths()})
    for state in (1, 2, 3):
        site = SampleSite(state)
        for path in ("/", "/c/local", *urls):
            minutes += 1
            answer = site.respond(path)
            page = read_page(answer.body, BASE + path, fetched_at=MORNING) if answer.status == 200 else None
            capture = {"status": answer.status, "body": answer.body, "headers": dict(answer.headers)}
            if answer.status != 200:
                capture |= {"outcome": "failed", "reason": f"the server answered {answer.status}"}
            found.append(observation(page, minutes=minutes, url=BASE + path, final_url=BASE + path, **capture))
    return found


def page_of(number: int, following: str = "") -> bytes:
    text = "书店的主人姓沈，早先在邮局做事，攒了二十年的书，这回都摆到了架上，谁都可以翻。"
    further = f'<p><a href="{following}">下一页</a></p>' if following else ""
    return (
        f'<html lang="zh"><title>运河边开了一家新书店</title><h1>运河边开了一家新书店</h1><p>2025-06-10 09:13</p>'
        f"<div><p>第{number}页。{text}</p><p>第{number}页的第二段，说的是别的事情，也是真的。</p></div>{further}"
    ).encode()


def article_on_two_pages() -> Observation:
    first, second = (f"{BASE}/b/{name}.html" for name in ("1361", "1361_2"))
    bodies = page_of(1, second), page_of(2)
    page = joined(with_part([read(bodies[0], first)], read(bodies[1], second)))
    part = observation(None, minutes=900, url=second, final_url=second, body=bodies[1])
    return replace(observation(page, minutes=900, url=first, final_url=first, body=bodies[0]), parts=(part,))


def others() -> list[Observation]:
    """A redirect, a soft 404, an error, no answer, a page with nothing to read, and two that were not sent again."""
    path, gone = SampleSite(1).article_paths()[:2]
    body = SampleSite(1).respond(path).body
    url, soft = f"{BASE}{path}", "<title>您访问的页面不存在</title>".encode()
    said = "the page says: 您访问的页面不存在"
    absence = Absence(url=BASE + gone, reason=said)
    return [
        observation(read(body, url), minutes=901, url=f"{BASE}/short", final_url=url, body=body),
        observation(
            absence, minutes=903, url=BASE + gone, final_url=BASE + gone, body=soft, outcome="unread", reason=said
        ),
        observation(
            None,
            minutes=904,
            url=url,
            final_url=url,
            status=500,
            body=b"oops",
            outcome="failed",
            reason="the server answered 500",
        ),
        observation(None, minutes=905, url=url, final_url=url, status=None, body=None, outcome="failed", reason="late"),
        observation(
            None,
            minutes=906,
            url=f"{BASE}/x",
            final_url=f"{BASE}/x",
            body=b"",
            outcome="unread",
            reason="the page is empty",
        ),
        *(not_modified(path, minutes) for minutes, path in ((907, "/"), (908, SampleSite(3).article_paths()[0]))),
    ]


def not_modified(path: str, minutes: int) -> Observation:
    """A look at a page of the site's last state that the server says is the same."""
    answer = SampleSite(3).respond(path)
    page = read_page(answer.body, BASE + path, fetched_at=MORNING)
    values = {"status": 304, "body": None, "headers": dict(answer.headers)}
    return observation(page, minutes=minutes, url=BASE + path, final_url=BASE + path, **values)


def all_looks() -> list[Observation]:
    """Everything that an archive can hold, in the order of its times."""
    return [*looks_at_sample_site(), article_on_two_pages(), *others()]
