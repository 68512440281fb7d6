"""What a crawl says while it runs: nothing but errors on the terminal unless asked, everything in a file if asked."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.logging import RichHandler

from archive.errors import CannotWrite
from crawler.extensions.progress import console

_LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG)
_PREAMBLE = ("scrapy.addons", "scrapy.crawler", "scrapy.middleware", "scrapy.utils.log")
"""Who prints some hundred lines of versions, settings and components before the first page is asked for."""
_OPTIONS = (
    click.option(
        "-v",
        "--verbose",
        count=True,
        help="Name each page that failed, was refused or not read; -vv of milestones; -vvv of every step.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no summary; the exit code tells."),
    click.option(
        "--log-file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Add what happens to this file, with times.",
    ),
)


def log_options(command: Callable[..., Any]) -> Callable[..., Any]:  # Any: what click decorates
    """Give a command all of them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def log(verbose: int, log_file: Path | None) -> None:
    """Say so much from now on. Raises ``CannotWrite``."""
    shown = RichHandler(console=console, show_path=False) if console.is_terminal else logging.StreamHandler()
    shown.setLevel(_LEVELS[min(verbose, len(_LEVELS) - 1)])
    handlers: list[logging.Handler] = [shown]
    if log_file:
        kept = _file(log_file)
        kept.setLevel(min(logging.INFO, shown.level))
        kept.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        if shown.level > logging.INFO:
            kept.addFilter(lambda record: record.levelno > logging.INFO or record.name not in _PREAMBLE)
        handlers.append(kept)
    logging.basicConfig(format="%(message)s", level=min(handler.level for handler in handlers), handlers=handlers)


def _file(path: Path) -> logging.FileHandler:
    try:
        return logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise CannotWrite(f"the log file {path}", error.strerror or str(error)) from error
