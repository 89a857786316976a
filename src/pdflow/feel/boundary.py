"""Values at the edge: Python's in, FEEL's inside, Python's out."""

from __future__ import annotations

import datetime as py
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pdflow.feel.decimals import is_integer, number
from pdflow.feel.errors import BudgetExceeded
from pdflow.feel.values import (
    NANOS,
    Date,
    DateTime,
    DaysTimeDuration,
    Function,
    Range,
    Time,
    YearsMonthsDuration,
    datetime_of_instant,
)

MAX_NESTING = 100
_OWN = (Date, DateTime, Time, DaysTimeDuration, YearsMonthsDuration, Range, Function)


def from_python(value: Any, depth: int = 0) -> Any:
    """The FEEL value of a Python one; an infinite float or NaN is null.

    Args:
        value: JSON-like data, dates, times and durations, or FEEL values.
        depth: how deep the value lies in the one that is converted.

    Raises:
        TypeError: for a type that has no FEEL counterpart.
        BudgetExceeded: for what is nested deeper than `MAX_NESTING`.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float, Decimal)):
        return number(value)
    if isinstance(value, Mapping):
        return {str(key): from_python(item, _deeper(depth)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [from_python(item, _deeper(depth)) for item in value]
    if isinstance(value, _OWN):
        return value
    return _from_datetime(value)


def _from_datetime(value: Any) -> Any:
    if isinstance(value, py.datetime):
        return DateTime(Date(value.year, value.month, value.day), _time(value, value.utcoffset()))
    if isinstance(value, py.date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, py.time):
        return _time(value, value.utcoffset())
    if isinstance(value, py.timedelta):
        return DaysTimeDuration((value.days * 86400 + value.seconds) * NANOS + value.microseconds * 1000)
    raise TypeError(f"expected JSON-like data, a date, a time or a duration, found {type(value).__name__}")


def _time(value: py.datetime | py.time, offset: py.timedelta | None) -> Time:
    zone_id: str | None = getattr(value.tzinfo, "key", None)
    seconds = int(offset.total_seconds()) if offset is not None and zone_id is None else None
    return Time(value.hour, value.minute, value.second, value.microsecond * 1000, seconds, zone_id)


def _deeper(depth: int) -> int:
    if depth >= MAX_NESTING:
        raise BudgetExceeded(f"expected a value of at most {MAX_NESTING} levels, found a deeper one")
    return depth + 1


def to_python(value: Any, depth: int = 0) -> Any:
    """The Python value of a FEEL one.

    Whole numbers become int, others stay Decimal. A date and time becomes a `datetime` (aware with its offset;
    one with a zone is given in UTC), a days-and-time duration a `timedelta`, both cut to microseconds. What
    Python cannot hold (a year beyond 9999, years-and-months durations, ranges, functions) is returned as it is.

    Raises:
        BudgetExceeded: for what is nested deeper than `MAX_NESTING`.
    """
    if isinstance(value, Decimal):
        return int(value) if is_integer(value) else value
    if isinstance(value, dict):
        return {key: to_python(item, _deeper(depth)) for key, item in value.items()}
    if isinstance(value, list):
        return [to_python(item, _deeper(depth)) for item in value]
    if isinstance(value, Date) and 1 <= value.year <= 9999:
        return py.date(value.year, value.month, value.day)
    if isinstance(value, DateTime):
        return _to_datetime(value)
    if isinstance(value, Time) and value.zone is None:
        return py.time(value.hour, value.minute, value.second, value.nano // 1000, _tz(value.offset))
    if isinstance(value, DaysTimeDuration) and abs(value.nanos) < 86400 * 999_999_999 * NANOS:
        return py.timedelta(microseconds=value.nanos // 1000)
    return value


def _tz(offset: int | None) -> py.tzinfo | None:
    if offset is None:
        return None
    return py.UTC if offset == 0 else py.timezone(py.timedelta(seconds=offset))


def _to_datetime(value: DateTime) -> Any:
    moved = value
    if value.time.zone is not None:
        in_utc = datetime_of_instant(value.instant(), 0, None)
        if in_utc is None:
            return value
        moved = in_utc
    date, time = moved.date, moved.time
    if not 1 <= date.year <= 9999:
        return value
    zone = _tz(time.offset)
    micros = time.nano // 1000
    return py.datetime(date.year, date.month, date.day, time.hour, time.minute, time.second, micros, zone)
