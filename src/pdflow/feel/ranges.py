"""Building ranges, walking over them, and testing values against them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pdflow.feel.compare import contains, equal, kind, less, order_key
from pdflow.feel.decimals import is_integer
from pdflow.feel.runtime import Runtime
from pdflow.feel.values import Date, Range, date_of_days


def make_range(start: Any, end: Any, start_included: bool, end_included: bool) -> Range | None:
    """A range of two ends of one ordered kind, start not above end; either may be null, not both."""
    if start is None and end is None:
        return None
    if start is not None and end is not None and less(end, start) is not False:
        return None
    given = end if start is None else start
    if not isinstance(given, (Decimal, str)) and order_key(given) is None:
        return None
    return Range(start, end, start_included, end_included)


def one_sided(test: str, operand: Any) -> Range:
    """The range of ``(<operand)`` and its like; ``=`` and ``!=`` keep the operand at both ends."""
    if test in ("<", "<="):
        return Range(None, operand, False, test == "<=", test)
    if test in (">", ">="):
        return Range(operand, None, test == ">=", False, test)
    return Range(operand, operand, True, True, test)


def steps_between(start: Any, end: Any, rt: Runtime) -> Iterator[Any] | None:
    """The whole numbers or dates from start to end, both included, up or down; null for other ends."""
    if isinstance(start, Decimal) and isinstance(end, Decimal) and is_integer(start) and is_integer(end):
        first, last = int(start), int(end)
        return _charged((Decimal(i) for i in _walk(first, last)), rt)
    if isinstance(start, Date) and isinstance(end, Date):
        return _charged((date_of_days(i) for i in _walk(start.days(), end.days())), rt)
    return None


def _walk(first: int, last: int) -> range:
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _charged(items: Iterator[Any], rt: Runtime) -> Iterator[Any]:
    for item in items:
        rt.charge(1)
        yield item


def elements(value: Any, rt: Runtime) -> Iterator[Any] | None:
    """What a loop goes over: a list's elements, a range's whole numbers or dates, else the one value."""
    if isinstance(value, list):
        return iter(value)
    if isinstance(value, Range):
        walk = steps_between(value.start, value.end, rt)
        if walk is None:
            return None
        skipped = [] if value.start_included else [value.start]
        skipped += [] if value.end_included else [value.end]
        return (item for item in walk if item not in skipped)
    return None if value is None else iter([value])


def passes(value: Any, tested: Any, rt: Runtime) -> bool | None:
    """Whether a value satisfies what a test evaluated to: lies in a range, is in a list, or is equal."""
    if isinstance(tested, Range) and not isinstance(value, Range):
        return contains(tested, value, rt)
    if isinstance(tested, list):
        rt.charge(len(tested))
        if isinstance(value, list) and equal(value, tested, rt):
            return True
        return any_true(passes_element(value, item, rt) for item in tested)
    return equal(value, tested, rt)


def passes_element(value: Any, item: Any, rt: Runtime) -> bool | None:
    """Whether a value equals an element of a list, or lies in it when it is a range."""
    if isinstance(item, Range) and kind(value) != "range":
        return contains(item, value, rt)
    return equal(value, item, rt)


def any_true(results: Iterator[bool | None]) -> bool | None:
    """True when one is; else false when one is; else null, but false for none at all."""
    seen: set[bool | None] = set()
    for result in results:
        if result is True:
            return True
        seen.add(result)
    return None if seen == {None} else False
