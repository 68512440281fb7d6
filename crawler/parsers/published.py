"""When the article was published: what the page says to machines, else what it prints nearest to the title."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from crawler.parsers.container import Container
from crawler.parsers.dates import PrintedTime, embedded_time, first_time
from crawler.parsers.document import Document
from crawler.parsers.lines import Line
from crawler.parsers.text import punctuation, squeeze

LONGEST_DATED = 40.0
"""Weight of the longest line whose date is the article's and not a date that its text speaks of."""
LINES_BELOW = 8
"""How far below the text its date may stand."""
NEVER_DATED = frozenset({"comment", "related", "foot", "side", "menu"})
MOST_OFFSET = timedelta(hours=14)

_ADDRESS = re.compile(
    r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2]|[1-9](?=[/_-]))[/_-]?(0[1-9]|[12]\d|3[01]|[1-9])(?=\D|$)"
)


def find_published(
    embedded: PrintedTime | None,
    beside_title: PrintedTime | None,
    document: Document,
    lines: list[Line],
    title_line: int | None,
    container: Container,
    listed: set[int],
    fetched_at: datetime | None,
) -> PrintedTime | None:
    """The time of publication, by the first rule that gives one with a value; else the first that gives raw text."""
    if embedded and embedded.time:
        return _in_local_time(embedded, beside_title)
    start = min(title_line if title_line is not None else container.first, container.first)
    near = [number for number in range(start, min(len(lines), container.end + LINES_BELOW)) if number not in listed]
    given = [
        time
        for time in (
            beside_title,
            next(_marked(document), None),
            next(_printed([lines[number] for number in near], fetched_at), None),
            in_address(document.url),
        )
        if time
    ]
    return next((time for time in given if time.time), given[0] if given else None)


def _in_local_time(embedded: PrintedTime, printed: PrintedTime | None) -> PrintedTime:
    """The embedded moment with the offset that the printed clock shows: 02:25 UTC printed as 9:25 pm is -05:00."""
    moment, shown = embedded.time, printed.time if printed else None
    if moment is None or moment.utcoffset() != timedelta(0) or shown is None or shown.tzinfo or printed is None:
        return embedded
    if printed.precision == "day":
        return embedded
    offset = shown - moment.replace(tzinfo=None, second=shown.second, microsecond=0)
    if abs(offset) > MOST_OFFSET or offset % timedelta(minutes=30):
        return embedded
    return replace(embedded, time=moment.astimezone(timezone(offset)))


def _marked(document: Document) -> Iterator[PrintedTime]:
    """The times in ``<time>`` elements that are no part of a link."""
    for element in document.root.iter("time"):
        if next(element.iterancestors("a"), None) is None:
            text = element.get("datetime") or squeeze(element.text_content())
            time = embedded_time(text) if text else None
            if time and time.time:
                yield time


def _printed(lines: list[Line], fetched_at: datetime | None) -> Iterator[PrintedTime]:
    """The times on short lines near the text."""
    for line in lines:
        if (
            line.weight <= LONGEST_DATED
            and line.linked < 0.6
            and line.zone not in NEVER_DATED
            and punctuation(line.text) < 3
        ):
            time = first_time(line.text, fetched_at)
            if time:
                yield time


def in_address(url: str) -> PrintedTime | None:
    """The day that an address names.

    >>> in_address("https://news.example/2022/10/15/a.html").raw
    '2022/10/15'
    """
    match = _ADDRESS.search(url.partition("?")[0])
    if not match:
        return None
    try:
        day = datetime(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:  # /2022/02/31
        return None
    return PrintedTime(raw=match[0].strip("/_-"), time=day, precision="day")
