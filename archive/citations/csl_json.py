"""CSL-JSON 1.0.2, for Zotero, pandoc and all that know the styles of CSL.

``custom`` has what vouches for the text as values, ``note`` the same as a sentence, for programs that keep only that.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from archive.citations import Citation, provenance
from archive.names import Name, name_of

_Values = dict[str, Any]  # Any: JSON values


def cite(citation: Citation) -> str:
    """The item as a JSON object."""
    item = {
        "id": citation.key,
        "type": "webpage",
        "author": [_written(name_of(author)) for author in citation.authors],
        "title": citation.title,
        "container-title": citation.site_name,
        "original-publisher": citation.named_source,
        "issued": _day(citation.published_at),
        "accessed": _day(citation.seen_at),
        "URL": citation.url,
        "language": citation.language,
        "note": provenance(citation),
        "custom": _custom(citation),
    }
    return json.dumps({name: value for name, value in item.items() if value}, ensure_ascii=False, indent=2)


def bibliography(entries: Sequence[str]) -> str:
    """The items as a JSON array, which is what the format calls a file."""
    return "[\n" + ",\n".join(entries) + "\n]\n"


def _custom(citation: Citation) -> _Values:
    values = {
        "captured": citation.seen_at.isoformat() if citation.seen_at else None,
        "revision": citation.revision,
        "revisions": citation.revisions,
        "sha256": citation.content_hash,
        "sha256-of-further-pages": list(citation.part_hashes),
    }
    return {name: value for name, value in values.items() if value}


def _day(moment: datetime | None) -> _Values | None:
    return {"date-parts": [[moment.year, moment.month, moment.day]]} if moment else None


def _written(name: Name) -> _Values:
    if not name.given:
        return {"literal": name.family}
    return {"family": name.family, "given": name.given} | ({"suffix": name.suffix} if name.suffix else {})
