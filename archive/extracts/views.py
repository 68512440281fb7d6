"""Every counter that was seen on an article's page."""

from archive.columns import Column, Extract
from archive.selection import observed

EXTRACT = Extract(
    meaning="every counter that was seen on the articles' pages",
    columns=(
        Column(name="article_id", kind="integer", sql="article_id", meaning="whose counter it is"),
        Column(name="url", kind="text", sql="articles.url", meaning="the article's own address"),
        Column(name="observed_at", kind="moment", sql="observed_at", meaning="the look that saw it"),
        Column(name="value", kind="integer", sql="value", meaning="as a number"),
        Column(name="raw", kind="text", sql="raw", meaning="as printed"),
        Column(name="capture_id", kind="integer", sql="capture_id", meaning="the look whose bytes have it"),
    ),
    moment="observed_at",
    rows_of=lambda selection: observed("view_counts"),
    order="article_id, observed_at, view_counts.id",
)
