"""A clock that goes wrong, for the processes that are given it, and that may jump at any moment."""

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

# Debian's libfaketime 0.9.10 fails every sleep of Python 3.11 where monotonic time is to stay right (its issue 426).
COMPILER = shutil.which("cc") if sys.platform == "linux" else None
needs_clock = pytest.mark.skipif(COMPILER is None, reason="no C compiler is here to make a wrong clock with")
DAY = 86_400
TEN_YEARS = 3_652 * DAY
TO_2000 = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp() - datetime.now(UTC).timestamp())
JUMPS = {"a day on": DAY, "ten years on": TEN_YEARS, "an hour back": -3_600, "back to 2000": TO_2000}


def made_in(folder: Path) -> Path:
    """The library that makes the clock of a process wrong."""
    library = folder / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([str(COMPILER), "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


class Clock:
    """The wrong clock; ``jump`` puts it so many seconds before or behind the right one."""

    def __init__(self, library: Path, file: Path) -> None:
        self._file = file
        file.write_bytes(struct.pack("q", 0))
        self.environment = os.environ | {"LD_PRELOAD": str(library), "WRONG_CLOCK": str(file)}

    def jump(self, seconds: int) -> None:
        """Be so far off from now on."""
        with self._file.open("r+b") as file:  # the processes have this very file mapped
            file.write(struct.pack("q", seconds))

    @contextmanager
    def off_by(self, seconds: int) -> Iterator[None]:
        """Be so far off for a while."""
        self.jump(seconds)
        try:
            yield
        finally:
            self.jump(0)
