from __future__ import annotations

import datetime as py
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdflow import feel
from pdflow.feel.daycount import date_from_days, days_from_date


def text(expression: str) -> Any:
    return feel.evaluate(f"string({expression})", {})


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('@"2024-01-31" + @"P1M"', "2024-02-29"),
        ('@"2023-01-31" + @"P1M"', "2023-02-28"),
        ('@"2024-02-29" - @"P1Y"', "2023-02-28"),
        ('@"2024-03-31T10:00:00Z" - @"P1M"', "2024-02-29T10:00:00Z"),
        ('@"2021-01-31" + @"PT25H"', "2021-02-01"),
        ('@"2021-01-31" - @"PT1H"', "2021-01-30"),
        ('@"23:30:00" + @"PT1H"', "00:30:00"),
        ('@"2021-01-02" - @"2021-01-01"', "P1D"),
        ('date and time("2017-12-31T24:00:00")', "2018-01-01T00:00:00"),
        ('time("24:00:00")', None),
        ('date("999999999-12-31")', "999999999-12-31"),
        ('date("1000000000-01-01")', None),
        ('date("-0044-03-15")', "-0044-03-15"),
        ('@"10:00:00+05:30:15"', "10:00:00+05:30:15"),
        ('@"2021-06-01T10:00:00.123456789Z"', "2021-06-01T10:00:00.123456789Z"),
        ('@"2021-06-01T10:00:00" - @"2021-06-01T10:00:00Z"', None),
        ('years and months duration(@"2020-01-31", @"2020-02-29")', "P0M"),
        ('years and months duration(@"2020-02-29T23:00:00", @"2020-03-29T01:00:00")', "P1M"),
        ('years and months duration(@"2017-12-15", @"2013-08-24")', "-P4Y3M"),
        ('@"P1Y" / 5', "P2M"),
        ('@"P1D" * 1.5', "P1DT12H"),
        ('week of year(@"2005-01-01")', "53"),
        ('day of week(@"2026-11-24")', "Tuesday"),
        ("date(2017, 2, 29)", None),
    ],
)
def test_calendar_arithmetic(expression: str, expected: str | None) -> None:
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Paris springs forward on 31 March 2024 at 02:00 and falls back on 27 October at 03:00.
        ('@"2024-03-30T12:00:00@Europe/Paris" + @"PT24H"', "2024-03-31T13:00:00@Europe/Paris"),
        ('@"2024-03-30T12:00:00@Europe/Paris" + @"P1M"', "2024-04-30T12:00:00@Europe/Paris"),
        ('@"2024-03-31T12:00:00@Europe/Paris" - @"2024-03-30T12:00:00@Europe/Paris"', "PT23H"),
        ('@"2024-10-27T12:00:00@Europe/Paris" - @"2024-10-26T12:00:00@Europe/Paris"', "P1DT1H"),
        ('@"2024-03-31T02:30:00@Europe/Paris".time offset', "PT1H"),
        ('@"2024-10-27T02:30:00@Europe/Paris".time offset', "PT2H"),
        ('@"2500-07-01T00:00:00@America/New_York".time offset', "-PT4H"),
        ('@"2024-07-01T12:00:00@Europe/Paris" = @"2024-07-01T10:00:00Z"', "true"),
        ('is(@"2024-07-01T12:00:00@Europe/Paris", @"2024-07-01T12:00:00+02:00")', "false"),
        ('date and time("2024-07-01T12:00:00@Mars/Base")', None),
    ],
)
def test_arithmetic_across_changes_of_offset(expression: str, expected: str | None) -> None:
    assert text(expression) == expected


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.dates())
def test_day_counts_agree_with_the_standard_library(date: py.date) -> None:
    days = (date - py.date(1970, 1, 1)).days
    assert days_from_date(date.year, date.month, date.day) == days
    assert date_from_days(days) == (date.year, date.month, date.day)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(-(10**11), 10**11))
def test_day_counts_are_inverse_for_any_year(days: int) -> None:
    assert days_from_date(*date_from_days(days)) == days


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.datetimes(min_value=py.datetime(1900, 1, 1), max_value=py.datetime(2200, 1, 1)),
    st.timedeltas(min_value=py.timedelta(days=-10000), max_value=py.timedelta(days=10000)),
)
def test_sums_of_instants_agree_with_the_standard_library(instant: py.datetime, span: py.timedelta) -> None:
    context = {"a": instant.replace(tzinfo=py.UTC), "d": span}
    assert feel.to_python(feel.evaluate("a + d", context)) == context["a"] + span
    assert feel.to_python(feel.evaluate("a + d - a", context)) == span
