"""What a revision says, whoever wrote its row: this program leaves nothing out, another may have put anything there."""

import json
from typing import Any

from archive.times import moment_of

_Reading = dict[str, Any]  # Any: JSON values


def kept_reading(text: str | bytes) -> _Reading:
    """The JSON of an article, with a headline and with sections; empty ones for what cannot be read.

    >>> kept_reading('{"sections": ["x"]}')
    {'sections': [], 'title': ''}
    """
    reading = _json(text)
    if not isinstance(reading, dict):
        reading = {}
    no_dates = [name for name in ("published_at", "modified_at") if moment_of(reading.get(name)) is None]
    title, sections = reading.get("title"), reading.get("sections")
    return (
        reading
        | {name: None for name in no_dates if name in reading}
        | {
            "sections": [_section(one) for one in sections if isinstance(one, dict)]
            if isinstance(sections, list)
            else [],
            "title": title if isinstance(title, str) else "",
        }
    )


def kept_names(text: str | bytes) -> tuple[str, ...]:
    """The names of a JSON array; none for what is no array.

    >>> kept_names('["title"]'), kept_names("{")
    (('title',), ())
    """
    names = _json(text)
    return tuple(map(str, names)) if isinstance(names, list) else ()


def _json(text: str | bytes) -> Any:  # Any: a JSON value
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return None


def _section(section: _Reading) -> _Reading:
    heading, level, paragraphs = (section.get(name) for name in ("heading", "level", "paragraphs"))
    return section | {
        "heading": heading if heading is None else str(heading),
        "level": level if isinstance(level, int) else 0,
        "paragraphs": list(map(str, paragraphs)) if isinstance(paragraphs, list) else [],
    }
