from __future__ import annotations

from typing import Any

import pytest

from pdflow import feel

CONTEXT: dict[str, Any] = {
    "a": 10,
    "b": 3,
    "a-b": 100,
    "a b": 200,
    "a b c": 300,
    "date": 5,
    "order's total": 7,
    "50 % rule": 8,
    "größe": 9,
    "🐎": 11,
    "person": {"first name": "Ann", "pre-bureau": "low", "pre": 1, "in": 2},
    "people": [{"first name": "Ann", "age at entry": 12}, {"first name": "Bo", "age at entry": 40}],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a-b", 100),
        ("a - b", 100),
        ("(a)-b", 7),
        ("a b", 200),
        ("a  b\n c", 300),
        ("a b + 1", 201),
        ("order's total", 7),
        ("größe + 🐎", 20),
        ("person.first name", "Ann"),
        ("person . first  name", "Ann"),
        ("person.pre-bureau", "low"),
        ("person.in", 2),
        ("person.first name = \"Ann\" and a = 10", True),
        ("people[first name = \"Bo\"].age at entry", [40]),
        ("people[age at entry < 18].first name", ["Ann"]),
        ("date", 5),
        ("string(date(\"2020-01-01\"))", "2020-01-01"),
        ("for a b in [1] return a b + a", [11]),
        ("{x y: 1, x: 5, z: x y + x}.z", 6),
        ("(function(p q, p) p q - p)(9, 4)", 5),
        ("(function(p q, p) p q - p)(p: 4, p q: 9)", 5),
        ("if a > b then a else b", 10),
    ],
)  # fmt: skip
def test_the_longest_name_in_scope_is_read(text: str, expected: Any) -> None:
    assert feel.to_python(feel.evaluate(text, CONTEXT)) == expected


def test_without_the_declaration_the_same_text_is_a_difference() -> None:
    assert feel.compile_expression("a-b").evaluate(CONTEXT) == 7
    assert feel.compile_expression("a-b", ["a-b"]).evaluate(CONTEXT) == 100


def test_an_entry_of_the_filtered_item_hides_a_variable() -> None:
    context = {"xs": [{"a": 1}, {"b": 1}], "a": 7}
    assert feel.to_python(feel.evaluate("xs[a = 7]", context)) == [{"b": 1}]


def test_loop_variables_do_not_leak() -> None:
    assert feel.to_python(feel.evaluate("[for x in [1, 2] return x, x]", {"x": 9})) == [[1, 2], 9]
