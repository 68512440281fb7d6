"""Read labelled pages and print each column of quality beside its floor and aim.

The folder holds ``truth.jsonl``, the pages, and its own metric, ``evaluate.py``. A quarter of the sites is held out:
rules are made and tuned on the rest only, so the held-out figures tell what to expect on sites never seen.
Exit code 1 says that a column of all pages is below its floor.
"""

import gzip
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from archive.models import Link, Listing
from crawler.errors import ParseError
from crawler.parsers import read_page

REPOSITORY = Path(__file__).parents[1]
FLOORS = REPOSITORY / "tests" / "quality.json"
PARTS = ("all", "tuned", "held-out")

Json = dict[str, Any]  # Any: nested JSON values


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=REPOSITORY.parent / "shared/extraction",
)
@click.option("--part", type=click.Choice(PARTS), default="all", help="Full tables for this part of the sites.")
@click.option("--tables", is_flag=True, help="Print the metric's own tables too.")
@click.option(
    "--pages", type=click.Path(dir_okay=False, path_type=Path), help="Write each page's scores and reading here."
)
def main(data: Path, part: str, tables: bool, pages: Path | None) -> None:
    """Read the labelled pages of a folder and compare with the floors."""
    metric = load_metric(data)
    cases = metric.load(str(data))
    with ProcessPoolExecutor() as pool:
        rows: list[Json] = list(pool.map(score, [data] * len(cases), cases, chunksize=8))
    if pages:
        pages.write_text(
            "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows), encoding="utf-8"
        )
    chosen = {name: [row for row in rows if name == "all" or row["held_out"] == (name == "held-out")] for name in PARTS}
    reports = {name: {**metric.report(part), **metric.report_links(part)} for name, part in chosen.items()}
    if tables:
        metric.show(metric.report(chosen[part]))
        metric.show(metric.report_links(chosen[part]), metric.LINK_COLUMNS, "links")
        print()
    sys.exit(1 if print_columns(reports) else 0)


def print_columns(reports: dict[str, Json]) -> int:
    """Print every column; returns how many are below their floor."""
    below = 0
    print(f"{'column':32}{'floor':>8}{'aim':>8}" + "".join(f"{name:>10}" for name in PARTS))
    for column in json.loads(FLOORS.read_text(encoding="utf-8")):
        values = [report.get(column["row"], {}).get(column["key"]) for report in reports.values()]
        floor, aim = column["floor"], column["aim"]
        reached = values[0] if column["key"] != "crashes" else -values[0]
        low = floor is not None and reached is not None and reached < floor
        below += low
        remark = "  below its floor" if low else "" if reached is not None and reached >= aim else "  short of the aim"
        cells = [floor, aim, *values]
        print(
            f"{column['column']:32}"
            + "".join(f"{_cell(cell):>{8 if place < 2 else 10}}" for place, cell in enumerate(cells))
            + remark
        )
    return below


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def score(data: Path, case: Json) -> Json:
    """One page read and scored; an exception that is no ``ParseError`` counts as a crash."""
    html = page_of(data, case)
    crash, reading = 0, Json()
    try:
        reading = as_labelled(html, case["url"])
    except ParseError as error:
        reading = {"error": str(error)}
    except Exception as error:  # what it is about to find out
        crash, reading = 1, {"error": repr(error)}
    return scored(load_metric(data), case, reading, crash)


def page_of(data: Path, case: Json) -> bytes:
    """The bytes of a labelled page."""
    return gzip.decompress((data / case["html"]).read_bytes())


def scored(metric: ModuleType, case: Json, reading: Json, crash: int) -> Json:
    """A reading with its scores, as the metric's reports want it."""
    return {
        "id": case["id"],
        "group": metric.group(case),
        "language": case["language"],
        "held_out": is_held_out(case["site"] or case["id"]),
        "seconds": 0.0,
        "cpu": 0.0,
        "crash": crash,
        "score": metric.score(reading, case["truth"], case["url"]),
        "pred": reading,
    }


def is_held_out(site: str) -> bool:
    """Whether a site is one of the quarter on which nothing is tuned."""
    return int(sha256(site.encode()).hexdigest(), 16) % 4 == 0


def as_labelled(html: bytes, url: str) -> Json:
    """A reading in the words of the metric."""
    page = read_page(html, url)
    if isinstance(page, Listing):
        return {"kind": page.kind, "title": page.title, "links": _links(page.links), "next": page.next}
    return {
        "kind": page.kind,
        "title": page.title,
        "date": page.published_at or page.published_raw,
        "authors": list(page.authors),
        "sections": [{"heading": part.heading, "paragraphs": list(part.paragraphs)} for part in page.sections],
        "source": page.source,
        "category": page.category,
        "views": page.views,
        "related": _links(page.related),
    }


def _links(links: tuple[Link, ...]) -> list[Json]:
    return [{"url": link.url, "title": link.title} for link in links]


@cache
def load_metric(data: Path) -> ModuleType:
    """The metric that lies beside the labelled pages."""
    spec = spec_from_file_location("metric", data / "evaluate.py")
    if spec is None or spec.loader is None:
        raise click.ClickException(f"{data} holds no evaluate.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
