"""The schedule as a process of its own, against the sample site on loopback."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from archive import crawls
from archive.runs import Run, runs
from archive.store import Archive
from crawler.sample_site import SampleSite
from crawler.sample_site.server import SampleServer, running
from tests.conftest import Yaowen, run_yaowen

ARTICLES = SampleSite(1).article_paths()


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with running(state=1) as server:
        yield server


def planned(folder: Path, site: SampleServer, crawls: dict[str, str], on_alarm: str = "") -> None:
    """A plan of crawls by name, each with its keys; ``{site}`` is the sample site's address."""
    head = f"on_alarm = {json.dumps(on_alarm)}\n" if on_alarm else ""
    tables = (f"[crawls.{name}]\n{keys.replace('{site}', site.url)}\n" for name, keys in crawls.items())
    (folder / "yaowen.toml").write_text(head + "\n".join(tables))


def words(site: SampleServer, *more: str) -> list[str]:
    return ["schedule", "run", *more, "--allow-address", site.url.removeprefix("http://")]


@contextmanager
def schedule(folder: Path, site: SampleServer) -> Iterator[subprocess.Popen[str]]:
    """A schedule that runs in this folder; its log is its stderr."""
    with subprocess.Popen(
        [sys.executable, "-m", "yaowen", *words(site, "--jitter", "0")], cwd=folder, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def log_until(process: subprocess.Popen[str], done: Callable[[str], bool]) -> str:
    """The log up to the first line that will do, or to its end."""
    lines = []
    for line in process.stderr or ():
        lines.append(line)
        if done(line):
            break
    return "".join(lines)


def stop(process: subprocess.Popen[str], how: signal.Signals = signal.SIGTERM) -> str:
    """Stop the schedule; the rest of its log."""
    process.send_signal(how)
    return process.communicate(timeout=60)[1]


def stored(folder: Path) -> list[Run]:
    """The runs, the oldest first."""
    with Archive.open(folder / "archive.db", read_only=True) as archive:
        return runs(archive.db, limit=100)[::-1]


@pytest.mark.long
def test_crawls_run_again_and_again_one_at_a_time(site: SampleServer, tmp_path: Path) -> None:
    one_page = 'urls = ["{site}' + ARTICLES[0] + '"]\ndepth = 0\nevery = "1s"'
    planned(tmp_path, site, {"first": one_page, "second": one_page.replace(ARTICLES[0], ARTICLES[1])})
    with schedule(tmp_path, site) as process:
        log = log_until(process, lambda line: "crawl 4 ended" in line)
        log += stop(process)
    assert process.returncode == 7
    begun_and_ended = [line.split(" ")[2:4] for line in log.splitlines() if "begins" in line or " ended with 0" in line]
    for (name, word), (next_name, next_word) in list(pairwise(begun_and_ended))[::2]:
        assert (word, next_name, next_word) == ("begins", name, "crawl"), log
    finished = [run for run in stored(tmp_path) if run.finished_at]
    assert {run.name for run in finished} == {"first", "second"}  # neither starves the other
    assert all(earlier.finished_at <= later.started_at for earlier, later in pairwise(finished) if earlier.finished_at)
    assert "Traceback" not in log


@pytest.mark.parametrize("how", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_a_stop_lets_the_crawl_end_and_the_next_schedule_goes_on_with_it(
    site: SampleServer, tmp_path: Path, how: signal.Signals
) -> None:
    planned(tmp_path, site, {"long": 'urls = ["{site}/"]\nspider = "feature"\nevery = "30d"'})
    asked = len(site.requests)
    with schedule(tmp_path, site) as process:
        log_until(process, lambda line: "long: begins" in line)
        while len(site.requests) < asked + 4 and process.poll() is None:
            pass  # the server's own list tells how far the crawl is
        log = stop(process, how)
    (run,) = stored(tmp_path)
    assert (process.returncode, run.finished_at, run.exit_code) == (7, None, 7)
    assert "long: crawl 1 ended with 7 (stopped; it is gone on with next time)" in log
    assert crawls.holder(tmp_path / "archive.db") is None
    with schedule(tmp_path, site) as process:
        assert "long: next run now" in log_until(process, lambda line: "long: begins" in line)
        asked = len(site.requests)
        while len(site.requests) < asked + 2 and process.poll() is None:
            pass
        stop(process)
    assert [run.id for run in stored(tmp_path)] == [1]


@pytest.mark.long
def test_a_second_stop_ends_the_crawl_at_once_and_raises_no_alarm(site: SampleServer, tmp_path: Path) -> None:
    long = {"long": 'urls = ["{site}/"]\nspider = "feature"\nevery = "30d"'}
    planned(tmp_path, site, long, on_alarm="cat > alarm.txt")
    asked = len(site.requests)
    with schedule(tmp_path, site) as process:
        log_until(process, lambda line: "long: begins" in line)
        while len(site.requests) < asked + 4 and process.poll() is None:
            pass
        process.send_signal(signal.SIGTERM)
        log_until(process, lambda line: "stopping; a crawl that runs was asked to end" in line)
        log = stop(process)
    assert process.returncode == 7
    assert (len(stored(tmp_path)), (tmp_path / "alarm.txt").exists()) == (1, False), log
    assert crawls.holder(tmp_path / "archive.db") is None


def test_a_second_schedule_of_the_same_archive_is_refused(site: SampleServer, tmp_path: Path) -> None:
    planned(tmp_path, site, {"rare": 'urls = ["{site}/"]\ncron = "0 0 29 2 *"'})
    with schedule(tmp_path, site) as process:
        log_until(process, lambda line: "1 crawls of" in line)
        second = run_yaowen(tmp_path, *words(site, "--once"))
    assert (second.returncode, f"Another schedule (process {process.pid}) runs" in second.stderr) == (6, True)


def test_once_runs_what_is_due_and_nothing_else(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    one_page = 'urls = ["{site}' + ARTICLES[0] + '"]\ndepth = 0\n'
    planned(tmp_path, site, {"due": one_page + 'every = "1h"', "later": one_page + 'cron = "0 0 29 2 *"'})
    first, second = (yaowen(*words(site, "--once")) for _ in range(2))
    assert (first.returncode, second.returncode, "nothing is due" in second.stderr) == (0, 0, True)
    assert [(run.name, run.exit_code) for run in stored(tmp_path)] == [("due", 0)]


@pytest.mark.long
def test_once_stopped_lets_the_crawl_end(site: SampleServer, tmp_path: Path) -> None:
    planned(tmp_path, site, {"long": 'urls = ["{site}/"]\nspider = "feature"\nevery = "30d"'})
    asked = len(site.requests)
    with subprocess.Popen(
        [sys.executable, "-m", "yaowen", *words(site, "--once")], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as process:
        while len(site.requests) < asked + 4 and process.poll() is None:
            pass
        stop(process)
    (run,) = stored(tmp_path)
    assert (process.returncode, run.finished_at, run.exit_code) == (7, None, 7)


@pytest.mark.long
def test_a_failed_crawl_runs_the_command_of_ones_own(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    facts = "$YAOWEN_CRAWL $YAOWEN_EXIT_CODE $YAOWEN_CRAWL_ID $YAOWEN_ARCHIVE"
    one_page = 'depth = 0\nevery = "1h"\n'
    good, bad = (f'{one_page}urls = ["{{site}}{path}"]' for path in (ARTICLES[0], "/nowhere"))
    planned(tmp_path, site, {"good": good, "bad": bad}, on_alarm=f'(cat; echo "{facts}") >> alarms.txt')
    finished = yaowen(*words(site, "--once"))
    assert finished.returncode == 4
    sentence, told = (tmp_path / "alarms.txt").read_text().splitlines()
    assert sentence.startswith("bad: crawl 1 ended with 4 (nothing could be fetched) after")
    assert told == f"bad 4 1 {tmp_path / 'archive.db'}"


@pytest.mark.long
def test_an_alarm_that_fails_is_logged_and_stops_nothing(site: SampleServer, yaowen: Yaowen, tmp_path: Path) -> None:
    bad = 'urls = ["{site}/nowhere"]\ndepth = 0\nevery = "1h"'
    planned(tmp_path, site, {"one": bad, "two": bad}, on_alarm="exit 9")
    finished = yaowen(*words(site, "--once"))
    assert finished.stderr.count("on_alarm ended with 9: exit 9") == 2
    assert [run.name for run in stored(tmp_path)] == ["one", "two"]


@pytest.mark.long
def test_a_changed_plan_counts_and_a_wrong_one_does_not(site: SampleServer, tmp_path: Path) -> None:
    rare = 'urls = ["{site}' + ARTICLES[0] + '"]\ndepth = 0\ncron = "0 0 29 2 *"'
    planned(tmp_path, site, {"rare": rare})
    with schedule(tmp_path, site) as process:
        log_until(process, lambda line: "1 crawls of" in line)
        for wrong in ("[crawl.rare]\n", f"a = {'[' * 100_000}\n", f"a = {'9' * 6_000}\n"):
            (tmp_path / "yaowen.toml").write_text(wrong)
            log = log_until(process, lambda line: "yaowen.toml" in line)
            assert "the plan has changed and is wrong, so the old one stays" in log
        planned(tmp_path, site, {"rare": rare, "added": rare.replace('cron = "0 0 29 2 *"', 'every = "1h"')})
        log = log_until(process, lambda line: "added: crawl 1 ended with 0" in line)
        stop(process)
    assert "added: next run now" in log
    assert [run.name for run in stored(tmp_path)] == ["added"]


@pytest.mark.long
def test_crawls_run_by_the_old_plan_while_the_new_one_is_wrong(site: SampleServer, tmp_path: Path) -> None:
    planned(tmp_path, site, {"old": 'urls = ["{site}' + ARTICLES[0] + '"]\ndepth = 0\nevery = "2s"'})
    with schedule(tmp_path, site) as process:
        log_until(process, lambda line: "old: crawl 1 ended" in line)
        (tmp_path / "yaowen.toml").write_text("[crawl]\n")
        log_until(process, lambda line: "yaowen.toml, line 1: " in line)
        log_until(process, lambda line: "old: begins" in line)
        log = log_until(process, lambda line: " ended with " in line)
        stop(process)
    assert "ended with 0" in log


@pytest.mark.long
def test_a_schedule_waits_while_another_command_holds_the_archive(site: SampleServer, tmp_path: Path) -> None:
    planned(tmp_path, site, {"one": 'urls = ["{site}' + ARTICLES[0] + '"]\ndepth = 0\nevery = "1h"'})
    with schedule(tmp_path, site) as process:
        with crawls.held(tmp_path / "archive.db"):
            log_until(process, lambda line: "one: waits, since process" in line)
        log = log_until(process, lambda line: "one: crawl 1 ended" in line)
        stop(process)
    assert "one: crawl 1 ended with 0" in log


def test_once_leaves_what_is_due_while_another_command_holds_the_archive(
    site: SampleServer, yaowen: Yaowen, tmp_path: Path
) -> None:
    one = 'urls = ["{site}' + ARTICLES[0] + '"]\ndepth = 0\nevery = "1h"'
    planned(tmp_path, site, {"one": one}, on_alarm="cat > alarm.txt")
    with crawls.held(tmp_path / "archive.db"):
        waited = yaowen(*words(site, "--once"))
    assert (waited.returncode, "one: waits for the next time, since process" in waited.stderr) == (0, True)
    assert not (tmp_path / "alarm.txt").exists()
    assert "one: crawl 1 ended with 0" in yaowen(*words(site, "--once")).stderr


@pytest.mark.long
def test_the_next_run_counts_from_the_beginning_of_one_that_had_to_wait(site: SampleServer, tmp_path: Path) -> None:
    planned(tmp_path, site, {"one": 'urls = ["{site}' + ARTICLES[0] + '"]\ndepth = 0\nevery = "6s"'})
    with schedule(tmp_path, site) as process:
        with crawls.held(tmp_path / "archive.db"):
            log_until(process, lambda line: "one: waits, since process" in line)
            time.sleep(4)
        log_until(process, lambda line: "one: crawl 2 ended" in line)
        stop(process)
    first, second = stored(tmp_path)[:2]
    assert (second.started_at - first.started_at).total_seconds() > 5


@pytest.mark.long
def test_a_crawl_that_was_killed_is_told_and_gone_on_with(site: SampleServer, tmp_path: Path) -> None:
    planned(
        tmp_path, site, {"long": 'urls = ["{site}/"]\nspider = "feature"\nevery = "30d"'}, on_alarm="cat > alarm.txt"
    )
    asked = len(site.requests)
    with schedule(tmp_path, site) as process:
        log_until(process, lambda line: "long: begins" in line)
        while len(site.requests) < asked + 4 and process.poll() is None:
            pass
        pid = crawls.holder(tmp_path / "archive.db")
        assert pid is not None
        subprocess.run(["kill", "-9", str(pid)], check=True)
        log = log_until(process, lambda line: "on_alarm was run" in line)
        stop(process)
    assert "long: ended with 137 (killed by a signal)" in log
    assert (tmp_path / "alarm.txt").read_text() == "long: ended with 137 (killed by a signal)\n"
    (told,) = json.loads(run_yaowen(tmp_path, "schedule", "list", "--json").stdout)
    assert told["is_due"]
