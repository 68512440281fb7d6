"""Every slot of every list that was seen: of list pages, and of the blocks of recommendations on articles."""

from archive.columns import Column, Extract
from archive.selection import Selection, in_time


def _rows_of(selection: Selection) -> str:
    chosen = """
        AND (
            listings.article_id IN (SELECT id FROM temp.chosen) OR links.article_id IN (SELECT id FROM temp.chosen)
        )
    """
    return f"""
        links JOIN listings ON listings.id = links.listing_id
        WHERE (:site IS NULL OR site_of(listings.url) = :site) AND {in_time("observed_at")}
            {chosen if selection.narrows else ""}
    """


EXTRACT = Extract(
    meaning="every slot of every list: of list pages, and of the recommendations on articles",
    columns=(
        Column(name="listing_id", kind="integer", sql="listing_id", meaning="the same for the slots of one list"),
        Column(name="list_url", kind="text", sql="listings.url", meaning="the page that showed it"),
        Column(name="kind", kind="text", sql="listings.kind", meaning="page for a list page, related for an article's"),
        Column(name="label", kind="text", sql="label", meaning="the list's heading, as printed"),
        Column(
            name="shown_by",
            kind="integer",
            sql="listings.article_id",
            meaning="the article that showed it; null for a list page",
        ),
        Column(name="observed_at", kind="moment", sql="observed_at", meaning="the look that saw it"),
        Column(name="position", kind="integer", sql="position", meaning="1 is the first slot"),
        Column(name="url", kind="text", sql="links.url", meaning="where it leads"),
        Column(name="title", kind="text", sql="links.title", meaning="the headline in the slot"),
        Column(name="summary", kind="text", sql="links.summary", meaning="the teaser below it"),
        Column(name="source", kind="text", sql="links.source", meaning="the origin named there"),
        Column(name="image", kind="text", sql="links.image", meaning="the address of its picture"),
        Column(
            name="article_id",
            kind="integer",
            sql="links.article_id",
            meaning="the article that it leads to; null as long as that was never fetched",
        ),
        Column(name="capture_id", kind="integer", sql="capture_id", meaning="the look whose bytes have it"),
    ),
    moment="observed_at",
    rows_of=_rows_of,
    order="listing_id, position",
)
