"""Instants of timers (BPMN 2.0.2 section 10.5.5.4): bare ISO 8601, or FEEL that gives a date, a duration or such text.

All arithmetic is in UTC. A date without a time is midnight UTC, a date-time without an offset is UTC. Cycles are
``R<n>/<duration>``, ``R/<duration>`` or ``R<n>/<start>/<duration>``; the n-th due is counted from the first, so
they do not drift.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pdflow.engine.expressions import Setting
from pdflow.feel import to_python
from pdflow.feel.values import YearsMonthsDuration

_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>\d*)/(?:(?P<start>[^/P][^/]*)/)?(?P<every>P[^/]+)")
_MAX_SECONDS = 1000 * 366 * 86400


class TimerError(Exception):
    """A timer whose value names no instant.

    Attributes:
        code: stable code of the incident that comes of it.
    """

    code = "timer-value"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: months by the calendar, the rest exact."""

    months: int
    rest: timedelta

    def after(self, start: datetime, times: int = 1) -> datetime:
        """The instant so many of these after a start; the day is clamped to the month's last."""
        months = start.month - 1 + self.months * times
        year, month = start.year + months // 12, months % 12 + 1
        try:
            day = min(start.day, calendar.monthrange(year, month)[1])
            return start.replace(year=year, month=month, day=day) + self.rest * times
        except (ValueError, OverflowError, calendar.IllegalMonthError) as error:
            raise TimerError(f"{start.isoformat()} plus the duration is beyond the calendar") from error

    def rounds(self, base: datetime, done: int, now: datetime) -> int:
        """How many more of these after ``base`` it takes, beyond ``done``, to come after ``now``; at least one."""
        step = 1
        if not self.months:
            return max(step, (now - base) // self.rest + 1 - done)
        while self.after(base, done + step) <= now:
            step += 1
        return step


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a timer fires.

    Attributes:
        due: first instant.
        every: interval of a cycle; ``None``: fires once.
        left: how often it still fires, the first included; ``None``: without end.
    """

    due: datetime
    every: Duration | None = None
    left: int | None = 1


def parse_duration(text: str) -> Duration:
    """Read an ISO 8601 duration.

    Raises:
        TimerError: when it is none, or negative.
    """
    found = _DURATION.fullmatch(text.strip())
    if not found or text.strip().endswith(("P", "T")):
        raise TimerError(f"'{text}' is not an ISO 8601 duration such as PT48H or P10D")
    if found["sign"]:
        raise TimerError(f"'{text}' is negative; a timer cannot fire before it is set")
    part = {name: float(value) for name, value in found.groupdict("0").items() if name != "sign"}
    seconds = part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"]
    days = part["weeks"] * 7 + part["days"]
    months = int(part["years"] * 12 + part["months"])
    if days * 86400 + seconds > _MAX_SECONDS or months > 12_000:
        raise TimerError(f"'{text}' is longer than a thousand years")
    return Duration(months, timedelta(days=days, seconds=seconds))


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 date or date-time; UTC where nothing else is said.

    Raises:
        TimerError: when it is none.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise TimerError(
            f"'{text}' is not an ISO 8601 date or date-time such as 2026-11-24T09:00:00Z"
        ) from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def instant(value: Any) -> datetime:
    """The instant that a value (FEEL's, Python's or text) names.

    Raises:
        TimerError: when it names none.
    """
    found = to_python(value)
    if isinstance(found, datetime):
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if isinstance(found, date):
        return datetime.combine(found, time(), UTC)
    if isinstance(found, str):
        return parse_instant(found)
    raise TimerError(f"expected a date and time, found {_shown(value)}")


def _duration(value: Any) -> Duration:
    found = to_python(value)
    if isinstance(found, timedelta):
        if found < timedelta(0):
            raise TimerError(f"{_shown(value)} is negative; a timer cannot fire before it is set")
        return Duration(0, found)
    if isinstance(found, YearsMonthsDuration):
        if found.months < 0:
            raise TimerError(f"{_shown(value)} is negative; a timer cannot fire before it is set")
        return Duration(found.months, timedelta(0))
    if isinstance(found, str):
        return parse_duration(found)
    raise TimerError(f"expected a duration, found {_shown(value)}")


def schedule(kind: str, value: Any, now: datetime) -> Schedule:
    """When a timer of kind ``date``, ``duration`` or ``cycle`` fires, set at ``now``.

    Raises:
        TimerError: when the value is not of that kind; the sentence says what was expected.
    """
    if kind == "date":
        return Schedule(instant(value))
    if kind == "duration":
        return Schedule(_duration(value).after(now))
    if not isinstance(value, str):
        every = _duration(value)
        return _repeating(now, every, None)
    found = _CYCLE.fullmatch(value.strip())
    if not found:
        raise TimerError(f"'{value}' is not a cycle such as R3/PT10H or R/P1D")
    every = parse_duration(found["every"])
    left = int(found["times"]) if found["times"] else None
    if left == 0:
        raise TimerError(f"'{value}' never fires")
    if found["start"]:
        return Schedule(parse_instant(found["start"]), every, left)
    return _repeating(now, every, left)


def _repeating(now: datetime, every: Duration, left: int | None) -> Schedule:
    if not every.months and not every.rest:
        raise TimerError("the interval of a cycle is zero; it would fire without end")
    return Schedule(every.after(now), every, left)


def check_timer(kind: str, value: Setting | None) -> str:
    """What is wrong with a timer that is static text; empty when nothing is, or when it is FEEL."""
    if value is None:
        return f"The timer's {kind} is empty."
    if not isinstance(value, str):
        return ""
    try:
        schedule(kind, value, datetime(2026, 1, 1, tzinfo=UTC))
    except TimerError as error:
        return f"{str(error)[:1].upper()}{str(error)[1:]}."
    return ""


def _shown(value: Any) -> str:
    return "null" if value is None else f"{type(value).__name__} {value!r:.80}"
