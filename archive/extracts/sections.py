"""The sections of the articles as they stand now, a row each."""

from archive.columns import Column, Extract

EXTRACT = Extract(
    meaning="the sections of the articles as they stand now",
    columns=(
        Column(name="article_id", kind="integer", sql="article_id", meaning="whose section it is"),
        Column(name="url", kind="text", sql="url", meaning="the article's own address"),
        Column(name="title", kind="text", sql="coalesce(title, '')", meaning="the article's headline"),
        Column(name="published_at", kind="moment", sql="published_at", meaning="when it was published, in UTC"),
        Column(name="position", kind="integer", sql="position", meaning="1 is the first section"),
        Column(
            name="level",
            kind="integer",
            sql="level",
            meaning="of the heading, 1 to 6; 2 where a line of text serves as one, 0 without a heading",
        ),
        Column(name="heading", kind="text", sql="heading", meaning="null for the text before the first heading"),
        Column(name="text", kind="text", sql="text", meaning="a paragraph a line"),
    ),
    moment="datetime(published_at, coalesce(utc_offset, 0) || ' minutes')",
    rows_of=lambda selection: (
        """
        temp.chosen JOIN articles USING (id) JOIN sections ON sections.article_id = articles.id
    """
    ),
    order="article_id, position",
)
