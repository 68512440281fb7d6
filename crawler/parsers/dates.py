"""Printed and embedded times: what they say, how precisely, and in which zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from archive.models import Precision
from crawler.parsers.text import squeeze, weight

ZONES = {"zh": "Asia/Shanghai", "ja": "Asia/Tokyo", "ko": "Asia/Seoul"}
"""The zone that a page of this language means where it prints none; UTC for the others."""
_MONTHS = (
    ("jan", "januar", "january", "janvier", "enero", "ene", "gennaio", "jänner"),
    ("feb", "februar", "february", "février", "febrero", "febbraio"),
    ("mar", "märz", "march", "mars", "marzo", "mär", "mrz"),
    ("apr", "april", "avril", "abril", "abr", "aprile"),
    ("may", "mai", "mayo", "maggio"),
    ("jun", "juni", "june", "juin", "junio", "giugno"),
    ("jul", "juli", "july", "juillet", "julio", "luglio"),
    ("aug", "august", "août", "agosto", "ago"),
    ("sep", "sept", "september", "septembre", "septiembre", "settembre"),
    ("oct", "october", "oktober", "octobre", "octubre", "ottobre", "okt"),
    ("nov", "november", "novembre", "noviembre"),
    ("dec", "december", "dezember", "décembre", "diciembre", "dicembre", "dez", "dic"),
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}

_MONTH = rf"(?P<name>{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])"
_NUMBER = r"(?P<month>1[0-2]|0?[1-9])"
_CLOCK = (
    r"(?:(?:\s|&nbsp;|T|,|，|[|·•–—/-]|\bat\b|\bum\b|\(?\s*(?:星期|周|週)[一二三四五六日天]\s*\)?|[(（][月火水木金土日월화수목금토일][)）])*"
    r"(?P<half>[上下]午|午前|午後|오전|오후)?\s*(?P<hour>[01]?\d|2[0-3])\s*(?::|：|时|時|點|点|시|\.(?=\d\d\s*Uhr))\s*(?P<minute>[0-5]\d)?"
    r"(?:(?::|：|分|분)\s*(?P<second>[0-5]\d)(?!\d)秒?(?:\.\d+)?|分|분)?\s*(?P<meridiem>[ap]\.?m\.?(?![a-z]))?"
    r"\s*(?P<zone>Z(?![a-z])|UTC|GMT|[+-]\d\d:?\d\d(?!\d)|JST|KST)?)?"
)
FORMATS = (
    rf"{_YEAR}\s*[年년]\s*{_NUMBER}\s*[月월]\s*{_DAY}\s*[日号號일]?",
    rf"(?<!\d){_YEAR}\s?(?P<mark>[-/.．－])\s?{_NUMBER}\s?(?P=mark)\s?{_DAY}(?!\d)",
    rf"(?<!\d){_DAY}\.\s?{_NUMBER}\.\s?{_YEAR}",
    rf"(?<![\d/]){_DAY}/{_NUMBER}/{_YEAR}(?![\d/])",
    rf"(?<![\d/]){_NUMBER}/(?P<day>1[3-9]|2\d|3[01])/{_YEAR}(?![\d/])",
    rf"(?<![\d-]){_NUMBER}-(?P<day>1[3-9]|2\d|3[01])-{_YEAR}(?![\d-])",
    rf"(?:(?<![a-z\d])|(?<=[a-z])(?=(?-i:[A-Z]))){_MONTH}\.?\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}",
    rf"(?<!\d){_DAY}-{_MONTH}-{_YEAR}",
    rf"(?<!\d){_DAY}(?:st|nd|rd|th)?\.?\s+(?:de\s+)?{_MONTH}\.?,?\s+(?:de\s+)?{_YEAR}",
    rf"(?<!\d){_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
)
"""Absolute dates, in the order in which they are tried; a time of day may follow each."""
_AGO = (
    r"(?P<count>\d{1,3}|an?|one)\s*(?P<unit>秒|分钟|分鐘|小时|小時|天|日|周|週|分|時間|시간|분|일"
    r"|seconds?|minutes?|mins?|hours?|days?|weeks?)\s*(?:之?前|ago|전)"
)
_NEAR = rf"(?P<near>刚刚|剛剛|just now|今天|今日|昨天|昨日|前天|today|yesterday|오늘|어제)(?P<clocked>{_CLOCK})"
UNITS = (
    ("秒|second", timedelta(seconds=1)),
    ("時間|小时|小時|hour|시간", timedelta(hours=1)),
    ("分|min|분", timedelta(minutes=1)),
    ("周|週|week", timedelta(weeks=1)),
    ("天|日|day|일", timedelta(days=1)),
)
DAYS_BACK = {"昨天": 1, "昨日": 1, "yesterday": 1, "어제": 1, "前天": 2}

_ABSOLUTE = tuple(re.compile(date + _CLOCK, re.IGNORECASE) for date in FORMATS)
_RELATIVE = re.compile(rf"{_AGO}|{_NEAR}", re.IGNORECASE)
_WIDE = str.maketrans("０１２３４５６７８９：／－", "0123456789:/-")
_LABEL = re.compile(
    r"发布|發布|发表|發表|更新|时间|時間|日期|稿源|来源|來源|published|posted|updated|last|on|date|配信|公開|掲載|입력|수정|등록|stand|uhr",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedTime:
    """A time as a page gave it."""

    raw: str
    """The characters printed."""
    time: datetime | None
    """Naive where the page prints no offset; ``None`` for 3小时前 without a known time of the fetch."""
    precision: Precision | None

    def placed(self, zone: str) -> tuple[datetime | None, str | None]:
        """The aware time, and the zone's name where it had to be assumed."""
        if self.time is None or self.time.tzinfo is not None:
            return self.time, None
        return self.time.replace(tzinfo=ZoneInfo(zone)), zone


def zone_for(language: str | None) -> str:
    """The zone to assume for a page in this language."""
    return ZONES.get((language or "").split("-")[0].lower(), "UTC")


def find_times(text: str, fetched_at: datetime | None = None) -> Iterator[PrintedTime]:
    """The times printed in a text: absolute ones by format, then relative ones."""
    plain = narrow(text)
    for pattern in _ABSOLUTE:
        for match in pattern.finditer(plain):
            time = _absolute(match)
            if time:
                raw = text[match.start() : match.end()].strip(" ,，|·/–—-(（")
                yield PrintedTime(raw=raw, time=time, precision=_precision(match))
    for match in _RELATIVE.finditer(plain):
        time = _relative(match, fetched_at) if fetched_at else None
        precision = _relative_precision(match) if time else None
        yield PrintedTime(raw=text[match.start() : match.end()].strip(), time=time, precision=precision)


def first_time(text: str, fetched_at: datetime | None = None) -> PrintedTime | None:
    """The first time that a short text gives."""
    return next(find_times(text, fetched_at), None)


def embedded_time(value: str) -> PrintedTime | None:
    """A time from JSON-LD, meta or ``<time datetime>``: ISO 8601, else as printed."""
    value = squeeze(value)
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return first_time(value)
    if not 1990 <= time.year <= 2100:
        return None
    precision: Precision = "day" if len(value) <= 10 else "minute" if value.count(":") == 1 else "second"
    return PrintedTime(raw=value, time=time, precision=precision)


def narrow(text: str) -> str:
    """The text with the figures and marks of times in half width."""
    return text.translate(_WIDE)


def without_times(text: str) -> str:
    """The text with its times and their labels taken out, in half width."""
    plain = narrow(text)
    for pattern in (*_ABSOLUTE, _RELATIVE):
        plain = pattern.sub(" ", plain)
    return plain


def is_date_line(text: str) -> bool:
    """Whether a line prints a time and hardly anything else."""
    if len(text) > 80 or not any(char.isdigit() for char in narrow(text)):
        return False
    rest = without_times(text)
    return rest != narrow(text) and weight(_LABEL.sub(" ", rest)) <= 4


def _absolute(match: re.Match[str]) -> datetime | None:
    parts = match.groupdict()
    month = MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["month"])
    hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    try:
        time = datetime(
            int(parts["year"]), month, int(parts["day"]), _full_hour(hour, parts), minute, int(parts["second"] or 0)
        )
    except ValueError:  # 31 February
        return None
    return time.replace(tzinfo=_offset(parts["zone"])) if parts["zone"] else time


def _full_hour(hour: int, parts: dict[str, str | None]) -> int:
    """The hour of 24; 下午 3 and 3 pm are 15."""
    half = (parts.get("half") or parts.get("meridiem") or "").lower()
    if half[:1] in ("下", "p") or half in ("午後", "오후"):
        return hour + 12 if hour < 12 else hour
    return 0 if half[:1] == "a" and hour == 12 else hour


def _offset(zone: str) -> timezone:
    named = {"Z": 0, "UTC": 0, "GMT": 0, "JST": 9, "KST": 9}
    if zone.upper() in named:
        return timezone(timedelta(hours=named[zone.upper()]))
    digits = zone[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]) % 24, minutes=int(digits[2:]) % 60)
    return timezone(-ahead if zone[0] == "-" else ahead)


def _precision(match: re.Match[str]) -> Precision:
    return "second" if match["second"] else "minute" if match["hour"] else "day"


def _relative(match: re.Match[str], fetched_at: datetime) -> datetime:
    if match["near"]:
        if match["near"].lower() in ("刚刚", "剛剛", "just now"):
            return fetched_at
        day = fetched_at - timedelta(days=DAYS_BACK.get(match["near"].lower(), 0))
        hour = _full_hour(int(match["hour"] or 0), match.groupdict())
        return day.replace(hour=hour, minute=int(match["minute"] or 0), second=int(match["second"] or 0), microsecond=0)
    unit = next(length for words, length in UNITS if re.match(words, match["unit"], re.IGNORECASE))
    return fetched_at - (int(match["count"]) if match["count"].isdigit() else 1) * unit


def _relative_precision(match: re.Match[str]) -> Precision:
    if match["near"]:
        return _precision(match) if match["hour"] else "day" if match["near"] in DAYS_BACK else "minute"
    return "day" if re.match("周|週|天|日|day|week|일", match["unit"], re.IGNORECASE) else "minute"
