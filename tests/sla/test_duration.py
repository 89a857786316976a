from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdflow.sla import DurationRefused, duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT48H", timedelta(hours=48)),
        ("P5D", timedelta(days=5)),
        ("P2W", timedelta(days=14)),
        ("P1DT12H", timedelta(hours=36)),
        ("PT1H30M15S", timedelta(hours=1, minutes=30, seconds=15)),
        ("PT0S", timedelta(0)),
    ],
)
def test_an_exact_duration_is_read(text: str, expected: timedelta) -> None:
    assert duration.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1Y",
        "P1M",
        "48H",
        "-PT1H",
        "P1.5D",
        "PT1,5H",
        "P1DT",
        "PT48H ",
        "P1W2D",
        "48:00:00",
        "PT" + "9" * 40 + "H",
    ],
)
def test_anything_without_an_exact_length_is_refused(text: str) -> None:
    with pytest.raises(DurationRefused, match="PT48H"):
        duration.parse(text)


@settings(derandomize=True, max_examples=200)
@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=90_000)))
def test_what_is_written_is_read_back(value: timedelta) -> None:
    whole = timedelta(days=value.days, seconds=value.seconds)
    assert duration.parse(duration.write(whole)) == whole
