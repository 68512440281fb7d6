"""RIS, as EndNote, Zotero and Mendeley read it: a record of type ELEC, a page of the web."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from archive.citations import Citation, provenance
from archive.names import Name, name_of


def cite(citation: Citation) -> str:
    """The record; its lines end as the format has it."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _lines(citation))


def bibliography(entries: Sequence[str]) -> str:
    """The records, one after the other."""
    return "".join(entries)


def _lines(citation: Citation) -> Iterator[tuple[str, str]]:
    published, seen = citation.published_at, citation.seen_at
    yield "TY", "ELEC"
    yield "ID", f"{citation.article_id}r{citation.revision or 0}"  # letters and digits, at most 20
    yield from (("AU", _written(name_of(author))) for author in citation.authors)
    fields = (
        ("TI", citation.title),
        ("T2", citation.site_name),
        ("PB", citation.site_name),
        ("OP", citation.named_source),
        ("PY", f"{published.year:04}" if published else ""),
        ("DA", _day(published)),
        ("Y2", _day(seen)),
        ("UR", citation.url.replace(";", "%3B")),  # a semicolon would begin another address
        ("LA", citation.language),
        ("N1", provenance(citation)),
    )
    yield from ((tag, value) for tag, value in fields if value)
    yield "ER", ""


def _day(moment: datetime | None) -> str:
    return str(moment.date()).replace("-", "/") + "/" if moment else ""


def _written(name: Name) -> str:
    return ", ".join(filter(None, (name.family, name.given, name.suffix)))
