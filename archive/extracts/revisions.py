"""Every distinct content of the articles, in the order in which they were seen."""

from archive.columns import Column, Extract
from archive.selection import observed

_SECTIONS = """
    (
        SELECT json_group_array(json_object(
            'heading', json_extract(value, '$.heading') || '',
            'level', json_extract(value, '$.level'),
            'paragraphs', (SELECT group_concat(value, char(10)) FROM json_each(section.value, '$.paragraphs'))
        ))
        FROM json_each(iif(json_valid(reading), reading, '{}'), '$.sections') AS section
        WHERE section.type = 'object'
    )
"""


def _said(field: str) -> str:
    return f"json_extract(iif(json_valid(reading), reading, '{{}}'), '$.{field}')"


EXTRACT = Extract(
    meaning="every distinct content of the articles, as it was seen",
    columns=(
        Column(name="id", kind="integer", sql="revisions.id", meaning="its number in the archive"),
        Column(name="article_id", kind="integer", sql="article_id", meaning="whose revision it is"),
        Column(name="url", kind="text", sql="articles.url", meaning="the article's own address"),
        Column(name="observed_at", kind="moment", sql="observed_at", meaning="the look that first found this content"),
        Column(name="fingerprint", kind="text", sql="fingerprint", meaning="equal for equal contents"),
        Column(
            name="changed_fields",
            kind="texts",
            sql="changed_fields",
            meaning="what changed against the revision before; empty for the first",
        ),
        Column(name="title", kind="text", sql=_said("title"), meaning="the headline then"),
        Column(
            name="published_at",
            kind="moment",
            sql=_said("published_at"),
            meaning="the date of publication that the page printed then, in UTC",
        ),
        Column(name="category", kind="text", sql=_said("category"), meaning="the site's own section then"),
        Column(name="source", kind="text", sql=_said("source"), meaning="the origin named then"),
        Column(name="authors", kind="texts", sql=_said("authors"), meaning="the names in the by-line then"),
        Column(name="sections", kind="sections", sql=_SECTIONS, meaning="the text then, by headings", is_wide=True),
        Column(name="capture_id", kind="integer", sql="capture_id", meaning="the look whose bytes have it"),
    ),
    moment="observed_at",
    rows_of=lambda selection: observed("revisions"),
    order="article_id, revisions.id",
)
