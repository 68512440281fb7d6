"""Keep pages in an archive and in a WARC.gz file: what each takes, and how long one page takes to be read back.

The sample site gives 500 pages of one site: its articles, with their paragraphs dealt out anew. The labelled pages,
where they stand beside the repository, give real sites, each with few pages. Both files hold the same bytes and
headers.
"""

import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from pages import LABELLED, Page, made_pages, real_sites
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.captures import Contents
from archive.compaction import compact
from archive.models import Capture, Observation
from archive.store import Archive

HEADERS = {"Content-Type": "text/html; charset=utf-8", "Server": "nginx", "Date": "Sat, 15 Oct 2022 03:43:08 GMT"}


@click.command()
@click.option("--pages", type=click.IntRange(min=16), default=500, help="Pages of the made site.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=LABELLED,
    help="Labelled pages; left out where the folder is missing.",
)
def main(pages: int, data: Path) -> None:
    """Compare the room that kept pages take with that of the same pages as WARC.gz."""
    print(f"{'site':22}{'pages':>7}{'kB/page':>9}{'warc.gz':>9}{'kept':>9}{'packed':>9}{'ratio':>8}{'read ms':>9}")
    for name, kept in (("sample site", list(made_pages(pages))), *real_sites(data)):
        print(line(name, kept))


def line(name: str, pages: list[Page]) -> str:
    """One row: bytes a page as fetched, as WARC.gz, as kept by a crawl, and packed anew; and the time to read it."""
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "archive.db") as archive:
        archive.record(observation(url, body) for url, body in pages)
        (kept,) = archive.db.execute(ROOM).fetchone()
        list(compact(archive))
        (packed,) = archive.db.execute(ROOM).fetchone()
        reading = time_to_read(archive)
    count, size, gz = len(pages), sum(len(body) for _, body in pages), len(warc(pages))
    values = [size / count / 1e3, gz / count / 1e3, kept / count / 1e3, packed / count / 1e3]
    cells = "".join(f"{value:9.1f}" for value in values)
    return f"{name:22}{count:7}{cells}{packed / gz:8.2f}{reading * 1e3:9.3f}"


ROOM = """
    SELECT (SELECT coalesce(sum(length(body)), 0) FROM contents)
        + (SELECT coalesce(sum(length(body)), 0) FROM dictionaries)
        + (SELECT coalesce(sum(length(url) + length(final_url) + length(headers) + 64), 0) FROM captures)
"""
"""What pages, dictionaries and the rows of the captures take."""


def observation(url: str, body: bytes) -> Observation:
    return Observation(
        capture=Capture(
            url=url,
            final_url=url,
            fetched_at=datetime(2022, 10, 15, tzinfo=UTC),
            status=200,
            headers=HEADERS,
            body=body,
        )
    )


def time_to_read(archive: Archive) -> float:
    """Seconds for one page, with nothing remembered at the start."""
    hashes = [sha256 for (sha256,) in archive.db.execute("SELECT sha256 FROM contents").fetchall()]
    contents = Contents(archive.db)
    begun = time.perf_counter()
    for sha256 in hashes:
        contents.get(sha256)
    return (time.perf_counter() - begun) / len(hashes)


def warc(pages: list[Page]) -> bytes:
    """The same pages as a WARC.gz file."""
    file = BytesIO()
    writer = WARCWriter(file, gzip=True)
    for url, body in pages:
        http = StatusAndHeaders("200 OK", list(HEADERS.items()), protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=http))
    return file.getvalue()


if __name__ == "__main__":
    main()
