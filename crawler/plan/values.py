"""The values of a plan. Each function takes what TOML gave and returns what it means, or raises ``ValueError``.

The error goes on from the name of the key: "depth must be a whole number from 0 on, not -1".
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from archive.urls import clean, is_web, site_of, why_not_web

_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(days=3660)
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(B|kB|KB|MB|GB|TB)")
_BYTES = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_NAME = re.compile(r"[^\W_][^\s/:,\"'$%\\]*")
_NEVER = "that day never comes"
_OFFSET = re.compile(r"(?:UTC|GMT|Etc/UTC)? ?(?P<sign>[+-])0?(?P<hours>[0-9]{1,2})(?::?00)?", re.IGNORECASE)
_FORMER = {"asia/peking": "Asia/Shanghai", "asia/beijing": "Asia/Shanghai"}
"""What people write for a zone that has another name."""
_NEAR = 0.94
"""One letter more or less. Europe/Berlin is .92 like Europe/Bern, and another city."""
_LONGEST_SHOWN = 60


def text(value: object) -> str:
    """A text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"must be a text in quotation marks, not {_shown(value)}")
    return value


def flag(value: object) -> bool:
    """``true`` or ``false``."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {_shown(value)}")  # noqa: TRY004 - one kind for all values
    return value


def number_from(least: int) -> Callable[[object], int]:
    """A whole number from ``least`` on."""

    def number(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**63:
            raise ValueError(f"must be a whole number from {least} on, not {_shown(value)}")
        return value

    return number


def seconds(value: object) -> float:
    """A number of seconds, 0 among them."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < float("inf"):
        raise ValueError(f"must be a number of seconds such as 2.0, not {_shown(value)}")
    return float(value)


def duration(value: object) -> timedelta:
    """
    >>> duration("30m")
    datetime.timedelta(seconds=1800)
    """
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    try:
        length = timedelta(**{_UNITS[found[2]]: float(found[1])}) if found else timedelta()
    except OverflowError:
        length = timedelta()
    if not timedelta(seconds=1) <= length <= _LONGEST:
        raise ValueError(f'must be a duration such as "90s", "30m", "2h", "1d" or "4w", not {_shown(value)}')
    return length


def duration_in_seconds(value: object) -> float:
    """The same in seconds."""
    return duration(value).total_seconds()


def size(value: object) -> int:
    """
    >>> size("1.5MB")
    1500000
    """
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    amount = round(float(found[1]) * _BYTES[found[2]]) if found else 0
    if not 1 <= amount < 2**63:
        raise ValueError(f'must be a size such as "500kB", "200MB" or "2GB", not {_shown(value)}')
    return amount


def cron(value: object) -> str:
    """A line of cron that comes true some day."""
    line = text(value)
    try:
        if len(line.split()) != 5:
            raise CronSimError("not five fields")
        if next(CronSim(line, datetime(2000, 1, 1, tzinfo=UTC)), None) is None:
            raise CronSimError(_NEVER)
    except CronSimError as error:
        reason = _NEVER if _is_of_another_month(line) else str(error).lower()
        fields = "minute, hour, day of month, month, day of week"
        raise ValueError(f'must be a cron line of {fields}, such as "0 6 * * *", not {line!r} ({reason})') from None
    return " ".join(line.split())


def _is_of_another_month(line: str) -> bool:
    """Whether a wrong line is right in other months: CronSim calls the day bad, whether it is the 30th or the 32nd."""
    minute, hour, day, month, *rest = (*line.split(), *[""] * 4)
    try:
        for other in ((minute, hour, day, "*", *rest), (minute, hour, "*", month, *rest)):
            CronSim(" ".join(other), datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError:
        return False
    return len(line.split()) == 5


def timezone(value: object) -> str:
    """The IANA name of a zone."""
    name = text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; "../x"; "Asia", which is a folder
        raise ValueError(f"names no time zone {name!r}; {_zone_remedy(name)}") from None
    return name


def _zone_remedy(name: str) -> str:
    """What to write instead; no zone that is merely spelled like it, since a crawl would run hours too early."""
    zones = available_timezones()
    by_lower_case = {zone.lower(): zone for zone in zones} | _FORMER
    if offset := _OFFSET.fullmatch(name):
        sign, hours = offset["sign"], int(offset["hours"])
        turned = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"
        if turned in zones:
            return f"did you mean {turned!r}? The sign there says how far to go to UTC: {turned} is UTC{sign}{hours}"
    near = get_close_matches(name.lower(), by_lower_case, 1, cutoff=_NEAR)
    return f"did you mean {by_lower_case[near[0]]!r}?" if near else "write one such as 'Asia/Shanghai'"


def one_of(*choices: str) -> Callable[[object], str]:
    """One of these words."""

    def choice(value: object) -> str:
        if value not in choices:
            raise ValueError(f"must be {_or(choices)}, not {_shown(value)}")
        return str(value)

    return choice


def addresses(value: object) -> tuple[str, ...]:
    """A list of addresses that a crawl can ask for."""
    if not isinstance(value, list) or not value:
        raise ValueError(f'must be a list such as ["https://news.example/"], not {_shown(value)}')
    for one in value:
        if not isinstance(one, str) or one.split() != [one] or not is_web(clean(one)):
            raise ValueError(f"holds {_shown(one)}, which is no web address: {why_not_web(str(one))}")
    return tuple(value)


def variable(value: object) -> str:
    """The name of an environment variable. What else was written may be a secret, so it is not shown."""
    if not isinstance(value, str) or not _VARIABLE.fullmatch(value):
        raise ValueError(
            "must be the name of an environment variable, such as NEWS_COOKIE; the value itself goes into that variable"
        )
    return value


def flaw(content: str | None) -> str | None:
    """What keeps the content of a variable from being sent as a header; ``None`` where nothing does. Tells none of it.

    >>> flaw(None), flaw(""), flaw("a\\nb"), flaw("Bearer abc")
    ('is not set', 'is empty', 'holds a line break or another control character', None)
    """
    if content is None:
        return "is not set"
    if not content.strip():
        return "is empty"
    return "holds a line break or another control character" if _CONTROL.search(content) else None


def header(name: str) -> None:
    """Whether requests can have a header of this name."""
    if not _HEADER.fullmatch(name):
        raise ValueError(f"{name!r} is no header's name")


def host(name: str) -> None:
    """Whether a site is known by this name."""
    site = site_of(f"http://{name}")
    if site != name:
        meant = site_of(name) or site
        raise ValueError(f"{name!r} is no site's name; " + (f"write {meant!r}" if meant else "write its host"))


def crawl_name(name: str) -> None:
    """Whether a crawl can be called by this name on a command line."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a crawl; begin with a letter or digit and use no blanks, '/' or ':'")


def _or(choices: Iterable[str]) -> str:
    *first, last = choices
    return f"{', '.join(first)} or {last}"


def _shown(value: object) -> str:
    shown = str(value).lower() if isinstance(value, bool) else repr(value)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
