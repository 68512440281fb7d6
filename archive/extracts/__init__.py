"""What an export says of each table: one file, one table."""

import pkgutil
from collections.abc import Sequence
from importlib import import_module

from archive.columns import Extract

NAMES = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))
"""The tables that can be exported."""


def extract_of(name: str, columns: Sequence[str] = ()) -> Extract:
    """What an export says of the table of this name, one of ``NAMES``; only these columns, where some are named.

    Raises ``UnknownColumn``.
    """
    extract: Extract = import_module(f"{__name__}.{name}").EXTRACT
    return extract.only(columns) if columns else extract
