"""What a schedule works with: the plan's file, the archive, and what it lets every crawl do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive import crawls
from archive.errors import ArchiveInUse, ArchiveUnreadable
from archive.runs import Run, last_runs
from archive.store import Archive
from crawler.errors import ScheduleInUse
from crawler.plan import Plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One plan and one archive."""

    plan: Path
    archive: Path
    allowed: tuple[str, ...] = ()
    """HOST:PORT of one's own network that crawls may connect to."""

    def command(self, *words: str) -> list[str]:
        """The words of a command of this program for this plan and archive, for any folder."""
        paths = ["--plan", str(self.plan.absolute()), "--archive", str(self.archive.absolute())]
        addresses = [word for address in self.allowed for word in ("--allow-address", address)]
        return [sys.executable, "-m", "yaowen", *words, *paths, *addresses]

    def last_runs(self, plan: Plan) -> dict[str, Run]:
        """The last run of each crawl of the plan that ever ran. Raises ``ArchiveUnreadable``."""
        if not self.archive.exists():
            return {}
        with Archive.open(self.archive, read_only=True) as archive:
            return last_runs(archive.db, plan.crawls)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only schedule of this archive; raises ``ScheduleInUse`` with the other's process id."""
        try:
            with crawls.held(self.archive.with_name(f"{self.archive.name}.schedule")):
                yield
        except ArchiveInUse as error:
            raise ScheduleInUse(self.archive, error.pid) from error
        except ArchiveUnreadable as error:
            raise ArchiveUnreadable(self.archive, error.reason) from error
