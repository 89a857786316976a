from __future__ import annotations

from typing import Any

import pytest

from pdflow import dmn, feel
from tests.dmn.models import decision, definitions, input_data, requires, table

SCORES = [["< 10", '"low"', "1"], [">= 5", '"middle"', "2"], ["> 8", '"high"', "4"]]
VALUES = '<outputValues><text>"high", "middle", "low"</text></outputValues>'


def model(
    attributes: str, rules: list[list[str]], outputs: list[str], inputs: list[str] | None = None
) -> dmn.Model:
    logic = table(inputs or ["score"], outputs, rules, attributes)
    return dmn.load(
        definitions(input_data("score", "number") + decision("d", logic, requires("input:score")))
    )


def result(attributes: str, score: Any, column: int = 0, output: str = "out") -> Any:
    rules = [[rule[0], rule[1 + column]] for rule in SCORES]
    return feel.to_python(model(attributes, rules, [output]).evaluate("d", {"score": score}))


@pytest.mark.parametrize(
    ("attributes", "score", "column", "expected"),
    [
        ('hitPolicy="UNIQUE"', 2, 0, "low"),
        ('hitPolicy="UNIQUE"', 6, 0, None),
        ('hitPolicy="ANY"', 6, 0, None),
        ('hitPolicy="FIRST"', 9, 0, "low"),
        ('hitPolicy="RULE ORDER"', 9, 0, ["low", "middle", "high"]),
        ('hitPolicy="COLLECT"', 9, 0, ["low", "middle", "high"]),
        ('hitPolicy="COLLECT" aggregation="SUM"', 9, 1, 7),
        ('hitPolicy="COLLECT" aggregation="MIN"', 9, 1, 1),
        ('hitPolicy="COLLECT" aggregation="MAX"', 9, 1, 4),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 9, 1, 3),
        ('hitPolicy="COLLECT" aggregation="SUM"', 9, 0, None),
        ('hitPolicy="COLLECT"', None, 0, []),
        ('hitPolicy="COLLECT" aggregation="COUNT"', None, 0, 0),
        ('hitPolicy="COLLECT" aggregation="SUM"', None, 1, None),
        ('hitPolicy="RULE ORDER"', None, 0, []),
        ('hitPolicy="UNIQUE"', None, 0, None),
        ('hitPolicy="FIRST"', None, 0, None),
    ],
)
def test_hit_policies(attributes: str, score: Any, column: int, expected: Any) -> None:
    assert result(attributes, score, column) == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [('hitPolicy="PRIORITY"', "high"), ('hitPolicy="OUTPUT ORDER"', ["high", "middle", "low"])],
)
def test_priority_follows_the_output_values_not_the_rules(attributes: str, expected: Any) -> None:
    assert result(attributes, 9, 0, f"out|{VALUES}") == expected


def test_a_count_counts_equal_outputs_too() -> None:
    found = model('hitPolicy="COLLECT" aggregation="COUNT"', [["-", "1"], ["-", "1"]], ["out"])
    assert found.evaluate("d", {"score": 1}) == 2


def test_any_accepts_rules_that_agree() -> None:
    assert (
        model('hitPolicy="ANY"', [["> 1", '"x"'], ["> 2", '"x"']], ["out"]).evaluate("d", {"score": 5}) == "x"
    )


def test_several_outputs_are_a_context() -> None:
    found = model('hitPolicy="UNIQUE"', [["> 1", '"x"', "2"]], ["a", "b c"]).evaluate("d", {"score": 5})
    assert feel.to_python(found) == {"a": "x", "b c": 2}


def test_the_default_output_stands_for_no_match() -> None:
    default = 'out|<defaultOutputEntry><text>"none"</text></defaultOutputEntry>'
    assert model('hitPolicy="UNIQUE"', [["> 100", '"x"']], [default]).evaluate("d", {"score": 5}) == "none"


def test_an_input_outside_its_allowed_values_is_null() -> None:
    values = "score|<inputValues><text>[0..10]</text></inputValues>"
    found = model('hitPolicy="FIRST"', [["> 5", '"big"'], ["null", '"nothing"']], ["out"], [values])
    assert found.evaluate("d", {"score": 7}) == "big"
    value, warnings = found.evaluate_with_warnings("d", {"score": 11})
    assert value == "nothing"
    assert [warning.code for warning in warnings] == ["allowed-values"]


def test_an_output_outside_its_allowed_values_is_null() -> None:
    values = 'out|<outputValues><text>"a", "b"</text></outputValues>'
    found = model('hitPolicy="UNIQUE"', [["1", '"a"'], ["2", '"c"']], [values])
    assert found.evaluate("d", {"score": 1}) == "a"
    assert found.evaluate("d", {"score": 2}) is None


def test_outputs_of_rules_that_do_not_match_are_not_evaluated() -> None:
    found = model('hitPolicy="UNIQUE"', [["1", "for i in 1..100000000 return i"], ["2", "3"]], ["out"])
    assert found.evaluate("d", {"score": 2}) == 3


def test_an_entry_may_ask_about_the_input_itself() -> None:
    found = model('hitPolicy="FIRST"', [["? > 3 and odd(?)", "1"], ["not(1, 2)", "2"], ["-", "3"]], ["out"])
    assert [feel.to_python(found.evaluate("d", {"score": score})) for score in (5, 4, 1)] == [1, 2, 3]


def test_two_hits_of_a_unique_table_say_so() -> None:
    found = model('hitPolicy="UNIQUE"', [["> 1", "1"], ["> 2", "2"]], ["out"])
    assert found.evaluate_with_warnings("d", {"score": 5})[1][0].code == "hit-policy"


def test_a_syntax_error_names_rule_and_column_and_leaves_the_rest_usable() -> None:
    found = model('hitPolicy="FIRST"', [["> 1 +", "1"], ["> 2", "1 +"], ["> 3", "7"]], ["out"])
    assert [(error.code, error.element, error.cell) for error in found.errors] == [
        ("syntax", "d", "rule 1, input 1"),
        ("syntax", "d", "rule 2, output 1"),
    ]
    assert "expected an expression" in str(found.errors[0])


@pytest.mark.parametrize("attributes", ['hitPolicy="BEST"', 'hitPolicy="COLLECT" aggregation="MEAN"'])
def test_an_unknown_policy_is_a_finding(attributes: str) -> None:
    assert [error.code for error in model(attributes, [["1", "1"]], ["out"]).errors] == ["hit-policy"]


def test_a_rule_with_a_missing_cell_is_a_finding() -> None:
    assert [error.cell for error in model('hitPolicy="UNIQUE"', [["1"]], ["out"]).errors] == ["rule 1"]
