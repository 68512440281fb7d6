"""Plain text as Markdown that shows it as it is, in CommonMark and in the dialects that add to it."""

import re

_INLINE = re.compile(r"[\\`*_\[<~^$#{]|&(?=[#a-z])|(?<==)=|(?<=%)%|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What begins emphasis, code, links, markup, entities, formulas, tags, templates; bare addresses turn into links."""
_AT_START = re.compile(r"[-+=:>|%]|\d+(?=[.)])")
"""What begins a list, a quotation, a rule or a table where a line does."""
_BLANK_ENDS = re.compile(r"^\s+|\s+$")


def paragraph(text: str) -> str:
    """One line of plain text as a paragraph; no character of it is markup, and none is lost.

    >>> paragraph("1. <b>bold</b>"), paragraph("- 5 * 3"), paragraph("    x")
    ('1\\\\. \\\\<b>bold\\\\</b>', '\\\\- 5 \\\\* 3', '&#32;&#32;&#32;&#32;x')
    """
    escaped = _INLINE.sub(r"\\\g<0>", text)
    if found := _AT_START.match(escaped):
        before = found.end() if found[0][0].isdigit() else 0
        escaped = f"{escaped[:before]}\\{escaped[before:]}"
    return _BLANK_ENDS.sub(lambda blank: "".join(f"&#{ord(mark)};" for mark in blank[0]), escaped)


def heading(level: int, text: str) -> str:
    """The same as a heading of a level from 1 to 6."""
    return f"{'#' * level} {paragraph(text)}"
