"""Sums and statistics of lists of numbers (DMN 1.5 section 10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pdflow.feel.arithmetic import days_time, years_months
from pdflow.feel.decimals import CONTEXT, ONE, ZERO
from pdflow.feel.functions.signature import builtin
from pdflow.feel.runtime import Runtime
from pdflow.feel.values import DaysTimeDuration, YearsMonthsDuration


def _numbers(items: list[Any], rt: Runtime) -> list[Decimal] | None:
    rt.charge(2 * len(items))
    return items if items and all(isinstance(item, Decimal) for item in items) else None


def _total(numbers: list[Decimal]) -> Decimal:
    total = ZERO
    for number in numbers:
        total = CONTEXT.add(total, number)
    return total


@builtin("sum", "list: list...")
def _sum(rt: Runtime, items: list[Any]) -> Any:
    if items and all(isinstance(item, DaysTimeDuration) for item in items):
        return days_time(sum(item.nanos for item in items))
    if items and all(isinstance(item, YearsMonthsDuration) for item in items):
        return years_months(sum(item.months for item in items))
    numbers = _numbers(items, rt)
    return None if numbers is None else _total(numbers)


@builtin("mean", "list: list...")
def _mean(rt: Runtime, items: list[Any]) -> Decimal | None:
    numbers = _numbers(items, rt)
    return None if numbers is None else CONTEXT.divide(_total(numbers), Decimal(len(numbers)))


@builtin("product", "list: list...")
def _product(rt: Runtime, items: list[Any]) -> Decimal | None:
    numbers = _numbers(items, rt)
    if numbers is None:
        return None
    result = ONE
    for number in numbers:
        result = CONTEXT.multiply(result, number)
    return result


@builtin("median", "list: list...")
def _median(rt: Runtime, items: list[Any]) -> Decimal | None:
    numbers = _numbers(items, rt)
    if numbers is None:
        return None
    rt.charge(len(numbers))
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("stddev", "list: list...", cost=10)
def _stddev(rt: Runtime, items: list[Any]) -> Decimal | None:
    """Sample standard deviation; null for fewer than two numbers."""
    numbers = _numbers(items, rt)
    if numbers is None or len(numbers) < 2:
        return None
    rt.charge(6 * len(numbers))
    mean = CONTEXT.divide(_total(numbers), Decimal(len(numbers)))
    deviations = [CONTEXT.subtract(number, mean) for number in numbers]
    squares = _total([CONTEXT.multiply(deviation, deviation) for deviation in deviations])
    return CONTEXT.sqrt(CONTEXT.divide(squares, Decimal(len(numbers) - 1)))


@builtin("mode", "list: list...")
def _mode(rt: Runtime, items: list[Any]) -> list[Decimal] | None:
    """The most frequent numbers, ascending; an empty list for an empty one."""
    if not items:
        return []
    numbers = _numbers(items, rt)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)
