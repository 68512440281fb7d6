"""The pages of the reading room: one page one file, found because it is there.

Each file has ``ROUTES``: a pattern of paths -> the function that makes the page of what was asked.
"""

from importlib import import_module
from pkgutil import iter_modules

from archive.web.answers import View

ROUTES: dict[str, View] = {}
for _found in iter_modules(__path__):
    ROUTES |= import_module(f"{__name__}.{_found.name}").ROUTES
