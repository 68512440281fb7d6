"""sqlite-utils, without what it looks for in notebooks.

It imports pandas and numpy where they are installed, to know their types. That takes half a second, more than most
commands, and more memory than the reading of a page is allowed; nothing here is of those types.
"""

import sys

_OF_NOTEBOOKS = [name for name in ("pandas", "numpy") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_OF_NOTEBOOKS))  # type: ignore[arg-type]  # None: Python's way to let an import fail
try:
    from sqlite_utils import Database, Migrations
finally:
    for _name in _OF_NOTEBOOKS:
        del sys.modules[_name]

__all__ = ["Database", "Migrations"]
