"""Made runs of made sites, judged by the drift alarm: how many alarms without drift, how many drifts are seen.

A site has its own share for each field and its own length of texts; a run moves them, as the mix of sections does from
morning to night, and has 5 to 200 pages. Seeds are fixed, so that a figure can be compared after a change.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import exp, log
from statistics import median

import click

from archive.drift import LEAST_RUNS, MOST_RUNS, Drift, Figure, Figures, drifts, spread

USUAL = {
    "title": (1.0, 1.0),
    "published_at": (0.95, 1.0),
    "category": (0.6, 1.0),
    "source": (0.5, 1.0),
    "authors": (0.2, 0.9),
    "views": (0.0, 1.0),
    "headings": (0.1, 0.5),
    "related": (0.7, 1.0),
    "unread": (0.0, 0.1),
    "reread": (0.97, 1.0),
}
"""Between which shares a site's own one lies."""
ALWAYS = 0.4
"""Sites on which a field stands on every page."""
MOVES = (0.0, 0.02, 0.05)
"""How much a run moves a share: the likeness of its pages among each other. At .05, .9 moves by .07 and .5 by .11."""
EDITED = 0.05
"""Pages edited since the last look; a fifth of them lost a field by it."""
LENGTHS = 0.9
"""Spread of the texts of one site, as a standard deviation of logarithms: flash news beside long reads."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What is usual on a site."""

    shares: dict[str, float]
    moves: float
    length: float
    size: float
    """Pages of a usual run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What one page of a made run had."""

    fields: dict[str, bool]
    had: dict[str, bool]
    """The same at the look before."""
    text: int
    before: int
    sections: int


def a_site(dice: random.Random) -> Site:
    shares = {
        name: 1.0 if dice.random() < ALWAYS and most == 1 else dice.uniform(least, most)
        for name, (least, most) in USUAL.items()
    }
    return Site(
        shares=shares,
        moves=dice.choice(MOVES),
        length=dice.uniform(300, 2_000),
        size=exp(dice.uniform(log(5), log(200))),
    )


def a_run(dice: random.Random, site: Site, size: int | None = None) -> list[Page]:
    """The pages of a run without drift."""
    shares = {name: _moved(dice, share, site.moves) for name, share in site.shares.items()}
    length = site.length * exp(dice.gauss(0, 0.12))
    count = size or round(min(max(site.size * exp(dice.gauss(0, 0.5)), 5), 200))
    return [_page(dice, shares, length) for _ in range(count)]


def _moved(dice: random.Random, share: float, moves: float) -> float:
    if not moves or share in (0, 1):
        return share
    weight = 1 / moves - 1
    return dice.betavariate(share * weight, (1 - share) * weight)


def _page(dice: random.Random, shares: dict[str, float], length: float) -> Page:
    text = round(length * exp(dice.gauss(0, LENGTHS)))
    edited = dice.random() < EDITED
    had = {name: dice.random() < share for name, share in shares.items()}
    return Page(
        fields={name: has and dice.random() >= EDITED / 5 for name, has in had.items()} | {"unread": had["unread"]},
        had=had,
        text=text,
        before=round(text * dice.uniform(0.5, 1.1)) if edited else text,
        sections=1 + (dice.randrange(5) if dice.random() < shares["headings"] else 0),
    )


def figures_of(pages: list[Page]) -> Figures:
    count = len(pages)
    found = {name: Figure(value=sum(page.fields[name] for page in pages) / count, of=count) for name in USUAL}
    for name, values in (
        ("text", [page.text for page in pages]),
        ("sections", [page.sections for page in pages]),
        ("text_kept", [100 * page.text / max(page.before, 1) for page in pages[: max(count // 2, 1)]]),
    ):
        found[name] = Figure(value=median(values), of=len(values), spread=spread(values))
    return found | dict(_kept(pages[: count // 2]))


def _kept(pages: list[Page]) -> Iterator[tuple[str, Figure]]:
    """The fields of the pages that were seen before: half of a run."""
    for name in USUAL.keys() - {"unread", "reread"}:
        values = [page.fields[name] for page in pages if page.had[name]]
        if values:
            yield f"{name}_kept", Figure(value=sum(values) / len(values), of=len(values))


def judged(now: list[Page], before: list[Figures]) -> list[Drift]:
    return list(drifts("articles", figures_of(now), before[-MOST_RUNS:], ()))


def elsewhere(dice: random.Random, sites: int) -> Iterator[list[Drift]]:
    """The alarms of runs that go to another part of their site than all runs before, which has its own fields."""
    for _ in range(sites):
        before = [figures_of(a_run(dice, here)) for here in [a_site(dice)] for _ in range(12)]
        yield list(drifts("articles", figures_of(a_run(dice, a_site(dice))), (), before))


def without(name: str, share: float) -> Callable[[random.Random, Page], Page]:
    """A drift: the field is not read on this share of the pages."""

    def lose(dice: random.Random, page: Page) -> Page:
        return replace(page, fields=page.fields | {name: False}) if dice.random() < share else page

    return lose


def cut(dice: random.Random, page: Page) -> Page:
    """A drift: half of the text is not read."""
    return replace(page, text=page.text // 2)


def cut_when_new(dice: random.Random, page: Page) -> Page:
    """The same, of pages that were never seen before."""
    return replace(page, text=page.text // 2, before=page.text // 2)


def unread(dice: random.Random, page: Page) -> Page:
    """A drift: half of the pages are not read."""
    return replace(page, fields=page.fields | {"unread": page.fields["unread"] or dice.random() < 0.5})


DRIFTS: dict[str, tuple[str, Callable[[random.Random, Page], Page]]] = {
    "title on no page": ("title", without("title", 1)),
    "title on half": ("title", without("title", 0.5)),
    "source on no page": ("source", without("source", 1)),
    "source on half": ("source", without("source", 0.5)),
    "authors on no page": ("authors", without("authors", 1)),
    "half of all unread": ("unread", unread),
    "text halved": ("text", cut),
    "text halved, all new": ("text", cut_when_new),
}
SIZES = (5, 10, 20, 30, 60, 100, 200)


def false_alarms(dice: random.Random, runs: int, sites: int) -> Iterator[list[Drift]]:
    """The alarms of each judged run without drift."""
    for _ in range(sites):
        site, before = a_site(dice), list[Figures]()
        for _ in range(runs):
            now = a_run(dice, site)
            if len(before) >= LEAST_RUNS:
                yield judged(now, before)
            before.append(figures_of(now))


def seen(dice: random.Random, drift: str, size: int, runs: int, times: int) -> float:
    """The share of drifts on runs of this size that raise an alarm."""
    name, change = DRIFTS[drift]
    found = 0
    for _ in range(times):
        site = a_site(dice)
        before = [figures_of(a_run(dice, site, size)) for _ in range(runs)]
        now = [change(dice, page) for page in a_run(dice, site, size)]
        found += any(one.figure.removesuffix("_kept") == name for one in judged(now, before))
    return found / times


@click.command()
@click.option("--sites", type=click.IntRange(min=1), default=2_000, show_default=True, help="Sites without drift.")
@click.option("--runs", type=click.IntRange(min=LEAST_RUNS + 1), default=33, show_default=True, help="Runs of each.")
@click.option("--times", type=click.IntRange(min=1), default=200, show_default=True, help="Drifts of each kind.")
def main(sites: int, runs: int, times: int) -> None:
    """Count alarms without drift, then drifts with one."""
    dice = random.Random(8)
    found = list(false_alarms(dice, runs, sites))
    alarmed = [drifts for drifts in found if drifts]
    by_figure = Counter(drift.figure for drifts in alarmed for drift in drifts)
    print(f"without drift: {len(alarmed)} of {len(found):,} runs raise an alarm, by figure: {dict(by_figure)}")
    others = [drifts for drifts in elsewhere(dice, sites) if drifts]
    print(f"in another part of the site: {len(others)} of {sites:,} runs")
    print(f"drifts seen after 3 / after 12 runs, by pages of a run\n{'':26}" + "".join(f"{size:>11}" for size in SIZES))
    for drift in DRIFTS:
        rates = [[seen(dice, drift, size, stood, times) for stood in (3, 12)] for size in SIZES]
        print(f"{drift:26}" + "".join(f"{one:>6.2f} {other:.2f}" for one, other in rates))


if __name__ == "__main__":
    main()
