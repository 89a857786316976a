"""Numeric functions (DMN 1.5 section 10.3.4.5) and `not`."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from pdflow.feel.decimals import CONTEXT, WIDE, ZERO, is_integer, number
from pdflow.feel.functions.signature import builtin
from pdflow.feel.runtime import Runtime
from pdflow.feel.values import DaysTimeDuration, YearsMonthsDuration

# The scales decimal128 can hold.
_MIN_SCALE, _MAX_SCALE = -6111, 6176


def rounded(value: Decimal, scale: Decimal | None, mode: str, rt: Runtime) -> Decimal | None:
    """A number rounded to a count of decimal places (negative: tens, hundreds; a fraction of it is cut off); null for a scale out of range."""
    places = 0 if scale is None else int(scale)
    if not _MIN_SCALE <= places <= _MAX_SCALE:
        return None
    rt.charge(abs(places) >> 6)
    result = value.quantize(Decimal((0, (1,), -places)), mode, WIDE)
    return number(result)


for _name, _mode in (
    ("decimal", ROUND_HALF_EVEN),
    ("round up", ROUND_UP),
    ("round down", ROUND_DOWN),
    ("round half up", ROUND_HALF_UP),
    ("round half down", ROUND_HALF_DOWN),
):

    @builtin(_name, "n: number, scale: number", cost=10)
    def _round(rt: Runtime, n: Decimal, scale: Decimal, mode: str = _mode) -> Decimal | None:
        return rounded(n, scale, mode, rt)


@builtin("floor", "n: number, scale?: number", cost=10)
def _floor(rt: Runtime, n: Decimal, scale: Decimal | None) -> Decimal | None:
    return rounded(n, scale, ROUND_FLOOR, rt)


@builtin("ceiling", "n: number, scale?: number", cost=10)
def _ceiling(rt: Runtime, n: Decimal, scale: Decimal | None) -> Decimal | None:
    return rounded(n, scale, ROUND_CEILING, rt)


@builtin("abs", "n: any")
def _abs(rt: Runtime, n: Any) -> Any:
    value = n[0] if isinstance(n, list) and len(n) == 1 else n
    if isinstance(value, Decimal):
        return CONTEXT.abs(value)
    if isinstance(value, DaysTimeDuration):
        return DaysTimeDuration(abs(value.nanos))
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(abs(value.months))
    return None


@builtin("modulo", "dividend: number, divisor: number", cost=5)
def _modulo(rt: Runtime, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """``dividend - divisor * floor(dividend / divisor)``: the sign follows the divisor."""
    if not divisor:
        return None
    rt.charge(abs(dividend.adjusted() - divisor.adjusted()) >> 6)
    remainder = WIDE.remainder(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        remainder = WIDE.add(remainder, divisor)
    return number(remainder)


@builtin("sqrt", "number: number", cost=5)
def _sqrt(rt: Runtime, value: Decimal) -> Decimal | None:
    return None if value < 0 else CONTEXT.sqrt(value)


@builtin("log", "number: number", cost=60)
def _log(rt: Runtime, value: Decimal) -> Decimal | None:
    return None if value <= 0 else CONTEXT.ln(value)


@builtin("exp", "number: number", cost=40)
def _exp(rt: Runtime, value: Decimal) -> Decimal | None:
    return CONTEXT.exp(value)


@builtin("odd", "number: number")
def _odd(rt: Runtime, value: Decimal) -> bool | None:
    return WIDE.remainder(value, Decimal(2)) != ZERO if is_integer(value) else None


@builtin("even", "number: number")
def _even(rt: Runtime, value: Decimal) -> bool | None:
    return WIDE.remainder(value, Decimal(2)) == ZERO if is_integer(value) else None


@builtin("not", "negand: boolean")
def _not(rt: Runtime, negand: bool) -> bool:
    return not negand
