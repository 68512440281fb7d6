"""Names of files that tell what is in them, and that every system takes."""

from unicodedata import category, normalize

_LONGEST = 100
"""Bytes of a title: systems take names of 255 bytes, some encrypted ones 143, and of a whole path hardly more."""


def file_name(number: int, title: str, ending: str) -> str:
    """A name of the number and the letters and digits of the title, nothing of which leads out of a folder.

    The number in front makes it unique also where capitals count as small letters, and none of the names that Windows
    keeps for itself.

    >>> file_name(7, "../../运河边的 “图书馆”: CON.", ".md"), file_name(8, "\\u202e…", ".md")
    ('7-运河边的-图书馆-CON.md', '8.md')
    """
    kept = "".join(mark if category(mark)[0] in "LMN" else " " for mark in normalize("NFC", title[:_LONGEST]))
    words = "-".join(kept.split()).encode()[:_LONGEST].decode(errors="ignore").rstrip("-")
    return f"{number}-{words}{ending}" if words else f"{number}{ending}"
