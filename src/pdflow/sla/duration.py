"""ISO 8601 durations of exact length: weeks, days, hours, minutes and seconds, a day being 24 elapsed hours.

Years and months have no exact length and are refused; so are signs and fractions, which no policy needs.
"""

from __future__ import annotations

import re
from datetime import timedelta

from pdflow.sla.errors import DurationRefused

_WEEKS = re.compile(r"P(\d{1,5})W")
_PARTS = re.compile(r"P(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?")


def parse(text: str) -> timedelta:
    """Read ``P5D``, ``PT48H``, ``P1DT12H`` or ``P2W``.

    Raises:
        DurationRefused: it is anything else.
    """
    if weeks := _WEEKS.fullmatch(text):
        return timedelta(weeks=int(weeks[1]))
    parts = _PARTS.fullmatch(text)
    if parts is None or not any(parts.groups()):
        raise DurationRefused(
            f"expected an ISO 8601 duration of weeks, days, hours, minutes and seconds such as PT48H, found {text[:40]!r}"
        )
    days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def write(duration: timedelta) -> str:
    """The canonical text of a whole number of seconds, days and time apart: ``P2D``, ``P1DT12H``, ``PT0S``."""
    minutes, seconds = divmod(duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days = f"{duration.days}D" if duration.days else ""
    units = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    time = "".join(f"{number}{unit}" for number, unit in units if number)
    if not days and not time:
        return "PT0S"
    return f"P{days}T{time}" if time else f"P{days}"
