"""Draw a picture: view counts, trends, recommendations, or what is covered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, get_args

import click

from archive.coverage import coverage as covered
from archive.files import whole
from archive.neighbourhood import around, most_tied
from archive.search import asked
from archive.search.trends import By
from archive.search.trends import trend as counted_over_time
from archive.store import Archive
from yaowen.options import QueryCommand, Site, archive_option, json_option, since_option, until_option
from yaowen.output import print_json, remark

if TYPE_CHECKING:
    from yaowen.pictures.picture import Picture

ENDINGS = (".svg", ".png", ".html")


class Where(TypedDict):
    """What the options say of the file."""

    output: Path
    font: Path | None
    force: bool
    as_json: bool
    archive_path: Path


def _known_ending(ctx: click.Context, param: click.Parameter, value: Path) -> Path:
    if value.suffix.lower() not in ENDINGS:
        raise click.BadParameter(f"{str(value)!r} ends in none of {', '.join(ENDINGS)}, which says what is written")
    return value


_OPTIONS = (
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        callback=_known_ending,
        required=True,
        metavar="FILE",
        help=f"Where to; its ending says what is written: {', '.join(ENDINGS)}.",
    ),
    click.option(
        "--font",
        type=click.Path(exists=True, path_type=Path),
        metavar="FILE|FOLDER",
        help="The font of an .svg or .png, or a folder with some; else one that is installed and has the characters.",
    ),
    click.option("--force", is_flag=True, help="Write over a file that is there."),
    json_option,
    archive_option,
)


def _into_a_file(command: Callable[..., Any]) -> Callable[..., Any]:  # Any: what click decorates
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group("plot")
def command() -> None:
    """Draw a picture of what the archive holds, as .svg, .png or .html.

    An .html file holds all that it needs, and tells more where one points. Needs pip install 'yaowen[plot]'.
    """


@command.command("views")
@click.argument("articles", nargs=-1, required=True, metavar="ID|URL...")
@click.option("--log", is_flag=True, help="Steps of the axis are times, not sums: for articles of different sizes.")
@_into_a_file
def views(articles: tuple[str, ...], log: bool, **where: Unpack[Where]) -> None:
    """Draw the counters of articles over time.

    A line is an article, a point an observed counter.
    """

    def draw(archive: Archive) -> "Picture | None":
        from yaowen.pictures.views import picture

        wanted = {article.id: article for article in map(archive.article, articles)}
        return picture(archive, tuple(wanted.values()), log=log)

    _draw(draw, "No counter was ever seen on these pages", where)


@command.command("trend", cls=QueryCommand)
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@click.option("--by", type=click.Choice(get_args(By)), default="month", show_default=True, help="What a point is.")
@click.option("--normalise", is_flag=True, help="Points show the share of all articles of their time.")
@_into_a_file
def trend(queries: tuple[str, ...], by: By, normalise: bool, **where: Unpack[Where]) -> None:
    """Draw how many articles match over time.

    A line is a QUERY, so put one of several words in quotes.

    \b
    Examples:
      yaowen plot trend 图书馆 '人才 -苏州' -o trend.svg
      yaowen plot trend 图书馆 --by year --normalise -o trend.png
    """

    def draw(archive: Archive) -> "Picture | None":
        from yaowen.pictures.trend import picture

        wanted = {query.strip(): asked(archive.db, query) for query in queries}
        trends = {query: counted_over_time(archive.db, one.parts, by) for query, one in wanted.items()}
        return picture(trends, by, normalise=normalise)

    _draw(draw, "Nothing with a date was found", where)


@command.command("graph")
@click.argument("article", required=False, metavar="[ID|URL]")
@click.option("--depth", type=click.IntRange(1), help="How many recommendations away from the article: 1.")
@_into_a_file
def graph(article: str | None, depth: int | None, **where: Unpack[Where]) -> None:
    """Draw which articles recommend which.

    Around one article, or in the whole archive. A recommendation counts that was ever seen. Of more than 300 articles,
    those with most ties are drawn.
    """
    if depth and not article:
        raise click.UsageError("--depth goes with an article")

    def draw(archive: Archive) -> "Picture | None":
        from yaowen.pictures.graph import picture

        if article is None:
            return picture(most_tied(archive))
        found = archive.article(article)
        return picture(around(archive, found, depth=depth or 1), found)

    _draw(draw, "No recommendation was ever seen here", where)


@command.command("coverage")
@click.option("--site", type=Site(), help="Only what is of this site, as `yaowen search` prints it.")
@since_option
@until_option
@_into_a_file
def coverage(site: str | None, since: datetime | None, until: datetime | None, **where: Unpack[Where]) -> None:
    """Draw the calendar of `yaowen coverage`.

    It shows how many looks worked on each day, and on which days nobody looked.
    """

    def draw(archive: Archive) -> "Picture | None":
        from yaowen.pictures.coverage import picture

        return picture(covered(archive, site=site, since=since, until=until))

    _draw(draw, "No page was looked at", where)


def _draw(draw: Callable[[Archive], "Picture | None"], nothing: str, where: Where) -> None:
    """Write what is drawn; where that is nothing, say so and write no file."""
    target = where["output"]
    with (
        _library(),
        Archive.open(where["archive_path"], read_only=True) as archive,
        whole(target, force=where["force"]) as path,
    ):
        from yaowen.pictures.output import written

        picture = draw(archive)
        if picture is None:
            raise click.ClickException(f"{nothing}; nothing was written")
        content, more = written(picture, target.suffix.lower(), where["font"])
        path.write_bytes(content)
    remarks = (*picture.remarks, *more)
    for sentence in remarks:
        remark(sentence)
    if where["as_json"]:
        print_json({"file": str(target), **picture.counts, "remarks": remarks})
    else:
        click.echo(f"{target}: {picture.says}")


@contextmanager
def _library() -> Iterator[None]:
    """Charts are drawn by libraries that not every installation has, and that take a while to import."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"plot needs {error.name}, which is not installed: pip install 'yaowen[plot]'"
        ) from error
