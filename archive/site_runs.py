"""The figures of each run of a site, kept so that later runs are compared with them at no cost."""

import json
from collections.abc import Mapping
from dataclasses import asdict

from archive.database import Database
from archive.drift import KEPT, LEAST_PAGES, MOST_RUNS, Figure, Figures, Kind


def keep_run(db: Database, crawl_id: int, site: str, kind: Kind, figures: Figures) -> None:
    """Write what the pages of a site came to in a crawl; inside a transaction."""
    db.execute(
        """
        INSERT INTO site_runs (crawl_id, site, kind, pages, figures) VALUES (:crawl, :site, :kind, :pages, :figures)
        ON CONFLICT (site, kind, crawl_id) DO UPDATE SET pages = excluded.pages, figures = excluded.figures
        """,
        {
            "crawl": crawl_id,
            "site": site,
            "kind": kind,
            "pages": figures["unread"].of,
            "figures": json.dumps({name: asdict(figure) for name, figure in figures.items()}),
        },
    )


def earlier_runs(db: Database, crawl_id: int, site: str, kind: Kind, *, asked_alike: bool) -> list[Figures]:
    """The last runs of a site with enough pages: those of the same spider and arguments, or all of them.

    What raised an alarm is left out of its run: a drift must not become what is usual before it is mended.
    """
    rows = db.execute(
        """
        SELECT figures, (
            SELECT json_group_array(figure) FROM alarms
            WHERE alarms.crawl_id = site_runs.crawl_id AND alarms.site = site_runs.site
                AND alarms.kind = site_runs.kind
        )
        FROM site_runs JOIN crawls ON crawls.id = site_runs.crawl_id
        WHERE site = :site AND kind = :kind AND pages >= :least AND site_runs.crawl_id <> :crawl
            AND (
                NOT :asked_alike
                OR (spider, arguments) = (SELECT spider, arguments FROM crawls WHERE id = :crawl)
            )
        ORDER BY site_runs.crawl_id DESC LIMIT :most
        """,
        {
            "crawl": crawl_id,
            "site": site,
            "kind": kind,
            "least": LEAST_PAGES[kind],
            "most": MOST_RUNS,
            "asked_alike": asked_alike,
        },
    )
    return [_without(json.loads(figures), json.loads(alarmed)) for figures, alarmed in rows.fetchall()]


def _without(figures: Mapping[str, Mapping[str, float]], alarmed: list[str]) -> Figures:
    left_out = {name.removesuffix(KEPT) for name in alarmed}
    return {
        name: Figure(value=figure["value"], of=int(figure["of"]), spread=figure["spread"])
        for name, figure in figures.items()
        if name.removesuffix(KEPT) not in left_out
    }
