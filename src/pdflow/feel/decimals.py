"""FEEL numbers: decimal128 (34 digits, half-even), DMN 1.5 section 10.3.2.3.1.

Only methods of an own context are used: operators on `Decimal` would take the calling thread's context.
"""

from __future__ import annotations

from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[Overflow, InvalidOperation, DivisionByZero],
)
# Rounding to a scale may need more digits than the result keeps.
WIDE = Context(
    prec=7000, rounding=ROUND_HALF_EVEN, Emin=-20000, Emax=20000, traps=[Overflow, InvalidOperation]
)
ZERO = Decimal(0)
ONE = Decimal(1)


def number(value: int | float | str | Decimal) -> Decimal | None:
    """The FEEL number nearest to a Python one; null for infinities, NaN and what overflows."""
    if isinstance(value, float):
        value = repr(value)
    try:
        result = CONTEXT.create_decimal(value)
    except DecimalException:
        return None
    return result if result.is_finite() else None


def is_integer(value: Decimal) -> bool:
    """Whether the number has no fraction."""
    return value == value.to_integral_value(context=WIDE)


def floor(value: Decimal) -> int:
    """The greatest integer not above the number."""
    return int(value.to_integral_value(ROUND_FLOOR, context=WIDE))


def plain(value: Decimal) -> str:
    """The number as FEEL prints it: no exponent, no trailing zeros of a fraction it does not need."""
    if value == 0:
        return "0"
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text
