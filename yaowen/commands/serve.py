"""Open the reading room: the archive in a browser."""

import json
import logging
import webbrowser
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import click

from archive.store import Archive
from yaowen.options import archive_option, json_option
from yaowen.output import remark

_NEEDED = ("datasette", "datasette_auth_passwords", "uvicorn")


def _prefix(ctx: click.Context, param: click.Parameter, value: str) -> str:
    names = [name for name in value.split("/") if name]
    if not all(name.isascii() and name.replace("-", "").replace("_", "").isalnum() for name in names):
        raise click.BadParameter(f"{value!r} is no path such as /archive/", ctx, param)
    return f"/{'/'.join(names)}/" if names else "/"


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address of this machine to listen at.")
@click.option(
    "--readers",
    "readers_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Who may log in: lines NAME:HASH, the hash made by `datasette hash-password`.",
)
@click.option("--public", is_flag=True, help="Let everybody read who reaches the address.")
@click.option("--allow-host", "allowed", metavar="NAME", multiple=True, help="A name it is reached by.")
@click.option("--prefix", metavar="PATH", default="/", callback=_prefix, help="The path it has at a reverse proxy.")
@click.option("--no-sql", is_flag=True, help="No questions in SQL, only pages and tables.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@click.option("-v", "--verbose", is_flag=True, help="Name each request.")
@json_option
@archive_option
def command(
    port: int,
    host: str,
    readers_path: Path | None,
    public: bool,
    allowed: tuple[str, ...],
    prefix: str,
    no_sql: bool,
    opens: bool,
    verbose: bool,
    as_json: bool,
    archive_path: Path,
) -> None:
    """Open the reading room: search, read, compare and cite the archive in a browser, until Ctrl-C.

    Nothing is written; crawls may run meanwhile. On 127.0.0.1 everybody at this machine reads it. On any other address
    it needs --readers or --public. Needs pip install 'yaowen[web]'.

    \b
    Examples:
      yaowen serve
      yaowen serve --host 0.0.0.0 --readers readers.txt
      yaowen serve --prefix /archive/ --allow-host news.example
    """
    if not all(map(find_spec, _NEEDED)):
        raise click.ClickException("the reading room needs Datasette: pip install 'yaowen[web]'")
    from archive.web.access.hosts import is_loopback, name_of
    from archive.web.access.readers import is_open_to_others, readers_of
    from archive.web.serving import Terms, leave_out_other_plugins, reading_room
    from yaowen.listening import listen, serve

    for name in allowed:
        if not name_of(name):
            raise click.BadParameter(f"{name!r} is no host name", param_hint="--allow-host")
    if public and readers_path:
        raise click.UsageError("--public lets everybody read, --readers only some; give one of them")
    if not is_loopback(host) and not public and not readers_path:
        raise click.UsageError(
            f"{host} can be reached from other machines: --readers FILE names who may read, --public lets everybody"
        )
    readers = readers_of(readers_path) if readers_path else {}
    if readers_path and is_open_to_others(readers_path):
        remark(f"Other users of this machine can read {readers_path}; `chmod 600 {readers_path}` changes that")
    Archive.open(archive_path, read_only=True).close()
    logging.basicConfig(format="%(message)s", level=logging.INFO if verbose else logging.WARNING)

    checks = bool(allowed) or (is_loopback(host) and not public)
    terms = Terms(prefix=prefix, readers=readers, hosts=(*allowed, host) if checks else None, sql=not no_sql)
    leave_out_other_plugins()
    app = reading_room(archive_path, terms)
    try:
        listener = listen(host, port)
    except OSError as error:
        raise click.ClickException(f"{host}:{port} cannot be used: {error.strerror or error}; try --port") from error
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{listener.getsockname()[1]}{prefix}"

    def ready() -> None:
        click.echo(json.dumps({"url": url}) if as_json else f"The reading room is at {url} ; Ctrl-C closes it")
        if opens:
            webbrowser.open(url)

    with suppress(KeyboardInterrupt):  # the way to end it
        serve(app, listener, ready=ready, access_log=verbose)
