"""Canonical JSON of FEEL values: lossless, deterministic, and safe against user keys that look like a tag.

Null, booleans, strings, lists, and whole numbers below 2**53 are themselves. Everything else is an object with
the key ``$feel``; a context that has that key itself is written as ``{"$feel": "context", "value": [[k, v], ...]}``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pdflow.feel import temporal_text as text
from pdflow.feel.boundary import MAX_NESTING
from pdflow.feel.decimals import CONTEXT, ZERO, is_integer
from pdflow.feel.errors import FeelError
from pdflow.feel.values import Date, DateTime, DaysTimeDuration, Range, Time, YearsMonthsDuration

TAG = "$feel"
_EXACT = 2**53


class EncodingError(FeelError):
    """A value has no encoding (a function), or a document is not an encoding."""

    code = "feel-encoding"


def encode(value: Any, depth: int = 0) -> Any:
    """JSON data for a FEEL value.

    Args:
        value: a FEEL value.
        depth: how deep the value lies in the one that is encoded.

    Raises:
        EncodingError: for functions, which belong to a model and not to data, and for what is nested deeper than
            `pdflow.feel.boundary.MAX_NESTING`.
    """
    if depth > MAX_NESTING:
        raise EncodingError(f"expected a value of at most {MAX_NESTING} levels, found a deeper one")
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Decimal):
        if is_integer(value) and abs(int(value)) < _EXACT:
            return int(value)
        return {TAG: "number", "value": str(value.normalize(CONTEXT))}
    if isinstance(value, list):
        return [encode(item, depth + 1) for item in value]
    if isinstance(value, dict):
        if TAG in value:
            return {TAG: "context", "value": [[key, encode(item, depth + 1)] for key, item in value.items()]}
        return {key: encode(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Range):
        ends = [encode(value.start), encode(value.end), value.start_included, value.end_included]
        return {TAG: "range", "value": [*ends, value.test]}
    for kind, (cls, write, _) in _TEXTUAL.items():
        if isinstance(value, cls):
            return {TAG: kind, "value": write(value)}
    raise EncodingError(f"expected a value that can be stored, found {type(value).__name__}")


_TEXTUAL: dict[str, tuple[type, Any, Any]] = {
    "date": (Date, text.format_date, text.parse_date),
    "time": (Time, text.format_time, text.parse_time),
    "date and time": (DateTime, text.format_datetime, text.parse_datetime),
    "days and time duration": (DaysTimeDuration, text.format_days_time, text.parse_duration),
    "years and months duration": (YearsMonthsDuration, text.format_years_months, text.parse_duration),
}


def decode(data: Any) -> Any:
    """The FEEL value of what `encode` wrote.

    Raises:
        EncodingError: when the data is not an encoding.
    """
    if data is None or isinstance(data, (bool, str)):
        return data
    if isinstance(data, int):
        return Decimal(data) if data else ZERO
    if isinstance(data, list):
        return [decode(item) for item in data]
    if not isinstance(data, dict):
        raise EncodingError(f"expected the JSON of a FEEL value, found {type(data).__name__}")
    if TAG not in data:
        return {key: decode(item) for key, item in data.items()}
    value = _decode_tagged(data[TAG], data.get("value"))
    if value is None:
        raise EncodingError(f"expected a value of kind {data[TAG]!r}, found {data.get('value')!r}")
    return value


def _decode_tagged(kind: Any, value: Any) -> Any:
    if kind == "number" and isinstance(value, str):
        return CONTEXT.create_decimal(value)
    if kind == "context" and isinstance(value, list):
        return {key: decode(item) for key, item in value}
    if kind == "range" and isinstance(value, list) and len(value) == 5:
        start, end, start_included, end_included, test = value
        return Range(decode(start), decode(end), start_included, end_included, test)
    if kind in _TEXTUAL and isinstance(value, str):
        cls, _, read = _TEXTUAL[kind]
        result = read(value)
        return result if isinstance(result, cls) else None
    return None
