"""The schedule as a service of systemd, and as a line of a crontab."""

import getpass
import re
import shlex
from pathlib import Path

from crawler.errors import CrawlerError
from yaowen.schedule.place import Place

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def unit(place: Place) -> str:
    """A unit file of systemd that keeps the schedule running."""
    program, *words = place.command("schedule", "run")
    folder = place.archive.absolute().parent
    return f"""\
# /etc/systemd/system/yaowen.service
[Unit]
Description=Yaowen crawls by {_path(place.plan)}
Wants=network-online.target
After=network-online.target

[Service]
ExecStart={" ".join([_word(program, variables=False), *map(_word, words)])}
User={getpass.getuser()}
WorkingDirectory={_path(folder)}
# The cookies and headers of the plan, as NAME=value; this file is yours alone: chmod 600.
EnvironmentFile=-{_path(folder / "yaowen.env")}
# The schedule alone is told to stop; it asks the crawl to end and waits for it.
KillMode=mixed
TimeoutStopSec=90
# A stop that was asked for is no failure, and a wrong plan stays wrong however often it is tried.
SuccessExitStatus=7
Restart=on-failure
RestartSec=60
RestartPreventExitStatus=2
ProtectSystem=full

[Install]
WantedBy=multi-user.target
"""


def crontab(place: Place) -> str:
    """A line of a crontab that runs what is due every five minutes."""
    log = place.archive.absolute().parent / "yaowen.log"
    words = " ".join(map(shlex.quote, place.command("schedule", "run", "--once")))
    line = _plain(f"*/5 * * * * {words} 2>> {shlex.quote(str(log))}")
    escaped = line.replace("%", r"\%")  # cron takes a bare % for the end of the line
    return f"# The times are those of the plan: this asks every five minutes what is due.\n{escaped}\n"


def _word(text: str, *, variables: bool = True) -> str:
    """A word of ExecStart= (systemd.service(5), "Command lines"); only after the program does it expand variables."""
    escaped = _plain(text).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped.replace("$", "$$") if variables else escaped}"'


def _path(path: Path) -> str:
    """A path where systemd reads the whole line: without quotes, but with specifiers.

    A backslash at the end would join the next line to it, so a slash stands behind.
    """
    line = _plain(str(path.absolute())).replace("%", "%%")
    return f"{line}/" if line.endswith("\\") else line


def _plain(text: str) -> str:
    if _CONTROL.search(text):
        raise CrawlerError(
            f"{text!r} cannot stand in a unit or a crontab: it holds a line break or another control character"
        )
    return text
