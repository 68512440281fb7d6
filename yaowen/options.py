"""Options that several commands have."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.times import end_of, start_of
from archive.urls import clean, is_web, site_of


class Moment(click.ParamType[datetime]):
    """A year, month, day or time; of a period, ``edge`` says which moment is meant."""

    name = "date"

    def __init__(self, edge: Callable[[str], datetime]) -> None:
        self.edge = edge

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment; wrong use where it is none."""
        try:
            return self.edge(str(value)).astimezone(UTC)  # an offset may lead out of the years 1 to 9999
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no date; write 2026, 2026-03, 2026-03-01 or 2026-03-01T08:30", param, ctx)


def check_utf_8(typed: str) -> None:
    """Raises ``UsageError`` for bytes that are no text: neither SQLite nor JSON takes them."""
    if any("\ud800" <= character <= "\udfff" for character in typed):
        raise click.UsageError(f"{typed!r} is no UTF-8")


class Site(click.ParamType[str]):
    """A site by its name, as a search prints it, or by any address of it."""

    name = "site"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name; wrong use where it is no UTF-8."""
        check_utf_8(str(value))
        return site_of(url) if is_web(url := clean(str(value))) else str(value)


LONGEST_ID = 18
"""Digits of a number that SQLite takes, whatever they are."""


class ArticleId(click.ParamType[int]):
    """The id of an article, as a search prints it: with or without a section."""

    name = "id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The id; wrong use where it is none."""
        number = str(value).partition("#")[0]
        if not number.isdecimal() or len(number) > LONGEST_ID:
            self.fail(f"{value!r} is no article's id", param, ctx)
        return int(number)


class QueryCommand(click.Command):
    """A command with a query as it is typed: in ``人才 -苏州``, ``-苏州`` is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A blank before what is left out makes click take it for a word; the query language passes over it."""
        options = {name for param in self.get_params(ctx) for name in param.opts}
        return super().parse_args(ctx, [word if word in options else _WORD.sub(" -", word) for word in args])


_WORD = re.compile(r"^-(?=[^-])")


def _joined(ctx: click.Context, param: click.Parameter, words: tuple[str, ...]) -> str:
    typed = " ".join(word.strip() for word in words)
    check_utf_8(typed)
    return typed


optional_query_argument = click.argument("query", nargs=-1, metavar="[QUERY]", callback=_joined)
query_argument = click.argument("query", nargs=-1, required=True, metavar="QUERY", callback=_joined)
"""The query as one text, of a ``QueryCommand``; of the optional one empty where none was typed."""

archive_option = click.option(
    "--archive",
    "archive_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("archive.db"),
    envvar="YAOWEN_ARCHIVE",
    show_default=True,
    show_envvar=True,
    help="The file that everything is kept in.",
)
plan_option = click.option(
    "--plan",
    "plan_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("yaowen.toml"),
    envvar="YAOWEN_PLAN",
    show_default=True,
    show_envvar=True,
    help="The file that says which sites are visited how, and which crawls run when.",
)
allow_address_option = click.option(
    "--allow-address",
    "allowed",
    metavar="HOST:PORT",
    multiple=True,
    help="Let the program connect to this address of your own machine or network.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
as_of_option = click.option(
    "--as-of", type=Moment(end_of), metavar="DATE", help="As it stood at the end of this date (UTC)."
)
since_option = click.option(
    "--since", type=Moment(start_of), metavar="DATE", help="Only what was seen since this date (UTC)."
)
until_option = click.option(
    "--until", type=Moment(end_of), metavar="DATE", help="Only what was seen until the end of this date (UTC)."
)
