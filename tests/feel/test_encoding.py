from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdflow import feel
from pdflow.feel.values import MAX_YEAR, Time, date_of_days, time_of_nanos

numbers = st.one_of(
    st.integers(-(10**30), 10**30).map(Decimal),
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12),
)
dates = st.integers(-(MAX_YEAR - 1) * 365, (MAX_YEAR - 1) * 365).map(date_of_days)
offsets = st.one_of(st.none(), st.integers(-64800, 64800))
times = st.builds(time_of_nanos, st.integers(0, 86_399_999_999_999), offsets) | st.just(
    Time(1, 2, 3, 4, None, "Europe/Paris")
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    st.text(),
    dates,
    times,
    st.builds(feel.DateTime, dates, times),
    st.integers(-(10**25), 10**25).map(feel.DaysTimeDuration),
    st.integers(-(10**10), 10**10).map(feel.YearsMonthsDuration),
    st.builds(feel.Range, numbers, numbers, st.booleans(), st.booleans()),
    st.builds(feel.Range, st.none(), numbers, st.just(False), st.booleans(), st.just("<")),
)
keys = st.one_of(st.text(max_size=8), st.just("$feel"), st.just("value"))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4)
)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(values)
def test_every_value_survives_json(value: Any) -> None:
    encoded = feel.encode(value)
    again = feel.decode(json.loads(json.dumps(encoded)))
    assert again == value
    assert json.dumps(feel.encode(again)) == json.dumps(encoded)


@pytest.mark.parametrize(
    "value",
    [
        {"$feel": "date", "value": "2026-01-01"},
        {"$feel": "context", "value": []},
        {"$feel": {"$feel": "number", "value": "1"}},
    ],
)
def test_a_users_key_is_never_read_as_a_tag(value: dict[str, Any]) -> None:
    assert feel.decode(feel.encode(value)) == value


def test_equal_numbers_have_one_encoding() -> None:
    assert feel.encode(Decimal("1.0")) == feel.encode(Decimal(1)) == 1
    assert feel.encode(Decimal("1.50")) == feel.encode(Decimal("1.5"))


@pytest.mark.parametrize(
    "data",
    [{"$feel": "date", "value": "nonsense"}, {"$feel": "planet", "value": 1}, {"$feel": "number"}, 1.5, b""],
)
def test_what_is_no_encoding_is_refused(data: Any) -> None:
    with pytest.raises(feel.EncodingError):
        feel.decode(data)


def test_a_function_is_not_data() -> None:
    with pytest.raises(feel.EncodingError):
        feel.encode(feel.evaluate("function(x) x", {}))
