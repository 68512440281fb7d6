"""Coverage: of each day, how the looks at pages ended; and the days on which nobody looked."""

from collections.abc import Mapping

from archive.coverage import Coverage, Looks, coverage
from archive.runs import by_outcome
from archive.store import Archive
from archive.web.answers import Answer, Asked, Page, View

_YEARS = 10
"""The newest ones, as calendars."""
_DAYS = 31
_MORE_DAYS = 400
_GAPS = 10
_MORE_GAPS = 200


def page(archive: Archive, asked: Asked) -> Answer:
    """What the archive covers, or what it does of one site."""
    site = asked.values.get("site")
    found = coverage(archive, site=site)
    days = list(reversed(found.days))
    gaps = sorted(found.gaps, key=lambda gap: (-gap.days, gap.first))
    return Page(
        "coverage.html",
        {
            "found": found,
            "site": site,
            "sites": sorted(filter(_is_name, {*archive.sites(), *found.sites})),
            "outcomes": list(by_outcome(found.total.outcomes)),
            "days": [(day, dict(by_outcome(day.looks.outcomes))) for day in days[:_DAYS]],
            "more_days": [(day, dict(by_outcome(day.looks.outcomes))) for day in days[_DAYS:_MORE_DAYS]],
            "gaps": gaps[:_GAPS],
            "more_gaps": gaps[_GAPS:_MORE_GAPS],
            "chart_data": _chart(asked, found),
        },
    )


def _is_name(site: object) -> bool:
    """Whether it can be chosen; another program may have written an article without a site."""
    return isinstance(site, str) and bool(site)


def _chart(asked: Asked, found: Coverage) -> dict[str, object] | None:
    """Of each day with a look: how many there were, how many worked, and how many missed what they looked for."""
    if not found.first or not found.last:
        return None
    years = [f"{year:04}" for year in range(found.first.year, found.last.year + 1)][-_YEARS:]
    return {
        "kind": "coverage",
        "years": years[::-1],
        "says": [asked.wording("coverage." + name) for name in ("looks", "worked", "missed")],
        "days": [
            [day.date.isoformat(), *_counts(day.looks)] for day in found.days if day.date.isoformat()[:4] in set(years)
        ],
    }


def _counts(looks: Looks) -> tuple[int, int, int]:
    return looks.all, looks.worked, looks.missed


ROUTES: Mapping[str, View] = {r"/coverage$": page}
