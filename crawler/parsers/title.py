"""The article's title: the printed line that the page's own names for itself agree on."""

import re
from dataclasses import dataclass, replace

from crawler.parsers.cleaning import is_frame
from crawler.parsers.dates import first_time, is_date_line
from crawler.parsers.embedded import Embedded
from crawler.parsers.head import is_head_line
from crawler.parsers.lines import Line
from crawler.parsers.names import is_person
from crawler.parsers.text import letters, pairs, share_of_pairs, weight

SUFFIX = re.compile(r"\s*(?:_|－|—|\s[-–|｜·•»:]\s|[|｜]|-(?=[^-]{1,12}$))\s*")
"""What stands between a headline and the site's own words: 标题_频道_网站, 标题 - 站名."""

SHORTEST_TITLE = 4
"""Letters of the shortest line that is a title."""
LONGEST_NAME = 1_000
"""Characters of a name of a page that are looked at; each mark in it may be the one before the site's own."""
LEAST_SHARED = 0.5
"""Share of its pairs of letters that an h1 must have in common with a name of the page to be its headline."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Title:
    """The title, and the line that prints it."""

    text: str
    line: int | None
    """Number of the page's line; ``None`` where no line prints it."""
    rule: str


def find_title(lines: list[Line], embedded: Embedded, suffix: str | None) -> Title | None:
    """The title of a page, by the first rule that gives one."""
    named = [name.value[:LONGEST_NAME] for name in (embedded.document_title, embedded.title) if name]
    if suffix:
        named = [name.removesuffix(suffix) for name in named]
    found = _only_h1(lines, named) or _printed(lines, named) or _heading(lines) or _named(named, embedded)
    return _without_kicker(found, embedded.title.value) if found and embedded.title else found


def _only_h1(lines: list[Line], named: list[str]) -> Title | None:
    """The page's only h1, unless it prints something else than the headline in the page's names: the site's own."""
    found = [number for number, line in enumerate(lines) if line.level == 1]
    if len(found) != 1 or len(letters(lines[found[0]].text)) < SHORTEST_TITLE:
        return None
    text = lines[found[0]].text
    headlines = [without_suffix(name) for name in named if not _ends_with(name, text)]
    if max((share_of_pairs(pairs(text), headline) for headline in headlines), default=0.0) < LEAST_SHARED:
        return None
    return Title(text=text, line=found[0], rule="the only h1, which the page's names agree with")


def _ends_with(name: str, text: str) -> bool:
    """Whether a text stands at the end of a longer name, as the site's own does."""
    whole, own = letters(name), letters(text)
    return whole.endswith(own) and 2 * len(own) <= len(whole)


def _without_kicker(title: Title, said: str) -> Title:
    """The title as the page's data give it, where the line prints other words before it: 文化：…, Kultur : …."""
    own, named = letters(title.text), letters(said)
    shorter = named != own and own.endswith(named) and 2 * len(named) > len(own)
    return replace(title, text=said) if shorter else title


def _printed(lines: list[Line], named: list[str]) -> Title | None:
    """The line that begins, or is, what the page is named; a heading before others, the longest among them."""
    plain = [letters(name) for name in named]
    heads = {letters(SUFFIX.split(name)[0]) for name in named}
    candidates: list[tuple[float, int]] = []
    longest = 2 * max((len(name) for name in named), default=0)
    for number, line in enumerate(lines):
        own = letters(line.text) if line.linked <= 0.9 and len(line.text) <= longest else ""
        if len(own) < SHORTEST_TITLE:
            continue
        if any(_names(own, name) for name in plain) and (line.level or len(own) > 5 or own in heads):
            candidates.append((len(own) + (4 if line.level == 1 else 2 if line.level else 0) - number * 1e-3, number))
    if not candidates:
        return None
    number = max(candidates)[1]
    return Title(text=lines[number].text, line=number, rule="the line that the page is named after")


def _names(own: str, name: str) -> bool:
    """Whether a line is what the page is named: its beginning, or after the site's own name its end."""
    return name.startswith(own) or (name.endswith(own) and len(own) * 2 > len(name))


def _heading(lines: list[Line]) -> Title | None:
    for level in (1, 2):
        found = [number for number, line in enumerate(lines) if line.level == level and _may_be_title(line)]
        if len(found) == 1:
            return Title(text=lines[found[0]].text, line=found[0], rule="the only heading of its level")
    return None


def _named(named: list[str], embedded: Embedded) -> Title | None:
    if not named:
        return None
    return Title(
        text=without_suffix(named[-1] if embedded.title else named[0]), line=None, rule="the page's name for itself"
    )


def without_suffix(title: str) -> str:
    """The headline of a ``<title>``: its longest part, with all that comes before it."""
    title = title[:LONGEST_NAME]
    for mark in SUFFIX.finditer(title):
        head, tail = title[: mark.start()].strip(), title[mark.end() :]
        if weight(head) >= 6 and weight(head) >= weight(tail) * 0.6:
            return head
    return title


def opening_title(lines: list[Line], first: int, end: int) -> Title | None:
    """The short line that opens or stands just above the text, for pages that name themselves nowhere."""
    nearest = [*range(first - 1, max(-1, first - 6), -1), *range(first, min(end, first + 4))]
    number = next((number for number in nearest if _may_be_title(lines[number], linked=1.0)), None)
    if number is None:
        return None
    return Title(text=lines[number].text, line=number, rule="a short line at the beginning of the text")


def title_above_head(lines: list[Line], first: int, end: int) -> Title | None:
    """The short line at the beginning of the text that time, source or by-line follow: a headline on any page."""
    for number in (*range(first, min(end, first + 3)), *range(first - 1, max(-1, first - 4), -1)):
        follows = lines[number + 1].text if number + 1 < len(lines) else ""
        if _may_be_title(lines[number], linked=0.0) and (is_head_line(follows) or is_person(follows)):
            return Title(text=lines[number].text, line=number, rule="a short line above time, source or by-line")
    return None


def _may_be_title(line: Line, linked: float = 0.5) -> bool:
    if line.zone or line.linked > linked or not 5 <= line.weight <= 60 or line.text[-1] in "。，；：:.":
        return False
    return not is_date_line(line.text) and not is_frame(line.text) and (line.level > 0 or not first_time(line.text))
