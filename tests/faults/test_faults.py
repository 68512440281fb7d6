"""Whatever a server does, each address asked for ends in one outcome, and the good pages beside it are stored."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from archive.store import Archive
from tests.faults.crawling import Outcomes, crawl, most_memory
from tests.faults.server import (
    ANSWERS,
    GOOD,
    PAGE,
    Answer,
    FaultyServer,
    article,
    at_last,
    endless,
    head,
    raw,
    reset,
    serving,
    silent,
    whole,
)

LATE, CUT, LARGE, LOOP = (
    "the server did not answer in time",
    "the answer broke off",
    "the answer is larger than a crawl takes",
    "max redirections reached",
)
NO_HTTP = "the answer is no valid HTTP: "
DONE: tuple[str, str | None] = ("done", None)
EXPECTED: dict[str, tuple[str, str | None]] = {
    "/private": ("refused", "Forbidden by robots.txt"),
    **{f"/a/{number}": DONE for number in range(1, GOOD + 1)},
    **{f"/status/{status}": ("failed", f"the server answered {status}") for status in (400, 401, 403, 404, 410, 418)},
    **{f"/status/{status}": ("failed", f"the server answered {status}") for status in (451, 500, 502, 999)},
    **dict.fromkeys(("/flaky", "/flaky-reset", "/no-length", "/chunked", "/to-article"), DONE),
    **dict.fromkeys(("/gzip", "/br", "/zstd", "/packed-twice"), DONE),
    **dict.fromkeys(("/gbk-as-utf8", "/nul", "/same", "/latin-reason", "/many-attributes"), DONE),
    **dict.fromkeys(("/never", "/drip", "/drip-head", "/stall"), ("failed", LATE)),
    **dict.fromkeys(("/truncated", "/chunks-cut", "/reset-body"), ("failed", CUT)),
    **dict.fromkeys(("/gzip-cut", "/gzip-not", "/br-cut", "/zstd-cut"), ("failed", CUT)),
    **dict.fromkeys(
        ("/endless-body", "/gzip-bomb", "/br-bomb", "/zstd-bomb", "/nested-bomb", "/64mb"), ("refused", LARGE)
    ),
    **dict.fromkeys(("/self", "/ping", "/pong", "/further"), ("failed", LOOP)),
    **dict.fromkeys(("/to-ftp", "/to-file", "/to-nowhere"), ("failed", "the server answered 302")),
    **dict.fromkeys(("/reset", "/nothing"), ("failed", "Server disconnected")),
    "/longer": ("failed", f"{NO_HTTP}Data after `Connection: close`"),
    "/two-lengths": ("failed", f"{NO_HTTP}Duplicate Content-Length"),
    **dict.fromkeys(("/wrong-length", "/negative-length"), ("failed", f"{NO_HTTP}Invalid character in Content-Length")),
    "/chunks-broken": ("failed", f"{NO_HTTP}Invalid character in chunk size"),
    "/garbage": ("failed", f"{NO_HTTP}Bad status line"),
    "/endless-head": ("failed", f"{NO_HTTP}Too many headers received"),
    "/to-broken": ("failed", "Invalid IPv6 URL"),
    "/206": ("failed", "the server answered 206"),
    "/204": ("unread", "the page is empty"),
    "/soft-404": ("unread", "the page says: 页面不存在"),
    "/bot-check": ("unread", "no article and no list"),
    "/deep": ("unread", "no article and no list"),
}

NOWHERE, FORBIDDEN = "robots.txt cannot be had: ", ("refused", "Forbidden by robots.txt")
ROBOTS: dict[str, tuple[Answer, tuple[str, str | None]]] = {
    "missing": (whole(b"", "404 Not Found"), DONE),
    "forbidden": (whole(b"", "403 Forbidden"), DONE),
    "redirected away": (whole(b"", "302 Found", "Location: /robots.txt"), DONE),
    "failing": (whole(b"", "500 X"), ("failed", f"{NOWHERE}the server answered 500")),
    "busy": (whole(b"", "429 X"), ("failed", f"{NOWHERE}the server answered 429")),
    "late": (silent(), ("failed", NOWHERE + LATE)),
    "reset": (reset(), ("failed", f"{NOWHERE}Server disconnected")),
    "broken": (raw(b"\0\1\2"), ("failed", f"{NOWHERE}{NO_HTTP}Bad status line")),
    "at last": (at_last(whole(b"", "503 X"), whole(b"User-agent: *\nDisallow:\n")), DONE),
    "of binary": (whole(bytes(range(256)) * 10), DONE),
    "endless, forbidding": (
        endless(head(), b"User-agent: *\nDisallow: /\n" + b"# filler\n" * 10_000),
        FORBIDDEN,
    ),
    "of 64 MB, allowing": (whole(b"User-agent: *\nAllow: /\n" + b"# filler filler\n" * 4_000_000), DONE),
    "forbidding others": (whole(b"User-agent: other\nDisallow: /\n"), DONE),
    "forbidding us": (whole(b"User-agent: yaowen\nDisallow: /\n"), FORBIDDEN),
    "forbidding a version of us": (whole(b"User-agent: YAOWEN/2.0\nDisallow: /\nUser-agent: *\nAllow: /\n"), FORBIDDEN),
    "forbidding a name that ours begins with": (whole(b"User-agent: Yao\nDisallow: /\n"), DONE),
    "forbidding all but us": (
        whole(b"User-agent: *\nDisallow: /\nUser-agent: a\nuser agent Yaowen\nDisallow:\n"),
        DONE,
    ),
    "in UTF-8 with a mark": (
        whole("\ufeffUser-agent: *\nDisallow: /\n".encode()),
        ("refused", "Forbidden by robots.txt"),
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawled:
    outcomes: Outcomes
    server: FaultyServer
    robots: dict[str, FaultyServer]
    archive: Path


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("faults")
    with ExitStack() as stack:
        server = stack.enter_context(serving(ANSWERS))
        robots = {
            name: stack.enter_context(serving({"/robots.txt": answer, "/a": whole(PAGE)}))
            for name, (answer, _) in ROBOTS.items()
        }
        urls = [f"http://{server.host}{path}" for path in EXPECTED]
        urls += [f"http://{server.host}/to-metadata", *(f"http://{one.host}/a" for one in robots.values())]
        outcomes = crawl(folder, urls, [server.host, *(one.host for one in robots.values())])
        yield Crawled(outcomes=outcomes, server=server, robots=robots, archive=folder / "archive.db")


@pytest.mark.parametrize("path", EXPECTED)
def test_each_address_ends_in_one_outcome(crawled: Crawled, path: str) -> None:
    assert crawled.outcomes[f"http://{crawled.server.host}{path}"] == [EXPECTED[path]]


def test_nothing_else_was_observed(crawled: Crawled) -> None:
    assert len(crawled.outcomes) == len(EXPECTED) + len(ROBOTS) + 1
    assert set(EXPECTED) | {"/to-metadata", "/robots.txt"} == set(ANSWERS)


def test_a_redirect_to_a_private_address_is_refused(crawled: Crawled) -> None:
    ((outcome, reason),) = crawled.outcomes[f"http://{crawled.server.host}/to-metadata"]
    assert (outcome, "169.254.169.254:80 is an address of this machine" in str(reason)) == ("refused", True)


@pytest.mark.parametrize("name", ROBOTS)
def test_a_robots_txt_is_obeyed_missing_or_waited_for(crawled: Crawled, name: str) -> None:
    server = crawled.robots[name]
    ((outcome, reason),) = crawled.outcomes[f"http://{server.host}/a"]
    said = reason and reason.partition("; not to be asked before")[0]
    assert (outcome, said) == ROBOTS[name][1]
    assert ("/a" in server.asked) == (outcome == "done")


def test_nothing_partial_is_stored_as_whole(crawled: Crawled) -> None:
    with Archive.open(crawled.archive, read_only=True) as archive:
        rows = archive.db.execute(
            "SELECT url, content_hash FROM captures WHERE outcome = 'done' AND url LIKE ?",
            [f"http://{crawled.server.host}/%"],
        ).fetchall()
        bodies = {url.removeprefix(f"http://{crawled.server.host}"): archive.contents.get(sha) for url, sha in rows}
        assert archive.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    good = {f"/a/{number}": article(number) for number in range(1, GOOD + 1)}
    same = dict.fromkeys(("/flaky", "/flaky-reset", "/no-length", "/chunked", "/gzip", "/br", "/zstd"), PAGE)
    assert good | same | {"/packed-twice": PAGE} == {path: bodies[path] for path in (*good, *same, "/packed-twice")}


def test_a_crawl_of_all_that_takes_little_memory(crawled: Crawled) -> None:
    assert most_memory(crawled.archive.parent) < 500


def busy(status: str, *fields: str) -> Answer:
    return whole(b"", status, *fields)


def test_the_whole_host_waits_for_as_long_as_one_answer_asks(tmp_path: Path) -> None:
    answers = {f"/{number}": whole(article(number)) for number in range(1, 4)}
    answers["/busy"] = at_last(busy("429 X", "Retry-After: 2"), whole(PAGE))
    with serving(answers) as server:
        urls = [f"http://{server.host}/{path}" for path in ("busy", 1, 2, 3)]
        outcomes = crawl(tmp_path, urls, [server.host], CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert set(map(tuple, outcomes.values())) == {(DONE,)}
    gaps = [later - earlier for earlier, later in pairwise(server.moments)]
    assert [gap > 1.8 for gap in gaps] == [False, True, False, False, False], gaps  # robots.txt, busy, wait, the rest


def test_who_asks_for_more_than_a_minute_is_left_alone_by_this_crawl(tmp_path: Path) -> None:
    answers = {"/busy": busy("503 X", "Retry-After: 7200"), "/a": whole(PAGE)}
    with serving(answers) as server:
        urls = [f"http://{server.host}/{path}" for path in ("busy", "a")]
        outcomes = crawl(tmp_path, urls, [server.host], CONCURRENT_REQUESTS_PER_DOMAIN=1)
    reasons = {(outcome, str(reason).partition(";")[0]) for ((outcome, reason),) in outcomes.values()}
    assert reasons == {("failed", "the server answered 503 and asks for time")}
    assert server.asked == {"/robots.txt": 1, "/busy": 1}
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        waits = archive.db.execute(
            "SELECT julianday(due_at) - julianday(fetched_at) FROM frontier JOIN captures USING (url)"
        ).fetchall()
    assert all(7_000 < 86_400 * days < 7_300 for (days,) in waits)


def test_a_delay_that_robots_txt_asks_for_is_kept(tmp_path: Path) -> None:
    answers = {f"/{number}": whole(article(number)) for number in range(3)}
    answers["/robots.txt"] = whole(b"User-agent: *\nCrawl-delay: 1\n")
    with serving(answers) as server:
        urls = [f"http://{server.host}/{number}" for number in range(3)]
        crawl(tmp_path, urls, [server.host], DOWNLOAD_DELAY_JITTER=0)
    assert all(later - earlier > 0.9 for earlier, later in pairwise(server.moments[1:]))
    assert len(server.moments) == 4
