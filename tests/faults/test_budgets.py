"""What a site costs is charged to it by whatever way a page is asked for, and its subdomains are no way round."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.conftest import run_yaowen
from tests.faults.crawling import Outcomes, outcomes_in
from tests.faults.server import Answer, article, serving, whole

pytestmark = pytest.mark.long
NAMES = """
import socket
real = socket.getaddrinfo
def look_up(host, *rest, **others):
    return real("127.0.0.1" if str(host).endswith(".test") else host, *rest, **others)
socket.getaddrinfo = look_up
"""
"""For ``sitecustomize``: every name under .test is this machine."""


class Made(Mapping[str, Answer]):
    """Answers made from the path by a function; None where it has none."""

    def __init__(self, page: object) -> None:
        self.page = page

    def __getitem__(self, path: str) -> Answer:
        answer: Answer | None = None if path == "/robots.txt" else self.page(path)  # type: ignore[operator]
        if answer is None:
            raise KeyError(path)
        return answer

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def crawl(folder: Path, url: str, hosts: list[str], *options: str, plan: str = "") -> Outcomes:
    (folder / "yaowen.toml").write_text(plan)
    allowed = [part for host in hosts for part in ("--allow-address", host)]
    finished = run_yaowen(folder, "crawl", url, "--json", *options, *allowed)
    assert finished.returncode == 0, finished.stderr
    return outcomes_in(folder / "archive.db")


def list_of(urls: list[str], further: str = "") -> Answer:
    links = "".join(
        f'<li><a href="{url}">运河边开了第{number}家书店，人很多</a></li>' for number, url in enumerate(urls)
    )
    return whole(f"<title>本地新闻</title><h1>本地新闻</h1><ul>{links}</ul>{further}".encode())


def in_parts(path: str) -> Answer | None:
    """A list of articles, each of which goes on without an end."""
    if path == "/":
        return list_of([f"/a/{number}_1.html" for number in range(30)])
    article_number, part = map(int, path[3:-5].split("_"))
    following = f'<a rel="next" href="/a/{article_number}_{part + 1}.html">下一页</a>'
    return whole(article(100 * article_number + part) + following.encode())


def test_further_pages_of_an_article_are_pages_of_their_site(tmp_path: Path) -> None:
    with serving(Made(in_parts)) as server:
        plan = f'[sites."{server.host}"]\nmax_pages = 5\n'
        outcomes = crawl(tmp_path, f"http://{server.host}/", [server.host], "--delay", "0", plan=plan)
    reasons = {reason for ends in outcomes.values() for _, reason in ends if reason}
    assert (len(server.heads), reasons) == (1 + 5, {f"the budget of {server.host} is spent: 5 pages"})


def test_pages_that_another_site_redirects_to_are_charged_to_the_one_that_they_are_of(tmp_path: Path) -> None:
    pages = {f"/{number}": whole(article(number)) for number in range(20)}
    with serving(pages) as other:
        moved = {path: whole(b"", "302 Found", f"Location: http://{other.host}{path}") for path in pages}
        with serving({"/": list_of(list(pages)), **moved}) as server:
            hosts = [server.host, other.host]
            plan = f'[sites."{other.host}"]\nmax_pages = 5\n'
            outcomes = crawl(tmp_path, f"http://{server.host}/", hosts, "--delay", "0", plan=plan)
    ends = [end for ends in outcomes.values() for end in ends]
    assert len(other.heads) == 1 + 5
    assert ends.count(("failed", f"the budget of {other.host} is spent: 5 pages")) == 15


@pytest.mark.parametrize("options", [(), ("--any-site",)])
def test_hosts_that_a_site_makes_up_have_one_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    named(tmp_path, monkeypatch)

    def page(path: str) -> Answer:
        number = int(path[2:] or 0)
        next_one = f'<p><a rel="next" href="http://s{number + 1}.trap.test:{port}/p{number + 1}">下一页</a></p>'
        return list_of([f"/a/{number}/{one}" for one in range(9)], next_one) if path[1] == "p" else whole(article(1))

    with serving(Made(page)) as server:
        port = server.host.rpartition(":")[2]
        plan = f'[sites."trap.test:{port}"]\nmax_pages = 10\n[sites."s3.trap.test:{port}"]\nmax_pages = 2\n'
        url = f"http://trap.test:{port}/p0"
        outcomes = crawl(tmp_path, url, [server.host], "--depth", "0", "--delay", "0", *options, plan=plan)
    assert set(outcomes) == {f"http://{name}trap.test:{port}/p{number}" for number, name in enumerate(HOSTS)}


HOSTS = ["", *(f"s{number}." for number in range(1, 11))]
"""Ten that are counted with the site, and the one among them with a budget of its own."""


def test_hosts_that_a_site_makes_up_are_asked_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(tmp_path, monkeypatch)
    busy, most = set[str](), list[int]()

    def page(path: str) -> Answer | None:
        if path == "/":
            return list_of([f"http://s{number}.big.test:{port}/a{number}" for number in range(8)])
        busy.add(path)
        most.append(len(busy))
        time.sleep(0.1)
        busy.discard(path)
        return whole(article(int(path[2:])))

    with serving(Made(page)) as server:
        port = server.host.rpartition(":")[2]
        crawl(tmp_path, f"http://big.test:{port}/", [server.host], "--delay", "0.2")
    assert most == [1] * 8
    assert len(server.moments) == 18  # each host has a robots.txt of its own
    assert server.moments[-1] - server.moments[0] > 17 * 0.1  # 0.2 seconds, less by half


def named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "names").mkdir()
    (folder / "names" / "sitecustomize.py").write_text(NAMES)
    monkeypatch.setenv("PYTHONPATH", str(folder / "names"))
