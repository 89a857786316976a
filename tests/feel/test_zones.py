from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from pdflow.feel.zones import zone

ZONES = [
    "America/New_York", "America/Chicago", "America/Phoenix", "America/Puerto_Rico", "Pacific/Honolulu",
    "Europe/Paris", "Europe/Dublin", "Africa/Casablanca", "Asia/Kolkata", "Australia/Lord_Howe",
    "Pacific/Apia", "America/St_Johns", "America/Godthab", "Asia/Tehran", "Etc/UTC", "Antarctica/Troll",
]  # fmt: skip
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pinned(name: str) -> ZoneInfo:
    """The package's data; `ZoneInfo` alone would prefer the machine's."""
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@pytest.mark.parametrize("name", ZONES)
def test_offsets_agree_with_zoneinfo(name: str) -> None:
    mine, theirs = zone(name), pinned(name)
    assert mine is not None
    source = random.Random(name)
    for _ in range(300):
        seconds = source.randrange(-2_000_000_000, 8_000_000_000)
        moment = EPOCH + timedelta(seconds=seconds)
        expected = moment.astimezone(theirs).utcoffset()
        assert timedelta(seconds=mine.offset_at(seconds)) == expected, moment


@pytest.mark.parametrize("name", ZONES)
def test_wall_times_agree_with_zoneinfo(name: str) -> None:
    mine, theirs = zone(name), pinned(name)
    assert mine is not None
    source = random.Random(name)
    for _ in range(300):
        seconds = source.randrange(-2_000_000_000, 8_000_000_000)
        wall = datetime(1970, 1, 1) + timedelta(seconds=seconds)
        # Outside of gaps and overlaps both folds agree; inside, the offset before the change is fold 0.
        expected = wall.replace(tzinfo=theirs, fold=0).utcoffset()
        assert timedelta(seconds=mine.offset_of_local(seconds)) == expected, wall


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "Europe/Nowhere", "Europe", "tzdata.zi", "/etc/localtime", "A" * 500]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    assert zone(name) is None
