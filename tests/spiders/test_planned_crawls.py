"""Crawls that the plan names, by the real command, against the sample site on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archive.runs import last_run
from archive.store import Archive
from crawler.plan import SitePlan
from crawler.sample_site import SampleSite
from crawler.sample_site.server import SampleServer, running
from spiders.feature import FeatureSpider
from tests.conftest import Yaowen

ARTICLE = SampleSite(1).article_paths()[0]


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with running(state=1) as server:
        yield server


def options(site: SampleServer) -> tuple[str, ...]:
    return ("--delay", "0", "--json", "--allow-address", site.url.removeprefix("http://"))


@pytest.fixture
def plan(site: SampleServer, tmp_path: Path) -> Path:
    path = tmp_path / "yaowen.toml"
    path.write_text(
        f'[crawls.morning]\nevery = "30m"\nspider = "feature"\nurls = ["{site.url}/", "{site.url}{ARTICLE}"]\n'
        'max_pages = 3\n\n[crawls.evening]\ncron = "0 18 * * *"\nurls = ["https://news.example/"]\n'
    )
    return path


@pytest.mark.usefixtures("plan")
def test_a_named_crawl_takes_its_arguments_from_the_plan(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    told = json.loads(yaowen("crawl", "morning", *options(site)).stdout)
    assert (told["spider"], told["finish_reason"], sum(told["outcomes"].values())) == ("feature", "page limit", 3)
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        run = last_run(archive.db, "morning")
    assert run is not None
    assert (run.id, run.urls, run.exit_code) == (1, (f"{site.url}/", f"{site.url}{ARTICLE}"), 0)


@pytest.mark.usefixtures("plan")
def test_options_on_the_command_line_win(site: SampleServer, yaowen: Yaowen) -> None:
    given = ("--max-pages", "2", "--spider", "recommendation")
    told = json.loads(yaowen("crawl", "morning", *given, *options(site)).stdout)
    assert (told["spider"], sum(told["outcomes"].values())) == ("recommendation", 2)


def test_the_plan_may_lie_elsewhere(site: SampleServer, yaowen: Yaowen, plan: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "etc" / "plan.toml"
    elsewhere.parent.mkdir()
    plan.rename(elsewhere)
    finished = yaowen("crawl", "morning", "--plan", str(elsewhere), "--max-pages", "1", *options(site))
    assert (finished.returncode, sum(json.loads(finished.stdout)["outcomes"].values())) == (0, 1)


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("mornin",),
            "'mornin' is no web address (it must begin with http:// or https://) and no crawl of yaowen.toml",
        ),
        (("mornin",), "which has morning, evening"),
        (("morning", "evening"), "Give one crawl of yaowen.toml at a time"),
        (("morning", "https://news.example/"), "Give one crawl of yaowen.toml at a time"),
        (("morning", "--plan", "nowhere.toml"), "nowhere.toml: cannot be read (No such file or directory)"),
    ],
)
def test_a_name_that_cannot_be_used_is_told(yaowen: Yaowen, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    finished = yaowen("crawl", *words)
    assert (finished.returncode, says in finished.stderr) == (2, True), finished.stderr
    assert not (tmp_path / "archive.db").exists()


def test_a_wrong_plan_keeps_every_crawl_from_starting(yaowen: Yaowen, tmp_path: Path) -> None:
    (tmp_path / "yaowen.toml").write_text('[sites."news.example"]\ndelay = "slow"\n')
    finished = yaowen("crawl", "https://news.example/")
    assert (finished.returncode, "yaowen.toml, line 2: " in finished.stderr) == (2, True), finished.stderr


def test_a_crawl_with_a_name_is_another_than_one_without() -> None:
    arguments = [FeatureSpider(url="https://news.example/", crawl=name).arguments for name in ("", "morning")]
    assert [one.get("crawl") for one in arguments] == [None, "morning"]


def test_scrapy_keeps_the_sites_of_the_plan_as_they_are() -> None:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    assert settings.getdict("SITES") == {}
    settings.set("SITES", {"news.example": SitePlan(delay=2.0)}, priority="cmdline")
    assert settings.getdict("SITES")["news.example"].delay == 2.0
