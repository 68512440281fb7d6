"""Options that several commands have."""

from pathlib import Path

import click

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
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
