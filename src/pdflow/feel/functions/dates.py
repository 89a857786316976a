"""Date and time functions (DMN 1.5 sections 10.3.4.1, 10.3.4.6 and 10.3.4.12)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pdflow.feel.boundary import from_python
from pdflow.feel.compare import same
from pdflow.feel.decimals import is_integer
from pdflow.feel.functions.signature import builtin
from pdflow.feel.runtime import Runtime
from pdflow.feel.temporal_text import MAX_OFFSET, parse_date, parse_datetime, parse_time
from pdflow.feel.values import (
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

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MIDNIGHT = Time(0, 0, 0)


@builtin("date", "from: string", cost=5)
def _date(rt: Runtime, text: str) -> Date | None:
    return parse_date(text)


@builtin("date", "from: date or date and time")
def _date_of(rt: Runtime, value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("date", "year: number, month: number, day: number", cost=3)
def _date_parts(rt: Runtime, year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    if not (is_integer(year) and is_integer(month) and is_integer(day)):
        return None
    return make_date(int(year), int(month), int(day))


@builtin("time", "from: string", cost=5)
def _time(rt: Runtime, text: str) -> Time | None:
    return parse_time(text)


@builtin("time", "from: time or date and time")
def _time_of(rt: Runtime, value: Time | DateTime) -> Time:
    return value.time if isinstance(value, DateTime) else value


@builtin("time", "from: date")
def _time_of_date(rt: Runtime, value: Date) -> Time:
    return Time(0, 0, 0, 0, 0)


@builtin("time", "hour: number, minute: number, second: number, offset?: days and time duration?", cost=3)
def _time_parts(
    rt: Runtime, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None
) -> Time | None:
    return _make_time(hour, minute, second, offset)


def _make_time(
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DaysTimeDuration | None,
    zone_id: str | None = None,
) -> Time | None:
    if not (is_integer(hour) and is_integer(minute)):
        return None
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second < 60):
        return None
    seconds = None
    if offset is not None:
        seconds = offset.nanos // NANOS
        if offset.nanos % NANOS or abs(seconds) > MAX_OFFSET:
            return None
    nano = int((second - int(second)) * NANOS)
    return Time(int(hour), int(minute), int(second), nano, seconds, zone_id)


@builtin("date and time", "from: string", cost=6)
def _date_and_time(rt: Runtime, text: str) -> DateTime | None:
    value = parse_datetime(text)
    if value is None:
        date = parse_date(text)
        return DateTime(date, _MIDNIGHT) if date else None
    return value


@builtin("date and time", "from: date or date and time")
def _date_and_time_of(rt: Runtime, value: Date | DateTime) -> DateTime:
    return value if isinstance(value, DateTime) else DateTime(value, _MIDNIGHT)


@builtin("date and time", "date: date or date and time, time: time")
def _date_with_time(rt: Runtime, date: Date | DateTime, time: Time) -> DateTime:
    return DateTime(date.date if isinstance(date, DateTime) else date, time)


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@builtin("date and time", _PARTS + ", offset?: days and time duration?", cost=4)
def _date_and_time_parts(rt: Runtime, *parts: Any) -> DateTime | None:
    date = _date_parts(rt, *parts[:3])
    time = _make_time(parts[3], parts[4], parts[5], parts[6])
    return DateTime(date, time) if date and time else None


@builtin("date and time", _PARTS + ", timezone: string", cost=4)
def _date_and_time_zone(rt: Runtime, *parts: Any) -> DateTime | None:
    date = _date_parts(rt, *parts[:3])
    time = _make_time(parts[3], parts[4], parts[5], None, parts[6]) if zone(parts[6]) else None
    return DateTime(date, time) if date and time else None


@builtin("years and months duration", "from: date or date and time, to: date or date and time", cost=3)
def _years_and_months(rt: Runtime, start: Date | DateTime, end: Date | DateTime) -> YearsMonthsDuration:
    """Whole months between two dates; the time of day does not count."""
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonthsDuration(months)


def _now(rt: Runtime) -> datetime | None:
    if rt.clock is None:
        return rt.warn("no-clock", "expected a clock to be given for now() and today()")
    return rt.clock()


@builtin("now", "")
def _now_function(rt: Runtime) -> DateTime | None:
    """The instant of the clock that was given; null without one."""
    instant = _now(rt)
    return None if instant is None else from_python(instant)


@builtin("today", "")
def _today(rt: Runtime) -> Date | None:
    """The date of `now()` in the clock's own offset."""
    instant = _now(rt)
    return None if instant is None else Date(instant.year, instant.month, instant.day)


@builtin("is", "value1?: any, value2?: any")
def _is(rt: Runtime, one: Any, other: Any) -> bool:
    return same(one, other, rt)


def _plain(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("day of year", "date: date or date and time")
def _day_of_year(rt: Runtime, value: Date | DateTime) -> Decimal:
    date = _plain(value)
    return Decimal(date.days() - Date(date.year, 1, 1).days() + 1)


@builtin("day of week", "date: date or date and time")
def _day_of_week(rt: Runtime, value: Date | DateTime) -> str:
    return _DAY_NAMES[_plain(value).weekday() - 1]


@builtin("month of year", "date: date or date and time")
def _month_of_year(rt: Runtime, value: Date | DateTime) -> str:
    return _MONTH_NAMES[_plain(value).month - 1]


@builtin("week of year", "date: date or date and time")
def _week_of_year(rt: Runtime, value: Date | DateTime) -> Decimal | None:
    """The ISO 8601 week, 1 to 53."""
    date = _plain(value)
    thursday = date_of_days(date.days() + 4 - date.weekday())
    if thursday is None:
        return None
    return Decimal((thursday.days() - Date(thursday.year, 1, 1).days()) // 7 + 1)
