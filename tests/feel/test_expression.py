from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pdflow import feel

CONTEXT = {
    "amount": 3,
    "loan amount": 100,
    "loan": 7,
    "people": [{"name": "Ann", "dept num": 20, "age": 31}, {"name": "Bo", "dept num": 30, "age": 44}],
    "signed": datetime(2026, 3, 1, 12, tzinfo=UTC),
    "nothing": None,
}


def value(text: str, context: dict[str, Any] | None = None) -> Any:
    return feel.to_python(feel.evaluate(text, CONTEXT if context is None else context))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("-2**2", 4),
        ("2**3**2", 64),
        ("loan amount + 1", 101),
        ("loan + 1", 8),
        ("amount - 1", 2),
        ("if amount > 2 then \"big\" else \"small\"", "big"),
        ("if amount > 5 then 1 else if amount > 2 then 2 else 3", 2),
        ("if nothing then 1 else 2", 2),
        ("for i in 1..3 return i * i", [1, 4, 9]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in [1, 2], j in [10, 20] return i + j", [11, 21, 12, 22]),
        ("for i in 1..4 return if i = 1 then 1 else partial[-1] * i", [1, 2, 6, 24]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [1, 2] satisfies x > 1", False),
        ("people[dept num = 20].name", ["Ann"]),
        ("people[age > 40][1].name", "Bo"),
        ("people[-1].name", "Bo"),
        ("people[item.age > 40].name", ["Bo"]),
        ("[1, 2, 3][item > 1]", [2, 3]),
        ("{a: 1, b c: a + 1}.b c", 2),
        ("5 in [1..5]", True),
        ("5 in [1..5[", False),
        ("5 in (1, >=5)", True),
        ("3 between 1 and 5", True),
        ("(function(x, y) x + y)(1, 2)", 3),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", 120),
        ("substring(string: \"foobar\", start position: 4)", "bar"),
        ("true and nothing", None),
        ("false and nothing", False),
        ("true or nothing", True),
        ("\"a\" + \"b\"", "ab"),
        ("string([1, \"a\\\"b\", {\"b c\": @\"P1D\"}])", '[1, "a\\"b", {b c: @"P1D"}]'),
        ("@\"2026-03-01T12:00:00Z\" = signed", True),
        ("signed.year", 2026),
        ("count(people)", 2),
    ],
)  # fmt: skip
def test_an_expression_has_its_value(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_the_clock_gives_now_and_today() -> None:
    instant = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert feel.to_python(feel.evaluate("now()", {}, clock=lambda: instant)) == instant
    assert feel.to_python(feel.evaluate("today()", {}, clock=lambda: instant)) == instant.date()


def test_without_a_clock_now_is_null_with_a_warning() -> None:
    result, warnings = feel.compile_expression("now()").evaluate_with_warnings({})
    assert result is None
    assert [warning.code for warning in warnings] == ["no-clock", "function"]


def test_an_expression_tells_which_names_it_reads() -> None:
    expression = feel.compile_expression('a + sum(for x in list return x * factor) + clock("p").due')
    assert expression.names == {"a", "list", "factor"}
    assert expression.calls == {"clock"}


def test_a_name_in_a_filter_may_be_a_variable_or_an_entry() -> None:
    expression = feel.compile_expression("people[age > limit].name")
    assert expression.names == {"people", "age", "limit"}
    assert expression.entries == {"age", "limit"}
    people = [{"name": "Ann", "age": 31}, {"name": "Bo", "age": 44}]
    assert expression.evaluate({"people": people, "limit": 40}) == ["Bo"]


def test_the_host_injects_functions() -> None:
    expression = feel.compile_expression('clock("notify").due + duration("PT1H")')
    due = datetime(2026, 1, 1, tzinfo=UTC)
    result = expression.evaluate({}, functions={"clock": lambda policy: {"due": due, "policy": policy}})
    assert feel.to_python(result) == datetime(2026, 1, 1, 1, tzinfo=UTC)


def test_an_unknown_name_is_null_with_its_place() -> None:
    result, warnings = feel.compile_expression("1 + missing").evaluate_with_warnings({})
    assert result is None
    assert (warnings[0].code, warnings[0].position) == ("unknown-name", 4)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected", "found"),
    [
        ("1 +\n  * 2", 2, 3, "an expression", "'*'"),
        ("", 1, 1, "an expression", "the end of the text"),
        ("if a then b", 1, 12, "'else'", "the end of the text"),
        ("a b", 1, 3, "an operator or the end of the expression", "'b'"),
        ('@"nonsense"', 1, 2, "a date, time, date and time, or duration", "'\"nonsense\"'"),
        ("{a: 1, a: 2}", 1, 9, "a key that is not used twice", "':'"),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(
    text: str, line: int, column: int, expected: str, found: str
) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile_expression(text)
    error = caught.value
    assert (error.line, error.column, error.expected, error.found) == (line, column, expected, found)


@pytest.mark.parametrize(
    ("tests", "tested", "expected"),
    [
        ("-", 1, True),
        ("< 5", 4, True),
        ("< 5, > 10", 11, True),
        ("not(1, 2)", 2, False),
        ("not(1, 2)", 3, True),
        ("[1..5]", 5, True),
        ('"a", "b"', "b", True),
        ("? > 3 and ? < 9", 5, True),
        ("true", False, False),
        ("false", False, True),
        ("null", None, True),
        ("[1, 2, 3]", 2, True),
        ("amount", 3, True),
    ],
)
def test_unary_tests_match(tests: str, tested: Any, expected: bool) -> None:
    assert feel.unary_tests(tests, tested, CONTEXT) is expected


def test_numbers_are_decimals() -> None:
    assert feel.evaluate("0.1 + 0.2", {}) == Decimal("0.3")
    assert feel.evaluate("x", {"x": 0.1}) == Decimal("0.1")
