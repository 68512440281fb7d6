"""When the article was published: what the page says to machines, else what it prints nearest to the title."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from crawler.parsers.dates import PrintedTime, embedded_time, first_time
from crawler.parsers.findings import Findings
from crawler.parsers.found import Found, Rules
from crawler.parsers.text import squeeze

LONGEST_DATED = 40.0
"""Weight of the longest line whose date is the article's and not a date that its text speaks of."""
LINES_BELOW = 8
"""How far below the text its date may stand."""
NEVER_DATED = frozenset({"comment", "related", "foot", "side", "ranking", "menu"})
LONGEST_LABELLED = 120
PUBLISHING = re.compile(
    r"发布|發布|发表|發表|刊登|配信|公開日|掲載|등록|입력|published|posted|veröffentlicht|gepostet"
    r"|gespeichert am|erstellt|publi(?:é|cado|cada|cato)|pubblicato|dodano",
    re.IGNORECASE,
)
"""Words beside the time of publication."""
IN_SCRIPTS = re.compile(
    r"""(?:"|&quot;)(datePublished|publishedAt|published_at|publishDate|publish_time|pubDate|published-date)\\?"""
    r"""(?:"|&quot;)\s*(?::|content=)\s*\\?(?:"|&quot;)([^"&\\]{8,40})"""
)
MOST_OFFSET = timedelta(hours=14)

_ADDRESS = re.compile(
    r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2]|[1-9](?=[/_-]))[/_-]?(0[1-9]|[12]\d|3[01]|[1-9])(?=\D|$)"
)


def _said(page: Findings) -> Found[PrintedTime] | None:
    """The moment in the page's data, in the offset that the printed clock shows."""
    said, beside = page.embedded.published, page.head.time
    if said is None or said.value.time is None:
        return None
    return replace(said, value=_in_local_time(said.value, beside.value if beside else None))


def _in_local_time(said: PrintedTime, printed: PrintedTime | None) -> PrintedTime:
    """The embedded moment with the offset that the printed clock shows: 02:25 UTC printed as 9:25 pm is -05:00."""
    moment, shown = said.time, printed.time if printed else None
    if moment is None or moment.utcoffset() != timedelta(0) or shown is None or shown.tzinfo or printed is None:
        return said
    if printed.precision == "day":
        return replace(said, time=_on_the_day(moment, shown))
    offset = shown - moment.replace(tzinfo=None, second=shown.second, microsecond=0)
    if abs(offset) > MOST_OFFSET or offset % timedelta(minutes=30):
        return said
    return replace(said, time=moment.astimezone(timezone(offset)))


def _on_the_day(moment: datetime, day: datetime) -> datetime:
    """The moment in the least offset, in whole hours, in which it falls on a printed neighbouring day."""
    midnight = day.replace(tzinfo=UTC)
    if moment < midnight <= moment + MOST_OFFSET:
        ahead = -((moment - midnight) // timedelta(hours=1))
        return moment.astimezone(timezone(timedelta(hours=ahead)))
    end = midnight + timedelta(days=1)
    if end <= moment < end + MOST_OFFSET:
        behind = (moment - end) // timedelta(hours=1) + 1
        return moment.astimezone(timezone(-timedelta(hours=behind)))
    return moment


def _beside_title(page: Findings) -> Found[PrintedTime] | None:
    """The time printed beside the title."""
    return page.head.time if page.head.time and page.head.time.value.time else None


def _marked(page: Findings) -> Found[PrintedTime] | None:
    """The first ``<time>`` element that is no part of a link."""
    for element in page.document.root.iter("time"):
        if next(element.iterancestors("a"), None) is None:
            text = element.get("datetime") or squeeze(element.text_content())
            time = embedded_time(text) if text else None
            if time and time.time:
                return Found(time, text, "<time>")
    return None


def _near_text(page: Findings) -> Found[PrintedTime] | None:
    """The first time on a short line near the text."""
    for line in page.near(LINES_BELOW):
        if line.weight <= LONGEST_DATED and line.linked < 0.6 and line.zone not in NEVER_DATED and line.marks < 3:
            time = first_time(line.text, page.fetched_at)
            if time and time.time:
                return Found(time, line.text, line)
    return None


def _labelled(page: Findings) -> Found[PrintedTime] | None:
    """The first time on a line that says what it is, wherever that stands."""
    for number, line in enumerate(page.page.lines):
        if number not in page.listed and len(line.text) <= LONGEST_LABELLED and PUBLISHING.search(line.text):
            time = first_time(line.text, page.fetched_at)
            if time and time.time:
                return Found(time, line.text, line)
    return None


def _in_scripts(page: Findings) -> Found[PrintedTime] | None:
    """The first time that some script or attribute of the page calls that of publication."""
    match = IN_SCRIPTS.search(page.document.text)
    time = embedded_time(match[2]) if match else None
    return Found(time, match[2], f"script {match[1]}") if match and time and time.time else None


def _address(page: Findings) -> Found[PrintedTime] | None:
    time = in_address(page.document.url)
    return Found(time, time.raw, "the page's address") if time else None


def _unplaced(page: Findings) -> Found[PrintedTime] | None:
    """A time like 3小时前 that only a known time of the fetch would place."""
    return page.head.time


PUBLISHED: Rules[Findings, PrintedTime] = (
    ("the page's own data", _said),
    ("beside the title", _beside_title),
    ("marked as a time", _marked),
    ("on a short line near the text", _near_text),
    ("on a line that says so", _labelled),
    ("in the address", _address),
    ("in the page's scripts", _in_scripts),
    ("beside the title, relative to an unknown moment", _unplaced),
)


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
