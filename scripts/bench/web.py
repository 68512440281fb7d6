"""The reading room under load: many readers at once, while a crawl writes into the same archive.

The server runs as its user starts it, in a process of its own; the readers ask from this one, and a third process
records articles. Each reader waits for an answer before it asks again; what is asked for is drawn at random, the same
in each run. Texts and words are made (``corpus.py``); only the ratios hold for other machines.
"""

import asyncio
import json
import multiprocessing
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import aiohttp
import click
from corpus import NEWEST, Corpus

from archive.models import Article, Capture, Link, Listing, Observation
from archive.store import Archive

BATCH = 100
RELATED = 6
"""Recommendations on each article, of earlier ones."""
EDITED = 20
"""Every so many articles are seen again, with another headline."""
LISTED = 500
"""Every so many articles a list page is seen."""
WRITTEN = 8
"""Articles that the crawl records at once."""
PAUSE = 0.1
"""Seconds between two of these batches."""
AIM = 1.0
"""Seconds that the 99th percentile may take."""

Ask = Callable[[random.Random], str]


def main_word(chance: random.Random) -> str:
    return chance.choice(WORDS)


WORDS = [word for word in Corpus().words[:3_000] if len(word) == 2]


class Room:
    """What can be asked of an archive of so many articles."""

    def __init__(self, archive: Archive) -> None:
        db = archive.db
        self.articles = [number for (number,) in db.execute("SELECT id FROM articles ORDER BY id")]
        edited = "SELECT article_id FROM revisions GROUP BY article_id HAVING count(*) > 1"
        self.edited = [number for (number,) in db.execute(edited)]
        self.lists = [url for (url,) in db.execute("SELECT DISTINCT url FROM listings WHERE kind = 'page'")]
        looks = "SELECT url, fetched_at FROM captures WHERE content_hash IS NOT NULL ORDER BY id LIMIT 5000"
        self.looks = db.execute(looks).fetchall()

    def kinds(self) -> dict[str, tuple[int, Ask]]:
        """Each kind of request with its share in percent."""
        return {
            "start": (4, lambda chance: "/"),
            "search, a word": (24, lambda chance: f"/?q={quote(main_word(chance))}"),
            "search, two words": (10, lambda chance: f"/?q={quote(main_word(chance) + ' ' + main_word(chance))}"),
            "search, a character": (3, lambda chance: f"/?q={quote(main_word(chance)[0])}"),
            "search, narrowed": (
                8,
                lambda chance: (
                    f"/?q={quote(main_word(chance))}&site=news{chance.randrange(40)}.example&since=2022-01-01"
                ),
            ),
            "search as JSON": (5, lambda chance: f"/search.json?q={quote(main_word(chance))}"),
            "article": (28, lambda chance: f"/article/{chance.choice(self.articles)}"),
            "compare": (4, lambda chance: f"/compare/{chance.choice(self.edited)}/1/2"),
            "capture": (5, self._capture),
            "list": (3, lambda chance: f"/list/{chance.choice(self.lists)}"),
            "graph": (2, lambda chance: f"/graph/{chance.choice(self.articles)}"),
            "trend": (1, lambda chance: f"/trends?q={quote(main_word(chance))}"),
            "feed": (1, lambda chance: f"/feed.atom?q={quote(main_word(chance))}"),
            "a broken query": (1, lambda chance: f"/?q={quote('(' + main_word(chance))}"),
            "an unknown article": (1, lambda chance: "/article/1"),
        }

    def _capture(self, chance: random.Random) -> str:
        url, fetched_at = chance.choice(self.looks)
        return f"/web/{''.join(filter(str.isdigit, fetched_at))}/{url}"


EXPECTED = {"a broken query": 400, "an unknown article": 404}


def archive_of(path: Path, articles: int) -> None:
    """Make the archive, unless it is there already."""
    if path.exists():
        return
    made = observations(Corpus(), articles)
    with Archive.open(path) as archive:
        while batch := list(islice(made, BATCH)):
            archive.record(batch)


def observations(corpus: Corpus, articles: int) -> Iterator[Observation]:
    """Looks at articles with recommendations, some of them edited later, and at list pages."""
    chance, seen = random.Random(1), list[Article]()
    for number, page in enumerate(corpus.articles(articles), start=1):
        links = chance.sample(seen, min(RELATED, len(seen)))
        page = replace(page, related=links_to(links))
        yield look(page)
        seen = [*seen[-2_000:], page]
        if number % EDITED == 0:
            yield look(replace(page, title=f"{page.title}（更新）"), days=1)
        if number % LISTED == 0:
            site = page.url.rpartition("/a/")[0]
            moment = page.published_at or NEWEST
            listing = Listing(url=f"{site}/", title="首页", links=links_to(seen[-30:]))
            capture = Capture(
                url=listing.url, final_url=listing.url, fetched_at=moment, status=200, body=body_of(listing.title or "")
            )
            yield Observation(capture=capture, page=listing)


def links_to(pages: list[Article]) -> tuple[Link, ...]:
    return tuple(
        Link(position=position, url=page.url, title=page.title, block="相关新闻")
        for position, page in enumerate(pages, start=1)
    )


def look(page: Article, days: int = 0) -> Observation:
    moment = (page.published_at or NEWEST) + timedelta(days=days, minutes=5)
    headers = {"Content-Type": "text/html; charset=utf-8"}
    capture = Capture(
        url=page.url, final_url=page.url, fetched_at=moment, status=200, headers=headers, body=body_of(page.title)
    )
    return Observation(capture=capture, page=page)


def body_of(title: str) -> bytes:
    return f"<!DOCTYPE html><title>{title}</title><h1>{title}</h1>".encode()


def write(path: Path, stop: "multiprocessing.synchronize.Event") -> None:
    """Record articles until told to stop, as a crawl does."""
    corpus = Corpus(seed=int(time.time()))
    with Archive.open(path) as archive:
        for number in count():
            if stop.wait(PAUSE):
                return
            pages = [corpus.article(number * WRITTEN + one, 10**9) for one in range(WRITTEN)]
            new = [replace(page, url=page.url.replace("/a/", f"/new/{time.time_ns()}/")) for page in pages]
            archive.record(map(look, new))


async def read(base: str, room: Room, clients: int, requests: int) -> dict[str, list[tuple[float, int]]]:
    """Seconds and status of each request, by kind."""
    answers: dict[str, list[tuple[float, int]]] = defaultdict(list)
    kinds = room.kinds()
    names, shares = list(kinds), [share for share, _ in kinds.values()]

    async def reader(number: int, session: aiohttp.ClientSession) -> None:
        chance = random.Random(number)
        for name in chance.choices(names, shares, k=requests):
            start = time.perf_counter()
            async with session.get(base + kinds[name][1](chance).lstrip("/")) as response:
                await response.read()
                answers[name].append((time.perf_counter() - start, response.status))

    connector = aiohttp.TCPConnector(limit=clients)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=120)) as session:
        await asyncio.gather(*(reader(number, session) for number in range(clients)))
    return answers


def report(answers: dict[str, list[tuple[float, int]]], seconds: float) -> bool:
    """Print what each kind took; returns whether every answer was the one expected, and soon enough."""
    print(f"{'':22}{'requests':>10}{'median':>10}{'p95':>10}{'p99':>10}{'most':>10}  wrong")
    everything = sorted(took for several in answers.values() for took, _ in several)
    wrong = 0
    for name, several in answers.items():
        strange = [status for _, status in several if status != EXPECTED.get(name, 200)]
        wrong += len(strange)
        print(line(name, sorted(took for took, _ in several)), len(strange) or "", *sorted(set(strange)))
    print(line("all", everything), f"\n{len(everything) / seconds:,.0f} requests a second")
    return wrong == 0 and percentile(everything, 0.99) < AIM


def line(name: str, took: list[float]) -> str:
    shown = "".join(f"{percentile(took, share) * 1_000:7,.0f} ms" for share in (0.5, 0.95, 0.99, 1))
    return f"{name:22}{len(took):10,}{shown} "


def percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@click.command()
@click.option("--articles", type=click.IntRange(min=1_000), default=200_000, show_default=True)
@click.option("--clients", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--requests", type=click.IntRange(min=1), default=500, show_default=True, help="Of each client.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Keep the archive here.")
@click.option("--quiet", is_flag=True, help="Without a crawl that writes.")
def main(articles: int, clients: int, requests: int, folder: Path | None, quiet: bool) -> None:
    """Print how long requests take by their kind, and fail at a wrong answer or a p99 above a second."""
    with TemporaryDirectory() as temporary:
        path = (folder or Path(temporary)) / f"web-{articles}.db"
        path.parent.mkdir(parents=True, exist_ok=True)
        archive_of(path, articles)
        with Archive.open(path, read_only=True) as archive:
            room = Room(archive)
        command = [sys.executable, "-m", "yaowen", "serve", "--archive", str(path), "--port", "0", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            base = json.loads(server.stdout.readline())["url"]
            stop = multiprocessing.Event()
            writer = multiprocessing.Process(target=write, args=(path, stop))
            if not quiet:
                writer.start()
            start = time.perf_counter()
            answers = asyncio.run(read(base, room, clients, requests))
            seconds = time.perf_counter() - start
            stop.set()
            if not quiet:
                writer.join()
            server.terminate()
        print(f"{articles:,} articles, {clients} readers, {'no crawl' if quiet else 'a crawl writing'}\n")
        if not report(answers, seconds):
            raise click.ClickException(f"a wrong answer, or a p99 above {AIM:.0f} s")


if __name__ == "__main__":
    main()
