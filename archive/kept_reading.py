"""What a revision says, whoever wrote its row: this program leaves nothing out, another may have put anything there."""

import json
from typing import Any

import orjson

from archive.times import moment_of

_Reading = dict[str, Any]  # Any: JSON values
_TEXTS = (
    "original_title",
    "published_precision",
    "published_raw",
    "timezone_assumed",
    "category",
    "source",
    "summary",
    "language",
    "image",
)


def kept_reading(text: str | bytes) -> _Reading:
    """The JSON of an article, with a headline and with sections; empty ones for what cannot be read.

    >>> kept_reading('{"sections": ["x"]}')
    {'sections': [], 'title': ''}
    """
    reading = _json(text)
    if not isinstance(reading, dict):
        reading = {}
    no_dates = [name for name in ("published_at", "modified_at") if moment_of(reading.get(name)) is None]
    no_texts = [name for name in _TEXTS if not isinstance(reading.get(name), str)]
    title, sections, authors = (reading.get(name) for name in ("title", "sections", "authors"))
    return (
        reading
        | {name: None for name in (*no_dates, *no_texts) if name in reading}
        | ({"authors": list(map(str, authors)) if isinstance(authors, list) else []} if "authors" in reading else {})
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
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _with_halves(text)


def _with_halves(text: str | bytes) -> Any:  # Any: a JSON value
    """What JSON can spell and no text can hold, halves of characters, as texts that can be written."""
    try:
        return json.loads(json.dumps(json.loads(text), ensure_ascii=False).encode(errors="replace"))
    except (ValueError, TypeError, RecursionError):
        return None


def _section(section: _Reading) -> _Reading:
    heading, level, paragraphs = (section.get(name) for name in ("heading", "level", "paragraphs"))
    return section | {
        "heading": heading if heading is None else str(heading),
        "level": level if isinstance(level, int) else 0,
        "paragraphs": list(map(str, paragraphs)) if isinstance(paragraphs, list) else [],
    }
