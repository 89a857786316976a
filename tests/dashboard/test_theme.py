from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.theme import (
    PAGE_CSS,
    STATES,
    chip,
    day,
    exact,
    moment,
    open_until,
    span,
    state_badge,
    time_badge,
    time_left,
)

DUE = datetime(2026, 11, 27, 21, 30, tzinfo=UTC)
NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "< 1 min"),
        (timedelta(seconds=59), "< 1 min"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=6, minutes=59), "6 h"),
        (timedelta(hours=47, minutes=59), "47 h"),
        (timedelta(hours=48), "2 d"),
        (timedelta(days=15), "15 d"),
        (timedelta(hours=-3), "3 h"),
    ],
    ids=str,
)
def test_a_length_of_time_is_said_in_its_leading_unit_rounded_down(length: timedelta, words: str) -> None:
    assert span(length) == words


@pytest.mark.parametrize(
    ("now", "zone", "words"),
    [
        (DUE - timedelta(hours=6), NEW_YORK, "6 h left, due Fri 16:30 EST"),
        (DUE - timedelta(hours=6), "America/Phoenix", "6 h left, due Fri 14:30 MST"),
        (DUE - timedelta(hours=6), "Pacific/Guam", "6 h left, due Sat 07:30 ChST"),
        (DUE, NEW_YORK, "< 1 min left, due Fri 16:30 EST"),
        (DUE + timedelta(seconds=1), NEW_YORK, "< 1 min late"),
        (DUE + timedelta(hours=3), NEW_YORK, "3 h late"),
        (DUE + timedelta(days=2), NEW_YORK, "2 d late"),
        (DUE - timedelta(days=7), NEW_YORK, "7 d left, due 27 Nov 16:30 EST"),
        (DUE - timedelta(days=365), NEW_YORK, "365 d left, due 27 Nov 2026 16:30 EST"),
    ],
    ids=["hours", "phoenix", "guam", "exactly-due", "a-second-late", "late", "days-late", "week", "year"],
)
def test_time_left_is_said_on_the_wall_clock_of_the_office(now: datetime, zone: str, words: str) -> None:
    assert time_left(DUE, now, zone) == words


def test_the_wall_clock_follows_daylight_saving() -> None:
    summer = datetime(2026, 7, 3, 20, 30, tzinfo=UTC)
    assert moment(summer, summer, NEW_YORK) == "Fri 16:30 EDT"


def test_the_day_of_the_week_is_in_the_language_of_the_office() -> None:
    assert moment(DUE, DUE, NEW_YORK, locale="es_US") == "vie 16:30 EST"


def test_the_weekday_is_counted_in_the_zone_of_the_office() -> None:
    """From Guam, where it is already Saturday, the same day next week must not read as this Saturday."""
    assert moment(DUE, DUE - timedelta(days=7), "Pacific/Guam") == "28 Nov 07:30 ChST"


def test_a_persons_clock_is_open_or_ended_and_never_late() -> None:
    assert open_until(DUE, DUE, NEW_YORK) == "open until Fri 16:30 EST"
    assert open_until(DUE, DUE + timedelta(days=9), NEW_YORK) == "ended"


def test_the_exact_instant_names_office_time_and_utc() -> None:
    assert exact(DUE, NEW_YORK) == "Fri 27 Nov 2026 16:30:00 EST (21:30:00 UTC)"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        time_left(datetime(2026, 11, 27, 21, 30), DUE, NEW_YORK)


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_shape_and_a_word_beside_its_colour(state: str) -> None:
    look = STATES[state]
    words = re.sub(r"<[^>]+>", "", state_badge(state))
    assert words == f"{look.shape} {look.word}"
    assert look.text == words


def test_states_that_need_action_differ_without_colour() -> None:
    assert STATES["on_time"].shape == "●"
    assert STATES["at_risk"].shape == "▲"
    assert STATES["late"].shape == "■"
    assert STATES["paused"].shape == STATES["held"].shape == "‖"


def test_an_unknown_state_is_an_error_rather_than_a_grey_lamp() -> None:
    with pytest.raises(KeyError):
        state_badge("splendid")


def test_a_time_badge_carries_the_exact_instant_as_tooltip() -> None:
    html = time_badge("at_risk", DUE, DUE - timedelta(hours=6), NEW_YORK)
    assert 'title="Fri 27 Nov 2026 16:30:00 EST (21:30:00 UTC)"' in html
    assert "6 h left, due Fri 16:30 EST" in html
    assert "open until" in time_badge("open", DUE, DUE - timedelta(hours=6), NEW_YORK)


@pytest.mark.parametrize("hostile", ['<img src=x onerror="alert(1)">', '" onmouseover="x'])
def test_text_from_people_is_escaped(hostile: str) -> None:
    for html in (chip(hostile), chip("ok", title=hostile), state_badge("late", hostile)):
        assert "<img" not in html
        assert '" onmouseover' not in html


def test_every_tone_that_a_function_writes_is_styled() -> None:
    tones = {f"pd-chip--{tone}" for tone in ("info", "warning", "danger", "success", "held")}
    assert {name for name in tones if f".{name} " not in PAGE_CSS} == set()


def test_the_settings_send_no_statistics_and_name_fonts_that_this_server_has() -> None:
    root = Path(__file__).parents[2]
    settings = tomllib.loads((root / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    urls = [face["url"] for face in settings["theme"]["fontFaces"]]
    assert urls
    for url in urls:
        assert (root / "dashboard" / url.removeprefix("app/")).is_file(), url


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(a: str, b: str) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["late", "risk", "on-time", "info", "held"])
def test_text_colours_reach_wcag_aa_on_page_and_on_their_own_ground(name: str, scheme: int) -> None:
    """WCAG 2.1, 1.4.3: at least 4.5 to 1."""
    pairs = dict(re.findall(r"--pd-([\w-]+): light-dark\((#\w{6}, #\w{6})\)", PAGE_CSS))
    text, ground = (pairs[key].split(", ")[scheme] for key in (name, f"{name}-ground"))
    page = ("#ffffff", "#1b1b1b")[scheme]
    assert _contrast(text, page) >= 4.5
    assert _contrast(text, ground) >= 4.5


def test_a_date_without_a_time_is_the_same_day_in_every_zone() -> None:
    on, now = datetime(2026, 12, 9, tzinfo=UTC), datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert day(on, now) == "Wed 9 Dec"
    assert day(datetime(2027, 1, 2, tzinfo=UTC), now) == "Sat 2 Jan 2027"
