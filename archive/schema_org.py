"""An article in the words of schema.org, which search engines and other archives read."""

from collections.abc import Mapping
from typing import Any

from archive.times import moment_of

_SAME = {
    "url": "url",
    "headline": "title",
    "articleSection": "category",
    "inLanguage": "language",
    "description": "summary",
    "image": "image",
    "articleBody": "body",
}
"""Their name, and that of our column."""


def news_article(row: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON values
    """A row of the articles as a NewsArticle (https://schema.org/NewsArticle); what it does not say is left out.

    Dates have the offset of the page's own clock; one that is known by the day has no time.
    """
    values = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "identifier": str(row["id"]),
        **{theirs: row[ours] for theirs, ours in _SAME.items()},
        "datePublished": _published(row),
        "dateModified": row["modified_at"],
        "author": [{"@type": "Person", "name": name} for name in row["authors"]],
        "sourceOrganization": _organization(row["source"]),
        "publisher": _organization(row["site"]),
        "keywords": row["tags"],
        "interactionStatistic": _views(row["views"]),
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _published(row: Mapping[str, Any]) -> str | None:
    moment = moment_of(row["published_at"], row["utc_offset"])
    if moment is None:
        return None
    return moment.date().isoformat() if row["published_precision"] == "day" else moment.isoformat()


def _organization(name: str | None) -> dict[str, str] | None:
    return {"@type": "Organization", "name": name} if name else None


def _views(views: int | None) -> dict[str, Any] | None:
    if views is None:
        return None
    return {
        "@type": "InteractionCounter",
        "interactionType": "https://schema.org/ReadAction",
        "userInteractionCount": views,
    }
