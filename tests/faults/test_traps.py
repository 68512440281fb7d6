"""Sites without an end are left at the budget, and what a site was given goes to no other one."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from archive.store import Archive
from tests.conftest import run_yaowen
from tests.faults.server import Answer, article, at_last, front_page, serving, whole

pytestmark = pytest.mark.long


class Calendar(Mapping[str, Answer]):
    """A list page for every month that anybody asks for, each with a next one; and every trap like it."""

    def __getitem__(self, path: str) -> Answer:
        if path == "/robots.txt":
            raise KeyError(path)
        kind, _, number = path.strip("/").partition("/")
        following = f"/{kind}/{int(number or 0) + 1}"
        links = "".join(f'<li><a href="{path}/a{one}">这一天的第{one}条新闻，说的是书店</a></li>' for one in range(9))
        return whole(
            f'<html lang="zh"><title>日历</title><h1>日历</h1><ul>{links}</ul>'
            f'<p><a rel="next" href="{following}">下一页</a></p></html>'.encode()
        )

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.mark.parametrize("command", ["add", "parse"])
def test_a_look_sends_what_the_plan_names_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    with serving({"/": whole(front_page(9)), "/feed": whole(article(1))}) as server:
        (tmp_path / "site.toml").write_text(
            f'[sites."{server.host}"]\ncookie = "NEWS_COOKIE"\ndelay = 0\nheaders = {{Authorization = "NEWS_TOKEN"}}\n'
        )
        arguments = (f"http://{server.host}/", "--plan", "site.toml", "--allow-address", server.host)
        monkeypatch.setenv("NEWS_COOKIE", "id=secret-cookie")
        refused = run_yaowen(tmp_path, command, *arguments)
        assert server.heads == []
        monkeypatch.setenv("NEWS_TOKEN", "Bearer secret-token")
        finished = run_yaowen(tmp_path, command, *arguments)
    assert "The variable NEWS_TOKEN, which the plan names for Authorization of" in refused.stderr
    assert finished.returncode == 0, finished.stderr
    assert all("id=secret-cookie" in head and "Bearer secret-token" in head for head in server.heads)


@pytest.mark.parametrize(
    ("budget", "says", "most"),
    [
        ("max_pages = 12", "12 pages", 12),
        ('max_bytes = "9kB"', "9,000 bytes", 40),
        ('max_seconds = "1s"', "1 seconds", 999),
    ],
)
def test_a_calendar_without_end_ends_at_the_budget(tmp_path: Path, budget: str, says: str, most: int) -> None:
    with serving(Calendar()) as server:
        (tmp_path / "yaowen.toml").write_text(f'[sites."{server.host}"]\n{budget}\n')
        arguments = ("--delay", "0", "--json", "--allow-address", server.host, "--spider", "recommendation")
        finished = run_yaowen(tmp_path, "crawl", f"http://{server.host}/c/1", "--depth", "0", *arguments)
    result = json.loads(finished.stdout)
    assert (finished.returncode, result["budgets"]) == (0, {server.host: says}), finished.stderr
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        assert 0 < archive.counts()["captures"] <= most
        assert "budget" in archive.db.execute("SELECT stats FROM crawls").fetchone()[0]
        assert archive.db.execute("SELECT count(*) FROM frontier WHERE state = 'ready'").fetchone() != (0,)


def test_a_site_is_followed_as_deep_as_its_plan_says(tmp_path: Path) -> None:
    with serving({"/": whole(b"<h1>x</h1>"), "/c": Calendar()["/c/1"]}) as server:
        (tmp_path / "yaowen.toml").write_text(f'[sites."{server.host}"]\nmax_depth = 0\n')
        arguments = ("--delay", "0", "--allow-address", server.host, "--depth", "5")
        run_yaowen(tmp_path, "crawl", f"http://{server.host}/c", *arguments)
    assert set(server.asked) == {"/robots.txt", "/c", "/c/2"}  # the next page is no step


def test_what_a_site_was_given_goes_to_no_other_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_COOKIE", "id=secret-cookie")
    monkeypatch.setenv("NEWS_TOKEN", "Bearer secret-token")
    with serving({"/b": whole(article(2))}) as other:
        moved = whole(b"", "302 Found", f"Location: http://{other.host}/b")
        page = whole(article(1), "200 OK", "Set-Cookie: session=secret-session")
        with serving({"/a": moved, "/c": at_last(whole(b"", "503 X"), page)}) as server:
            (tmp_path / "yaowen.toml").write_text(
                f'[sites."{server.host}"]\ncookie = "NEWS_COOKIE"\n'
                f'[sites."{server.host}".headers]\nAuthorization = "NEWS_TOKEN"\n'
            )
            hosts = [part for host in (server.host, other.host) for part in ("--allow-address", host)]
            urls = [f"http://{server.host}/{path}" for path in "ac"]
            finished = run_yaowen(tmp_path, "crawl", *urls, "--depth", "0", "--delay", "0", *hosts)
    assert finished.returncode == 0, finished.stderr
    assert all("id=secret-cookie" in head and "Bearer secret-token" in head for head in server.heads)
    assert (len(server.heads), len(other.heads)) == (4, 2)
    assert all("secret" not in head for head in other.heads)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("archive.db*"))
    assert b"secret-" not in kept
    assert "secret-" not in finished.stdout + finished.stderr


@pytest.mark.parametrize(
    ("content", "flaw"),
    [(None, "is not set"), ("", "is empty"), ("id=secret\r\nX: 1", "holds a line break or another control character")],
)
def test_a_variable_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, flaw: str
) -> None:
    if content is not None:
        monkeypatch.setenv("YAOWEN_TEST_COOKIE", content)
    (tmp_path / "yaowen.toml").write_text('[sites."news.example"]\ncookie = "YAOWEN_TEST_COOKIE"\n')
    finished = run_yaowen(tmp_path, "crawl", "https://news.example/")
    says = f"YAOWEN_TEST_COOKIE, which the plan names for Cookie of news.example, {flaw}\n"
    assert (finished.returncode, says in finished.stderr) == (4, True)
    assert "secret" not in finished.stderr


def test_the_delay_of_a_plan_is_kept(tmp_path: Path) -> None:
    with serving({f"/{number}": whole(article(number)) for number in range(3)}) as server:
        (tmp_path / "yaowen.toml").write_text(f'[sites."{server.host}"]\ndelay = 1.5\n')
        urls = [f"http://{server.host}/{number}" for number in range(3)]
        run_yaowen(tmp_path, "crawl", *urls, "--depth", "0", "--delay", "0.01", "--allow-address", server.host)
    moments = server.moments[1:]
    assert len(moments) == 3
    assert moments[-1] - moments[0] > 2 * 0.7  # each delay varies by half
