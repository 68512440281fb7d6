"""What an operator can ask of a crawl."""

import json
import re
from pathlib import Path

import pytest

from archive.store import Archive
from crawler.sample_site.server import running
from tests.conftest import run_yaowen
from tests.faults.server import article, at_last, front_page, serving, whole

pytestmark = pytest.mark.long


def captured(folder: Path) -> list[str]:
    with Archive.open(folder / "archive.db", read_only=True) as archive:
        return [row["url"] for row in archive.db.query("SELECT url FROM captures ORDER BY id")]


def test_only_addresses_like_the_patterns_are_followed(tmp_path: Path) -> None:
    with serving(
        {f"/a/{number}": whole(article(number)) for number in range(30)} | {"/": whole(front_page(30))}
    ) as site:
        patterns = ("--include", "*/a/1*", "--include", "*/a/2", "--include", "a/2", "--exclude", "*3")
        arguments = ("--delay", "0", "--allow-address", site.host)
        finished = run_yaowen(tmp_path, "crawl", f"http://{site.host}/", *patterns, *arguments)
    assert finished.stderr == "30 links, none like 'a/2'; a pattern is compared with the whole address\n"
    paths = {url.removeprefix(f"http://{site.host}") for url in captured(tmp_path)}
    assert paths == {"/", "/a/1", "/a/2", *(f"/a/1{number}" for number in range(10) if number != 3)}


@pytest.mark.parametrize("name", ["urls.txt", "-"])
def test_addresses_come_from_a_file_or_from_a_program(tmp_path: Path, name: str) -> None:
    with serving({f"/{number}": whole(article(number)) for number in range(3)}) as site:
        listed = f"\ufeff# mine\r\nhttp://{site.host}/1\n\n http://{site.host}/2 \n"
        (tmp_path / "urls.txt").write_text(listed, "utf-8")
        arguments = ("--from", name, "--delay", "0", "--allow-address", site.host)
        finished = run_yaowen(tmp_path, "crawl", f"http://{site.host}/0", *arguments, text=listed)
    assert finished.returncode == 0, finished.stderr
    assert sorted(captured(tmp_path)) == [f"http://{site.host}/{number}" for number in range(3)]


def test_what_failed_is_tried_again_and_nothing_else(tmp_path: Path) -> None:
    bad = at_last(*[whole(b"oops", "500 X")] * 3, whole(article(1)))
    with serving({"/bad": bad, "/good": whole(article(2))}) as site:
        arguments = ("--delay", "0", "--json", "--allow-address", site.host)
        run_yaowen(tmp_path, "crawl", *(f"http://{site.host}/{path}" for path in ("bad", "good")), *arguments)
        again = run_yaowen(tmp_path, "crawl", "--retry-failed", *arguments)
        nothing = run_yaowen(tmp_path, "crawl", "--retry-failed")
    assert json.loads(again.stdout)["outcomes"] == {"done": 1, "unchanged": 0, "failed": 0, "refused": 0, "unread": 0}
    assert captured(tmp_path)[2:] == [f"http://{site.host}/bad"]
    assert (nothing.returncode, nothing.stderr) == (0, "Nothing failed or was refused last time\n")


def test_a_site_learns_who_asks(tmp_path: Path) -> None:
    with serving({"/": whole(article(1))}) as site:
        arguments = ("--delay", "0", "--depth", "0", "--allow-address", site.host)
        run_yaowen(tmp_path, "crawl", f"http://{site.host}/", "--contact", "mailto:archive@library.example", *arguments)
    assert all("; +mailto:archive@library.example)\r\n" in head for head in site.heads)


@pytest.mark.long
def test_a_proxy_is_asked_only_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"http://news.invalid/a": whole(article(1))}) as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.host}")
        arguments = ("crawl", "http://news.invalid/a", "--depth", "0", "--delay", "0", "--timeout", "5")
        assert run_yaowen(tmp_path, *arguments).returncode == 4
        assert proxy.asked == {}
        assert run_yaowen(tmp_path, *arguments, "--proxy", "environment").returncode == 0
        monkeypatch.delenv("http_proxy")
        assert run_yaowen(tmp_path, *arguments, "--proxy", f"http://{proxy.host}").returncode == 0
        assert run_yaowen(tmp_path, "crawl", "http://10.0.0.1/", "--proxy", f"http://{proxy.host}").returncode == 4
    assert set(proxy.asked) == {"http://news.invalid/robots.txt", "http://news.invalid/a"}


def test_a_log_has_times_and_the_terminal_what_was_asked(tmp_path: Path) -> None:
    with running(state=1) as site:
        arguments = ("--depth", "0", "--delay", "0", "--allow-address", site.url.removeprefix("http://"))
        urls = (f"{site.url}/style.css", f"{site.url}/nothing", "http://127.0.0.1:9/", f"{site.url}/")
        loud = run_yaowen(tmp_path, "crawl", *urls, *arguments, "-v", "--log-file", "crawl.log")
        quiet = run_yaowen(tmp_path, "crawl", site.url, *arguments, "-q")
    told = (tmp_path / "crawl.log").read_text("utf-8")
    for line in (
        f"unread: {urls[0]}: no page but text/css",
        f"failed: {urls[1]}: the server answered 404",
        f"refused: {urls[2]}: 127.0.0.1:9 is an address of this machine",
    ):
        assert re.search(
            f"^2\\d{{3}}-\\d\\d-\\d\\d .* WARNING crawler.pipelines: {re.escape(line)}", told, re.MULTILINE
        )
        assert loud.stderr.count(line) == 2  # when it came, and in the summary
    assert "Spider closed (finished)" in told
    assert "Overridden settings" not in told
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("option", "path", "code", "says"),
    [
        ("--log-file", "no/crawl.log", 1, "Cannot write the log file no/crawl.log: No such file or directory"),
        ("--archive", "no/archive.db", 3, "Cannot open the archive no/archive.db: there is no folder no"),
    ],
)
def test_a_file_that_cannot_be_made_is_named(tmp_path: Path, option: str, path: str, code: int, says: str) -> None:
    finished = run_yaowen(tmp_path, "crawl", "https://news.example/", option, path)
    assert (finished.returncode, finished.stderr) == (code, f"{says}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--due", "--retry-failed"])
def test_what_an_archive_names_is_not_sought_in_one_that_is_not_there(tmp_path: Path, option: str) -> None:
    finished = run_yaowen(tmp_path, "crawl", option, "--archive", "archiv.db")
    assert (finished.returncode, "archiv.db: there is no such file" in finished.stderr) == (3, True), finished.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Give a URL to begin with"),
        (("https://news.example", "--proxy", "nonsense"), "'nonsense' is no address of a proxy"),
        (("https://news.example", "--proxy", "environment"), "the environment names no http_proxy"),
        (("--from", "missing.txt"), "missing.txt"),
        (("--from", "gbk.txt"), "gbk.txt is no UTF-8: byte 27, in line 2, is 0xce\n"),
        (
            ("--from", "wrong.txt"),
            "wrong.txt, line 2: 'news.example' is no web address: it must begin with http:// or https://\n"
            "wrong.txt, line 4: 'http://' is no web address: it names no host\n"
            "wrong.txt, line 5: 'http://news.example/a b' is no web address: it holds a blank\n",
        ),
        (("https://news.example", "--timeout", "0"), "--timeout"),
    ],
)
def test_wrong_use_is_named(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    (tmp_path / "gbk.txt").write_bytes("https://news.example/\n# 要闻".encode("gbk"))
    (tmp_path / "wrong.txt").write_text("https://news.example/\nnews.example\n#\nhttp://\nhttp://news.example/a b\n")
    finished = run_yaowen(tmp_path, "crawl", *arguments)
    assert (finished.returncode, says in finished.stderr) == (2, True), finished.stderr
