"""APA Style, 7th edition: a webpage on a news website (10.16).

The date on which it was retrieved is given where the page is known to have changed, or is gone (9.16). What vouches for
the text stands in parentheses behind the address, where the style puts a work's history of publication. Plain text has
no italics; the title is to be set in them. Headlines keep their capitals, since a program cannot tell names from words.
"""

from collections.abc import Sequence

from archive.citations import Citation, provenance
from archive.names import Name, name_of

MOST_AUTHORS = 20
_ENDS = tuple(".?!。？！")
_QUOTES = "\"'”’」』"


def cite(citation: Citation) -> str:
    """The entry of the list of references."""
    title = _ended(citation.title or "[Untitled webpage]")
    authors = _authors([_written(name_of(author)) for author in citation.authors])
    date = f"({_day(citation)})."
    is_own = authors == citation.site_name
    elements = (
        *((_ended(authors), date, title) if authors else (title, date)),
        _ended(citation.site_name) if citation.site_name and not is_own else "",
        _address(citation),
        f"({provenance(citation)})",
    )
    return " ".join(filter(None, elements))


def bibliography(entries: Sequence[str]) -> str:
    """The entries, a line each, in the order in which they were asked for."""
    return "".join(f"{entry}\n" for entry in entries)


def _day(citation: Citation) -> str:
    day = citation.published_at
    return f"{day.year}, {day:%B} {day.day}" if day else "n.d."


def _address(citation: Citation) -> str:
    seen = citation.seen_at
    if seen is None or not citation.has_changed:
        return citation.url
    return f"Retrieved {seen:%B} {seen.day}, {seen.year}, from {citation.url}"


def _authors(names: Sequence[str]) -> str:
    if len(names) > MOST_AUTHORS:
        return ", ".join(names[: MOST_AUTHORS - 1]) + f", . . . {names[-1]}"
    return ", & ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _written(name: Name) -> str:
    """The family name, then the initials with points."""
    if not name.given:
        return name.family
    initials = " ".join("-".join(f"{part[0].upper()}." for part in word) for word in name.given_parts)
    return f"{name.family}, {initials}" + (f", {name.suffix}" if name.suffix else "")


def _ended(text: str) -> str:
    """The element with its full stop, unless it ends itself.

    >>> _ended("图书馆关了？"), _ended("Library opens")
    ('图书馆关了？', 'Library opens.')
    """
    return text if text.rstrip(_QUOTES).endswith(_ENDS) else f"{text}."
