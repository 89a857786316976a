from __future__ import annotations

import datetime as py
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdflow import feel
from pdflow.feel.compare import equal
from pdflow.feel.runtime import Runtime


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        Decimal("1.5"),
        "text",
        [1, [2]],
        {"a": {"b": [1]}},
        py.date(2026, 11, 24),
        py.datetime(2026, 11, 24, 9, 30, 0, 5, tzinfo=py.UTC),
        py.datetime(2026, 11, 24, 9, 30, tzinfo=py.timezone(py.timedelta(hours=-5))),
        py.time(9, 30, tzinfo=py.timezone(py.timedelta(hours=2))),
        py.timedelta(days=2, microseconds=1),
        -py.timedelta(hours=3),
    ],
    ids=str,
)
def test_python_values_come_back(value: Any) -> None:
    assert feel.to_python(feel.from_python(value)) == value


def test_an_instant_in_a_zone_keeps_the_zone_inside_and_leaves_in_utc() -> None:
    instant = py.datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))
    assert feel.evaluate("x.timezone", {"x": instant}) == "Europe/Paris"
    assert feel.to_python(feel.evaluate("x", {"x": instant})) == py.datetime(2026, 7, 1, 10, tzinfo=py.UTC)


def test_what_python_cannot_hold_stays_a_feel_value() -> None:
    assert feel.to_python(feel.evaluate('@"P1Y"', {})) == feel.YearsMonthsDuration(12)
    assert feel.to_python(feel.evaluate('@"12026-01-01"', {})) == feel.Date(12026, 1, 1)


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object()])
def test_a_type_without_counterpart_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        feel.from_python(value)


def test_variables_that_are_not_read_are_not_looked_at() -> None:
    assert feel.evaluate("1 + a", {"a": 1, "other": object()}) == 2


plain = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20).map(Decimal),
        st.text(st.characters(exclude_categories=["Cs"])),
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('abc "\\{', max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(plain, min_size=1))
def test_the_text_of_a_value_reads_as_that_value(value: list[Any]) -> None:
    printed = feel.evaluate("string(x)", {"x": value})
    assert feel.evaluate(printed, {}) == value


@settings(derandomize=True, max_examples=200, deadline=None)
@given(plain, plain)
def test_equality_is_symmetric_and_never_raises(left: Any, right: Any) -> None:
    assert equal(left, right, Runtime()) is equal(right, left, Runtime())
    assert equal(left, left, Runtime()) is True


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from("abx12 .,()[]{}<>=+-*/'\"@:?\n")
        | st.sampled_from(
            [
                "if ",
                "then ",
                "else ",
                "for ",
                "in ",
                "return ",
                "some ",
                "satisfies ",
                "and ",
                "or ",
                "not(",
                "null",
                "true",
                "function(",
                "instance of ",
                "between ",
                "date(",
                "..",
                '@"P1D"',
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_any_text_gives_a_value_or_a_syntax_error(text: str) -> None:
    try:
        feel.evaluate(text, {"a": 1, "b": [1, {"x": 2}], "a b": "s"}, steps=20_000)
    except (feel.FeelSyntaxError, feel.BudgetExceeded) as error:
        assert str(error).startswith("expected")
