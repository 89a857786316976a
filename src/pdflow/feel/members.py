"""Members after a dot: context entries and the properties of temporal values and ranges (DMN 1.5 table 65)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pdflow.feel.compare import kind
from pdflow.feel.runtime import Runtime
from pdflow.feel.values import (
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DaysTimeDuration,
    Range,
    Time,
    YearsMonthsDuration,
)


def _offset(value: Time | DateTime) -> DaysTimeDuration | None:
    if isinstance(value, DateTime):
        seconds = value.offset()
    elif value.zone is not None:
        seconds = DateTime(Date(1970, 1, 1), value).offset()
    else:
        seconds = value.offset
    return None if seconds is None else DaysTimeDuration(seconds * NANOS)


def _whole(amount: int, unit: int, above: int) -> Decimal:
    part = abs(amount) % above // unit
    return Decimal(-part if amount < 0 else part)


_DATE: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: Decimal(v.year),
    "month": lambda v: Decimal(v.month),
    "day": lambda v: Decimal(v.day),
    "weekday": lambda v: Decimal(v.weekday()),
}
_TIME: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: Decimal(v.hour),
    "minute": lambda v: Decimal(v.minute),
    "second": lambda v: Decimal(v.second),
    "time offset": _offset,
    "timezone": lambda v: v.zone,
}


def _of(part: str, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: read(getattr(value, part))


_DATETIME: dict[str, Callable[[Any], Any]] = {
    **{name: _of("date", read) for name, read in _DATE.items()},
    **{name: _of("time", read) for name, read in _TIME.items()},
    "time offset": _offset,
}
_NANOS_ABOVE = 10**40
_PROPERTIES: dict[type, dict[str, Callable[[Any], Any]]] = {
    # A date has the time properties of midnight UTC.
    Date: {
        **_DATE,
        "hour": lambda v: Decimal(0),
        "minute": lambda v: Decimal(0),
        "second": lambda v: Decimal(0),
        "time offset": lambda v: DaysTimeDuration(0),
        "timezone": lambda v: None,
    },
    Time: _TIME,
    DateTime: _DATETIME,
    DaysTimeDuration: {
        "days": lambda v: _whole(v.nanos, DAY_NANOS, _NANOS_ABOVE),
        "hours": lambda v: _whole(v.nanos, 3600 * NANOS, DAY_NANOS),
        "minutes": lambda v: _whole(v.nanos, 60 * NANOS, 3600 * NANOS),
        "seconds": lambda v: _whole(v.nanos, NANOS, 60 * NANOS),
    },
    YearsMonthsDuration: {
        "years": lambda v: _whole(v.months, 12, _NANOS_ABOVE),
        "months": lambda v: _whole(v.months, 1, 12),
    },
    Range: {
        "start": lambda v: v.start,
        "end": lambda v: v.end,
        "start included": lambda v: v.start_included,
        "end included": lambda v: v.end_included,
    },
}
MULTI_WORD = ("time offset", "start included", "end included")


def member(value: Any, name: str, rt: Runtime, position: int) -> Any:
    """``value.name``; of a list, the list of its elements' members; null with a warning when there is none."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        return rt.warn("unknown-member", f"expected a context with the entry '{name}', found none", position)
    if isinstance(value, list):
        rt.charge(len(value))
        return [member(item, name, rt, position) for item in value]
    read = _PROPERTIES.get(type(value), {}).get(name)
    if read is None:
        return rt.warn("unknown-member", f"expected something with '{name}', found {kind(value)}", position)
    return read(value)
