"""Quantiles of durations, some of which still run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdflow.services import clocks

HOUR = timedelta(hours=1)


def hours(*values: float) -> list[tuple[timedelta, bool]]:
    """Durations; a negative one still runs."""
    return [(abs(value) * HOUR, value > 0) for value in values]


@pytest.mark.parametrize(
    ("durations", "share", "expected"),
    [
        (hours(), 0.5, None),
        (hours(1, 2, 3), 0.5, 2),
        (hours(1, 2, 3, 4), 0.5, 2),
        (hours(-1, -2), 0.5, None),
        (hours(1, -2, 3), 0.5, 3),
        (hours(1, 2, -3, -3, -3, -3), 0.5, None),
        (hours(-9, 5, 5, 5), 0.5, 5),
        (hours(*range(1, 11)), 0.9, 9),
    ],
)
def test_running_duties_count_as_lasting_at_least_this_long(
    durations: list[tuple[timedelta, bool]], share: float, expected: float | None
) -> None:
    assert clocks.quantile(durations, share) == (None if expected is None else expected * HOUR)


@settings(derandomize=True, max_examples=100)
@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), max_size=30))
def test_waiting_longer_never_makes_a_median_smaller(rows: list[tuple[int, bool]]) -> None:
    shorter = [(n * HOUR, ended) for n, ended in rows]
    longer = [(n * HOUR + (timedelta() if ended else 100 * HOUR), ended) for n, ended in rows]
    first, second = clocks.quantile(shorter, 0.5), clocks.quantile(longer, 0.5)
    assert second is None or (first is not None and second >= first)
