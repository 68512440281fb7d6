"""Times as the tables keep them: UTC, ISO 8601, with ``Z``."""

from datetime import UTC, datetime, timedelta, timezone

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def to_utc(moment: datetime) -> str:
    """
    >>> to_utc(datetime.fromisoformat("2022-10-15T11:43:08+08:00"))
    '2022-10-15T03:43:08Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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


def offset_minutes(moment: datetime) -> int:
    """Minutes east of UTC; 0 for a naive moment."""
    return int((moment.utcoffset() or timedelta()).total_seconds() // 60)


def minutes_since_2000(moment: datetime) -> int:
    """Whole minutes, never negative: what was printed before 2000 sorts as oldest."""
    return max(0, int((moment - _EPOCH).total_seconds() // 60))
