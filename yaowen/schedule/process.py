"""Crawls as processes of their own, one at a time, that can be asked to end."""

import json
import logging
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from yaowen.schedule.place import Place

logger = logging.getLogger(__name__)

IN_USE = 6
STOPPED = 7
DRIFTED = 5
_MEANINGS = {
    1: "it failed",
    2: "wrong use",
    3: "the archive cannot be opened",
    4: "nothing could be fetched",
    5: "done, but the drift alarm fired",
    6: "the archive is in use",
    7: "stopped; it is gone on with next time",
    8: "the disk is full",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How the process of a crawl ended."""

    name: str
    exit_code: int
    """As a shell tells it: 128 and the signal's number for a process that a signal killed."""
    summary: dict[str, Any]  # Any: JSON values
    """What ``yaowen crawl --json`` printed; empty where it did not come so far."""

    @property
    def crawl_id(self) -> int | None:
        """Its row in the ledger, as far as known."""
        return self.summary.get("crawl_id")

    @property
    def is_alarming(self) -> bool:
        """Whether someone has to look: it failed, or the drift alarm fired. One that did not begin stays due."""
        return self.exit_code not in (0, IN_USE, STOPPED)

    def __str__(self) -> str:
        told = f"{self.name}: " + (f"crawl {self.crawl_id} " if self.crawl_id else "")
        told += f"ended with {self.exit_code}"
        if self.exit_code:
            told += f" ({_MEANINGS.get(self.exit_code, 'killed by a signal')})"
        if not self.summary:
            return told
        pages, articles = (_counts(self.summary[what]) for what in ("outcomes", "articles"))
        return f"{told} after {self.summary['seconds']} s: pages {pages}; articles {articles}"


class CrawlProcess:
    """Runs crawls of the plan; ``stop`` may be called from another thread."""

    def __init__(self, place: Place) -> None:
        # A crawl gets the plan as its input: the file may have been changed since, and be wrong.
        self.place = replace(place, plan=Path("/dev/stdin"))
        self._lock = Lock()
        self._running: subprocess.Popen[str] | None = None
        self._stopping = False

    def run(self, name: str, plan: str) -> Ended | None:
        """Run one crawl of a plan, given as its text, to its end; ``None`` once the schedule is stopping.

        Interrupted, it asks the crawl to end and waits for it.
        """
        with self._lock:
            if self._stopping:
                return None
            # A group of its own: Ctrl-C at a terminal reaches the schedule alone, which then asks the crawl once.
            # Scrapy takes a second signal for an order to leave everything as it is.
            self._running = running = subprocess.Popen(  # noqa: S603 - our own command
                self.place.command("crawl", name, "--json"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                process_group=0,
            )
        logger.info("%s: begins", name)
        try:
            printed, _ = running.communicate(plan)
        except KeyboardInterrupt:
            self.stop()
            running.communicate()
            raise
        code = running.returncode
        return Ended(name=name, exit_code=code if code >= 0 else 128 - code, summary=_summary(printed))

    def stop(self) -> None:
        """Begin no crawl any more, and ask the one that runs to end: it is gone on with next time."""
        with self._lock:
            self._stopping = True
            self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the crawl that runs at once; what it has stored is kept, and it is gone on with next time."""
        with self._lock:
            self._stopping = True
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._running and self._running.poll() is None:
            self._running.send_signal(number)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "none"


def _summary(printed: str) -> dict[str, Any]:  # Any: JSON values
    with suppress(json.JSONDecodeError):
        return dict(json.loads(printed))
    return {}
