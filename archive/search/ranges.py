"""Dates and numbers from one to another, as they are typed: ``2022-10..2023``, ``>1000``, ``..5万``."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from archive.times import end_of, start_of

# A Chinese keyboard types 。。 for .. and 《 》 for < >; people write 1日至5日, 1日～5日 and 3000-5000.
_TYPED = str.maketrans({"。": ".", "》": ">", "《": "<", "〉": ">", "〈": "<"} | dict.fromkeys("…~至到", ".."))
_NUMBERS = re.compile(r"(\d[\d,.]*[千万萬亿億]?)-(\d[\d,.]*[千万萬亿億]?)")
_COMPARED = re.compile(r"([<>]=?)(.+)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([千万萬亿億]?)")
_UNITS = {"": 1, "千": 1_000, "万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_LARGEST = 2**63 - 1

_Value = TypeVar("_Value", datetime, int)
_Limits = tuple[_Value | None, _Value | None]


def dates(text: str) -> tuple[str | None, str | None]:
    """The first and the last second that a text allows. Raises ``ValueError`` with the reason for one that is no range.

    >>> dates("2022-10..2023")
    ('2022-10-01T00:00:00', '2023-12-31T23:59:59')
    >>> dates("<2022年10月")
    (None, '2022-09-30T23:59:59')
    """
    least, most = _limits(text, _period, timedelta(seconds=1))
    return _second(least), _second(most)


def numbers(text: str) -> tuple[int | None, int | None]:
    """The least and the most that a text allows. Raises ``ValueError`` with the reason for one that is no range.

    >>> numbers(">1.5万")
    (15001, None)
    """
    between = _NUMBERS.fullmatch(text)
    return _limits(f"{between[1]}..{between[2]}" if between else text, _number, 1)


def _limits(text: str, read: Callable[[str], tuple[_Value, _Value]], step: int | timedelta) -> _Limits[_Value]:
    typed = text.translate(_TYPED)
    if compared := _COMPARED.fullmatch(typed):
        first, last = read(compared[2])
        sign = compared[1]
        if sign.startswith(">"):
            return (first if sign == ">=" else last + step), None  # type: ignore[operator]  # the step of its kind
        return None, (last if sign == "<=" else first - step)  # type: ignore[operator]
    least, dots, most = typed.partition("..")
    if not dots:
        return read(typed)
    if not least and not most:
        raise ValueError("a range needs a beginning or an end")
    start, end = (read(least)[0] if least else None), (read(most)[1] if most else None)
    if start is not None and end is not None and start > end:
        raise ValueError(f"{least} is after {most}")
    return start, end


def _period(text: str) -> tuple[datetime, datetime]:
    parts = re.sub("[年月/.]", "-", text).rstrip("日-").split("-")
    plain = "-".join(part.zfill(2) for part in parts)
    try:
        return start_of(plain), end_of(plain)
    except (ValueError, OverflowError):
        raise ValueError(f"{text} is no date; write 2022, 2022-10, 2022-10-15 or one..another") from None


def _second(moment: datetime | None) -> str | None:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") if moment else None


def _number(text: str) -> tuple[int, int]:
    found = _NUMBER.fullmatch(text.replace(",", ""))
    if not found or (number := round(Decimal(found[1]) * _UNITS[found[2]])) > _LARGEST:
        raise ValueError(f"{text} is no number; write 1000, >1000, 1万 or one..another")
    return number, number
