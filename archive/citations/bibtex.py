"""BibTeX, for biblatex and for plain BibTeX alike.

biblatex reads ``@online`` with ``date``, ``url`` and ``urldate``. Plain BibTeX takes the unknown type for ``@misc`` and
reads ``year``, ``month`` and ``howpublished``, which biblatex does not print for ``@online``.
"""

import re
from collections.abc import Sequence

from archive.citations import Citation, provenance
from archive.names import Name, name_of

_LANGUAGES = {"zh": "chinese", "en": "english", "ja": "japanese", "ko": "korean", "ru": "russian", "fr": "french"}
_ESCAPED = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces behind a backslash too.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    **{special: f"\\{special}" for special in "#$%&_"},
}
_IN_ADDRESS = {ord(character): f"%{ord(character):02X}" for character in '\\{}"^`<> '}


def cite(citation: Citation) -> str:
    """The entry; its key is ASCII."""
    url, published = citation.url.translate(_IN_ADDRESS), citation.published_at
    fields = {
        "author": " and ".join(_written(name_of(author)) for author in citation.authors),
        "title": _braced(escaped(citation.title)) if citation.title else "",  # capitals stay
        "organization": escaped(citation.site_name),
        "date": str(published.date()) if published else "",
        "year": f"{published.year:04}" if published else "",
        "month": f"{published:%b}".lower() if published else "",
        "url": url,
        "urldate": str(citation.seen_at.date()) if citation.seen_at else "",
        "howpublished": ", ".join(filter(None, (escaped(citation.site_name), rf"\url{{{url}}}"))),
        "note": escaped(provenance(citation)),
        "langid": _LANGUAGES.get(citation.written_in, ""),
    }
    # The months are abbreviations that each style spells out its own way.
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items() if value]
    return "\n".join((f"@online{{{citation.key},", *lines, "}"))


def bibliography(entries: Sequence[str]) -> str:
    """The entries with a blank line between them."""
    return "\n\n".join(entries) + "\n"


def escaped(text: str) -> str:
    r"""The text as LaTeX prints it again.

    >>> escaped("50 % of {Q&A}")
    '50 \\% of \\textbraceleft{}Q\\&A\\textbraceright{}'
    """
    return "".join(_ESCAPED.get(character, character) for character in text)


def _written(name: Name) -> str:
    """Family name first; in braces what is not to be taken apart."""
    family, given = escaped(name.family), escaped(name.given)
    if given:
        return ", ".join(filter(None, (family, escaped(name.suffix), given)))
    is_a_word = re.fullmatch(r"\w+", name.family) and name.family.lower() not in ("and", "others")
    return family if is_a_word else _braced(family)


def _braced(text: str) -> str:
    """As it is, in braces; those that begin with a command BibTeX would take for a letter with an accent."""
    return "{{}" + text + "}" if text.startswith("\\") else f"{{{text}}}"
