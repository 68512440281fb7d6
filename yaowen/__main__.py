"""``yaowen``: crawl news pages into an archive, read them, find them again."""

import ast
import errno
import importlib
import keyword
import pkgutil
import signal
import sqlite3
import sys
from pathlib import Path

import click

from archive.errors import (
    ArchiveError,
    ArchiveFull,
    ArchiveInUse,
    ArchiveUnreadable,
    BadReaders,
    BadWord,
    NotAHit,
    QueryError,
    UnknownColumn,
    has_no_room,
)
from crawler import __version__
from crawler.errors import (
    BadPlan,
    CrawlerError,
    NothingFetched,
    ScheduleInUse,
    UnknownCrawl,
)
from yaowen import commands, streams
from yaowen.output import remark

EXIT_CODES: dict[type[Exception], int] = {
    QueryError: 2,
    BadReaders: 2,
    BadWord: 2,
    NotAHit: 2,
    UnknownColumn: 2,
    ArchiveUnreadable: 3,
    sqlite3.DatabaseError: 3,
    BadPlan: 2,
    UnknownCrawl: 2,
    NothingFetched: 4,
    ArchiveInUse: 6,
    ScheduleInUse: 6,
    ArchiveFull: 8,
    ArchiveError: 1,
    OSError: 1,
    CrawlerError: 1,
    streams.OutputLost: 1,
}
"""The first that fits decides, so children stand before their parents."""
_STOPPED = 7


class Commands(click.Group):
    """The files of ``commands/``, each imported only when it is asked for: ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, from the file names."""
        return sorted(found.name.rstrip("_").replace("_", "-") for found in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The ``command`` of the file of this name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"yaowen.commands.{_module_name(cmd_name)}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; stopped by a signal, it ends with the exit code that says so."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
            return done
        except KeyboardInterrupt:
            remark("Stopped")
            return ctx.exit(_STOPPED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """A line for each command, read from its docstring without importing it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _help_line(name)) for name in self.list_commands(ctx)])


def _module_name(command: str) -> str:
    """The module of a command; a word of Python's own has a mark behind it.

    >>> _module_name("sample-site"), _module_name("import")
    ('sample_site', 'import_')
    """
    return command.replace("-", "_") + ("_" if keyword.iskeyword(command) else "")


def _help_line(name: str) -> str:
    path = Path(__file__).parent / "commands" / f"{_module_name(name)}.py"
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="yaowen")
def yaowen() -> None:
    """Keep what news pages showed, and find it again.

    Pages are fetched into one file, archive.db: articles with their sections, every edit, every view count, every
    recommendation, and the bytes as they came.

    Exit codes: 0 done; 1 failed; 2 wrong use; 3 the archive cannot be opened; 4 nothing could be fetched;
    5 done, but the drift alarm fired; 6 another crawl holds the archive; 7 stopped by a signal, resumable;
    8 disk full.
    """


def main() -> None:
    """Run a command; errors become one sentence on stderr and the exit code that says what happened."""
    streams.install()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end like Ctrl-C: nothing half is left behind
    try:
        yaowen()
    except streams.ReaderGone:  # `| head`
        sys.exit(0)
    except tuple(EXIT_CODES) as error:
        remark(_sentence(error))
        is_full = isinstance(error, sqlite3.Error | OSError) and _is_full(error)
        code = next(code for kind, code in EXIT_CODES.items() if isinstance(error, kind))
        sys.exit(EXIT_CODES[ArchiveFull] if is_full else code)


def _is_full(error: sqlite3.Error | OSError) -> bool:
    return has_no_room(error) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _sentence(error: Exception) -> str:
    """What SQLite and the system say, for a reader who knows neither."""
    if not isinstance(error, sqlite3.Error | OSError):
        return str(error)
    if _is_full(error):
        return "The disk is full; all that was stored before is kept"
    if "malformed" in str(error) or "not a database" in str(error):
        return f"The archive is damaged ({error}); `yaowen verify` tells more, and a backup has what it had"
    return f"The archive cannot be used: {error}"


if __name__ == "__main__":
    main()
