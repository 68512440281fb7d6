"""Every fetch of every address, also those that brought nothing."""

from archive.columns import Column, Extract
from archive.selection import Selection


def _rows_of(selection: Selection) -> str:
    return f"captures LEFT JOIN contents ON sha256 = content_hash WHERE {selection.of_capture()}"


EXTRACT = Extract(
    meaning="every fetch of every address, also those that brought nothing",
    columns=(
        Column(name="id", kind="integer", sql="captures.id", meaning="its number in the archive"),
        Column(name="url", kind="text", sql="url", meaning="the address that was asked for"),
        Column(name="final_url", kind="text", sql="final_url", meaning="the address that answered"),
        Column(name="fetched_at", kind="moment", sql="fetched_at", meaning="when"),
        Column(name="status", kind="integer", sql="status", meaning="the server's answer; null where none came"),
        Column(
            name="outcome",
            kind="text",
            sql="outcome",
            meaning="how it ended: done, unchanged, failed, refused or unread",
        ),
        Column(name="reason", kind="text", sql="reason", meaning="why it is not done"),
        Column(name="tries", kind="integer", sql="tries", meaning="how often it was asked for until then"),
        Column(name="headers", kind="text", sql="headers", meaning="of the answer, as JSON"),
        Column(name="content_hash", kind="text", sql="content_hash", meaning="SHA-256 of the bytes"),
        Column(name="size", kind="integer", sql="contents.size", meaning="how many bytes came"),
        Column(name="article_id", kind="integer", sql="captures.article_id", meaning="the article it was read as"),
        Column(
            name="part_of",
            kind="integer",
            sql="part_of",
            meaning="of an article's further pages: the fetch of its first",
        ),
        Column(name="crawl_id", kind="integer", sql="crawl_id", meaning="the same for the fetches of one crawl"),
    ),
    moment="fetched_at",
    rows_of=_rows_of,
    order="captures.id",
)
