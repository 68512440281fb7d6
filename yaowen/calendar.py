"""A calendar of looks for a terminal of 80 columns: a row a month and a cell a day; of many years, a cell a week."""

from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from rich.text import Text

from archive.coverage import Coverage, Day, Looks, together
from archive.plurals import counted

SHADES = "░▒▓█"
NONE_WORKED, MISSED, NO_LOOK = "×", "!", "·"
"""Signs, so that the same is told without colours."""
MOST_MONTHS = 36
"""Rows of months; a longer time is drawn by years."""
LONGEST_GAP = 3
"""Rows without a look that are drawn one by one."""
MANY = 0.25
"""The share of a cell's looks that failed or were unread from which on it is marked."""
_STYLES = dict.fromkeys(SHADES, "cyan") | dict.fromkeys((NONE_WORKED, MISSED), "bold red") | {NO_LOOK: "dim"}
_LABEL, _CELLS, _COUNT = 8, 63, 9
"""Characters of the parts of a line."""


Place = tuple[int, int]
"""A row, and a cell in it."""


class Grid(NamedTuple):
    """How days become rows and cells."""

    row: str
    """What a row is."""
    cell: str
    place: Callable[[date], Place]
    first: Callable[[Place], date]
    """The first day of a cell."""
    label: Callable[[int], str]
    cells: Callable[[int], int]
    """How many a row has."""
    head: str
    width: int
    """Characters of a cell; where it is one, the sign stands in the place of the shade."""


MONTHS = Grid(
    row="month",
    cell="day",
    place=lambda day: (day.year * 12 + day.month - 1, day.day - 1),
    first=lambda place: date(place[0] // 12, place[0] % 12 + 1, place[1] + 1),
    label=lambda row: f"{row // 12:04}-{row % 12 + 1:02}",
    cells=lambda row: monthrange(row // 12, row % 12 + 1)[1],
    head="1       5         10        15        20        25        30",
    width=2,
)
YEARS = Grid(
    row="year",
    cell="week",
    place=lambda day: (day.year, (day.timetuple().tm_yday - 1) // 7),
    first=lambda place: date(place[0], 1, 1) + timedelta(7 * place[1]),
    label=lambda row: f"{row:04}",
    cells=lambda _: 53,
    head="Jan Feb Mar Apr  May Jun Jul  Aug Sep  Oct Nov Dec",
    width=1,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """Which shade stands for how many looks that worked."""

    lows: tuple[int, ...]
    """From how many on; fewer than four where there are no more than that."""

    @classmethod
    def of(cls, cells: Iterable[Looks]) -> "Scale":
        """Quarters of what a busy cell has: the one that a tenth have more than, since one first crawl may be huge."""
        found = sorted(looks.worked for looks in cells if looks.worked)
        if not found:
            return cls(lows=())
        busy = found[len(found) * 9 // 10]
        lows = {busy * quarter // len(SHADES) + 1 for quarter in range(len(SHADES))}
        return cls(lows=tuple(sorted(lows)))

    def shade(self, worked: int) -> int:
        """The place in ``SHADES`` of a cell's shade."""
        return len(SHADES) - len(self.lows) + bisect_right(self.lows, worked) - 1

    def steps(self) -> Iterator[tuple[int, str]]:
        """Each shade that is used, with what it stands for."""
        return ((self.shade(low), f"from {low:,}") for low in self.lows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Days in rows and cells."""

    grid: Grid
    ends: tuple[Place, Place]
    """The first cell of the period and the last."""
    rows: tuple[range, ...]
    """The rows to draw: each alone, or a long run of those without a look."""
    cells: Mapping[Place, Looks]
    """Those with a look."""

    @classmethod
    def of(cls, days: Sequence[Day], first: date, last: date) -> "Sheet":
        """A sheet of months, or of years where the rows would be many."""
        grid, rows = MONTHS, _rows(days, first, last, MONTHS)
        if len(rows) > MOST_MONTHS:
            grid, rows = YEARS, _rows(days, first, last, YEARS)
        together_in = defaultdict[Place, list[Looks]](list)
        for day in days:
            together_in[grid.place(day.date)].append(day.looks)
        cells = {place: together(looks) for place, looks in together_in.items()}
        return cls(grid=grid, ends=(grid.place(first), grid.place(last)), rows=rows, cells=cells)

    def row(self, row: int) -> Iterator[tuple[Place, Looks | None]]:
        """The cells of a row that are of the period, with their looks; ``None`` where nobody looked."""
        for cell in range(self.grid.cells(row)):
            if self.ends[0] <= (row, cell) <= self.ends[1]:
                yield (row, cell), self.cells.get((row, cell))


def _rows(days: Sequence[Day], first: date, last: date, grid: Grid) -> tuple[range, ...]:
    with_look = {grid.place(day.date)[0] for day in days}
    every = range(grid.place(first)[0], grid.place(last)[0] + 1)
    rows = list[range]()
    for seen, run in groupby(every, key=with_look.__contains__):
        numbers = list(run)
        if seen or len(numbers) <= LONGEST_GAP:
            rows += [range(number, number + 1) for number in numbers]
        else:
            rows.append(range(numbers[0], numbers[-1] + 1))
    return tuple(rows)


def calendar(found: Coverage) -> Iterator[Text]:
    """The lines, the legend at their end; none where there is no period."""
    if found.first is None or found.last is None:
        return
    sheet = Sheet.of(found.days, found.first, found.last)
    scale = Scale.of(sheet.cells.values())
    yield Text(f"{'':{_LABEL}}{sheet.grid.head:{_CELLS}}{'worked':>{_COUNT}}", "bold")
    for row in sheet.rows:
        if len(row) > 1:
            yield Text(f"{'…':{_LABEL}}no look in {counted(len(row), sheet.grid.row)}", _STYLES[NO_LOOK])
        else:
            yield _line(sheet, row[0], scale)
    yield from _legend(sheet.grid, scale)


def _line(sheet: Sheet, row: int, scale: Scale) -> Text:
    line, width, worked = Text(f"{sheet.grid.label(row):{_LABEL}}"), sheet.grid.width, 0
    for (_, cell), looks in sheet.row(row):
        line.pad_right(_LABEL + cell * width - len(line))
        for sign in _signs(looks, scale)[-width:]:
            line.append(sign, _STYLES[sign])
        worked += looks.worked if looks else 0
    line.pad_right(_LABEL + _CELLS - len(line))
    return line.append(f"{worked:>{_COUNT},}")


def _signs(looks: Looks | None, scale: Scale) -> str:
    """The shade, and the mark behind it where many looks missed."""
    if looks is None:
        return NO_LOOK
    if not looks.worked:
        return NONE_WORKED
    return SHADES[scale.shade(looks.worked)] + (MISSED if is_missing_many(looks) else "")


def is_missing_many(looks: Looks) -> bool:
    """Whether so many looks failed or were unread that a cell is marked."""
    return looks.missed >= MANY * looks.all


def _legend(grid: Grid, scale: Scale) -> Iterator[Text]:
    if scale.lows:
        steps = "  ".join(f"{SHADES[shade]} {meaning}" for shade, meaning in scale.steps())
        yield Text(f"worked in a {grid.cell}: {steps}")
    yield Text(f"{NONE_WORKED} none worked  {MISSED} one in four or more failed or unread  {NO_LOOK} no look")
