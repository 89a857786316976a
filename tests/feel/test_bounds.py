from __future__ import annotations

import pytest

from pdflow import feel

DEEP = "(for i in 1..3000 return if i = 1 then 1 else [partial[-1]])[-1]"
DOUBLING = "(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("for i in 1..100000000 return i", id="long range"),
        pytest.param("for i in 1..100000, j in 1..100000 return i * j", id="nested ranges"),
        pytest.param("some i in 1..100000000 satisfies i = 0", id="quantified"),
        pytest.param("(for i in 1..60 return if i = 1 then \"ab\" else partial[-1] + partial[-1])[1]", id="doubled string"),
        pytest.param(f"{DOUBLING} = {DOUBLING}", id="shared lists compared"),
        pytest.param(f"string({DOUBLING})", id="shared lists printed"),
        pytest.param(f"flatten({DOUBLING})", id="shared lists flattened"),
        pytest.param("{f: function(n) f(n), r: f(1)}.r", id="recursion"),
        pytest.param(f"{{d: {DEEP}, e: {DEEP}, r: d = e}}.r", id="deep lists compared"),
        pytest.param(f"is({DEEP}, {DEEP})", id="deep lists identified"),
        pytest.param(f"string({DEEP})", id="deep list printed"),
        pytest.param(
            "{f: function(n) count(sort([1, 2], function(x, y) f(n - 1) > 0)), r: f(1000)}.r", id="recursion in sort"
        ),
        pytest.param("{f: function(n) for i in [1] return f(n - 1), r: f(1000)}.r", id="recursion in a loop"),
        pytest.param("{f: function(n) [1][f(n - 1) = 1], r: f(1000)}.r", id="recursion in a filter"),
        pytest.param(
            "{f: function(n) some i in [1] satisfies n in (f(n - 1), 2), r: f(1000)}.r", id="recursion in tests"
        ),
        pytest.param(
            "{f: function(n) list replace([1], function(a, b) f(n - 1) = 1, 2), r: f(1000)}.r",
            id="recursion in a built-in",
        ),
        pytest.param("(function(f) f(f))(function(f) f(f))", id="self application"),
        pytest.param("for i in 1..1000000 return log(i)", id="logarithms"),
        pytest.param("for i in 1..1000000 return range(\"[1..2]\")", id="parsed ranges"),
        pytest.param("string join(for i in 1..50000 return \"" + "x" * 40 + "\")", id="joined string"),
        pytest.param("distinct values(for i in 1..5000 return i)", id="quadratic distinct"),
        pytest.param("sort(for i in 1..200000 return -i, function(x, y) x < y)", id="sort by function"),
        pytest.param('for i in 1..1000000 return @"2020-01-01T00:00:00@Europe/Paris" + @"P1D"', id="zones"),
    ],
)  # fmt: skip
def test_a_hostile_expression_runs_out_of_budget(text: str) -> None:
    with pytest.raises(feel.BudgetExceeded):
        feel.evaluate(text, {})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 61 + "1" + ")" * 61, id="parentheses"),
        pytest.param("[" * 61 + "]" * 61, id="lists"),
        pytest.param("-" * 61 + "1", id="minus"),
        pytest.param("a" + ".b" * 400, id="path"),
        pytest.param("a" + "[1]" * 400, id="filters"),
        pytest.param("1" + "<1" * 400, id="comparisons"),
        pytest.param("x instance of " + "list<" * 61 + "number" + ">" * 61, id="types"),
        pytest.param("if " * 61 + "a", id="conditions"),
        pytest.param("/*" + " /*" * 50_000, id="comment"),
        pytest.param('"' + '\\"' * 50_000, id="string"),
        pytest.param("1e99999", id="number"),
    ],
)
def test_what_is_too_deep_or_never_ends_is_a_syntax_error_with_its_place(text: str) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile_expression(text)
    assert caught.value.line == 1
    assert caught.value.column >= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("+".join(["1"] * 10_000), 10_000, id="sum"),
        pytest.param(" and ".join(["true"] * 10_000), True, id="and"),
        pytest.param("".join(f"if x = {i} then {i} else " for i in range(2_000)) + "0", 1_999, id="else if"),
        pytest.param("(" * 25 + "x" + ")" * 25, 1_999, id="parentheses"),
        pytest.param("count([" + ",".join(["1"] * 5_000) + "])", 5_000, id="list"),
    ],
)
def test_long_flat_expressions_work(text: str, expected: object) -> None:
    assert feel.evaluate(text, {"x": 1_999}) == expected


def from_deep_inside(frames: int, text: str) -> object:
    return from_deep_inside(frames - 1, text) if frames else feel.evaluate(text, {"a": 1})


@pytest.mark.parametrize(
    "text",
    [
        "{f: function(n) f(n - 1), r: f(1000)}.r",
        "{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(1000)}.r",
        "{f: function(n) count(sort([1, 2], function(x, y) f(n - 1) > 0)), r: f(1000)}.r",
        "{f: function(n) for i in [1], j in [1] return {a: [f(n - 1)]}, r: f(1000)}.r",
        "{f: function(n) [1][[1][f(n - 1) = 1] = 1], r: f(1000)}.r",
        "{f: function(n) some i in [1] satisfies n in (f(n - 1), 2), r: f(1000)}.r",
        "{f: function(n) list replace([1], function(a, b) f(n - 1) = 1, 2), r: f(1000)}.r",
        f"string({DEEP}) = string({DEEP})",
    ],
)
def test_recursion_ends_by_count_whatever_the_hosts_stack(text: str) -> None:
    for frames in (0, 150):
        with pytest.raises(feel.BudgetExceeded):
            from_deep_inside(frames, text)


@pytest.mark.parametrize(
    "text",
    [
        "f(" * 58 + "1" + ")" * 58,
        "abs(" * 58 + "1" + ")" * 58,
        "[" * 58 + "1" + "]" * 58,
        "for i in " * 29 + "[1]" + " return i" * 29,
        "1+(" * 29 + "1" + ")" * 29,
        "a" + "[1]" * 75,
        "a in (" * 29 + "1" + ")" * 29,
        "if a = 1 then " * 29 + "1" + " else 2" * 29,
    ],
)
def test_the_deepest_text_that_is_accepted_can_be_evaluated(text: str) -> None:
    feel.evaluate(text, {"a": 1})
    from_deep_inside(150, text)


def test_the_budget_is_the_callers() -> None:
    expression = feel.compile_expression("for i in 1..100 return i")
    assert len(expression.evaluate({}, steps=1_000)) == 100
    with pytest.raises(feel.BudgetExceeded):
        expression.evaluate({}, steps=100)


def test_the_same_evaluation_always_costs_the_same() -> None:
    expression = feel.compile_expression('count(for i in 1..50 return matches(string(i), "[0-9]+"))')

    def cheapest() -> int:
        low, high = 1, 100_000
        while low < high:
            middle = (low + high) // 2
            try:
                expression.evaluate({}, steps=middle)
                high = middle
            except feel.BudgetExceeded:
                low = middle + 1
        return low

    assert cheapest() == cheapest()


def test_a_text_above_a_million_characters_is_refused() -> None:
    with pytest.raises(feel.BudgetExceeded):
        feel.compile_expression("1 " * 600_000)
