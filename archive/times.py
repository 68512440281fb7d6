"""Times as the tables keep them: UTC, ISO 8601, with ``Z``."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When that was of which nobody noted a time."""


def to_utc(moment: datetime) -> str:
    """
    >>> to_utc(datetime.fromisoformat("2022-10-15T11:43:08+08:00"))
    '2022-10-15T03:43:08Z'
    """
    # Not strftime: its years before 1000 have fewer digits, so that such times would neither be read nor sorted.
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def from_utc(text: str, offset: int | None = None) -> datetime:
    """The moment of a table's text, seen at ``offset`` minutes east of UTC.

    >>> from_utc("2022-10-15T03:43:08Z", 480).isoformat()
    '2022-10-15T11:43:08+08:00'
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:  # rows written by other programs may lack the zone
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC if not offset else timezone(timedelta(minutes=offset)))


def moment_of(text: str | None, offset: int | None = None) -> datetime | None:
    """The same for a column that may be empty; ``None`` also for what another program wrote that is no moment."""
    try:
        return from_utc(text, offset) if text else None
    except (ValueError, TypeError, OverflowError):
        return None


def start_of(text: str) -> datetime:
    """The first second of a year, month, day or minute, or the second itself, in UTC where no zone is given.

    Raises ``ValueError`` for what is none of these.

    >>> start_of("2022-10").isoformat()
    '2022-10-01T00:00:00+00:00'
    """
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        text += "-01-01"[len(text) - 10 :]
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is before the year 1 or after 9999 in UTC") from None
    return moment


def end_of(text: str) -> datetime:
    """The last second of a year, month, day or minute, or the second itself, in UTC where no zone is given.

    Raises ``ValueError`` for what is none of these.

    >>> end_of("2022-10").isoformat()
    '2022-10-31T23:59:59+00:00'
    """
    if re.fullmatch(r"\d{4}", text):
        return end_of(f"{text}-12")
    moment = start_of(text)
    if re.fullmatch(r"\d{4}-\d{2}", text):
        moment = moment.replace(day=monthrange(moment.year, moment.month)[1])
    if len(text) <= 10:
        return moment.replace(hour=23, minute=59, second=59)
    return moment + timedelta(seconds=59) if text.count(":") == 1 else moment


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many months earlier, or the last day of a shorter month.

    Raises ``ValueError`` before year 1.

    >>> months_before(datetime(2026, 3, 31), 1).isoformat()
    '2026-02-28T00:00:00'
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def offset_minutes(moment: datetime) -> int:
    """Minutes east of UTC; 0 for a naive moment."""
    return int((moment.utcoffset() or timedelta()).total_seconds() // 60)


def minutes_since_2000(moment: datetime) -> int:
    """Whole minutes, never negative: what was printed before 2000 sorts as oldest."""
    return max(0, int((moment - _EPOCH).total_seconds() // 60))


def duration(length: timedelta) -> str:
    """A length of time for a person to read, in the two largest units.

    >>> duration(timedelta(hours=2, minutes=5, seconds=7)), duration(timedelta(minutes=30))
    ('2 h 5 min', '30 min')
    """
    rest, parts = max(0, round(length.total_seconds())), []
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        amount, rest = divmod(rest, seconds)
        if amount:
            parts.append(f"{amount} {unit}")
    return " ".join(parts[:2]) or "0 s"
