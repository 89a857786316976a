"""FEEL's own value types (DMN 1.5 section 10.3.2.3). Null, booleans, strings, lists and contexts are Python's.

Numbers are `decimal.Decimal`. ``==`` on these classes compares the representation (FEEL's ``is``); FEEL's ``=``
is `pdflow.feel.compare.equal`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdflow.feel.daycount import date_from_days, days_from_date, days_in_month
from pdflow.feel.zones import zone

NANOS = 1_000_000_000
DAY_NANOS = 86400 * NANOS
MAX_YEAR = 999_999_999


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date, years -999,999,999 to 999,999,999."""

    year: int
    month: int
    day: int

    def days(self) -> int:
        """Days since 1970-01-01."""
        return days_from_date(self.year, self.month, self.day)

    def weekday(self) -> int:
        """Day of the week, Monday is 1."""
        return (self.days() + 3) % 7 + 1


def make_date(year: int, month: int, day: int) -> Date | None:
    """A date, or null when the calendar does not have it."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return Date(year, month, day)


def date_of_days(days: int) -> Date | None:
    """The date of a number of days since 1970-01-01; null outside the supported years."""
    year, month, day = date_from_days(days)
    return Date(year, month, day) if abs(year) <= MAX_YEAR else None


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; local without offset and zone. ``offset`` is in seconds east of UTC."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset: int | None = None
    zone: str | None = None

    def day_nanos(self) -> int:
        """Nanoseconds since midnight on the wall."""
        return ((self.hour * 60 + self.minute) * 60 + self.second) * NANOS + self.nano

    def is_local(self) -> bool:
        """Whether it has neither offset nor zone."""
        return self.offset is None and self.zone is None


def time_of_nanos(nanos: int, offset: int | None = None, zone_id: str | None = None) -> Time:
    """A time of day from nanoseconds since midnight, taken modulo one day."""
    seconds, nano = divmod(nanos % DAY_NANOS, NANOS)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return Time(hour, minute, second, nano, offset, zone_id)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and a time of day; the time carries the offset or the zone."""

    date: Date
    time: Time

    def is_local(self) -> bool:
        """Whether it has neither offset nor zone and so names no instant."""
        return self.time.is_local()

    def local_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00 on the wall."""
        return self.date.days() * DAY_NANOS + self.time.day_nanos()

    def offset(self) -> int | None:
        """Offset in seconds, looked up when a zone is given; None when local."""
        if self.time.zone is not None:
            found = zone(self.time.zone)
            return found.offset_of_local(self.local_nanos() // NANOS) if found else None
        return self.time.offset

    def instant(self) -> int:
        """Nanoseconds since the epoch in UTC; a local one is read as UTC."""
        return self.local_nanos() - (self.offset() or 0) * NANOS


def datetime_of_local(nanos: int, offset: int | None = None, zone_id: str | None = None) -> DateTime | None:
    """A date and time from nanoseconds on the wall; null outside the supported years."""
    days, rest = divmod(nanos, DAY_NANOS)
    date = date_of_days(days)
    return DateTime(date, time_of_nanos(rest, offset, zone_id)) if date else None


def datetime_of_instant(nanos: int, offset: int | None, zone_id: str | None) -> DateTime | None:
    """The wall time of an instant at an offset or in a zone."""
    shift = offset or 0
    if zone_id is not None:
        found = zone(zone_id)
        if found is None:
            return None
        shift = found.offset_at(nanos // NANOS)
    return datetime_of_local(nanos + shift * NANOS, offset, zone_id)


@dataclass(frozen=True, slots=True)
class DaysTimeDuration:
    """A length of time in nanoseconds."""

    nanos: int


@dataclass(frozen=True, slots=True)
class YearsMonthsDuration:
    """A length of time in months."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. ``test`` is the operator of a one-sided one such as ``(<10)``, else empty."""

    start: Any
    end: Any
    start_included: bool
    end_included: bool
    test: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be invoked.

    Attributes:
        name: for messages and `string()`.
        parameters: names in order.
        call: receives the runtime and the positional arguments (null for the ones not given).
        types: declared types of the parameters (`pdflow.feel.types`), ``None`` for any.
        result: declared type of the result.
        named: set for built-ins, which choose among several signatures by parameter names themselves.
    """

    name: str
    parameters: Sequence[str]
    call: Callable[[Any, list[Any]], Any]
    types: Sequence[Any] = ()
    result: Any = None
    named: Callable[[Any, dict[str, Any]], Any] | None = field(default=None)
