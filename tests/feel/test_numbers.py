from __future__ import annotations

import decimal
from decimal import Decimal
from typing import Any

import pytest

from pdflow import feel


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1/3", "0.3333333333333333333333333333333333"),
        ("2/3", "0.6666666666666666666666666666666667"),
        ("1e33 + 0.1", "1000000000000000000000000000000000"),
        ("9999999999999999999999999999999999 + 2", "1E+34"),
        ("0.1 + 0.2", "0.3"),
        ("sqrt(2)", "1.414213562373095048801688724209698"),
        ("modulo(-12, 5)", "3"),
        ("modulo(12, -5)", "-3"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(3.5, 0)", "4"),
        ("round half up(-5.5, 0)", "-6"),
        ("round half down(5.5, 0)", "5"),
        ("round up(-1.121, 2)", "-1.13"),
        ("round down(-1.129, 2)", "-1.12"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-1.5)", "-1"),
        ("decimal(1234, -2)", "1.2E+3"),
        ("number(\"1 000,5\", \" \", \",\")", "1000.5"),
        ("number(\"1.5\")", "1.5"),
        ("number(\"1,5\", null, \",\")", "1.5"),
        ("median([1, 3, 2, 4])", "2.5"),
        ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
    ],
)  # fmt: skip
def test_arithmetic_is_decimal128(expression: str, expected: str) -> None:
    assert feel.evaluate(expression, {}) == Decimal(expected)


@pytest.mark.parametrize(
    "expression",
    [
        "1 / 0",
        "1e6000 * 1e6000",
        "0 ** -1",
        "sqrt(-1)",
        "log(0)",
        "number(\"1,000\", \",\", \",\")",
        "number(\"1;5\", \";\", \".\")",
        "number(\"1.5\", \".\")",
        "number(\"0x10\")",
        "number(\"١\")",
        "round up(1.5, 7000)",
        "sum([])",
        "sum([1, null])",
    ],
)  # fmt: skip
def test_what_has_no_number_is_null(expression: str) -> None:
    assert feel.evaluate(expression, {}) is None


def test_the_threads_decimal_context_has_no_influence() -> None:
    expressions = [
        "1/3",
        "-(1/3)",
        "abs(-1/3)",
        "sum([1/3, 1/7])",
        "round up(1/3, 20)",
        "modulo(1/3, 1/7)",
        "2**0.5",
    ]
    expected = [feel.evaluate(expression, {}) for expression in expressions]
    with decimal.localcontext(decimal.Context(prec=3, traps=[decimal.Inexact])):
        assert [feel.evaluate(expression, {}) for expression in expressions] == expected


@pytest.mark.parametrize(
    "value", [float("inf"), float("nan"), 10**7000], ids=["infinity", "nan", "too large"]
)
def test_a_number_feel_cannot_hold_is_null(value: Any) -> None:
    assert feel.evaluate("x", {"x": value}) is None
