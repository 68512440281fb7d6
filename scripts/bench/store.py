"""Record articles in batches, and write the same ones a row at a time with sqlite-utils.

Ours are full observations: capture with its bytes, article, sections, links, counter, and the words of the index. The
other way writes articles, sections and links, without bytes, history or index. Both in one run, in turns.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from pages import made_pages

from archive.database import Database
from archive.models import Article, Capture, Observation
from archive.store import Archive
from crawler.parsers import read_page

BATCH = 100
"""Observations in one transaction; a crawl writes as many at once."""
Pair = tuple[Article, bytes]


@click.command()
@click.option("--articles", type=click.IntRange(min=100), default=2_000)
@click.option("--turns", type=click.IntRange(min=1), default=3)
def main(articles: int, turns: int) -> None:
    """Print articles a second, the ratio, and the bytes that an article takes by table."""
    pairs = list(read(articles))
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours.db", Path(folder) / "theirs.db"
        for turn in range(1, turns + 1):
            mine, other = timed(record, ours, pairs), timed(upsert, theirs, pairs)
            speeds = f"recorded {articles / mine:6.0f}/s    upserted {articles / other:6.0f}/s"
            print(f"turn {turn}: {speeds}    ratio {other / mine:.1f}")
        size = ours.stat().st_size
        print(f"\n{size / articles:,.0f} bytes an article")
        for name, room in tables(ours):
            print(f"{name:34}{room / articles:10,.0f}")


def read(count: int) -> Iterator[Pair]:
    """Made pages of the sample site, with what they say."""
    for url, body in made_pages(count):
        page = read_page(body, url)
        if isinstance(page, Article):
            yield page, body


def timed(write: Callable[[Path, list[Pair]], None], path: Path, pairs: list[Pair]) -> float:
    """Seconds that writing into a new file takes."""
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    start = time.perf_counter()
    write(path, pairs)
    return time.perf_counter() - start


def record(path: Path, pairs: list[Pair]) -> None:
    """Into an archive, as a crawl does."""
    moment = datetime(2022, 10, 15, tzinfo=UTC)
    with Archive.open(path) as archive:
        for start in range(0, len(pairs), BATCH):
            archive.record(
                Observation(
                    capture=Capture(url=page.url, final_url=page.url, fetched_at=moment, status=200, body=body),
                    page=page,
                )
                for page, body in pairs[start : start + BATCH]
            )


def upsert(path: Path, pairs: list[Pair]) -> None:
    """A row at a time with sqlite-utils."""
    db = Database(path)
    for page, _ in pairs:
        row = asdict(page)
        sections, related = row.pop("sections"), row.pop("related")
        db.table("articles").upsert(row, pk="url")
        for position, section in enumerate(sections):
            db.table("sections").upsert({"url": page.url, "position": position} | section, pk=("url", "position"))
        for link in related:
            values = {"from_url": page.url, "position": link["position"], "url": link["url"], "title": link["title"]}
            db.table("links").upsert(values, pk=("from_url", "position"))
    db.close()


def tables(path: Path) -> list[tuple[str, int]]:
    """The bytes of each table and index, the largest first; empty where SQLite was built without dbstat."""
    with Archive.open(path, read_only=True) as archive:
        return archive.db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC").fetchall()


if __name__ == "__main__":
    main()
