"""The head of a Markdown file: YAML between two lines of hyphens."""

import json
import re
from collections.abc import Mapping
from typing import Any

_ESCAPED = re.compile(
    "[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff\U000e0001\U000e0020-\U000e007f]"
)
"""What YAML forbids, what it takes for the end of a line, and what cannot be seen or turns the line round."""


def front_matter(values: Mapping[str, Any]) -> str:  # Any: JSON values
    r"""The values as YAML of any version: each a JSON text, which is YAML too; what is empty is left out.

    >>> front_matter({"title": "运河: 图书馆", "views": 3, "tags": [], "source": None})
    '---\ntitle: "运河: 图书馆"\nviews: 3\n---\n'
    """
    lines = (f"{name}: {_yaml(value)}\n" for name, value in values.items() if value not in (None, "", (), []))
    return f"---\n{''.join(lines)}---\n"


def _yaml(value: Any) -> str:
    return _ESCAPED.sub(_escape, json.dumps(value, ensure_ascii=False))


def _escape(mark: re.Match[str]) -> str:
    return f"\\u{ord(mark[0]):04x}" if ord(mark[0]) <= 0xFFFF else f"\\U{ord(mark[0]):08x}"
