"""What ``yaowen schedule`` tells of a plan."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from archive import crawls
from archive.store import Archive
from crawler.plan import CrawlPlan
from tests.conftest import MORNING, Yaowen, run_yaowen
from yaowen.schedule.install import crontab, unit
from yaowen.schedule.place import Place
from yaowen.schedule.service import Times

PLAN = """\
[crawls.morning]
cron = "0 6 * * *"
timezone = "Asia/Shanghai"
urls = ["https://news.example/"]

[crawls.often]
every = "30m"
urls = ["https://news.example/feed.xml"]
"""
AN_HOUR_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    (tmp_path / "yaowen.toml").write_text(PLAN)
    return tmp_path


def note_run(folder: Path, name: str, began_at: datetime, *, is_finished: bool = True) -> None:
    with Archive.open(folder / "archive.db") as archive, archive.writing() as db:
        crawl = crawls.begin(db, "auto", {"crawl": name, "urls": []}, now=began_at, parser_version="1")
        if is_finished:
            ended = began_at + timedelta(minutes=1)
            crawls.note_stop(db, crawl.id, reason="finished", exit_code=0, stats={}, finished=ended)


def test_list_tells_schedule_last_run_and_next_run(yaowen: Yaowen, planned: Path) -> None:
    note_run(planned, "morning", AN_HOUR_AGO)
    first, second = yaowen("schedule", "list").stdout.splitlines()
    assert first.startswith(
        f"morning: 0 6 * * * (Asia/Shanghai) · last {AN_HOUR_AGO:%Y-%m-%d %H:%M:%S} UTC, finished (0)"
    )
    assert second == "often: every 30 min · never ran · due now"


def test_list_json_says_what_is_due(yaowen: Yaowen, planned: Path) -> None:
    note_run(planned, "often", AN_HOUR_AGO)
    note_run(planned, "morning", AN_HOUR_AGO, is_finished=False)
    morning, often = json.loads(yaowen("schedule", "list", "--json").stdout)
    assert (morning["name"], morning["cron"], morning["timezone"]) == ("morning", "0 6 * * *", "Asia/Shanghai")
    assert (morning["last_finished_at"], morning["is_due"]) == (None, True)
    assert (often["every_seconds"], often["last_exit_code"], often["is_due"]) == (1800, 0, True)
    assert often["last_began_at"] == f"{AN_HOUR_AGO:%Y-%m-%dT%H:%M:%SZ}"


def test_a_crawl_that_runs_is_told_as_running(yaowen: Yaowen, planned: Path) -> None:
    note_run(planned, "often", AN_HOUR_AGO, is_finished=False)
    with crawls.held(planned / "archive.db"):
        assert (
            f"often: every 30 min · running since {AN_HOUR_AGO:%Y-%m-%d %H:%M:%S}" in yaowen("schedule", "list").stdout
        )
        assert [one["running"] for one in json.loads(yaowen("schedule", "list", "--json").stdout)] == [False, True]
    assert "often: every 30 min · unfinished since" in yaowen("schedule", "list").stdout


def test_next_tells_the_runs_of_all_crawls_in_order(yaowen: Yaowen, planned: Path) -> None:
    note_run(planned, "often", AN_HOUR_AGO + timedelta(minutes=45))
    runs = json.loads(yaowen("schedule", "next", "--count", "60", "--json").stdout)
    times = [datetime.fromisoformat(run["at"]) for run in runs if run["crawl"] == "often"]
    assert times[0] == AN_HOUR_AGO + timedelta(minutes=75)
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(minutes=30)}
    assert {run["at"][11:] for run in runs if run["crawl"] == "morning"} == {"22:00:00Z"}
    assert [run["at"] for run in runs] == sorted(run["at"] for run in runs)
    assert len(yaowen("schedule", "next", "--count", "3").stdout.splitlines()) == 3


@pytest.mark.usefixtures("planned")
def test_a_folder_that_is_not_there_is_named(yaowen: Yaowen) -> None:
    finished = yaowen("schedule", "run", "--once", "--archive", "no/archive.db")
    assert (finished.returncode, finished.stderr) == (
        3,
        "Cannot open the archive no/archive.db: there is no folder no\n",
    )


@pytest.mark.usefixtures("planned")
def test_check_counts_what_is_planned(yaowen: Yaowen) -> None:
    finished = yaowen("schedule", "check")
    assert (finished.returncode, finished.stdout) == (0, "yaowen.toml is right: 2 crawls, 0 sites\n")


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (None, "is not set"),
        (" ", "is empty"),
        ("id=secret\nX-Other: 1", "holds a line break or another control character"),
    ],
)
def test_check_names_variables_that_cannot_be_used(
    yaowen: Yaowen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, flaw: str
) -> None:
    if content is not None:
        monkeypatch.setenv("YAOWEN_TEST_COOKIE", content)
    (tmp_path / "yaowen.toml").write_text('[sites."news.example"]\ncookie = "YAOWEN_TEST_COOKIE"\n')
    finished = yaowen("schedule", "check", "--json")
    told = json.loads(finished.stdout)["variables_unusable"]
    assert (finished.returncode, told) == (0, {"YAOWEN_TEST_COOKIE": flaw})
    assert f"YAOWEN_TEST_COOKIE, which {flaw} here" in finished.stderr
    assert "secret" not in finished.stdout + finished.stderr


@pytest.mark.parametrize(
    "words", [("check",), ("list",), ("next",), ("run",), ("run", "--once"), ("systemd",), ("cron",)]
)
def test_a_wrong_plan_is_exit_2_with_every_mistake(yaowen: Yaowen, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "yaowen.toml").write_text(PLAN.replace("30m", "30").replace("0 6", "0 66"))
    finished = yaowen("schedule", *words)
    assert finished.returncode == 2
    assert [line.split(": ")[0] for line in finished.stderr.splitlines()] == [
        "yaowen.toml, line 2",
        "yaowen.toml, line 7",
    ]


def test_check_tells_the_mistakes_to_programs_too(yaowen: Yaowen, tmp_path: Path) -> None:
    (tmp_path / "yaowen.toml").write_text("[crawl]\n")
    finished = yaowen("schedule", "check", "--json")
    assert finished.returncode == 2
    (mistake,) = json.loads(finished.stdout)["mistakes"]
    assert mistake == "yaowen.toml, line 1: the plan has no key crawl; did you mean crawls?"


@pytest.mark.parametrize("words", [("list",), ("next",)])
def test_a_plan_without_crawls_says_how_to_add_one(yaowen: Yaowen, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "yaowen.toml").write_text("")
    finished = yaowen("schedule", *words)
    assert (finished.returncode, finished.stdout, "[crawls.morning]" in finished.stderr) == (0, "", True)


def test_without_a_plan_there_is_no_schedule(yaowen: Yaowen) -> None:
    finished = yaowen("schedule", "list")
    assert (finished.returncode, "yaowen.toml: cannot be read" in finished.stderr) == (2, True)


AWKWARD = 'a 100% "folder" $x'


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_unit_whatever_the_folder_is_called(tmp_path: Path) -> None:
    folder = tmp_path / AWKWARD
    folder.mkdir()
    (folder / "yaowen.toml").write_text(PLAN)
    printed = run_yaowen(folder, "schedule", "systemd", "--allow-address", "127.0.0.1:8765")
    service = tmp_path / "yaowen.service"
    service.write_text(printed.stdout)
    verified = subprocess.run(["systemd-analyze", "verify", service], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_unit_names_absolute_paths_and_quotes_them(tmp_path: Path) -> None:
    place = Place(plan=tmp_path / AWKWARD / "yaowen.toml", archive=tmp_path / "archive.db", allowed=("127.0.0.1:8765",))
    (start,) = [line for line in unit(place).splitlines() if line.startswith("ExecStart=")]
    assert start == (
        f'ExecStart="{sys.executable}" "-m" "yaowen" "schedule" "run"'
        f' "--plan" "{tmp_path}/a 100%% \\"folder\\" $$x/yaowen.toml" "--archive" "{tmp_path}/archive.db"'
        ' "--allow-address" "127.0.0.1:8765"'
    )


def test_the_unit_takes_a_stop_for_no_failure(planned: Path) -> None:
    lines = unit(Place(plan=planned / "yaowen.toml", archive=planned / "archive.db")).splitlines()
    assert {"SuccessExitStatus=7", "Restart=on-failure", "KillMode=mixed", "RestartPreventExitStatus=2"} <= set(lines)


def test_the_line_for_cron_does_what_it_says(tmp_path: Path) -> None:
    folder = tmp_path / AWKWARD
    folder.mkdir()
    (folder / "yaowen.toml").write_text(PLAN.partition("[crawls.often]")[0])  # nothing of it is due
    _, line = crontab(Place(plan=folder / "yaowen.toml", archive=folder / "archive.db")).splitlines()
    when, shell = line[:12], line[12:].replace(r"\%", "%")  # as cron does
    assert (when, "%" in line.replace(r"\%", "")) == ("*/5 * * * * ", False)
    finished = subprocess.run(["/bin/sh", "-c", shell], cwd="/", capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "nothing is due" in (folder / "yaowen.log").read_text()
    assert shlex.split(shell)[:5] == [sys.executable, "-m", "yaowen", "schedule", "run"]


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("kind", ["systemd", "cron"])
def test_a_path_that_no_line_can_hold_is_refused(yaowen: Yaowen, kind: str) -> None:
    finished = yaowen("schedule", kind, "--archive", "two\nlines.db")
    assert (finished.returncode, "cannot stand in a unit or a crontab" in finished.stderr) == (1, True)


def test_the_plan_is_named_by_the_environment_too(planned: Path) -> None:
    elsewhere = planned / "other.toml"
    (planned / "yaowen.toml").rename(elsewhere)
    checked = subprocess.run(
        [sys.executable, "-m", "yaowen", "schedule", "check"],
        env=os.environ | {"YAOWEN_PLAN": str(elsewhere)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, f"{elsewhere} is right: 2 crawls, 0 sites\n")


@pytest.mark.parametrize("schedule", [{"every": timedelta(seconds=1)}, {"cron": "* * * * *"}])
def test_ten_years_that_the_clock_leaves_out_are_one_missed_run(schedule: dict[str, Any]) -> None:
    times, later = Times(crawl=CrawlPlan(name="often", **schedule), jitter=0), MORNING + timedelta(days=3_650)
    assert later < times.get_next_fire_time(MORNING, later) <= later + timedelta(minutes=1)
