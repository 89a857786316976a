"""How states and times are said on every screen: a shape, a word and a colour class, never colour alone.

Colours and type are set in `.streamlit/config.toml` and `dashboard/theme.css` from tokens of the U.S. Web
Design System. Functions that return HTML escape what they are given; the result is for `st.html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

PAGE_CSS = "".join(
    (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("theme.css", "layout.css")
)
"""Style sheet of every page; put it in once a page with `st.html(f"<style>{PAGE_CSS}</style>")`."""

Tone = Literal["neutral", "info", "warning", "danger", "success", "held"]


@dataclass(frozen=True)
class StateLook:
    """Shape and word that stand for one state, and the CSS class suffix that colours it."""

    shape: str
    word: str
    tone: str

    @property
    def text(self) -> str:
        """Shape and word for places that take no HTML, such as table cells and chart legends."""
        return f"{self.shape} {self.word}"


STATES: dict[str, StateLook] = {
    "on_time": StateLook("●", "on time", "on-time"),
    "at_risk": StateLook("▲", "at risk", "at-risk"),
    "late": StateLook("■", "late", "late"),
    "paused": StateLook("‖", "paused", "paused"),
    "held": StateLook("‖", "held", "held"),
    "met": StateLook("✓", "met", "met"),
    "met_late": StateLook("■", "met late", "late"),
    "cancelled": StateLook("–", "cancelled", "neutral"),
    # Clocks held by the person (appeal window, evidence deadline) are never late: they are open, then ended.
    "open": StateLook("○", "open", "open"),
    "ended": StateLook("–", "ended", "neutral"),
}
"""Every state that a screen may show, by its code."""


def state_badge(state: str, words: str | None = None) -> str:
    """Return the shape and word of a state as HTML; `words` says more than the state's own word.

    Args:
        state: a key of `STATES`; another one raises `KeyError`.
        words: for example what `time_left` returns.
    """
    look = STATES[state]
    return (
        f'<span class="pd-state pd-state--{look.tone}">'
        f'<span class="pd-shape" aria-hidden="true">{look.shape}</span> {escape(words or look.word)}</span>'
    )


def chip(text: str, tone: Tone = "neutral", *, title: str | None = None) -> str:
    """Return a small label as HTML, such as "Held", a hearing date or "interpreter"."""
    tooltip = f' title="{escape(title)}"' if title else ""
    return f'<span class="pd-chip pd-chip--{tone}"{tooltip}>{escape(text)}</span>'


def span(duration: timedelta) -> str:
    """Say a length of time in its one leading unit, rounded down: "25 min", "6 h", "3 d".

    Hours run to 48 because the duties are written in hours; unit signs are those of ISO 80000-3 and need no
    translation.
    """
    seconds = int(abs(duration).total_seconds())
    if seconds < 60:
        return "< 1 min"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} d"


def time_left(due: datetime, now: datetime, zone: str, *, locale: str = "en_US") -> str:
    """Say how long until a due instant, or how late it is: "6 h left, due Fri 16:30 EST", "3 h late".

    A duty done exactly at its due instant is in time, so at that instant nothing is late yet.

    Args:
        due: aware instant.
        now: aware instant, the clock that the page shows.
        zone: IANA zone of the office whose wall clock is meant.
        locale: language and territory of the day and month names.
    """
    _require_aware(due, now)
    if now > due:
        return f"{span(now - due)} late"
    return f"{span(due - now)} left, due {moment(due, now, zone, locale=locale)}"


def open_until(end: datetime, now: datetime, zone: str, *, locale: str = "en_US") -> str:
    """Say the state of a clock held by the person concerned: "open until 3 Dec 16:30 EST" or "ended"."""
    _require_aware(end, now)
    return "ended" if now > end else f"open until {moment(end, now, zone, locale=locale)}"


def moment(at: datetime, now: datetime, zone: str, *, locale: str = "en_US") -> str:
    """Say an instant on an office's wall clock, as short as is unambiguous.

    Within six days the day of the week is enough ("Fri 16:30 EST"); further away the date is given
    ("3 Dec 16:30 EST"), in another year with the year.
    """
    _require_aware(at, now)
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if abs((local.date() - today).days) <= 6:
        day = format_skeleton("EEE", local, locale=locale)
    else:
        day = format_date(local, "d MMM" if local.year == today.year else "d MMM y", locale=locale)
    return f"{day} {local:%H:%M} {local.tzname()}"


def day(on: datetime, now: datetime, *, locale: str = "en_US") -> str:
    """Say a date without a time, kept as the start of that day in UTC: "Tue 8 Dec", the same day in every zone."""
    _require_aware(on, now)
    on = on.astimezone(UTC)
    return format_date(on, "EEE d MMM" if on.year == now.year else "EEE d MMM y", locale=locale)


def exact(at: datetime, zone: str, *, locale: str = "en_US") -> str:
    """Say an instant to the second for a tooltip: "Fri 27 Nov 2026 16:30:00 EST (21:30:00 UTC)"."""
    _require_aware(at)
    local = at.astimezone(ZoneInfo(zone))
    day = format_date(local, "EEE d MMM y", locale=locale)
    return f"{day} {local:%H:%M:%S} {local.tzname()} ({at.astimezone(UTC):%H:%M:%S} UTC)"


def time_badge(state: str, due: datetime, now: datetime, zone: str, *, locale: str = "en_US") -> str:
    """Return a state's shape with the time left or open, as HTML; the exact instant is the tooltip."""
    say = open_until if state == "open" else time_left
    words = say(due, now, zone, locale=locale)
    return f'<span title="{escape(exact(due, zone, locale=locale))}">{state_badge(state, words)}</span>'


def _require_aware(*instants: datetime) -> None:
    """Refuse naive instants: on another machine they would name another moment."""
    if any(instant.utcoffset() is None for instant in instants):
        raise ValueError("Expected instants with a zone (UTC); a naive datetime does not name a moment.")
