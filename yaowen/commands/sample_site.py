"""Serve the built-in sample news site on this machine, to try everything out."""

import click

from crawler.sample_site.server import serve
from yaowen.output import remark


@click.command("sample-site")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="Where to listen.")
@click.option("--state", type=click.IntRange(1, 3), default=1, show_default=True, help="Which day of the site's life.")
def command(port: int, state: int) -> None:
    """Serve a small Chinese news site on http://127.0.0.1:8765 until Ctrl-C.

    It has three states. From one to the next counters rise, recommendations move, two articles are edited, one is
    removed and five are new, so that a second crawl finds something to tell.
    """
    remark(f"The sample site in state {state} is at http://127.0.0.1:{port}/ ; Ctrl-C stops it")
    try:
        serve(port=port, state=state)
    except OSError as error:
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}; try --port") from error
