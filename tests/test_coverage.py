"""``yaowen coverage``: a calendar for people, the same as JSON for programs."""

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from archive.coverage import coverage
from archive.models import Observation
from archive.store import Archive
from crawler.sample_site.server import running
from tests.conftest import MORNING, Yaowen, observation

DAY = 24 * 60
WIDTH = 80


def looks(day: int, outcome: str = "done", times: int = 1, site: str = "news.example") -> list[Observation]:
    """So many looks on a day after the first."""
    return [
        observation(
            minutes=day * DAY + number,
            url=f"https://{site}/{day}/{outcome}/{number}",
            final_url=f"https://{site}/{day}/{outcome}/{number}",
            outcome=outcome,
        )
        for number in range(times)
    ]


def kept(folder: Path, *found: Iterable[Observation]) -> None:
    with Archive.open(folder / "archive.db") as archive:
        archive.record([one for several in found for one in several])


def rows(shown: str) -> list[str]:
    """The rows of the calendar."""
    return [line for line in shown.splitlines() if line[:4].isdigit() and line[7:8] == " "]


def test_each_day_is_a_cell_and_gaps_and_failures_have_signs(yaowen: Yaowen, tmp_path: Path) -> None:
    kept(
        tmp_path,
        looks(0, times=8),
        looks(2, times=2),
        looks(3, times=6),
        looks(3, "failed", times=2),
        looks(4, "unread"),
        looks(5, "refused"),
        looks(32, times=4),
    )
    shown = yaowen("coverage").stdout
    assert rows(shown) == [
        f"{'2026-03 █ · ░ ▓!× × ' + '· ' * 25:71}       16",
        f"{'2026-04 · ▒':71}        4",
    ]
    assert "worked in a day: ░ from 1  ▒ from 3  ▓ from 5  █ from 7\n" in shown
    assert "× none worked  ! one in four or more failed or unread  · no look\n" in shown
    assert (
        "24 looks from 2026-03-01 08:00:00 UTC to 2026-04-02 08:03:00 UTC: 20 done, 2 failed, 1 refused, 1 unread\n"
        "27 days without a look, of 33: 2026-03-07 to 2026-04-01, 2026-03-02\n"
    ) in shown
    assert "1 site: news.example\n" in shown


def test_one_day_is_one_cell(yaowen: Yaowen, tmp_path: Path) -> None:
    kept(tmp_path, looks(30))
    assert rows(yaowen("coverage").stdout) == [f"2026-03 {'':60}█ {'1':>10}"]


def test_an_empty_archive_says_so(yaowen: Yaowen, tmp_path: Path) -> None:
    kept(tmp_path)
    finished = yaowen("coverage")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "No page was looked at yet\n")
    assert json.loads(yaowen("coverage", "--json").stdout)["days"] == []
    later = yaowen("coverage", "--since", "2026-03", "--until", "2026-09")
    assert "214 days without a look, of 214: 2026-03-01 to 2026-09-30\n" in later.stdout
    assert "…       no look in 7 months\n" in later.stdout
    assert later.stderr == "No page was looked at in this time\n"


def test_many_years_are_rows_of_weeks(yaowen: Yaowen, tmp_path: Path) -> None:
    kept(tmp_path, *(looks(day) for day in range(0, 3650, 7)), looks(3650, "failed"))
    shown = yaowen("coverage").stdout
    assert [row[:4] for row in rows(shown)] == [f"{year}" for year in range(2026, 2037)]
    assert rows(shown)[1] == f"2027    {'█' * 52:63}{'52':>9}".replace("█ ", "█·", 1)
    assert rows(shown)[-1][8:20].rstrip() == "█" * 8 + "×"
    assert "worked in a week: █ from 1\n" in shown


@pytest.mark.parametrize("days", [(0, 900), (0, 9_500), (-9_556, 0), (0, 2_912_383)])
def test_a_long_time_without_looks_is_one_line(yaowen: Yaowen, tmp_path: Path, days: tuple[int, ...]) -> None:
    """As a clock that was years ahead leaves it."""
    kept(tmp_path, *map(looks, days))
    shown = yaowen("coverage").stdout
    assert len(rows(shown)) == 2
    (gap,) = [line for line in shown.splitlines() if line.startswith("…")]
    assert gap.endswith("months")


@pytest.mark.parametrize("day", [0, 40, 4_000])
def test_no_line_of_the_calendar_is_wider_than_a_terminal(yaowen: Yaowen, tmp_path: Path, day: int) -> None:
    kept(tmp_path, looks(0), looks(day), *(looks(number, times=40) for number in range(0, day, 20)))
    with Archive.open(tmp_path / "archive.db") as archive, archive.writing() as db:
        db.execute(
            """
            WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 30000)
            INSERT INTO captures (url, final_url, fetched_at, outcome)
            SELECT 'https://news.example/', 'https://news.example/', '2026-03-01T09:00:00Z', 'done' FROM number
            """
        )
    calendar = yaowen("coverage").stdout.partition("looks from")[0].splitlines()[:-1]
    assert max(map(len, calendar)) == WIDTH
    assert any("30," in line for line in calendar)


def test_the_json_is_that_of_the_archive(yaowen: Yaowen, tmp_path: Path) -> None:
    kept(tmp_path, looks(0), looks(2, "failed"), looks(4, site="www.other.example"))
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        assert json.loads(yaowen("coverage", "--json").stdout) == coverage(archive).as_json()
        since = coverage(archive, site="other.example", since=MORNING + timedelta(hours=-8))
        arguments = ("--site", "https://other.example/a", "--since", "2026-03-01", "--json")
        assert json.loads(yaowen("coverage", *arguments).stdout) == since.as_json()
    finished = yaowen("coverage", "--site", "no.example")
    assert (finished.returncode, finished.stderr) == (1, "The archive holds no page of no.example\n")


def test_what_robots_txt_forbids_is_told_apart(yaowen: Yaowen) -> None:
    with running() as server:
        here = server.url.removeprefix("http://")
        options = ("--delay", "0", "--allow-address", here, "--depth", "0")
        yaowen("crawl", f"{server.url}/", f"{server.url}/private/", "http://10.0.0.1/", *options)
    told = json.loads(yaowen("coverage", "--json").stdout)
    assert (told["done"], told["refused"], told["refused_by_robots"]) == (1, 2, 1)
    assert "1 done, 2 refused (1 by robots.txt)" in yaowen("coverage").stdout
