"""Reading and printing dates, times and durations (DMN 1.5 sections 10.3.2.3.4 to 10.3.2.3.8, XML Schema forms)."""

from __future__ import annotations

import re

from pdflow.feel.values import (
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
    date_of_days,
    make_date,
)
from pdflow.feel.zones import zone

MAX_OFFSET = 18 * 3600
_MAX_DURATION_DIGITS = 18
_DATE = r"(?P<year>-?(?:\d{4}|[1-9]\d{4,8}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?P<zone>Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?"
)
_DATE_RE = re.compile(_DATE, re.ASCII)
_TIME_RE = re.compile(_TIME, re.ASCII)
_DATETIME_RE = re.compile(_DATE + "T" + _TIME, re.ASCII)
_N = rf"\d{{1,{_MAX_DURATION_DIGITS}}}"
_DAYS_TIME_RE = re.compile(
    rf"(?P<sign>-)?P(?:(?P<d>{_N})D)?(?:T(?=\d)(?:(?P<h>{_N})H)?(?:(?P<m>{_N})M)?"
    rf"(?:(?P<s>{_N})(?:\.(?P<f>\d*))?S)?)?",
    re.ASCII,
)
_YEARS_MONTHS_RE = re.compile(rf"(?P<sign>-)?P(?:(?P<y>{_N})Y)?(?:(?P<m>{_N})M)?", re.ASCII)


def _nanos(fraction: str | None) -> int:
    return int((fraction or "")[:9].ljust(9, "0"))


def _date(match: re.Match[str]) -> Date | None:
    return make_date(int(match["year"]), int(match["month"]), int(match["day"]))


def _time(match: re.Match[str]) -> Time | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset: int | None = None
    zone_id: str | None = None
    text = match["zone"]
    if text == "Z":
        offset = 0
    elif text and text[0] == "@":
        zone_id = text[1:]
        if zone(zone_id) is None:
            return None
    elif text:
        offset = parse_offset(text)
        if offset is None:
            return None
    return Time(hour, minute, second, _nanos(match["fraction"]), offset, zone_id)


def parse_offset(text: str) -> int | None:
    """Seconds of ``+hh:mm[:ss]``; null beyond 18 hours, the most the standard's implementations accept."""
    parts = [int(part) for part in text[1:].split(":")]
    hours, minutes, seconds = (*parts, 0)[:3]
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > MAX_OFFSET:
        return None
    return -total if text[0] == "-" else total


def parse_date(text: str) -> Date | None:
    """A date from ``YYYY-MM-DD``; years beyond four digits have no leading zero."""
    match = _DATE_RE.fullmatch(text)
    return _date(match) if match else None


def parse_time(text: str) -> Time | None:
    """A time from ``hh:mm:ss[.fff][Z|+hh:mm|@Zone/Id]``."""
    match = _TIME_RE.fullmatch(text)
    return _time(match) if match else None


def parse_datetime(text: str) -> DateTime | None:
    """A date and time; ``24:00:00`` is the start of the next day, and only here."""
    match = _DATETIME_RE.fullmatch(text)
    if not match:
        return None
    date = _date(match)
    if date and match["hour"] == "24":
        return _end_of_day(date, text)
    time = _time(match)
    return DateTime(date, time) if date and time else None


def _end_of_day(date: Date, text: str) -> DateTime | None:
    midnight = parse_time("00" + text[text.index("T") + 3 :])
    if midnight is None or midnight.day_nanos():
        return None
    days = date.days() + 1
    following = date_of_days(days)
    return DateTime(following, midnight) if following else None


def parse_duration(text: str) -> DaysTimeDuration | YearsMonthsDuration | None:
    """A duration of either kind, decided by its form; null for a mixture or an empty one."""
    if not text or not text[-1].isalpha() or text[-1] in "PT":
        return None
    match = _DAYS_TIME_RE.fullmatch(text)
    if match:
        seconds = int(match["d"] or 0) * 86400 + int(match["h"] or 0) * 3600
        seconds += int(match["m"] or 0) * 60 + int(match["s"] or 0)
        nanos = seconds * NANOS + _nanos(match["f"])
        return DaysTimeDuration(-nanos if match["sign"] else nanos)
    match = _YEARS_MONTHS_RE.fullmatch(text)
    if match:
        months = int(match["y"] or 0) * 12 + int(match["m"] or 0)
        return YearsMonthsDuration(-months if match["sign"] else months)
    return None


def parse_literal(text: str) -> Date | Time | DateTime | DaysTimeDuration | YearsMonthsDuration | None:
    """The value of ``@"..."``; its kind is decided by its form."""
    return parse_datetime(text) or parse_date(text) or parse_time(text) or parse_duration(text)


def format_date(value: Date) -> str:
    """``YYYY-MM-DD``."""
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def format_offset(seconds: int) -> str:
    """``Z`` or ``+hh:mm[:ss]``."""
    if seconds == 0:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{rest:02d}" if rest else text


def _fraction(nanos: int) -> str:
    return "." + f"{nanos:09d}".rstrip("0") if nanos else ""


def format_time(value: Time) -> str:
    """``hh:mm:ss[.fff]`` with the offset or ``@`` and the zone id."""
    text = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{_fraction(value.nano)}"
    if value.zone is not None:
        return f"{text}@{value.zone}"
    return text if value.offset is None else text + format_offset(value.offset)


def format_datetime(value: DateTime) -> str:
    """Date, ``T``, time."""
    return f"{format_date(value.date)}T{format_time(value.time)}"


def format_days_time(value: DaysTimeDuration) -> str:
    """Such as ``P1DT2H3M4.5S``; ``PT0S`` for none."""
    nanos = abs(value.nanos)
    if not nanos:
        return "PT0S"
    days, rest = divmod(nanos, DAY_NANOS)
    seconds, nano = divmod(rest, NANOS)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    time = f"{hour}H" if hour else ""
    time += f"{minute}M" if minute else ""
    time += f"{second}{_fraction(nano)}S" if second or nano else ""
    sign = "-" if value.nanos < 0 else ""
    return f"{sign}P{f'{days}D' if days else ''}{f'T{time}' if time else ''}"


def format_years_months(value: YearsMonthsDuration) -> str:
    """Such as ``P1Y2M``; ``P0M`` for none."""
    years, months = divmod(abs(value.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return f"{'-' if value.months < 0 else ''}P{text}"
