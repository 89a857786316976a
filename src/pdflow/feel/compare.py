"""Equality, identity and order of FEEL values (DMN 1.5 section 10.3.2.13, tables 42 and 53)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pdflow.feel.values import (
    NANOS,
    Date,
    DateTime,
    DaysTimeDuration,
    Function,
    Range,
    Time,
    YearsMonthsDuration,
)

# Python frames that comparing one level of nested values uses.
_FRAMES = 4


def kind(value: Any) -> str:
    """Name of the kind a value belongs to, for comparison and messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return _KINDS.get(type(value), type(value).__name__)


_KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysTimeDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    Range: "range",
    Function: "function",
}


def time_key(value: Time) -> tuple[int, int]:
    """What the ``=`` of two times compares: whole seconds in UTC; a local time is compared on its own."""
    seconds = value.day_nanos() // NANOS
    if value.is_local():
        return (0, seconds)
    return (1, seconds - time_offset(value))


def time_offset(value: Time) -> int:
    """Offset of a time in seconds; a zone's is its standard offset, as a time has no date to look it up at."""
    if value.zone is None:
        return value.offset or 0
    return DateTime(Date(1970, 1, 1), value).offset() or 0


def equal(left: Any, right: Any, rt: Any) -> bool | None:
    """FEEL's ``=``: null across kinds, except that comparing with null is true or false."""
    if left is None or right is None:
        return left is right
    kind_left = type(left)
    if kind_left is not type(right):
        return None
    if kind_left in (Decimal, bool, Date, DaysTimeDuration, YearsMonthsDuration):
        return bool(left == right)
    charge_for(left, rt)
    if kind_left is str:
        return bool(left == right)
    if kind_left is list:
        return _equal_lists(left, right, rt)
    if kind_left is dict:
        return _equal_contexts(left, right, rt)
    if kind_left is DateTime:
        if left.is_local() != right.is_local():
            return False
        return left.instant() // NANOS == right.instant() // NANOS
    if kind_left is Time:
        return time_key(left) == time_key(right)
    if kind_left is Range:
        if (left.test, left.start_included, left.end_included) != (
            right.test,
            right.start_included,
            right.end_included,
        ):
            return False
        return _all(equal(left.start, right.start, rt), equal(left.end, right.end, rt))
    return left is right


def _all(*results: bool | None) -> bool | None:
    if False in results:
        return False
    return None if None in results else True


def _equal_lists(left: list[Any], right: list[Any], rt: Any) -> bool | None:
    if len(left) != len(right):
        return False
    return _all_equal(zip(left, right, strict=True), len(left), rt)


def _equal_contexts(left: dict[str, Any], right: dict[str, Any], rt: Any) -> bool | None:
    if left.keys() != right.keys():
        return False
    return _all_equal(((value, right[key]) for key, value in left.items()), len(left), rt)


def _all_equal(pairs: Iterable[tuple[Any, Any]], count: int, rt: Any) -> bool | None:
    rt.charge(count + 1)
    rt.enter(_FRAMES)
    outcome: bool | None = True
    for one, other in pairs:
        result = equal(one, other, rt)
        if result is not True:
            outcome = result
            if result is False:
                break
    rt.leave(_FRAMES)
    return outcome


def same(left: Any, right: Any, rt: Any) -> bool:
    """FEEL's ``is()``: same kind and same representation."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and _all_same(zip(left, right, strict=True), len(left), rt)
    if isinstance(left, dict):
        if left.keys() != right.keys():
            return False
        return _all_same(((value, right[key]) for key, value in left.items()), len(left), rt)
    return bool(left == right)


def _all_same(pairs: Iterable[tuple[Any, Any]], count: int, rt: Any) -> bool:
    rt.charge(count + 1)
    rt.enter(_FRAMES)
    outcome = all(same(one, other, rt) for one, other in pairs)
    rt.leave(_FRAMES)
    return outcome


def charge_for(value: Any, rt: Any) -> None:
    """Pay for comparing a value that is dear to compare: a long string, or an instant with a zone to look up."""
    if isinstance(value, str):
        rt.charge(len(value) >> 10)
    elif isinstance(value, (DateTime, Time)) and value.offset is not None:
        rt.charge(12)


def precedes(left: Any, right: Any, rt: Any) -> bool | None:
    """FEEL's ``<``; null when the two have no order."""
    if type(left) is Decimal and type(right) is Decimal:
        return left < right
    charge_for(left, rt)
    return less(left, right)


def less(left: Any, right: Any) -> bool | None:
    """Whether ``left < right``, not charged; null when the two have no order."""
    kind_left = type(left)
    if kind_left is not type(right):
        return None
    if kind_left in (Decimal, str):
        return bool(left < right)
    key_left, key_right = order_key(left), order_key(right)
    if key_left is None or key_right is None or key_left[0] != key_right[0]:
        return None
    return bool(key_left[1] < key_right[1])


def order_key(value: Any) -> tuple[int, int] | None:
    """A key two values of one temporal kind are ordered by; the first part must agree."""
    if isinstance(value, Date):
        return (0, value.days())
    if isinstance(value, DateTime):
        return (int(value.is_local()), value.instant())
    if isinstance(value, Time):
        return (int(value.is_local()), value.day_nanos() - time_offset(value) * NANOS)
    if isinstance(value, DaysTimeDuration):
        return (0, value.nanos)
    if isinstance(value, YearsMonthsDuration):
        return (0, value.months)
    return None


def contains(interval: Range, value: Any, rt: Any) -> bool | None:
    """Whether a value lies in a range; an open end (null) only bounds one-sided tests such as ``(<10)``."""
    if interval.test in ("=", "!="):
        result = equal(value, interval.start, rt)
        return result if interval.test == "=" or result is None else not result
    lower: bool | None = True
    upper: bool | None = True
    if interval.test not in ("<", "<="):
        lower = precedes(interval.start, value, rt)
        if lower is False and interval.start_included:
            lower = _meets(interval.start, value, rt)
    if interval.test not in (">", ">="):
        upper = precedes(value, interval.end, rt)
        if upper is False and interval.end_included:
            upper = _meets(interval.end, value, rt)
    return _all(lower, upper)


def _meets(bound: Any, value: Any, rt: Any) -> bool | None:
    first, second = order_key(bound), order_key(value)
    return equal(bound, value, rt) if first is None else first == second
