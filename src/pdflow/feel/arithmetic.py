"""Arithmetic of numbers, strings, dates and durations (DMN 1.5 section 10.3.2.12, tables 49 to 52)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from pdflow.feel.compare import time_offset
from pdflow.feel.daycount import add_months
from pdflow.feel.decimals import CONTEXT, WIDE, number
from pdflow.feel.runtime import Runtime
from pdflow.feel.values import (
    DAY_NANOS,
    MAX_YEAR,
    NANOS,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
    date_of_days,
    datetime_of_instant,
    datetime_of_local,
    time_of_nanos,
)

MAX_NANOS = 10**29
MAX_MONTHS = 10**12


def days_time(nanos: int) -> DaysTimeDuration | None:
    """A duration, or null when it is longer than all supported years."""
    return DaysTimeDuration(nanos) if abs(nanos) <= MAX_NANOS else None


def years_months(months: int) -> YearsMonthsDuration | None:
    """A duration, or null when it is longer than all supported years."""
    return YearsMonthsDuration(months) if abs(months) <= MAX_MONTHS else None


def add(left: Any, right: Any, rt: Runtime) -> Any:
    """``left + right``; null when the kinds do not add up."""
    kind_left, kind_right = type(left), type(right)
    if kind_left is Decimal and kind_right is Decimal:
        return CONTEXT.add(left, right)
    if kind_left is DateTime or kind_right is DateTime:
        rt.charge(20)
    if kind_left is str and kind_right is str:
        rt.check_string(len(left) + len(right))
        return left + right
    if kind_left is DaysTimeDuration:
        if kind_right is DaysTimeDuration:
            return days_time(left.nanos + right.nanos)
        return shift(right, left.nanos)
    if kind_left is YearsMonthsDuration:
        if kind_right is YearsMonthsDuration:
            return years_months(left.months + right.months)
        return shift_months(right, left.months)
    if kind_right is DaysTimeDuration:
        return shift(left, right.nanos)
    if kind_right is YearsMonthsDuration:
        return shift_months(left, right.months)
    return None


def subtract(left: Any, right: Any, rt: Runtime) -> Any:
    """``left - right``; a local and a zoned date and time have no difference."""
    kind_left, kind_right = type(left), type(right)
    if kind_left is Decimal and kind_right is Decimal:
        return CONTEXT.subtract(left, right)
    if kind_left is DateTime or kind_right is DateTime:
        rt.charge(20)
    if kind_right is DaysTimeDuration:
        return (
            days_time(left.nanos - right.nanos)
            if kind_left is DaysTimeDuration
            else shift(left, -right.nanos)
        )
    if kind_right is YearsMonthsDuration:
        if kind_left is YearsMonthsDuration:
            return years_months(left.months - right.months)
        return shift_months(left, -right.months)
    if kind_left is Date and kind_right is Date:
        return days_time((left.days() - right.days()) * DAY_NANOS)
    if kind_left in (Date, DateTime) and kind_right in (Date, DateTime):
        return _difference(left, right)
    if kind_left is Time and kind_right is Time:
        if left.is_local() != right.is_local():
            return None
        shifts = time_offset(left) - time_offset(right)
        return days_time(left.day_nanos() - right.day_nanos() - shifts * NANOS)
    return None


def _difference(left: Date | DateTime, right: Date | DateTime) -> DaysTimeDuration | None:
    # A date beside a date and time is midnight UTC (DMN 1.5 table 50).
    utc = Time(0, 0, 0, 0, 0)
    first = DateTime(left, utc) if isinstance(left, Date) else left
    second = DateTime(right, utc) if isinstance(right, Date) else right
    if first.is_local() != second.is_local():
        return None
    return days_time(first.instant() - second.instant())


def shift(value: Any, nanos: int) -> Any:
    """A date, time, or date and time moved by nanoseconds; a date stays a date.

    A date and time with a zone moves along the time line, so a day across a change of offset keeps 24 hours.
    """
    if isinstance(value, Date):
        return date_of_days((value.days() * DAY_NANOS + nanos) // DAY_NANOS)
    if isinstance(value, Time):
        return time_of_nanos(value.day_nanos() + nanos, value.offset, value.zone)
    if isinstance(value, DateTime):
        if value.time.zone is None:
            return datetime_of_local(value.local_nanos() + nanos, value.time.offset)
        return datetime_of_instant(value.instant() + nanos, None, value.time.zone)
    return None


def shift_months(value: Any, months: int) -> Any:
    """A date, or date and time moved by months on the calendar; the day is clamped to the month's last."""
    if isinstance(value, Date):
        year, month, day = add_months(value.year, value.month, value.day, months)
        return Date(year, month, day) if abs(year) <= MAX_YEAR else None
    if isinstance(value, DateTime):
        date = shift_months(value.date, months)
        return DateTime(date, value.time) if date else None
    return None


def multiply(left: Any, right: Any, rt: Runtime) -> Any:
    """``left * right``; durations by numbers, truncated to whole months or nanoseconds."""
    if type(left) is Decimal:
        if type(right) is Decimal:
            return CONTEXT.multiply(left, right)
        left, right = right, left
    if type(right) is not Decimal:
        return None
    if type(left) is DaysTimeDuration:
        return _scaled(left.nanos, right, days_time)
    if type(left) is YearsMonthsDuration:
        return _scaled(left.months, right, years_months)
    return None


def _scaled(amount: int, factor: Decimal, make: Callable[[int], Any]) -> Any:
    if factor.adjusted() > 40:
        return None if amount else make(0)
    return make(int(WIDE.multiply(Decimal(amount), factor)))


def divide(left: Any, right: Any, rt: Runtime) -> Any:
    """``left / right``; a duration by a number or by a duration of its kind; null by zero."""
    if type(right) is Decimal:
        if not right:
            return None
        if type(left) is Decimal:
            return CONTEXT.divide(left, right)
        if type(left) is DaysTimeDuration:
            return days_time(int(_quotient(left.nanos, right)))
        if type(left) is YearsMonthsDuration:
            return years_months(int(_quotient(left.months, right)))
        return None
    if type(left) is DaysTimeDuration and type(right) is DaysTimeDuration and right.nanos:
        return CONTEXT.divide(Decimal(left.nanos), Decimal(right.nanos))
    if type(left) is YearsMonthsDuration and type(right) is YearsMonthsDuration and right.months:
        return CONTEXT.divide(Decimal(left.months), Decimal(right.months))
    return None


def _quotient(amount: int, divisor: Decimal) -> Decimal:
    result = CONTEXT.divide(Decimal(amount), divisor)
    return result if result.adjusted() < 40 else Decimal(MAX_NANOS * 10)


def power(left: Any, right: Any, rt: Runtime) -> Any:
    """``left ** right`` of numbers; null for what has no real result."""
    if type(left) is not Decimal or type(right) is not Decimal:
        return None
    rt.charge(40)
    if not left and not right:
        return Decimal(1)
    if not left and right < 0:
        return None
    return number(CONTEXT.power(left, right))


def negate(value: Any) -> Any:
    """``-value`` of a number or a duration."""
    if type(value) is Decimal:
        return CONTEXT.minus(value)
    if type(value) is DaysTimeDuration:
        return DaysTimeDuration(-value.nanos)
    if type(value) is YearsMonthsDuration:
        return YearsMonthsDuration(-value.months)
    return None


OPERATORS: dict[str, Callable[[Any, Any, Runtime], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def apply(operator: Callable[[Any, Any, Runtime], Any], left: Any, right: Any, rt: Runtime) -> Any:
    """An operator with overflow and invalid operations as null."""
    try:
        return operator(left, right, rt)
    except DecimalException:
        return None
