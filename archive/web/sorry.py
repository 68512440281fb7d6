"""What is said where there is no page: one sentence, and the status that programs understand."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from archive.errors import (
    ArchiveUnreadable,
    ContentDamaged,
    ContentPruned,
    ForgottenArticle,
    NotAHit,
    QueryError,
)
from archive.web.answers import Answer, Asked, BadValue, NotHere, Page, Sent

_STATUS: Mapping[type[Exception], HTTPStatus] = {
    QueryError: HTTPStatus.BAD_REQUEST,
    NotAHit: HTTPStatus.BAD_REQUEST,
    BadValue: HTTPStatus.BAD_REQUEST,
    ForgottenArticle: HTTPStatus.GONE,
    ContentPruned: HTTPStatus.GONE,
    ContentDamaged: HTTPStatus.GONE,
    ArchiveUnreadable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""All else is about what an archive does not have."""


def sorry(error: Exception, asked: Asked) -> Answer:
    """The sentence for what went wrong, as a page or as JSON."""
    status = _STATUS.get(type(error), HTTPStatus.NOT_FOUND)
    sentence = _sentence(error, asked)
    if asked.path.endswith(".json"):
        body = json.dumps({"error": sentence, "status": status}, ensure_ascii=False)
        return Sent(body=body.encode(), content_type="application/json; charset=utf-8", status=status)
    query = error.query if isinstance(error, QueryError) else ""
    place = error.position if isinstance(error, QueryError) else 0
    return Page("sentence.html", {"sentence": sentence, "query": query, "place": place}, status=status)


def _sentence(error: Exception, asked: Asked) -> str:
    """In the reader's language, with what the error knows."""
    if isinstance(error, NotHere):
        return asked.wording(error.key, **error.values)
    key = f"sorry.{type(error).__name__}"
    values = vars(error)
    if isinstance(error, QueryError):
        values = {**values, "reason": asked.wording.retold("reason", error.reason)}
    return asked.wording(key, **values) if asked.wording.has(key) else str(error)
