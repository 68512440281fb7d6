"""Read labelled pages with Yaowen and with known libraries: speed and quality, in one run.

Every page goes to all readers before the next one does, in one process on one core, so that a busy machine slows all
alike; only the ratios of the times hold for other machines. The pages and the metric are those of ``scripts/evaluate``.
"""

import platform
import signal
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

import click
import newspaper
import readability
import trafilatura
from lxml import html as lxml_html

sys.path.insert(0, str(Path(__file__).parents[1]))
import evaluate

from crawler.errors import ParseError
from crawler.parsers.characters import decode

Json = dict[str, Any]  # Any: nested JSON values
LONGEST = 60
"""Seconds after which a reader has failed on a page."""


def yaowen(html: bytes, url: str, language: str | None) -> Json:
    try:
        return evaluate.as_labelled(html, url)
    except ParseError:  # it says that there is nothing to read
        return {}


def read_trafilatura(html: bytes, url: str, language: str | None) -> Json:
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    if found is None:
        return {}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {"title": found.title, "date": found.date, "authors": authors, "text": found.text}


def read_readability(html: bytes, url: str, language: str | None) -> Json:
    document = readability.Document(html, url=url)
    text = lxml_html.fromstring(document.summary(html_partial=True)).text_content()
    return {"title": document.short_title(), "text": text}


def read_newspaper(html: bytes, url: str, language: str | None) -> Json:
    known = language if language in newspaper.valid_languages() else "en"
    article = newspaper.Article(url or "https://news.example/", language=known, fetch_images=False)
    article.download(input_html=decode(html).text)
    article.parse()
    return {
        "title": article.title,
        "date": article.publish_date,
        "authors": list(article.authors),
        "text": article.text,
    }


Reader = Callable[[bytes, str, str | None], Json]
READERS: dict[str, tuple[Reader, str]] = {
    "yaowen": (yaowen, "yaowen"),
    "trafilatura": (read_trafilatura, "trafilatura"),
    "readability": (read_readability, "readability-lxml"),
    "newspaper4k": (read_newspaper, "newspaper4k"),
}
"""Each reader, as its documentation says to use it, and the distribution that it comes from."""
QUALITY = (
    ("= Chinese news", "body_f1", "body zh"),
    ("= mean of sets", "body_f1", "body"),
    ("= mean of sets", "title", "title"),
    ("= mean of sets", "date", "date"),
    ("= mean of sets", "author_f1", "author"),
    ("trafilatura", "snip_acc", "snippet"),
    ("= all news", "crashes", "crashes"),
)
"""Row and key in the metric's report, and the column's name here."""


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=evaluate.REPOSITORY.parent / "shared/extraction",
)
@click.option("--every", type=click.IntRange(min=1), default=1, help="Read only each N-th page.")
def main(data: Path, every: int) -> None:
    """Compare speed and quality of reading on the labelled pages of a folder."""
    metric = evaluate.load_metric(data)
    rows: dict[str, list[Json]] = {name: [] for name in READERS}
    signal.signal(signal.SIGALRM, _give_up)
    with click.progressbar(metric.load(str(data))[::every], label="pages", file=sys.stderr) as cases:
        for case in cases:
            html = evaluate.page_of(data, case)
            for name, (reader, _) in READERS.items():
                rows[name].append(measured(reader, html, case, metric))
    print(f"{len(rows['yaowen'])} pages, Python {platform.python_version()}, {platform.machine()}")
    print(f"{'reader':22}{'pages/s':>9}{'speed':>8}{'p50 ms':>8}{'p95 ms':>8}", end="")
    print("".join(f"{column:>9}" for *_, column in QUALITY))
    ours = statistics.mean(row["cpu"] for row in rows["yaowen"])
    for name, (_, distribution) in READERS.items():
        print(line(f"{name} {version(distribution)}", rows[name], ours, metric.report(rows[name])))


def measured(reader: Reader, html: bytes, case: Json, metric: Any) -> Json:  # Any: a module
    """One page read by one reader: seconds of the processor within it, and the scores."""
    reading, crash = Json(), 0
    signal.alarm(LONGEST)
    begun = time.process_time()
    try:
        reading = reader(html, case["url"], case["language"])
    except Exception:  # what a library raises is its own
        crash = 1
    seconds = time.process_time() - begun
    signal.alarm(0)
    return evaluate.scored(metric, case, reading, crash) | {"seconds": seconds, "cpu": seconds}


def line(name: str, rows: list[Json], ours: float, report: Json) -> str:
    """One reader's figures; its speed also as a share of Yaowen's."""
    times = sorted(row["cpu"] for row in rows)
    mean = statistics.mean(times)
    values = [report.get(row, {}).get(key) for row, key, _ in QUALITY]
    cells = ["-" if value is None else f"{value:.3f}" if value < 1 else f"{value:.0f}" for value in values]
    half, most = times[len(times) // 2] * 1e3, times[len(times) * 95 // 100] * 1e3
    speeds = f"{1 / mean:9.1f}{ours / mean:8.2f}{half:8.1f}{most:8.1f}"
    return f"{name:22}{speeds}" + "".join(f"{cell:>9}" for cell in cells)


def _give_up(number: int, frame: FrameType | None) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main()
