"""The articles as they stand now, each with its text in one and section by section."""

from archive.columns import Column, Extract

_TAGS = """
    (
        SELECT json_group_array(CAST(tag AS TEXT))
        FROM (SELECT tag FROM tags WHERE article_id = articles.id ORDER BY tagged_at, rowid)
    )
"""

EXTRACT = Extract(
    meaning="the articles as they stand now",
    columns=(
        Column(name="id", kind="integer", sql="articles.id", meaning="its number in the archive"),
        Column(name="url", kind="text", sql="url", meaning="its own address"),
        Column(name="site", kind="text", sql="site", meaning="the host, without www."),
        Column(name="title", kind="text", sql="coalesce(title, '')", meaning="the headline"),
        Column(name="published_at", kind="moment", sql="published_at", meaning="when it was published, in UTC"),
        Column(
            name="published_precision",
            kind="text",
            sql="published_precision",
            meaning="how exactly the page says so: day, minute or second",
        ),
        Column(name="published_raw", kind="text", sql="published_raw", meaning="the date as printed"),
        Column(
            name="timezone_assumed",
            kind="text",
            sql="timezone_assumed",
            meaning="the zone that the printed date was taken for, where the page names none",
        ),
        Column(
            name="utc_offset",
            kind="integer",
            sql="utc_offset",
            meaning="minutes east of UTC of the page's own clock",
        ),
        Column(name="modified_at", kind="moment", sql="modified_at", meaning="when the page says it was last edited"),
        Column(name="category", kind="text", sql="category", meaning="the site's own section"),
        Column(name="source", kind="text", sql="source", meaning="whom the site names as origin"),
        Column(name="authors", kind="texts", sql="authors", meaning="the names in the by-line"),
        Column(name="language", kind="text", sql="language", meaning="BCP 47, as declared or as the script tells"),
        Column(name="views", kind="integer", sql="views", meaning="the counter on the page, as last seen"),
        Column(name="summary", kind="text", sql="summary", meaning="the summary that the page carries"),
        Column(name="image", kind="text", sql="image", meaning="the address of the main picture"),
        Column(name="state", kind="text", sql="state", meaning="live, or gone where the last look did not find it"),
        Column(name="gone_at", kind="moment", sql="gone_at", meaning="the first look that did not find it"),
        Column(name="first_seen_at", kind="moment", sql="first_seen_at", meaning="the first look that found it"),
        Column(name="last_seen_at", kind="moment", sql="last_seen_at", meaning="the last look that found it"),
        Column(name="changed_at", kind="moment", sql="changed_at", meaning="the look that found its last edit"),
        Column(
            name="cluster_id",
            kind="integer",
            sql="cluster_id",
            meaning="the same for all articles that print one text; null where it stands alone",
        ),
        Column(name="tags", kind="texts", sql=_TAGS, meaning="what the archivists tagged it with"),
        Column(name="body", kind="text", sql="coalesce(body, '')", meaning="the text: a heading or a paragraph a line"),
        Column(name="sections", kind="sections", sql="articles.id", meaning="the text by headings", is_wide=True),
    ),
    moment="datetime(published_at, coalesce(utc_offset, 0) || ' minutes')",
    rows_of=lambda selection: "temp.chosen JOIN articles USING (id)",
    order="articles.id",
    sections_of="""
        SELECT article_id, heading, level, text FROM temp.chosen JOIN sections ON article_id = temp.chosen.id
        ORDER BY article_id, position
    """,
)
