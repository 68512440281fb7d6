"""How the hits are spread over sites, categories, sources, authors and months."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archive.database import Database
from archive.models import authors_of
from archive.search.matching import Matching
from archive.search.texts import PRINTED

NEWEST = 100_000
"""Hits that are counted at most, the newest ones: 180 ms."""
LOOKED_AT = 20_000
"""The same where each text has to be looked at."""
FACETS = ("site", "category", "source", "author", "month")

# Only about the turn of a month can a page's own zone make it another one, and times take long to calculate.
_COLUMNS = f"""
    texts.site AS site, texts.category AS category, texts.source AS source, texts.authors AS author,
    CASE
        WHEN substr(texts.published_at, 9, 2) BETWEEN '03' AND '27' THEN substr(texts.published_at, 1, 7)
        ELSE strftime('%Y-%m', {PRINTED})
    END AS month
"""

# Ids grow with the minute of publication, and minutes are round: what is left of a product is spread evenly.
_IS_SAMPLED = "({recency} >> 4) * 40503 & 65535 < :share"

# SQLite counts in half of the time that it takes to hand the rows over.
_COUNTS = " UNION ALL ".join(
    f"SELECT '{facet}', CAST({facet} AS TEXT), count(*) FROM hits WHERE {facet} <> '' GROUP BY {facet}"
    for facet in FACETS
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Facets:
    """How many hits have which value. What a page does not say counts nowhere."""

    of: int
    """Hits that were counted: all, the newest ones, or a sample of them."""
    is_sample: bool = False
    """Whether the counts are estimated from a sample that is spread over all hits."""
    counts: dict[str, dict[str, int]]
    """Facet -> value -> hits, the most first; months in their order. An article may have several authors."""

    def as_json(self) -> dict[str, Any]:  # Any: nested JSON values
        """The facets as plain JSON values."""
        values = {
            name: [{"value": value, "count": count} for value, count in counts.items()]
            for name, counts in self.counts.items()
        }
        return {"of": self.of, "sampled": self.is_sample, **values}


def facets_of(db: Database, parts: tuple[Matching, ...], most: int = NEWEST, *, sampled_of: int = 0) -> Facets:
    """Count the hits by each facet, the newest ``most`` of them.

    With ``sampled_of``, the number of all, it is a sample of about ``most`` that is spread over all times.
    """
    share = 65_536 * most // sampled_of if sampled_of > most else None
    of, counts = 0, {facet: Counter[str]() for facet in FACETS}
    for part in parts:
        # An article counts once, with what its last text said.
        once = f"GROUP BY {part.texts.article} HAVING max(texts.id)" if part.texts.kind == "revisions" else ""
        if share is None:
            hits = part.select(_COLUMNS, f"{once} ORDER BY {part.recency} DESC LIMIT {most}")
        else:
            hits = part.select(_COLUMNS, f"AND {_IS_SAMPLED.format(recency=part.recency)} {once}")
        statement = f"WITH hits AS MATERIALIZED ({hits}) SELECT NULL, NULL, count(*) FROM hits UNION ALL {_COUNTS}"
        for facet, value, count in db.execute(statement, part.values | {"share": share}).fetchall():
            if facet is None:
                of += count
            for name in _values(facet, value):
                counts[facet][name] += count
    scale = sampled_of / of if share is not None and of else 1
    return Facets(
        of=of,
        is_sample=share is not None,
        counts={facet: _in_order(facet, found, scale) for facet, found in counts.items()},
    )


def _values(facet: str | None, value: str | None) -> Iterable[str]:
    if facet is None or value is None:
        return ()
    return dict.fromkeys(authors_of(value)) if facet == "author" else (value,)


def _in_order(facet: str, counts: Counter[str], scale: float) -> dict[str, int]:
    if scale != 1:
        counts = Counter({value: round(count * scale) for value, count in counts.items()})
    by_count = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return dict(sorted(by_count) if facet == "month" else by_count)
